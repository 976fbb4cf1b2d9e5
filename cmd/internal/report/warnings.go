package report

import (
	"fmt"
	"regexp"
	"strings"

	"callwright/sim/beside"
)

// Warnings are values made where the fact is known, in English. These are the
// ones known here, as their makers' format strings (a test finds each in its
// source), with the Japanese for the same arguments, all as strings.
var warnings = []struct{ source, en, ja string }{
	{"sim/run.go", "interrupted: %d replications are counted", "途中で中断:集計は反復%s回分です"},
	{"sim/run.go", "%d replications: intervals are wide and rest on normality", "反復%s回:区間が広く、正規近似に依存しています"},
	{"sim/run.go", "%s: the wanted precision of %g %% is not reached after %d replications", "%s:反復%[3]s回では目標精度%[2]s%%に達していません"},
	{"sim/run.go", "%.3g contacts a run: one more or less moves a service level by points", "1回の反復あたり着信%s件:1件の増減でサービスレベルが数ポイント動きます"},
	{"sim/beside/build.go", "queue %s: in %d intervals (first %s) the load is at least the agents: Erlang C has no steady state there and says 0",
		"キュー「%s」:%s個の時間帯(最初は%s)で呼量が人数以上です。アーランCに定常状態はなく、0としています"},
}

var verb = regexp.MustCompile(`%[.0-9]*[dgs]`)

// pattern matches what a format string makes.
func pattern(format string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)^`)
	rest := format
	for {
		at := verb.FindStringIndex(rest)
		if at == nil {
			break
		}
		b.WriteString(regexp.QuoteMeta(strings.ReplaceAll(rest[:at[0]], "%%", "%")))
		b.WriteString(`(.*?)`)
		rest = rest[at[1]:]
	}
	b.WriteString(regexp.QuoteMeta(strings.ReplaceAll(rest, "%%", "%")) + `$`)
	return regexp.MustCompile(b.String())
}

var patterns = func() []*regexp.Regexp {
	var out []*regexp.Regexp
	for _, x := range warnings {
		out = append(out, pattern(x.en))
	}
	return out
}()

// warning says a warning in the language, or as it is where that is not known.
func (w words) warning(text string) string {
	if w.lang != "ja" {
		return text
	}
	for i, p := range patterns {
		m := p.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		args := make([]any, len(m)-1)
		for k, a := range m[1:] {
			args[k] = a
		}
		return fmt.Sprintf(warnings[i].ja, args...)
	}
	return text
}

func (w words) warnings(s *beside.Study) []string {
	var out []string
	for _, x := range s.Warnings {
		out = append(out, w.warning(x))
	}
	return out
}
