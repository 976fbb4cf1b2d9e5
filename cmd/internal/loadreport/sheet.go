package loadreport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"callwright/cmd/internal/page"
	"callwright/traffic/preflight"
)

// Sheet writes a pre-flight sheet for people, in "en" or "ja": each figure with its
// definition and unit, and under it how it is computed and by whose rule.
func Sheet(w io.Writer, p *preflight.Plan, s *preflight.Sheet, lang string) error {
	b, err := newSheet(p, s, lang)
	if err != nil {
		return err
	}
	_, err = w.Write(b.text())
	return err
}

// SheetJSON writes it for programs. Names, units and numbers are the same in all languages;
// shares are in [0, 1].
func SheetJSON(w io.Writer, version string, inputs map[string]any, p *preflight.Plan, s *preflight.Sheet, lang string) error {
	b, err := newSheet(p, s, lang)
	if err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		Version  string         `json:"version"`
		Title    string         `json:"title"`
		Inputs   map[string]any `json:"inputs"`
		Sections []sheetPart    `json:"sections"`
		Warnings []string       `json:"warnings"`
	}{version, b.title(), inputs, b.parts, list(b.warnings())})
}

// sheet is a pre-flight sheet on its way to people or programs.
type sheet struct {
	words
	p     *preflight.Plan
	s     *preflight.Sheet
	parts []sheetPart
}

type sheetPart struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Figures []figure `json:"figures"`
}

// figure is one number of the sheet, or list of numbers, or verdict.
type figure struct {
	ID         string             `json:"id"`
	Of         map[string]float64 `json:"of,omitempty"` // which, where there are several
	Value      any                `json:"value"`
	Unit       string             `json:"unit,omitempty"`
	Definition string             `json:"definition"`
	Formula    string             `json:"formula"`
	Source     string             `json:"source,omitempty"`
}

func newSheet(p *preflight.Plan, s *preflight.Sheet, lang string) (*sheet, error) {
	w, err := wordsOf(lang)
	if err != nil {
		return nil, err
	}
	b := &sheet{words: w, p: p, s: s}
	b.trunk()
	b.media()
	b.voice()
	b.invite()
	b.proof()
	b.generator()
	b.agents()
	return b, nil
}

// say returns a sentence of the sheet.
func (b *sheet) say(key string, args ...any) string {
	for i := range sheetWords {
		if e := &sheetWords[i]; e.Key == key {
			return filled(b.pick(e.En, e.Ja), args)
		}
	}
	panic("loadreport: no words for the sheet's " + key)
}

func filled(text string, args []any) string {
	if len(args) == 0 && !strings.Contains(text, "%%") {
		return text
	}
	return fmt.Sprintf(text, args...)
}

func (b *sheet) part(id string) { b.parts = append(b.parts, sheetPart{ID: id, Title: b.say(id)}) }

// with is what the words of a figure are about: its name, and how it is computed.
type with struct {
	name, how []any
	of        map[string]float64
}

// put adds a figure to the last part.
func (b *sheet) put(id string, value any, x with) {
	for i := range sheetFigures {
		f := &sheetFigures[i]
		if f.id != id {
			continue
		}
		g := figure{ID: id, Of: x.of, Value: value, Unit: f.unit, Definition: filled(b.pick(f.en, f.ja), x.name), Formula: filled(b.pick(f.how, f.howJa), x.how)}
		if f.source != "-" {
			g.Source = f.source
		}
		if v, ok := value.(float64); ok {
			g.Value = number(v)
		}
		last := &b.parts[len(b.parts)-1]
		last.Figures = append(last.Figures, g)
		return
	}
	panic("loadreport: no words for the sheet's figure " + id)
}

func args(x ...any) []any { return x }

// exact is a number with up to six digits after the point, as arithmetic has it, or with
// six digits in all where that would leave nothing.
func exact(x float64) string {
	switch a := math.Abs(x); {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return page.Undefined
	case a > 0 && a < 1e-4 || a >= 1e15:
		return strconv.FormatFloat(x, 'g', 6, 64)
	}
	front, rest, _ := strings.Cut(page.Fixed(x, 6), ".")
	if n, err := strconv.ParseInt(front, 10, 64); err == nil && n != 0 {
		front = count(n)
	}
	if rest = strings.TrimRight(rest, "0"); rest != "" {
		return front + "." + rest
	}
	return front
}

func whole(n int) string { return count(int64(n)) }

func secs(d time.Duration) string { return exact(d.Seconds()) }

// exactly is a share, not rounded as percent does it.
func (w words) exactly(x float64) string {
	if math.IsNaN(x) {
		return page.Undefined
	}
	return exact(100*x) + w.pick(" %", "%")
}

func (b *sheet) title() string { return b.say("title", exact(b.p.CallsPerHour), whole(b.p.Lines)) }

func (b *sheet) warnings() (out []string) {
	for _, w := range b.s.Warnings {
		var values []any
		for _, v := range w.Values {
			values = append(values, exact(v))
		}
		out = append(out, b.say(string(w.Kind), values...))
	}
	return out
}

func (b *sheet) text() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s\n%s\n", b.title(), b.say("lead"))
	for i := range b.parts {
		p := &b.parts[i]
		if p.ID == "voice" {
			fmt.Fprintln(&out)
			b.paths(&out, p)
			continue
		}
		fmt.Fprintf(&out, "\n== %s ==\n", p.Title)
		for k := range p.Figures {
			f := &p.Figures[k]
			fmt.Fprintf(&out, "%s%s%s\n    %s%s\n", f.Definition, b.pick(": ", ":"), b.shown(f), f.Formula, b.ruled(f))
		}
	}
	fmt.Fprintf(&out, "\n== %s ==\n", b.say("warnings"))
	for _, w := range b.warnings() {
		fmt.Fprintln(&out, "- "+w)
	}
	if len(b.s.Warnings) == 0 {
		fmt.Fprintln(&out, b.say("none"))
	}
	return out.Bytes()
}

func (b *sheet) ruled(f *figure) string {
	if f.Source == "" {
		return ""
	}
	return " [" + f.Source + "]"
}

// shown is a figure's value with its unit.
func (b *sheet) shown(f *figure) string {
	unit := func(s string) string {
		if f.Unit == "" || s == page.Undefined {
			return s
		}
		return s + " " + b.unit(f.Unit)
	}
	switch v := f.Value.(type) {
	case bool:
		return b.say(map[bool]string{true: "yes", false: "no"}[v])
	case []float64:
		var parts []string
		for _, x := range v {
			parts = append(parts, exact(x))
		}
		return unit(strings.Join(parts, ", "))
	case int:
		return unit(whole(v))
	case *int64:
		if v == nil {
			return page.Undefined
		}
		return unit(count(*v))
	case *float64:
		switch {
		case v == nil:
			return page.Undefined
		case f.Unit == "share":
			return b.exactly(*v)
		}
		return unit(exact(*v))
	}
	panic(fmt.Sprintf("loadreport: a %T on the sheet", f.Value))
}

// unit is how people read a unit.
func (b *sheet) unit(u string) string {
	if b.lang == "ja" {
		for _, x := range [][2]string{{"erlang", "アーラン"}, {"channels", "チャネル"}, {"calls", "呼"}, {"calls/s", "呼/秒"}, {"ports", "ポート"}, {"packets/s", "パケット/秒"}, {"messages", "回"}, {"s", "秒"}} {
			if x[0] == u {
				return x[1]
			}
		}
	}
	return u
}
