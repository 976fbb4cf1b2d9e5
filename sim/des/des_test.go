package des

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"callwright/realcore"
)

func ExampleCalendar() {
	var c Calendar[string]
	*c.Schedule(20) = "second"
	*c.Schedule(20) = "third"
	*c.Schedule(10) = "first"
	for c.Len() > 0 {
		at, what := c.Pop()
		fmt.Println(int64(at), *what)
	}
	// Output:
	// 10 first
	// 20 second
	// 20 third
}

// A stable sort by time is what the calendar must agree with, ties and all.
func TestOrderAgainstStableSort(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	type ev struct {
		at realcore.Instant
		n  int
	}
	for round := range 50 {
		var c Calendar[int]
		var want []ev
		for n := range 200 {
			e := ev{realcore.Instant(r.IntN(30)), n}
			want = append(want, e)
			*c.Schedule(e.at) = n
		}
		slices.SortStableFunc(want, func(a, b ev) int { return cmp.Compare(a.at, b.at) })
		for i, w := range want {
			if at, n := c.Pop(); at != w.at || *n != w.n {
				t.Fatalf("round %d: pop %d is (%v, %d), want (%v, %d)", round, i, at, *n, w.at, w.n)
			}
		}
	}
}

func TestInterleavedPopsNeverGoBack(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var c Calendar[int]
	now := realcore.Instant(0)
	for range 100_000 {
		if c.Len() > 0 && r.IntN(2) == 0 {
			at, _ := c.Pop()
			if at < now {
				t.Fatalf("popped %v after %v", at, now)
			}
			now = at
		} else {
			*c.Schedule(now + realcore.Instant(r.IntN(100))) = 0
		}
	}
}

func BenchmarkHold(b *testing.B) { // pop the next event, schedule another: the simulator's heartbeat
	var c Calendar[[3]uint64]
	r := rand.New(rand.NewPCG(1, 1))
	for range 1 << 10 {
		*c.Schedule(realcore.Instant(r.Uint32())) = [3]uint64{}
	}
	b.ReportAllocs()
	for b.Loop() {
		at, p := c.Pop()
		ev := *p
		*c.Schedule(at + realcore.Instant(r.Uint32())) = ev
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// The order does not depend on how time is cut: dense bursts at one instant,
// delays from nanoseconds to years, a pace that changes a thousandfold, always as
// a stable sort has it.
func TestAnyPace(t *testing.T) {
	type ev struct {
		at realcore.Instant
		n  int
	}
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 7))
		var c Calendar[int]
		var want []ev // pending, in the order of scheduling
		now, n := realcore.Instant(0), 0
		schedule := func(d realcore.Instant) {
			want = append(want, ev{now + d, n})
			*c.Schedule(now + d) = n
			n++
		}
		for step := range 6000 {
			scale := []realcore.Instant{1, 1e3, 1e6, 1e9, 1e12, 1e16}[(step/500+int(seed))%6]
			switch k := r.IntN(10); {
			case k == 0:
				for range r.IntN(20) {
					schedule(scale)
				}
			case k < 5 && len(want) < 3000:
				schedule(realcore.Instant(r.Float64() * r.Float64() * float64(scale)))
			case len(want) > 0:
				first := 0
				for i := range want {
					if want[i].at < want[first].at {
						first = i
					}
				}
				if at := c.Next(); at != want[first].at {
					t.Fatalf("seed %d, step %d: next is %d, want %d", seed, step, at, want[first].at)
				}
				if at, what := c.Pop(); at != want[first].at || *what != want[first].n {
					t.Fatalf("seed %d, step %d: popped (%d, %d), want (%d, %d)", seed, step, at, *what, want[first].at, want[first].n)
				}
				now = want[first].at
				want = append(want[:first], want[first+1:]...)
			}
			if c.Len() != len(want) {
				t.Fatalf("seed %d, step %d: %d events, want %d", seed, step, c.Len(), len(want))
			}
		}
	}
}

// What is planned before the current bucket, or before what was last looked at,
// still comes first.
func TestEarlierThanLookedAt(t *testing.T) {
	var c Calendar[int]
	*c.Schedule(1e15) = 2
	if c.Next() != 1e15 {
		t.Fatal("wrong next")
	}
	*c.Schedule(5) = 1
	*c.Schedule(1e15) = 3
	for want := 1; want <= 3; want++ {
		if _, n := c.Pop(); *n != want {
			t.Fatalf("popped %d, want %d", *n, want)
		}
	}
	if c.Next() != realcore.Never {
		t.Fatal("an empty calendar has a next event")
	}
}
