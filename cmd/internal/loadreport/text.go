package loadreport

import (
	"bytes"
	"fmt"
	"io"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

// Text writes a story as tables for people, in "en" or "ja": the verdict first, then a
// sentence to forward, the tables, the warnings and what everything means. Its error is
// of the story's thresholds, of the language, or of w.
func Text(w io.Writer, s *loadstats.Story, lang string) error {
	t, err := tell(s, lang)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	t.text(&b)
	_, err = w.Write(b.Bytes())
	return err
}

func (t *told) text(b *bytes.Buffer) {
	line := func(s string) { fmt.Fprintln(b, page.Clean(s)) }
	section := func(title string) { fmt.Fprintf(b, "\n== %s ==\n", title) }
	line(t.verdictLine())
	for _, x := range t.reasons() {
		line("  " + x)
	}
	line(t.sentence())
	section(t.s("section.asked"))
	for _, p := range t.asked() {
		line(p.Name + t.pick(": ", ":") + p.Is)
	}
	for _, g := range t.tables() {
		g.Text(b)
	}
	if list := t.story.Samples; len(list) > 0 {
		section(t.s("section.ladders"))
		for i := range list[:min(len(list), laddersInText)] {
			if i > 0 {
				b.WriteByte('\n')
			}
			line(t.s("cell.call", list[i].Number) + t.pick(": ", ":") + t.why(&list[i]))
			ladder(b, &list[i])
		}
		if n := len(list) - laddersInText; n > 0 {
			line("\n" + t.s("ladders.more", n))
		}
	}
	section(t.s("section.warnings"))
	warnings := t.warnings()
	if len(warnings) == 0 {
		line(t.s("none.warnings"))
	}
	for _, x := range warnings {
		line("- " + x)
	}
	section(t.s("section.definitions"))
	for _, d := range t.definitions() {
		line("- " + d.Name + t.pick(": ", ":") + d.Is)
	}
}

// laddersInText is how many calls a text shows in full; the page has all of them.
const laddersInText = 3
