package report

import (
	"bytes"
	_ "embed"
	"fmt"

	"html/template"
	"io"
	"strings"

	"callwright/cmd/internal/page"
	"callwright/sim/beside"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(page.Templates().Parse(pageText))

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
	Center                []page.Figure
	CenterTables          []grid
	Definitions           []meaning
	Assumptions, Warnings []string
	Repeat                []meaning
	NoPictures            string
}

// write writes the page, or nothing of it.
func (v *view) write(w io.Writer) error {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, v); err != nil {
		return fmt.Errorf("report: page: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

type queueView struct {
	ID, Name, Sentence string
	Key                grid
	More               []grid // a log's judgement, days
	Figures            []page.Figure
	Intervals          *grid // where no picture holds them
	Note               string
}

// emptyView is a page with nothing but its title.
func (w words) emptyView(title string) *view {
	v := &view{Lang: w.lang, Title: title, Style: page.Style(), Sections: map[string]string{}}
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
		v.Headline = append(v.Headline, page.Together(x))
	}
	if len(s.Bridge) > 0 {
		v.Headline = append(v.Headline, page.Together(w.bridgeSentence(s)))
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
	if v.Center, err = page.Figures(pictures, open); err != nil {
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
		v.Sentence = page.Together(w.sentence(s, q))
	}
	if drawn {
		pictures, err := QueuePictures(s, q, w.lang)
		if err != nil {
			return v, err
		}
		if v.Figures, err = page.Figures(pictures, open); err != nil {
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

// open says which picture shows its numbers at once.
func open(p *Picture) bool { return p.Name == "service-level" && len(p.Table.Rows) <= longTable }
