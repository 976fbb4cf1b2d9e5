package world_test

import (
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/measure"
	"callwright/sim/workload"
	"callwright/sim/world"
	"callwright/traffic"
)

func run(b testing.TB, plan *realcore.Plan, demand *traffic.Demand) *measure.Table {
	w, err := world.New(plan, demand, 1, 0)
	if err != nil {
		b.Fatal(err)
	}
	t := measure.NewTable(plan, measure.Config{Interval: 30 * time.Minute, Period: 24 * time.Hour})
	w.Fold = cdr.NewFold(t)
	if _, err := w.Run(); err != nil {
		b.Fatal(err)
	}
	return t
}

func BenchmarkW1(b *testing.B) {
	for b.Loop() {
		p, d := workload.W1(1_000_000)
		run(b, p, d)
	}
	b.ReportMetric(1e6*float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

func BenchmarkW2(b *testing.B) {
	for b.Loop() {
		p, d := workload.W2(1_000_000)
		run(b, p, d)
	}
	b.ReportMetric(1e6*float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

func TestW1Smoke(t *testing.T) {
	p, d := workload.W1(500_000)
	_, q, w := run(t, p, d).Sum()
	t.Logf("ab %.5f asa %.4f wait %.4f occ %.5f sl %.5f", float64(q.Abandoned)/float64(q.Offered), float64(q.WaitAnswered)/float64(q.Answered)/1e9,
		float64(q.WaitAll)/float64(q.Offered)/1e9, float64(w.Handling())/float64(w.Staffed()), float64(q.AnsweredInT)/float64(q.Offered))
	t.Logf("%+v", q)
}
