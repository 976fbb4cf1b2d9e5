package sipua_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"callwright/netio"
	"callwright/realcore"
	"callwright/sipua"
	"callwright/traffic"
	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
	"callwright/traffic/sipload"
	"callwright/traffic/sipload/sound"
)

// loads plays load from an address against another, with sound, and returns what it was.
func loads(t *testing.T, from string, to netip.AddrPort, change func(*sipload.Config)) *loadstats.Interval {
	t.Helper()
	clock := netio.NewClock()
	e, err := sound.Pairs(sound.Config{Bind: netip.MustParseAddr(from), Clock: clock, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	talk, _ := traffic.Deterministic(1)
	cfg := sipload.Config{Target: "sip:500@" + to.String(), Addrs: []netip.AddrPort{to}, Sources: []netip.Addr{netip.MustParseAddr(from)}, Sound: e, Clock: clock, Sounds: toneOf, Seed: 1,
		Script: &callscript.Script{Role: callscript.Caller, Steps: []callscript.Step{{Op: callscript.Call}, {Op: callscript.Talk, Law: talk, HasLaw: true, Sound: callscript.Sound{Kind: callscript.Tone, Hz: 900}}, {Op: callscript.HangUp}}}}
	cfg.Arrivals, err = sipload.NewRates(traffic.Constant(10), sipload.Even, 20, 0, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&cfg)
	}
	run, err := sipload.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	_, total := run.Play(t.Context())
	return total
}

func toneOf(s callscript.Sound) (sound.Sound, error) {
	if s.Kind == callscript.Tone {
		return sound.Tone(s.Hz), nil
	}
	return sound.Silence, nil
}

// robots are agents of load at the centre: they register with a challenge, and answer.
func robots(t *testing.T, c *centre, n int) {
	t.Helper()
	clock := netio.NewClock()
	e, err := sound.Pairs(sound.Config{Bind: netip.MustParseAddr("127.0.0.9"), Clock: clock, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	cfg := sipload.Config{Target: "sip:" + c.addr.String(), Addrs: []netip.AddrPort{c.addr}, Sources: []netip.Addr{netip.MustParseAddr("127.0.0.9")}, Sound: e, Clock: clock, Sounds: toneOf,
		Agents: &callscript.Script{Role: callscript.Agent, Steps: []callscript.Step{{Op: callscript.Register}, {Op: callscript.Answer}, {Op: callscript.Talk, Law: traffic.Never(), HasLaw: true, Sound: callscript.Sound{Kind: callscript.Tone, Hz: 700}}}}}
	for i := range n {
		cfg.Accounts = append(cfg.Accounts, sipload.Account{User: fmt.Sprint("u", i), Secret: "p", Domain: "centre"})
	}
	run, err := sipload.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); _, _ = run.Play(t.Context()) }()
	t.Cleanup(func() { <-done })
	for i := range n {
		c.host.Post(realcore.OfAgent(realcore.AgentReady, realcore.AgentID(i)))
	}
	for range 100 {
		time.Sleep(20 * time.Millisecond)
		if s, _ := c.state(realcore.AgentID(n - 1)); s == realcore.Ready {
			return
		}
	}
	t.Fatal("the robots are not registered")
}

// deskOfRobots is a centre whose agents are robots.
func deskOfRobots(t *testing.T, n int) *centre {
	t.Helper()
	p := onePlan()
	p.Agents = nil
	for i := range n {
		p.Agents = append(p.Agents, realcore.Agent{Name: fmt.Sprint("agent-", i), Group: 0})
	}
	c := newCentreOf(t, p, func(cfg *sipua.Config) {
		cfg.Accounts = nil
		for i := range n {
			u := fmt.Sprint("u", i)
			cfg.Accounts = append(cfg.Accounts, sipua.Account{User: u, Extension: fmt.Sprint(700 + i), Agent: realcore.AgentID(i), HA1: md5ha1(u, "p")})
		}
		cfg.Trunks[0].Lines = 0
		cfg.Trunks[0].Sources = []netip.Prefix{netip.MustParsePrefix("127.0.0.8/32"), netip.MustParsePrefix("127.0.0.5/32")}
	})
	robots(t, c, n)
	return c
}

// Load calls the desk, whose agents are load's too: every call hears an agent's tone.
func TestLoadOnTheDesk(t *testing.T) {
	c := deskOfRobots(t, 4)
	talk, _ := traffic.Deterministic(0.5)
	total := loads(t, "127.0.0.8", c.addr, func(cfg *sipload.Config) {
		cfg.Script.Steps = []callscript.Step{{Op: callscript.Call}, {Op: callscript.Until, Hears: callscript.Hearing{What: callscript.ToneHeard, Hz: 700, For: 200 * time.Millisecond}, Within: 10 * time.Second},
			{Op: callscript.Talk, Law: talk, HasLaw: true, Sound: callscript.Sound{Kind: callscript.Tone, Hz: 900}}, {Op: callscript.HangUp}}
		cfg.Arrivals, _ = sipload.NewRates(traffic.Constant(4), sipload.Even, 16, 0, 1, "")
	})
	if total.Completed != 16 || total.Failed != 0 {
		t.Errorf("%+v %v", total.Counts, total.FailedBy())
	}
	if r := c.ended(16); r.Outcome != realcore.Answered {
		t.Errorf("recorded as %+v", r)
	}
}

// Through kamailio, which records itself: ACK and BYE go by it too.
func TestLoadThroughKamailio(t *testing.T) {
	needs(t, "kamailio")
	c := deskOfRobots(t, 4)
	proxy := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.5"), uint16(freePort(t, "127.0.0.5")))
	kamailio(t, proxy, c.addr)
	total := loads(t, "127.0.0.8", proxy, func(cfg *sipload.Config) {
		cfg.Arrivals, _ = sipload.NewRates(traffic.Constant(2), sipload.Even, 8, 0, 1, "")
	})
	if total.Completed != 8 || total.Failed != 0 {
		t.Errorf("%+v %v", total.Counts, total.FailedBy())
	}
}

// baresip answers load, and hears its tone while load hears baresip's.
func TestLoadOnBaresip(t *testing.T) {
	c := newCentre(t, nil) // where baresip registers: it takes no calls without
	b := newBaresip(t, c, "127.0.0.1", "carl", "c3", 500, "answermode=auto")
	b.registered()
	at := netip.MustParseAddrPort(b.at)
	total := loads(t, "127.0.0.1", at, func(cfg *sipload.Config) {
		cfg.Target = "sip:carl@" + at.String()
		cfg.Script.Steps = []callscript.Step{{Op: callscript.Call}, {Op: callscript.Until, Hears: callscript.Hearing{What: callscript.ToneHeard, Hz: 500, For: 200 * time.Millisecond}, Within: 10 * time.Second},
			{Op: callscript.Talk, Law: always(2), HasLaw: true, Sound: callscript.Sound{Kind: callscript.Tone, Hz: 900}}, {Op: callscript.HangUp}}
		cfg.Arrivals, _ = sipload.NewRates(traffic.Constant(1), sipload.Even, 1, 0, 1, "")
	})
	if total.Completed != 1 || total.Failed != 0 {
		t.Errorf("%+v %v", total.Counts, total.FailedBy())
	}
	if heard := b.heard(900, time.Second, 2*time.Second); heard < 0.2 { // load speaks at -16 dBm0
		t.Errorf("baresip hears %.2f of load's tone", heard)
	}
}

func always(seconds float64) traffic.Law {
	l, _ := traffic.Deterministic(seconds)
	return l
}
