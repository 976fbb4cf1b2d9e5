package report

import (
	"bytes"
	_ "embed"
	"fmt"

	"html/template"
	"io"
	"strings"

	"callwright/sim/beside"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

var page = template.Must(template.New("page").Parse(pageText))

// maxDrawn is how many queues a page draws; beyond, their tables say it all.
const maxDrawn = 24

// HTML writes a study as one file in "en" or "ja": no script, no network, light
// and dark by the reader's preference, pictures inside. It ends with the
// definitions, the assumptions, the warnings and what one needs to get the same
// numbers again.
func HTML(w io.Writer, s *beside.Study, lang string) error {
	say, err := wordsOf(lang)
	if err != nil {
		return err
	}
	v, err := say.view(s)
	if err != nil {
		return err
	}
	return v.write(w)
}

// view is what the page's template sees: text to escape, but for pictures and
// the style sheet, which are ours.
type view struct {
	Lang, Title, Scenario string
	Style                 template.CSS
	Headline              []string
	Sections              map[string]string // titles by key
	All                   []grid
	Queues                []queueView
	Center                []figure
	CenterTables          []grid
	Definitions           []meaning
	Assumptions, Warnings []string
	Repeat                []meaning
	NoPictures            string
}

// write writes the page, or nothing of it.
func (v *view) write(w io.Writer) error {
	var b bytes.Buffer
	if err := page.Execute(&b, v); err != nil {
		return fmt.Errorf("report: page: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

type queueView struct {
	ID, Name, Sentence string
	Key                grid
	More               []grid // a log's judgement, days
	Figures            []figure
	Intervals          *grid // where no picture holds them
	Note               string
}

type figure struct {
	Title, Alt string
	Wide       template.HTML
	Narrow     template.HTML
	Numbers    grid
	Open       bool
}

// emptyView is a page with nothing but its title.
func (w words) emptyView(title string) *view {
	v := &view{Lang: w.lang, Title: title, Style: style(), Sections: map[string]string{}}
	for _, k := range []string{"conclusion", "section.definitions", "section.assumptions", "section.warnings", "section.repeat", "none.warnings", "none.assumptions", "table.numbers"} {
		v.Sections[strings.ReplaceAll(k, ".", "_")] = w.s(k)
	}
	return v
}

func (w words) view(s *beside.Study) (*view, error) {
	v := w.emptyView(titleOf(s, w))
	v.Definitions, v.Assumptions, v.Warnings, v.Repeat = w.definitions(s), w.sentences(s.Assumptions), w.warnings(s), w.repeat(s)
	if s.Scenario != "" {
		v.Scenario = w.s("scenario", s.Scenario)
	}
	for _, x := range w.headline(s, few) {
		v.Headline = append(v.Headline, together(x))
	}
	if len(s.Bridge) > 0 {
		v.Headline = append(v.Headline, together(w.bridgeSentence(s)))
	}
	if len(s.Queues) > 1 {
		v.All = append(v.All, w.queueTable(s))
		if len(s.Judged) > 0 {
			v.All = append(v.All, w.judgedTable(s, s.Judged))
		}
	}
	drawn := len(s.Queues) <= maxDrawn
	if !drawn {
		v.NoPictures = w.s("none.pictures", maxDrawn)
	}
	for i := range s.Queues {
		q, err := w.queueView(s, i, drawn)
		if err != nil {
			return nil, err
		}
		v.Queues = append(v.Queues, q)
	}
	pictures, err := CenterPictures(s, w.lang)
	if err != nil {
		return nil, err
	}
	if v.Center, err = figures(pictures); err != nil {
		return nil, err
	}
	if len(s.Groups) > 0 {
		v.CenterTables = append(v.CenterTables, w.groupTable(s))
	}
	if len(s.Center) > 0 {
		v.CenterTables = append(v.CenterTables, w.measureTable(w.s("table.center"), s, s.Center))
	}
	return v, nil
}

func (w words) queueView(s *beside.Study, i int, drawn bool) (queueView, error) {
	q := &s.Queues[i]
	v := queueView{ID: fmt.Sprintf("q%d", i), Name: w.s("queue", q.Name), Key: w.keyTable(s, q)}
	v.Key.Note = w.rule(s, q)
	if len(q.Judged) > 0 {
		v.More = append(v.More, w.judgedTable(s, q.Judged))
	}
	if len(q.Days) > 0 {
		v.More = append(v.More, w.dayTable(s, q))
	}
	if len(s.Queues) > few {
		v.Sentence = together(w.sentence(s, q))
	}
	if drawn {
		pictures, err := QueuePictures(s, q, w.lang)
		if err != nil {
			return v, err
		}
		if v.Figures, err = figures(pictures); err != nil {
			return v, err
		}
	}
	switch {
	case len(q.Rows) == 0:
		v.Note = w.s("no_intervals")
	case len(v.Figures) == 0 || !v.Figures[0].Open:
		g := w.intervalTable(s, q)
		v.Intervals = &g
	}
	return v, nil
}

func figures(list []Picture) ([]figure, error) {
	var out []figure
	for _, p := range list {
		p.Untitled = true
		big, err := p.inline("wide")
		if err != nil {
			return nil, err
		}
		small, err := p.Sized(narrow, p.Height*1.08).inline("narrow")
		if err != nil {
			return nil, err
		}
		out = append(out, figure{Title: p.Title, Alt: p.Alt, Wide: template.HTML(big), Narrow: template.HTML(small),
			Numbers: p.Table, Open: p.Name == "service-level" && len(p.Table.Rows) <= longTable})
	}
	return out, nil
}

// together keeps a number and its percent sign on one line.
func together(s string) string { return strings.ReplaceAll(s, " %", "\u00a0%") }

// Cell is one cell of a table: its text, and whether it is text or a number.
type Cell struct {
	Text string
	Word bool
}

// Cells gives a row's cells their kind.
func (g grid) Cells(row []string) []Cell {
	out := make([]Cell, len(row))
	for i, x := range row {
		out[i] = Cell{together(x), i < g.Left || g.Tail && i == len(g.Head)-1}
	}
	return out
}

// Long reports whether the first column holds names, which need room to wrap in.
func (g grid) Long() bool {
	for _, r := range g.Rows {
		if len(r) > 0 && len(r[0]) > 12 {
			return true
		}
	}
	return false
}

// HeadCells joins the two lines of the head.
func (g grid) HeadCells() []Cell {
	head := make([]string, len(g.Head))
	for i, h := range g.Head {
		head[i] = h
		if len(h) <= 10 {
			head[i] = strings.ReplaceAll(h, " ", "\u00a0")
		}
		if g.Unit != nil && g.Unit[i] != "" {
			head[i] += "\n" + g.Unit[i]
		}
	}
	return g.Cells(head)
}

// style is the style sheet with the palette, light, dark, and light for paper.
func style() template.CSS {
	var light, dark, classes strings.Builder
	for _, p := range palette {
		fmt.Fprintf(&light, "--%s:#%06x;", p.name, p.light)
		fmt.Fprintf(&dark, "--%s:#%06x;", p.name, p.dark)
		fmt.Fprintf(&classes, ".f-%[1]s{fill:var(--%[1]s)}.s-%[1]s{stroke:var(--%[1]s)}\n", p.name)
	}
	return template.CSS(fmt.Sprintf(":root{%s}\n@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){%s}}\n@media screen{:root[data-theme=dark]{%s}}\n%s%s",
		light.String(), dark.String(), dark.String(), classes.String(), pageStyle))
}
