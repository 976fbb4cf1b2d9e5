package routing

import (
	"testing"
	"time"

	"callwright/realcore"
)

func TestAgentKey(t *testing.T) {
	s := &AgentStats{ReadySince: 70, Contacts: 3, Busy: int64(30 * time.Minute), LoggedIn: int64(2 * time.Hour), Turn: 9}
	for _, c := range []struct {
		order realcore.AgentOrder
		want  uint64
	}{
		{realcore.LongestIdle, 70}, {realcore.FewestContacts, 3}, {realcore.LeastOccupied, 1 << 30},
		{realcore.RoundRobin, 9}, {realcore.PercentSplit, 70},
	} {
		if got := AgentKey(c.order, s); got != c.want {
			t.Errorf("%v: key %d, want %d", c.order, got, c.want)
		}
	}
	if got := AgentKey(realcore.LeastOccupied, &AgentStats{}); got != 0 {
		t.Errorf("just logged in: key %d, want 0", got)
	}
	if got := AgentKey(realcore.LeastOccupied, &AgentStats{Busy: 5, LoggedIn: 5}); got != 1<<32 {
		t.Errorf("always busy: key %d, want 2^32", got)
	}
}

func TestBehind(t *testing.T) {
	for _, c := range []struct {
		a    uint64
		wa   int32
		b    uint64
		wb   int32
		want bool
	}{{0, 70, 0, 30, false}, {0, 70, 1, 30, true}, {7, 70, 3, 30, false}, {6, 70, 3, 30, true}, {1 << 60, 2, 1<<60 + 1, 2, true}} {
		if got := Behind(c.a, c.wa, c.b, c.wb); got != c.want {
			t.Errorf("Behind(%d/%d, %d/%d) = %v", c.a, c.wa, c.b, c.wb, got)
		}
	}
}

// Equal rates: the order of two contacts never changes, whenever it is asked.
func TestScoreAtEqualRatesIsConstantKey(t *testing.T) {
	const vip, plain = realcore.Instant(100e9), realcore.Instant(20e9)
	for now := vip; now < vip+1000e9; now += 7e9 {
		if Score(now, vip, 90*time.Second, 0) <= Score(now, plain, 0, 1000) {
			t.Fatalf("at %v the VIP with 90 s of credit is behind one who came 80 s before him", now)
		}
	}
	if Score(200e9, 100e9, 0, 3000) != int64(300*time.Second) {
		t.Error("ageing at three times the rate")
	}
}

func TestRanks(t *testing.T) {
	levels := []Level{1, 3, 0, 3}
	for _, c := range []struct {
		order GroupOrder
		min   Level
		want  [][]realcore.GroupID
	}{
		{Together, 1, [][]realcore.GroupID{{0, 1, 3}}},
		{MostSkilled, 1, [][]realcore.GroupID{{1, 3}, {0}}},
		{InOrder, 1, [][]realcore.GroupID{{0}, {1}, {3}}},
		{Together, 2, [][]realcore.GroupID{{1, 3}}},
		{Together, 4, nil},
	} {
		got := Ranks(c.order, levels, c.min, nil, nil).Ranks
		same := len(got) == len(c.want)
		for i := range got {
			same = same && len(got[i]) == len(c.want[i])
			for j := range got[i] {
				same = same && got[i][j].Group == c.want[i][j]
			}
		}
		if !same {
			t.Errorf("order %d, level %d: %v, want %v", c.order, c.min, got, c.want)
		}
	}
}
