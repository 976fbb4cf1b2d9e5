package report

import (
	"io"
	"time"

	"callwright/traffic/fit"
)

type fitEstimate struct {
	Value *float64 `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
}

func estimateOf(e fit.Estimate) fitEstimate {
	return fitEstimate{&e.Value, &e.Low, &e.High}
}

type fitLaw struct {
	Law        string        `json:"law"`
	Parameters []fitEstimate `json:"parameters"`
	LogLik     *float64      `json:"log_likelihood"`
	AIC        *float64      `json:"aic"`
	BIC        *float64      `json:"bic"`
	KS         *float64      `json:"ks"`
	Mean       *float64      `json:"mean_s"`
	Used       bool          `json:"used"`
}

type fitTimes struct {
	Observed float64     `json:"observed"`
	Cut      float64     `json:"cut"`
	Mean     fitEstimate `json:"mean_s"`
	Short    *float64    `json:"under_10s"`
	LawsOf   string      `json:"laws_of"`
	Why      string      `json:"why"`
	Laws     []fitLaw    `json:"laws"`
}

func timesOf(t *fit.Times) fitTimes {
	x := fitTimes{Mean: estimateOf(t.Mean), Short: &t.Short, LawsOf: t.From, Why: t.Why}
	if t.Sample != nil {
		x.Observed, x.Cut = t.Sample.Observed(), t.Sample.Cut()
	}
	for i := range t.Laws {
		l := t.Laws[i]
		y := fitLaw{l.Law.String(), nil, &l.LogLik, &l.AIC, &l.BIC, &l.KS, &l.Mean, l.Law == t.Chosen.Law}
		for _, p := range l.Parameters {
			y.Parameters = append(y.Parameters, estimateOf(p))
		}
		x.Laws = append(x.Laws, y)
	}
	return x
}

type fitStream struct {
	Tier     string   `json:"tier"`
	Share    float64  `json:"share"`
	From     string   `json:"patience_of"`
	Patience fitTimes `json:"patience"`
}

type fitQueue struct {
	Name     string      `json:"name"`
	Offered  int         `json:"offered"`
	Abandons int         `json:"abandoned"`
	Handle   fitTimes    `json:"handle"`
	Streams  []fitStream `json:"streams"`
}

type fitGap struct {
	Gap      float64     `json:"gap_s"`
	Sessions int         `json:"sessions"`
	Hours    float64     `json:"hours"`
	Handling float64     `json:"handling_hours"`
	Median   *float64    `json:"between_median_s"`
	Load     fitEstimate `json:"between_mean_under_load_s"`
	Idle     fitEstimate `json:"between_mean_otherwise_s"`
}

type fitDay struct {
	Day    string      `json:"day"`
	N      int         `json:"days"`
	Mean   fitEstimate `json:"calls"`
	Factor float64     `json:"factor"`
	Left   float64     `json:"calls_left_out"`
}

// FitJSON writes the estimates with their intervals and goodness of fit.
func FitJSON(w io.Writer, f *Fitting) error {
	m := f.Model
	x := struct {
		Source        string      `json:"source"`
		From          string      `json:"from"`
		To            string      `json:"to"`
		Offered       int         `json:"offered"`
		Week          []fitDay    `json:"week"`
		PeriodCV      fitEstimate `json:"period_cv"`
		DayCV         fitEstimate `json:"day_cv"`
		IntervalCV    fitEstimate `json:"interval_cv"`
		DayCVUsed     *float64    `json:"day_cv_given_duty"`
		IntervalUsed  *float64    `json:"interval_cv_given_duty"`
		Queues        []fitQueue  `json:"queues"`
		Gap           float64     `json:"gap_s"`
		Gaps          []fitGap    `json:"gaps"`
		Blank         int         `json:"blank_servers"`
		Assigned      int         `json:"blank_assigned"`
		Extra         int         `json:"blank_own_agent"`
		LeftOut       int         `json:"blank_left_out"`
		Interruptions []string    `json:"interruptions"`
		Lost          float64     `json:"left_out_part"`
		Warnings      []string    `json:"warnings"`
		Notes         []string    `json:"notes"`
	}{Source: f.Source, From: m.From.Format(time.DateOnly), To: m.To.Format(time.DateOnly), Offered: m.Reported.Offered,
		PeriodCV: estimateOf(m.Arrivals.PeriodCV), DayCV: estimateOf(m.Arrivals.DayCV), IntervalCV: estimateOf(m.Arrivals.IntervalCV),
		DayCVUsed: &m.Follow.DayCV, IntervalUsed: &m.Follow.IntervalCV, Gap: m.Duty.Gap.Seconds(),
		Blank: m.Duty.Blank, Assigned: m.Duty.Assigned, Extra: m.Duty.Extra, LeftOut: m.Duty.Left, Lost: m.Arrivals.Lost(), Warnings: m.Warnings(), Notes: append(m.Notes(), f.Notes...)}
	for d := range m.Arrivals.Week {
		k := &m.Arrivals.Week[d]
		if k.N > 0 {
			x.Week = append(x.Week, fitDay{time.Weekday(d).String(), k.N, estimateOf(k.Mean), k.Factor, m.Arrivals.LeftOut(time.Weekday(d))})
		}
	}
	for i := range m.Queues {
		q := &m.Queues[i]
		y := fitQueue{Name: q.Name, Offered: q.Offered, Abandons: q.Abandons, Handle: timesOf(&q.Handle)}
		for k := range q.Streams {
			s := &q.Streams[k]
			y.Streams = append(y.Streams, fitStream{s.Tier, s.Share, s.From, timesOf(&s.Patience)})
		}
		x.Queues = append(x.Queues, y)
	}
	for i := range m.Gaps {
		d := &m.Gaps[i]
		x.Gaps = append(x.Gaps, fitGap{d.Gap.Seconds(), d.Sessions, d.Hours, d.Handling, &d.Between.Median, estimateOf(d.Between.All), estimateOf(d.Between.Idle)})
	}
	for _, k := range m.Interruptions {
		x.Interruptions = append(x.Interruptions, k.From.Format("2006-01-02 15:04")+" "+k.To.Format("15:04"))
	}
	return writeJSON(w, "fit", &x)
}
