package loadreport

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

//go:embed load.html
var pageText string

//go:embed load.css
var pageStyle string

var pageTemplate = template.Must(page.Templates().Parse(pageText))

// HTML writes a story as one file in "en" or "ja": no script, no network, light and dark by
// the reader's preference, readable on a phone; the verdict first, then a sentence to
// forward, pictures, tables, ladders, and what everything means.
func HTML(w io.Writer, s *loadstats.Story, lang string) error {
	t, err := tell(s, lang)
	if err != nil {
		return err
	}
	v, err := t.view()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, v); err != nil {
		return fmt.Errorf("loadreport: page: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// view is what the page's template sees.
type view struct {
	Lang, Title string
	Style       template.CSS
	Class       string // of the verdict: good, bad or void
	Verdict     string
	Reasons     []string
	Sentence    string
	Warnings    []string
	First, Rest []page.Grid
	Figures     []page.Figure
	Ladders     []ladderView
	Asked       []pair
	Definitions []pair

	AskedTitle, WarningsTitle, LaddersTitle, DefinitionsTitle string
}

type ladderView struct {
	Title, Text string
	Files       []string
	Open        bool
}

func (t *told) view() (*view, error) {
	v := &view{Lang: t.lang, Title: page.Clean(t.title()), Style: page.Style() + template.CSS(pageStyle), Class: t.class(), Verdict: together(t.verdictLine()), Sentence: together(t.sentence()),
		Asked: t.asked(), Definitions: t.definitions(), AskedTitle: t.s("section.asked"), WarningsTitle: t.s("section.warnings"), LaddersTitle: t.s("section.ladders"), DefinitionsTitle: t.s("section.definitions")}
	for _, x := range t.reasons() {
		v.Reasons = append(v.Reasons, together(x))
	}
	for _, x := range t.warnings() {
		v.Warnings = append(v.Warnings, together(x))
	}
	thresholds := t.thresholdTable()
	if len(thresholds.Rows) > 0 {
		v.First = append(v.First, thresholds)
	}
	v.First = append(v.First, t.countTable())
	for _, g := range t.tables() {
		if g.Title != v.First[0].Title && g.Title != v.First[len(v.First)-1].Title {
			v.Rest = append(v.Rest, g)
		}
	}
	var pictures []page.Picture
	for _, p := range []page.Picture{t.ramp(), t.latency(), t.mos()} {
		if p.Draw != nil {
			p.Alt = together(p.Alt)
			pictures = append(pictures, p)
		}
	}
	var err error
	if v.Figures, err = page.Figures(pictures, nil); err != nil {
		return nil, err
	}
	for i := range t.story.Samples {
		v.Ladders = append(v.Ladders, t.ladder(&t.story.Samples[i], i == 0))
	}
	return v, nil
}

func (t *told) ladder(s *loadstats.Sample, open bool) ladderView {
	var b bytes.Buffer
	ladder(&b, s)
	l := ladderView{Title: page.Clean(t.s("cell.call", s.Number) + t.pick(": ", ":") + t.why(s)), Text: b.String(), Open: open}
	for _, f := range []string{s.Packet, s.Sound} {
		if f != "" {
			l.Files = append(l.Files, f)
		}
	}
	return l
}

var units = strings.NewReplacer(" %", "\u00a0%", " ms", "\u00a0ms", " calls/s", "\u00a0calls/s")

// together keeps a number and its unit on one line, in a text without control characters.
func together(s string) string { return units.Replace(page.Clean(s)) }

// class is how the verdict is coloured.
func (t *told) class() string {
	switch t.verdict {
	case loadstats.Pass:
		return "good"
	case loadstats.CallsFailed, loadstats.Breached:
		return "bad"
	}
	return "void"
}
