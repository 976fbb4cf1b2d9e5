package world_test

import (
	"bytes"
	"testing"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/journal"
	"callwright/realcore/measure"
	"callwright/sim/workload"
	"callwright/sim/world"
	"callwright/traffic"
)

// recorded plays a workload with its journal and returns both with the digest
// of every effect.
func recorded(t *testing.T, plan *realcore.Plan, demand *traffic.Demand, seed uint64) (*bytes.Buffer, journal.Digest, *measure.Table) {
	t.Helper()
	w, err := world.New(plan, demand, seed, 0)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if w.Journal, err = journal.NewWriter(&buf, plan); err != nil {
		t.Fatal(err)
	}
	w.Digest = &journal.Digest{}
	table := measure.NewTable(plan, measure.Config{})
	w.Fold = cdr.NewFold(table)
	if _, err := w.Run(); err != nil {
		t.Fatal(err)
	}
	return &buf, *w.Digest, table
}

// A recorded run replays to the same effects, to the byte, and to the same
// records; a run of another seed does not.
func TestReplayToTheByte(t *testing.T) {
	for name, work := range map[string]func(int64) (*realcore.Plan, *traffic.Demand){"W1": workload.W1, "W2": workload.W2} {
		t.Run(name, func(t *testing.T) {
			p, d := work(20_000)
			buf, digest, table := recorded(t, p, d, 7)
			size := buf.Len()
			rd, err := journal.NewReader(buf)
			if err != nil {
				t.Fatal(err)
			}
			rp, err := journal.NewReplay(rd)
			if err != nil {
				t.Fatal(err)
			}
			again := measure.NewTable(p, measure.Config{})
			fold := cdr.NewFold(again)
			if err := rp.All(fold.Add); err != nil {
				t.Fatal(err)
			}
			if rp.Digest != digest {
				t.Errorf("replay decides %v, the run decided %v", &rp.Digest, &digest)
			}
			_, q1, _ := table.Sum()
			_, q2, _ := again.Sum()
			if q1 != q2 {
				t.Errorf("replay counts %+v, the run counted %+v", q2, q1)
			}
			_, other, _ := recorded(t, p, d, 8)
			if other == digest {
				t.Error("another seed has the same digest")
			}
			t.Logf("%d events in %d bytes, %d effects", rp.Events, size, digest.Count())
		})
	}
}

// A journal cut anywhere reads up to its last whole frame.
func TestTornJournal(t *testing.T) {
	p, d := workload.W1(200)
	buf, _, _ := recorded(t, p, d, 7)
	whole := buf.Bytes()
	for cut := len(whole) - 1; cut > len(whole)-60; cut-- {
		rd, err := journal.NewReader(bytes.NewReader(whole[:cut]))
		if err != nil {
			t.Fatal(err)
		}
		rp, err := journal.NewReplay(rd)
		if err != nil {
			t.Fatal(err)
		}
		if err := rp.All(nil); err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if got := rd.Offset(); got > int64(cut) || got < int64(cut)-60 {
			t.Errorf("cut at %d: whole frames end at %d", cut, got)
		}
	}
	bad := bytes.Clone(whole)
	bad[len(bad)/2] ^= 0x40
	rd, err := journal.NewReader(bytes.NewReader(bad))
	if err != nil {
		return // the plan itself was hit
	}
	rp, err := journal.NewReplay(rd)
	if err != nil {
		t.Fatal(err)
	}
	if err := rp.All(nil); err == nil {
		t.Error("a damaged frame in the middle went unnoticed")
	}
}
