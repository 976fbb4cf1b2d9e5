package traffic

import (
	"math"
	"strings"
	"testing"
)

func TestRedial(t *testing.T) {
	r := Redial{AfterAbandon: 0.4, AfterBusy: 1, Delay: must(Exponential(300)), MaxAttempts: 3}
	const n = 100_000
	again, delays := make([]float64, 0, n), []float64{}
	for i := range uint64(n) {
		luck := NewLuck(1, 0, 2, i)
		d, child, ok := r.Next(luck, CauseAbandon, 1)
		b := 0.0
		if ok {
			b = 1
			delays = append(delays, d.Seconds())
			if child == luck || child != luck.Child(forRedial, 1) {
				t.Fatalf("caller %d calls again as %v", i, child)
			}
		}
		again = append(again, b)
		if _, _, ok := r.Next(luck, CauseClosed, 1); ok {
			t.Fatalf("caller %d calls a closed centre again, with probability 0", i)
		}
		if _, _, ok := r.Next(luck, CauseBusy, 2); !ok {
			t.Fatalf("caller %d does not call again, with probability 1", i)
		}
		if _, _, ok := r.Next(luck, CauseBusy, 3); ok {
			t.Fatalf("caller %d makes a fourth attempt of 3", i)
		}
	}
	meanIs(t, "calls again", again, 0.4, math.Sqrt(0.4*0.6))
	meanIs(t, "delay", delays, 300, 300)

	var none Redial
	if _, _, ok := none.Next(Luck{}, CauseAbandon, 1); ok {
		t.Error("the zero Redial calls again")
	}
	r.MaxAttempts = 0
	if _, _, ok := r.Next(Luck{}, CauseBusy, 9); !ok {
		t.Error("the tenth attempt is not made, want 10 by default")
	}
	if _, _, ok := r.Next(Luck{}, CauseBusy, 10); ok {
		t.Error("an eleventh attempt is made, want 10 by default")
	}
	r = Redial{AfterAbandon: 40, MaxAttempts: 99}
	err := r.Validate()
	for _, want := range []string{"AfterAbandon is 40; want a fraction in [0, 1], not a percentage", "MaxAttempts is 99"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}
