package bridge

import (
	"errors"
	"fmt"
	"math"

	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/sim"
	"callwright/sim/beside"
	"callwright/sim/output"
	"callwright/traffic"
)

// Question is what the bridge is about.
type Question struct {
	Plan   *realcore.Plan
	Demand *traffic.Demand
	Config sim.Config // Measure.Interval is the formulas' interval; Queue, if any, is the one asked about
	Rule   measure.ID // default sl_offered

	Measured *output.Sums // one pair a measured day; nil: the bridge ends at the simulation
}

// Bridge is the answer: rungs whose changes add up to Last - First.
type Bridge struct {
	Rungs []beside.Rung
	First float64 // Erlang C
	Last  float64 // measured, or the full simulation
	Notes []string
}

// ErrInterrupted is Build's error when Config.Stopped ended it: rungs with some
// of the runs missing would not add up.
var ErrInterrupted = errors.New("bridge: interrupted")

// names of the rungs, in order.
var names = []struct{ id, en, ja string }{
	{"erlang_c", "Erlang C: nobody hangs up", "アーランC:誰も切断しない"},
	{"erlang_a", "callers hang up", "放棄を考慮(アーランA)"},
	{"time_varying", "demand and staff change during the day", "時間変動(需要・配置)"},
	{"handle_time", "handle times as fitted, not exponential", "処理時間の分布"},
	{"patience", "patience as fitted, not exponential", "我慢時間の分布"},
	{"routing", "priorities, skills, overflow, ringing", "優先度・スキル・オーバーフロー・呼出"},
	{"demand", "the forecast is uncertain", "需要予測の不確実性"},
	{"measured", "unexplained", "説明できない差"},
}

// Build climbs the ladder.
func Build(q Question) (*Bridge, error) {
	if q.Rule == "" {
		q.Rule = "sl_offered"
	}
	def := measure.Find(q.Rule)
	if def == nil {
		return nil, fmt.Errorf("bridge: no measure %q", q.Rule)
	}
	if q.Config.Measure.Interval <= 0 {
		return nil, fmt.Errorf("bridge: Measure.Interval is %v; the formulas need an interval", q.Config.Measure.Interval)
	}
	l := &ladder{q: q, def: def}
	if err := l.climb(); err != nil {
		return nil, err
	}
	return l.bridge(), nil
}

// ladder holds the value of every rung: formulas as constants, simulations as
// sums over replications.
type ladder struct {
	q     Question
	def   *measure.Definition
	c, a  float64
	runs  [5]*output.Sums // time_varying to demand
	notes []string
}

func (l *ladder) climb() error {
	exact := forecastExact(l.q.Demand)
	full, err := l.simulate(l.q.Plan, l.q.Demand)
	if err != nil {
		return err
	}
	routing := full
	if exact != l.q.Demand {
		if routing, err = l.simulate(l.q.Plan, exact); err != nil {
			return err
		}
	}
	simple, err := simplify(l.q.Plan, exact, routing, l.q.Config)
	if err != nil {
		return err
	}
	l.notes = append(l.notes, simple.notes...)
	l.c, l.a = simple.formulas(l.q.Rule, full.Asked())
	for i, laws := range []lawChoice{{}, {handle: true}, {handle: true, patience: true}} {
		r, err := l.simulate(simple.plan, simple.demand(laws))
		if err != nil {
			return err
		}
		l.runs[i] = l.sums(r)
	}
	l.runs[3], l.runs[4] = l.sums(routing), l.sums(full)
	return nil
}

func (l *ladder) simulate(p *realcore.Plan, d *traffic.Demand) (*sim.Result, error) {
	r, err := sim.Run(p, d, l.q.Config)
	if err == nil && r.Interrupted {
		return nil, ErrInterrupted
	}
	return r, err
}

func (l *ladder) sums(r *sim.Result) *output.Sums {
	return r.Sums(l.def, measure.All, r.Asked(), nil)
}

func (l *ladder) bridge() *Bridge {
	level := l.q.Config.Level
	if level == 0 {
		level = 0.95
	}
	b := &Bridge{First: l.c, Notes: l.notes}
	add := func(i int, value, change output.Estimate) {
		b.Rungs = append(b.Rungs, beside.Rung{ID: names[i].id, En: names[i].en, Ja: names[i].ja, Value: beside.Wrap(l.q.Rule, value),
			Change: beside.WrapChange(l.q.Rule, change)})
	}
	exactly := func(x float64) output.Estimate {
		return output.Estimate{Value: x, Low: math.NaN(), High: math.NaN(), Kind: output.None}
	}
	add(0, exactly(l.c), exactly(0))
	add(1, exactly(l.a), exactly(l.a-l.c))
	first := l.runs[0].Ratio(level)
	first.Value, first.Low, first.High = first.Value-l.a, first.Low-l.a, first.High-l.a
	add(2, l.runs[0].Ratio(level), first)
	for i := 1; i < len(l.runs); i++ {
		add(2+i, l.runs[i].Ratio(level), output.Difference(l.runs[i-1], l.runs[i], level))
	}
	b.Last = l.runs[4].Ratio(level).Value
	if l.q.Measured != nil {
		m, s := l.q.Measured.Ratio(level), l.runs[4].Ratio(level)
		add(7, m, apart(s, m))
		b.Last = m.Value
	}
	return b
}

// apart returns b minus a of two independent estimates.
func apart(a, b output.Estimate) output.Estimate {
	d := output.Estimate{Value: b.Value - a.Value, Low: math.NaN(), High: math.NaN(), Kind: output.None, N: min(a.N, b.N)}
	if a.Kind == output.Confidence && b.Kind == output.Confidence {
		h := math.Hypot(a.Half(), b.Half())
		d.Low, d.High, d.Kind = d.Value-h, d.Value+h, output.Confidence
	}
	return d
}
