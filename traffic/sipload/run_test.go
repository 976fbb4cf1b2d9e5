package sipload

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"callwright/netio"
	"callwright/sipua/dialog"
	"callwright/traffic"
	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
	"callwright/traffic/sipload/sound"
)

func always(d time.Duration) traffic.Law {
	l, err := traffic.Deterministic(d.Seconds())
	if err != nil {
		panic(err)
	}
	return l
}

func lasts(op callscript.Op, d time.Duration) callscript.Step {
	return callscript.Step{Op: op, Law: always(d), HasLaw: true}
}

func tones(s callscript.Sound) (sound.Sound, error) {
	if s.Kind == callscript.Tone {
		return sound.Tone(s.Hz), nil
	}
	return sound.Silence, nil
}

// answerer starts a run that answers calls at an address, until the test ends.
func answerer(t testing.TB, host string, script *callscript.Script, change func(*Config)) (netip.AddrPort, func() *loadstats.Interval) {
	t.Helper()
	cfg := Config{Answer: script, Sources: []netip.Addr{netip.MustParseAddr(host)}, Sounds: tones, Clock: netio.NewClock(), Fast: true}
	if change != nil {
		change(&cfg)
	}
	run, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan *loadstats.Interval, 1)
	go func() {
		_, total := run.Play(ctx)
		done <- total
	}()
	var total *loadstats.Interval
	end := func() *loadstats.Interval {
		if total == nil {
			cancel()
			total = <-done
		}
		return total
	}
	t.Cleanup(func() { end() })
	return run.Addrs()[0], end
}

