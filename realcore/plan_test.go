package realcore_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"callwright/realcore"
	"callwright/realcore/coretest"
)

// Canonical bytes: read back, the plan is the same to the byte.
func TestBytesRoundTrip(t *testing.T) {
	for seed := range uint64(100) {
		p := coretest.RandomPlan(rand.New(rand.NewPCG(seed, 1)))
		q, err := realcore.ParsePlan(p.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if p.Digest() != q.Digest() {
			t.Fatalf("seed %d: digest %s became %s", seed, p.Digest(), q.Digest())
		}
	}
}

// All faults are told at once.
func TestValidateTellsAll(t *testing.T) {
	p := &realcore.Plan{
		Entries:   []realcore.Entry{{Trunk: 3, Start: 9}},
		Calendars: []realcore.Calendar{{Open: []realcore.Span{{From: 5, To: 5}}}},
		Queues:    []realcore.Queue{{Calendar: 7}},
		Agents:    []realcore.Agent{{Group: 2}},
	}
	err := p.Validate()
	for _, want := range []string{"MaxContacts", "Entries[0].Trunk is 3", "Entries[0].Start is 9", "Calendars[0].Open[0]", "Queues[0].Calendar is 7", "Queues[0].Classes is empty", "Agents[0].Group is 2"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no word of %s in:\n%v", want, err)
		}
	}
}

// A merged plan keeps every index of the old one and is valid, whatever changes.
func TestMergeKeepsIndexes(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		old := coretest.RandomPlan(r)
		m, err := realcore.Merge(old, coretest.Changed(r, old))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for i := range old.Agents {
			if m.Agents[i].Name != old.Agents[i].Name {
				t.Fatalf("seed %d: agent %d became %s", seed, i, m.Agents[i].Name)
			}
		}
		for i := range old.Queues {
			if m.Queues[i].Name != old.Queues[i].Name {
				t.Fatalf("seed %d: queue %d became %s", seed, i, m.Queues[i].Name)
			}
		}
	}
}
