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

func play(b testing.TB, plan *realcore.Plan, demand *traffic.Demand) *measure.Table {
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
	b.ReportAllocs()
	for b.Loop() {
		p, d := workload.W1(1_000_000)
		play(b, p, d)
	}
	b.ReportMetric(1e6*float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

func BenchmarkW2(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		p, d := workload.W2(1_000_000)
		play(b, p, d)
	}
	b.ReportMetric(1e6*float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}