func engine(t testing.TB, host string, clock netio.Clock) sound.Engine {
	t.Helper()
	e, err := sound.Pairs(sound.Config{Bind: netip.MustParseAddr(host), Clock: clock, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func rates(t testing.TB, perSecond float64, calls int64) *Rates {
	t.Helper()
	r, err := NewRates(traffic.Constant(perSecond), Even, calls, 0, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func play(t testing.TB, cfg Config) (*loadstats.End, *loadstats.Interval) {
	t.Helper()
	run, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	end, total := run.Play(t.Context())
	return end, total
}

func callers(to netip.AddrPort, steps ...callscript.Step) Config {
	return Config{Target: "sip:500@" + to.String(), Addrs: []netip.AddrPort{to}, Sources: []netip.Addr{netip.MustParseAddr("127.0.0.3")}, Sounds: tones, Clock: netio.NewClock(), Fast: true,
		Script: &callscript.Script{Name: "test", Role: callscript.Caller, Steps: steps}}
}

var (
	callStep = callscript.Step{Op: callscript.Call}
	hangUp   = callscript.Step{Op: callscript.HangUp}
	answers  = &callscript.Script{Role: callscript.Answerer, Steps: []callscript.Step{lasts(callscript.Ring, 50*time.Millisecond), {Op: callscript.Answer}, {Op: callscript.Until, Hears: callscript.Hearing{What: callscript.HangUpHeard}}}}
)

var answersAtOnce = &callscript.Script{Role: callscript.Answerer, Steps: []callscript.Step{{Op: callscript.Answer}, {Op: callscript.Until, Hears: callscript.Hearing{What: callscript.HangUpHeard}}}}

// Calls without sound: what is counted is what happened, on both sides.
func TestCalls(t *testing.T) {
	for _, how := range []struct {
		tr   dialog.Transport
		fast bool
	}{{dialog.UDP, true}, {dialog.UDP, false}, {dialog.TCP, false}} {
		tr := how.tr
		at, end := answerer(t, "127.0.0.2", answers, func(c *Config) { c.Transport, c.Fast = tr, how.fast })
		cfg := callers(at, callStep, lasts(callscript.Wait, 100*time.Millisecond), hangUp)
		cfg.Transport, cfg.Fast, cfg.Arrivals = tr, how.fast, rates(t, 100, 200)
		e, total := play(t, cfg)
		if total.Started != 200 || total.Ended != 200 || total.Answered != 200 || total.Completed != 200 || total.Failed != 0 {
			t.Errorf("%v: %+v %v", tr, total.Counts, total.FailedBy())
		}
		if q := total.Quantile(loadstats.SetUp, 0.5); q < 0.050 || q > 0.080 {
			t.Errorf("%v: set up in %v s", tr, q)
		}
		if total.N(loadstats.SDD) != 200 || total.N(loadstats.SDT) != 200 || total.Quantile(loadstats.SDT, 0.5) < 0.099 || total.Quantile(loadstats.SDT, 0.5) > 0.13 {
			t.Errorf("%v: %d disconnects, talk %v", tr, total.N(loadstats.SDD), total.Quantile(loadstats.SDT, 0.5))
		}
		honest(t, e)
		theirs := end()
		if theirs.Answered != 200 || theirs.Completed != 200 {
			t.Errorf("%v: the other side: %+v %v", tr, theirs.Counts, theirs.FailedBy())
		}
	}
}

// A call with sound hears the other side's tone, presses keys that arrive, and has its quality.
func TestSound(t *testing.T) {
	clock := netio.NewClock()
	taker := &callscript.Script{Role: callscript.Answerer, Steps: []callscript.Step{{Op: callscript.Answer}, {Op: callscript.Until, Hears: callscript.Hearing{What: callscript.KeysHeard, Text: "42"}, Within: 5 * time.Second},
		{Op: callscript.Talk, Law: always(2 * time.Second), HasLaw: true, Sound: callscript.Sound{Kind: callscript.Tone, Hz: 700}}, {Op: callscript.Until, Hears: callscript.Hearing{What: callscript.HangUpHeard}}}}
	at, end := answerer(t, "127.0.0.2", taker, func(c *Config) { c.Sound, c.Clock = engine(t, "127.0.0.2", clock), clock })
	cfg := callers(at, callStep, lasts(callscript.Wait, 200*time.Millisecond), callscript.Step{Op: callscript.Keys, Text: "42"},
		callscript.Step{Op: callscript.Until, Hears: callscript.Hearing{What: callscript.ToneHeard, Hz: 700, For: 300 * time.Millisecond}, Within: 5 * time.Second}, hangUp)
	cfg.Arrivals = rates(t, 10, 10)
	cfg.Clock = clock
	cfg.Sound = engine(t, "127.0.0.3", clock)
	e, total := play(t, cfg)
	if total.Completed != 10 || total.Failed != 0 {
		t.Errorf("%s %+v %v %+v", e.Verdict, total.Counts, total.FailedBy(), e.Check)
	}
	honest(t, e)
	if total.N(loadstats.MOS) != 10 || total.Quantile(loadstats.MOS, 0.05) < 4.2 || total.N(loadstats.FirstRTP) != 10 || total.KeysSent != 20 {
		t.Errorf("MOS %v of %d calls, first sound in %d, %d keys", total.Quantile(loadstats.MOS, 0.05), total.N(loadstats.MOS), total.N(loadstats.FirstRTP), total.KeysSent)
	}
	if theirs := end(); theirs.Failed != 0 || theirs.Completed != 10 || theirs.KeysExpected != 20 || theirs.KeysWrong != 0 {
		t.Errorf("the other side: %+v %v", theirs.Counts, theirs.FailedBy())
	}
}

// honest fails a test whose run is invalid though the machine had a core for it: where
// other tests run beside, it may not.
func honest(t testing.TB, e *loadstats.End) {
	t.Helper()
	if e.Verdict == "PASS" {
		return
	}
	if e.Verdict == "INVALID" && (e.Check.Waited > 0.05 || e.Check.LateP50 > 2*time.Millisecond) {
		t.Logf("the machine was busy: %+v", e.Check)
		return
	}
	t.Errorf("%s: %v %+v", e.Verdict, e.Check.Faults(), e.Check)
}
