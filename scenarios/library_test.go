package scenarios

import (
	"strings"
	"testing"
	"time"

	"callwright/realcore/journal"
	"callwright/sim/workload"
	"callwright/sim/world"
)

func compiled(t testing.TB, name string) *Scenario {
	t.Helper()
	f, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Compile(Options{Zone: time.LoadLocation, Files: Library()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every scenario of the library compiles, has a title in both languages and an
// explanation, assumes nothing but that phones are picked up at once and, where a
// log was all there was, the usual target, and plays.
func TestLibrary(t *testing.T) {
	for _, name := range List() {
		t.Run(name, func(t *testing.T) {
			s := compiled(t, name)
			if s.Name != name {
				t.Errorf("is named %s", s.Name)
			}
			if s.Title.En == s.Name || s.Title.Ja == s.Title.En || len(s.Notes) == 0 {
				t.Errorf("title %q, notes %q; want en, ja and notes", s.Title, s.Notes)
			}
			for _, a := range s.Assumptions {
				if !strings.HasSuffix(a.Path, ".ring") && (name != "bank-month" || !strings.HasSuffix(a.Path, ".target")) {
					t.Errorf("assumes %v", a)
				}
			}
			for _, w := range s.Warnings {
				t.Errorf("warning: %s", w)
			}
			if s.Demand.Calls > 2000 {
				s.Demand.Calls = 2000
			}
			w, err := world.New(s.Plan, s.Demand, s.Seed, 0)
			if err != nil {
				t.Fatal(err)
			}
			end, err := w.Run()
			if err != nil || w.Center.Contacts() != 0 {
				t.Fatalf("ended at %v with %d contacts left: %v", end, w.Center.Contacts(), err)
			}
			t.Logf("%d events until %v", w.Events, end)
		})
	}
}

// w1.yaml and w2.yaml play effect by effect as the workloads made by hand.
func TestWorkloadsAreTheSame(t *testing.T) {
	const calls = 20_000
	for _, name := range []string{"w1", "w2"} {
		s := compiled(t, name)
		s.Demand.Calls = calls
		plan, demand := workload.W1(calls)
		if name == "w2" {
			plan, demand = workload.W2(calls)
		}
		var got, want journal.Digest
		a, err := world.New(s.Plan, s.Demand, 7, 3)
		if err != nil {
			t.Fatal(err)
		}
		b, err := world.New(plan, demand, 7, 3)
		if err != nil {
			t.Fatal(err)
		}
		a.Digest, b.Digest = &got, &want
		if _, err := a.Run(); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Run(); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() || a.Events != b.Events {
			t.Errorf("%s: %d events with digest %v, by hand %d with %v", name, a.Events, got.String(), b.Events, want.String())
		}
	}
}

func awts(s *Scenario) (t []time.Duration) {
	for _, q := range s.Queues {
		t = append(t, q.AWT)
	}
	return t
}
