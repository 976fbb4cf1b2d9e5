package report

import (
	"fmt"
	"io"
	"time"

	"callwright/cmd/internal/page"
	"callwright/traffic/fit"
)

// Fitting is a fitted history to be shown.
type Fitting struct {
	Model  *fit.Model
	Source string   // the history's file
	Notes  []string // what became of its rows
}

// FitText writes what was estimated and how well it fits, as tables for people.
func FitText(w io.Writer, f *Fitting, lang string) error {
	say, err := wordsOf(lang)
	if err != nil {
		return err
	}
	p := &printer{w: say}
	p.line("%s", Clean(say.fitTitle(f)))
	for _, g := range say.fitTables(f.Model) {
		p.grid(g)
	}
	if list := f.Model.Warnings(); list != nil {
		p.list(say.s("section.warnings"), say.sentences(list), "-")
	}
	p.list(say.s("fit.notes"), say.sentences(f.Model.Notes()), say.s("none.assumptions"))
	p.list(say.s("fit.source"), say.fitSource(f), "-")
	_, err = w.Write(p.b.Bytes())
	return err
}

// FitHTML writes the same as one HTML file, with pictures.
func FitHTML(w io.Writer, f *Fitting, lang string) error {
	say, err := wordsOf(lang)
	if err != nil {
		return err
	}
	v := say.emptyView(say.fitTitle(f))
	v.Headline = say.sentences(append(f.Model.Warnings(), f.Model.Notes()...))
	v.Assumptions = say.fitSource(f)
	v.Sections["section_assumptions"] = say.s("fit.source")
	v.Definitions = say.fitDefinitions()
	v.CenterTables = say.fitTables(f.Model)
	pictures, err := FitPictures(f.Model, lang)
	if err != nil {
		return err
	}
	if v.Center, err = page.Figures(pictures, open); err != nil {
		return err
	}
	return v.write(w)
}

func (w words) fitTitle(f *Fitting) string {
	return w.s("fit.title", f.Source, f.Model.From.Format(time.DateOnly), f.Model.To.Format(time.DateOnly))
}

func (w words) fitSource(f *Fitting) []string {
	out := w.sentences(f.Notes)
	for _, t := range f.Model.Left {
		out = append(out, fmt.Sprintf("%s: %d", w.warning(t.What), t.N))
	}
	return out
}

func (w words) fitDefinitions() []meaning {
	return []meaning{{"95 %", w.s("fit.def.ci")}, {"AIC, BIC", w.s("fit.def.ic")}, {"KS", w.s("fit.def.ks")}, {w.s("fit.def.patience"), w.s("fit.def.patience.is")}}
}
