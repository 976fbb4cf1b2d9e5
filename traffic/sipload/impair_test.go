package sipload

import (
	"math"
	"net/netip"
	"testing"
	"time"

	"callwright/netio"
	"callwright/traffic"
	"callwright/traffic/callscript"
	"callwright/traffic/impair"
	"callwright/traffic/loadstats"
)

// Behind a network that is worse by a seed, what is measured is what was done to it: loss
// within the binomial interval, jitter within 10 % of the mean |X1 - X2| of its law, MOS
// that of the measured loss, late packets among it.
func TestImpaired(t *testing.T) {
	clock := netio.NewClock()
	law, err := traffic.Exponential(0.004)
	if err != nil {
		t.Fatal(err)
	}
	link := impair.Link{Loss: 0.03, Delay: 20 * time.Millisecond, Jitter: law, Seed: 3}
	taker := &callscript.Script{Role: callscript.Answerer, Steps: []callscript.Step{{Op: callscript.Answer}, {Op: callscript.Talk, Law: always(time.Minute), HasLaw: true, Sound: callscript.Sound{Kind: callscript.Tone, Hz: 700}}}}
	at, end := answerer(t, "127.0.0.2", taker, func(c *Config) { c.Sound, c.Clock = engine(t, "127.0.0.2", clock), clock })
	p, err := impair.Listen(impair.Config{At: netip.MustParseAddrPort("127.0.0.4:0"), To: at, RTP: link})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	cfg := callers(p.Addr(), callStep, callscript.Step{Op: callscript.Talk, Law: always(6 * time.Second), HasLaw: true, Sound: callscript.Sound{Kind: callscript.Tone, Hz: 900}}, hangUp)
	cfg.Arrivals, cfg.Clock, cfg.Sound = rates(t, 20, 10), clock, engine(t, "127.0.0.3", clock)
	var calls []loadstats.Attempt
	cfg.OnEnded = func(a *loadstats.Attempt) { calls = append(calls, *a) }
	e, total := play(t, cfg)
	if total.Completed != 10 || total.Failed != 0 {
		t.Fatalf("%+v %v", total.Counts, total.FailedBy())
	}
	end()
	var lost, expected, late float64
	jitter := 0.0
	for _, a := range calls {
		if a.Audio == nil {
			t.Fatal("no sound")
		}
		lost, expected, late = lost+float64(a.Audio.Lost), expected+float64(a.Audio.Expected), late+float64(a.Audio.Late)
		jitter += a.Audio.Jitter.Seconds() / float64(len(calls))
	}
	if z := (lost - 0.03*expected) / math.Sqrt(expected*0.03*0.97); math.Abs(z) > 4.9 { // a two-sided level of 1e-6
		t.Errorf("%v of %v lost", lost, expected)
	}
	if e.Check.Waited > 0.2 {
		t.Skipf("the machine was busy (%.0f %% of the time without a core): jitter would be its own", 100*e.Check.Waited)
	}
	if want := impair.MeanDifference(law); math.Abs(jitter/want-1) > 0.1 {
		t.Errorf("jitter %.3g ms, want %.3g ms", 1000*jitter, 1000*want)
	}
	t.Logf("%v lost and %v late of %v, jitter %.3g ms, MOS %.3f", lost, late, expected, 1000*jitter, total.Quantile(loadstats.MOS, 0.5))
}
