package report

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"callwright/realcore/measure"
	"callwright/sim"
	"callwright/sim/beside"
	"callwright/sim/workload"
)

var look = flag.String("look", "", "write pages and pictures of some studies into this directory, to be looked at")

// TestLook writes what a person should look at after a change of pictures.
func TestLook(t *testing.T) {
	if *look == "" {
		t.Skip("no -look")
	}
	studies := map[string]*beside.Study{"small": small(), "many": many(2, 1000), "w1": simulated(t, 1), "w2": simulated(t, 2)}
	for name, s := range studies {
		for _, lang := range Languages() {
			f, err := os.Create(filepath.Join(*look, name+"-"+lang+".html"))
			if err != nil {
				t.Fatal(err)
			}
			if err := HTML(f, s, lang); err != nil {
				t.Fatal(err)
			}
			f.Close()
			list, err := QueuePictures(s, &s.Queues[0], lang)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range list {
				svg, err1 := p.SVG()
				p.Dark = true
				png, err2 := p.PNG(1.5)
				if err1 != nil || err2 != nil {
					t.Fatal(err1, err2)
				}
				base := filepath.Join(*look, name+"-"+lang+"-"+p.Name)
				os.WriteFile(base+".svg", svg, 0o644)
				os.WriteFile(base+".png", png, 0o644)
			}
		}
	}
}

// simulated is a day of W1 or W2.
func simulated(t *testing.T, which int) *beside.Study {
	p, d := workload.W1(20 * 60 * 10)
	if which == 2 {
		p, d = workload.W2(40_000)
	}
	info := beside.Info{Scenario: "workload", Title: map[string]string{"en": p.Name}, Program: "callwright dev"}
	for range p.Queues {
		info.Queues = append(info.Queues, beside.QueueInfo{Target: 0.8})
	}
	r, err := sim.Run(p, d, sim.Config{Seed: 1, Reps: 60, Measure: measure.Config{Interval: 30 * time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	return beside.Build(r, d, info)
}
