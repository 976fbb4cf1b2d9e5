package fit

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"callwright/traffic"
)

// quoted writes a name or a sentence; always in quotes, as null, yes and 12 are
// names too.
func quoted(s string) string { return strconv.Quote(s) }

func clock(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// length writes a length of time as scenario files have them.
func length(d time.Duration) string {
	switch {
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return seconds(d.Seconds())
}

func seconds(x float64) string { return strconv.FormatFloat(round(x, 4), 'f', -1, 64) + "s" }

// round keeps so many digits that count.
func round(x float64, digits int) float64 {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return x
	}
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	return y
}

// number writes three digits that count, of no less than a millionth.
func number(x float64) string {
	if math.Abs(x) < 1e-6 {
		return "0"
	}
	return strconv.FormatFloat(round(x, 3), 'f', -1, 64)
}

// known reports whether the history tells it.
func (e Estimate) known() bool { return !math.IsNaN(e.Value) }

func (e Estimate) String() string {
	if math.IsNaN(e.Low) {
		return number(e.Value)
	}
	return fmt.Sprintf("%s [%s, %s]", number(e.Value), number(e.Low), number(e.High))
}

// runs names the group's days as keys of scenario files: sun-thu, or mon, wed and
// fri, each of which has a key of its own.
func (g *DayGroup) runs() (out []string) {
	for i := 0; i < len(g.Days); {
		j := i
		for j+1 < len(g.Days) && g.Days[j+1] == g.Days[j]+1 {
			j++
		}
		if j == i {
			out = append(out, short(g.Days[i]))
		} else {
			out = append(out, short(g.Days[i])+"-"+short(g.Days[j]))
		}
		i = j + 1
	}
	return out
}

func short(d time.Weekday) string { return strings.ToLower(d.String()[:3]) }

func (a *Arrivals) factors() (out []string) {
	for d := range a.Week {
		if w := &a.Week[d]; w.Group >= 0 {
			out = append(out, fmt.Sprintf("%s: %s", short(time.Weekday(d)), number(w.Factor)))
		}
	}
	return out
}

// lawText writes a law as scenario files have it.
func lawText(l *traffic.Law) string {
	tail := ""
	balks, rest := l.Balks()
	if l.Kind() == "balking" {
		tail = " balking " + number(balks)
	}
	kind, p := rest.Kind(), rest.Params()
	switch kind {
	case "exponential":
		return "exponential " + seconds(p[0].Value) + tail
	case "lognormal", "gamma":
		return kind + " " + seconds(p[0].Value) + " cv " + number(p[1].Value) + tail
	case "weibull":
		return "weibull " + seconds(p[0].Value) + " shape " + number(p[1].Value) + tail
	case "hyperexponential":
		return "hyper " + number(p[0].Value) + " " + seconds(p[1].Value) + " " + seconds(p[2].Value) + tail
	case "deterministic":
		return "always " + seconds(p[0].Value)
	}
	return "never"
}
