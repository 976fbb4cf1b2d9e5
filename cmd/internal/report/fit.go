package report

import (
	"bytes"
	"fmt"
	"io"
	"time"

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
	ambiguous()
	p := &printer{w: say}
	p.line("%s", Clean(say.fitTitle(f)))
	for _, g := range say.fitTables(f.Model) {
		p.grid(g)
	}
	if list := f.Model.Warnings(); list != nil {
		p.list(say.pick("Warnings", "警告"), list, "-")
	}
	p.list(say.pick("How it was done, and what is assumed", "方法と前提"), f.Model.Notes(), say.s("none.assumptions"))
	p.list(say.pick("The history", "もとのデータ"), say.fitSource(f), "-")
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
	v.Headline = append(f.Model.Warnings(), f.Model.Notes()...)
	v.Assumptions = say.fitSource(f)
	v.Sections["section_assumptions"] = say.pick("The history", "もとのデータ")
	v.Definitions = say.fitDefinitions()
	v.CenterTables = say.fitTables(f.Model)
	pictures, err := FitPictures(f.Model, lang)
	if err != nil {
		return err
	}
	if v.Center, err = figures(pictures); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := page.Execute(&b, v); err != nil {
		return fmt.Errorf("report: page: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

func (w words) fitTitle(f *Fitting) string {
	from, to := f.Model.From.Format(time.DateOnly), f.Model.To.Format(time.DateOnly)
	return w.pick("Fitted: "+f.Source+", "+from+" to "+to, "推定結果: "+f.Source+"、"+from+"〜"+to)
}

func (w words) fitSource(f *Fitting) []string {
	out := f.Notes
	for _, t := range f.Model.Left {
		out = append(out, fmt.Sprintf("%s: %d", t.What, t.N))
	}
	return out
}

func (w words) fitDefinitions() []meaning {
	return []meaning{
		{"95 %", w.pick("Intervals are 95 % confidence intervals of the estimate.", "区間は推定値の95%信頼区間です。")},
		{"AIC, BIC", w.pick("Akaike's and Schwarz's criteria: twice the parameters (times half the logarithm of the number, for BIC) less twice the log-likelihood; lower is better.",
			"赤池・シュワルツの情報量規準。小さいほど当てはまりが良い。")},
		{"KS", w.pick("Largest distance between the law and the sample's distribution (Kaplan and Meier's, where some lengths were cut off).",
			"分布と標本(打ち切りがあればカプラン・マイヤー推定)との最大の差。")},
		{w.pick("patience", "我慢時間"), w.pick("How long callers would wait. Who was answered would have waited longer: cut on the right.",
			"待ってもよい時間。応答された呼は打ち切りとして扱います。")},
	}
}
