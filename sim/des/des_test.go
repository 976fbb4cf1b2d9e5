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
		fmt.Println(int64(at), what)
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
			if at, n := c.Pop(); at != w.at || n != w.n {
				t.Fatalf("round %d: pop %d is (%v, %d), want (%v, %d)", round, i, at, n, w.at, w.n)
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
		at, ev := c.Pop()
		*c.Schedule(at + realcore.Instant(r.Uint32())) = ev
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
