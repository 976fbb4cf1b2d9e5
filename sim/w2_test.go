package sim_test

import (
	"math"
	"testing"
	"time"

	"callwright/erlang"
	"callwright/realcore/measure"
	"callwright/sim"
	"callwright/sim/output"
	"callwright/sim/workload"
	"callwright/traffic"
)

// W1 and W2 start empty, stop after so many calls and drain; 200 of each are
// compared with what is known of the endless ones. Long runs make the empty
// start small beside the error (W1: about 0.03 % of a 200,000-call run).
func TestW1AgainstErlangA(t *testing.T) {
	p, d := workload.W1(0)
	batch := 500 * time.Minute
	r, err := sim.RunSteady(p, d, sim.Steady{WarmUp: batch, Batch: batch, Batches: 300}, sim.Config{Seed: 1, Level: level})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []exact{{"abandonment", 0.048811}, {"asa", 5.5491}, {"wait_all", 5.8573}, {"occupancy", 0.951189},
		{"p_wait", 0.404021}, {"sl_offered", 0.851715}, {"sl_exclude_within", 0.886892}, {"sl_count_within", 0.891378}} {
		got := r.Estimate(measure.Find(e.id), measure.All, measure.All, nil)
		if e.want < got.Low || e.want > got.High {
			t.Errorf("%s = %.6g (%.6g to %.6g), exact %.6g is outside", e.id, got.Value, got.Low, got.High, e.want)
		}
	}
	// The printed values are Erlang A's.
	if x := (erlang.MMnM{Servers: 100, Load: 100, AHT: 300, Patience: 120}).Solve().SLOffered(20); math.Abs(x-0.851715) > 5e-7 {
		t.Errorf("Erlang A says %.7f", x)
	}
}

// The reference of W2 has an error of its own (95 %, ten seeds: t = 2.262);
// both are combined at level 1 - 1e-6.
func TestW2AgainstReference(t *testing.T) {
	p, d := workload.W2(0)
	batch := 40 * time.Minute
	r, err := sim.RunSteady(p, d, sim.Steady{WarmUp: 5 * batch, Batch: batch, Batches: 200}, sim.Config{Seed: 1, Level: level})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []struct {
		id         measure.ID
		want, half float64
	}{{"sl_offered", 0.97306, 0.0004}, {"asa", 1.897, 0.018}, {"abandonment", 0.01378, 0.0001}, {"occupancy", 0.97949, 0.0001}} {
		got := r.Estimate(measure.Find(e.id), measure.All, measure.All, nil)
		theirs := e.half / output.Student(0.95, 9) * output.Student(level, 9)
		if diff, both := math.Abs(got.Value-e.want), math.Hypot(got.Half(), theirs); diff > both {
			t.Errorf("%s = %.6g, reference %.6g: they differ by %.3g, both errors together allow %.3g", e.id, got.Value, e.want, diff, both)
		} else {
			t.Logf("%s %.6g +- %.3g, reference %.6g", e.id, got.Value, got.Half(), e.want)
		}
	}
}

// One worker or two: the same numbers to the last bit.
func TestWorkersChangeNothing(t *testing.T) {
	p, d := workload.W2(5_000)
	var first *sim.Result
	for _, workers := range []int{1, 2, 4} {
		r, err := sim.Run(p, d, sim.Config{Seed: 9, Reps: 12, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
			continue
		}
		for i := range r.Tables {
			_, a, wa := first.Tables[i].Sum()
			_, b, wb := r.Tables[i].Sum()
			if a != b || wa != wb {
				t.Fatalf("replication %d with %d workers: %+v, with one: %+v", i, workers, b, a)
			}
		}
	}
}

// Of 1,000 small studies, as many 95 % intervals as should cover the exact
// value: between 93 and 97 %.
func TestCoverageOfIntervals(t *testing.T) {
	// M/M/3+M from empty for two hours has no closed form of its own here; its
	// truth is the mean of 60,000 runs, whose error is small beside one study's.
	p, d := workload.MMn(3, 3.0/180, law(traffic.Exponential(180)), law(traffic.Exponential(90)), 120)
	const studies, reps = 1000, 60
	defs := []measure.ID{"sl_offered", "abandonment", "asa", "occupancy"}
	sums := make([]output.Sums, len(defs))
	each := make([][]output.Estimate, len(defs))
	for s := range studies {
		r, err := sim.Run(p, d, sim.Config{Seed: uint64(1000 + s), Reps: reps, Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		for k, id := range defs {
			one := r.Sums(measure.Find(id), measure.All, measure.All, nil)
			sums[k].Num, sums[k].Den = append(sums[k].Num, one.Num...), append(sums[k].Den, one.Den...)
			each[k] = append(each[k], one.Ratio(0.95))
		}
	}
	for k, id := range defs {
		truth := sums[k].Ratio(0.95).Value
		hit := 0
		for _, e := range each[k] {
			if e.Low <= truth && truth <= e.High {
				hit++
			}
		}
		if share := float64(hit) / studies; share < 0.93 || share > 0.97 {
			t.Errorf("%s: %.1f %% of %d intervals cover, want 93 to 97 %%", id, 100*share, studies)
		} else {
			t.Logf("%s: %.1f %% cover", id, 100*share)
		}
	}
}
