package sipload

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"callwright/netio"
	"callwright/sipua/dialog"
	"callwright/traffic"
	"callwright/traffic/callscript"
	"callwright/traffic/impair"
	"callwright/traffic/loadstats"
	"callwright/traffic/sipload/sound"
)

var (
	tries  = flag.Int("tries", 0, "of each starved and each healthy run; 20 in make soak")
	limits = flag.Int("limits", 1, "limits that TestFindLimit looks for in its short form")
)

// Starved generators say INVALID, whatever the target did: a burner on the only core, sound for
// more streams than a core carries, a receive buffer that overflows, one port. The runs
// are children of this test, so that each is alone in its process.
func TestStarved(t *testing.T) {
	n := max(1, *tries)
	if testing.Short() {
		t.Skip("SKIPPED: -short")
	}
	for _, how := range []string{"burner", "gomaxprocs", "rcvbuf", "one-port"} {
		invalid := 0
		var last string
		for i := range n {
			cmd := exec.Command(os.Args[0], "-test.run", "^TestStarvedChild$", "-test.v")
			cmd.Env = append(os.Environ(), "SIPLOAD_STARVED="+how, fmt.Sprint("SIPLOAD_TRY=", i))
			out, err := cmd.CombinedOutput()
			last = string(out)
			if strings.Contains(last, "verdict INVALID") && err == nil {
				invalid++
			}
		}
		if invalid != n {
			t.Errorf("%s: %d of %d invalid; the last said\n%s", how, invalid, n, last)
		}
	}
}

// TestStarvedChild is one starved run; it prints its verdict.
func TestStarvedChild(t *testing.T) {
	how := os.Getenv("SIPLOAD_STARVED")
	if how == "" {
		t.Skip("a part of TestStarved")
	}
	rate, calls := 40.0, int64(200)
	kind := callscript.Sound{Kind: callscript.Tone, Hz: 700}
	// the endpoint is a process of its own: what starves the generator must not starve it
	at := sippAt(t, "127.0.0.5", "-sn", "uas")
	clock := netio.NewClock()
	sc := sound.Config{Bind: netip.MustParseAddr("127.0.0.3"), Clock: clock, Workers: 1, CaptureBytes: -1}
	cfg := callers(at, callStep, callscript.Step{Op: callscript.Talk, Law: always(2 * time.Second), HasLaw: true, Sound: kind}, hangUp)
	switch how {
	case "burner": // on the core that the generator is bound to, with a share that it cannot take back
		rate, calls = 2000, 4000
		cfg.Script.Steps[1] = lasts(callscript.Wait, 20*time.Millisecond)
		bind(t, 0)
		for range 12 {
			burn(t)
		}
		sc.Bind = netip.Addr{}
	case "gomaxprocs":
		runtime.GOMAXPROCS(1)
		rate, calls = 1500, 9000 // 9,000 streams at once: more than a core sends
		bind(t, 0)
		cfg.Script.Steps[1].Law = always(8 * time.Second)
	case "rcvbuf":
		cfg.Room = 2304 // the least the kernel gives: a message or two
		rate, calls = 3000, 6000
		cfg.Script.Steps[1] = lasts(callscript.Wait, 20*time.Millisecond)
		sc.Bind = netip.Addr{}
	case "one-port":
		sc.PortMin, sc.PortMax = 23000, 23001
	}
	if sc.Bind.IsValid() {
		e, err := sound.Pairs(sc)
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		cfg.Sound, cfg.Clock = e, clock
	}
	cfg.Drain = 3 * time.Second
	cfg.Arrivals = rates(t, rate, calls)
	e, total := play(t, cfg)
	fmt.Printf("verdict %s %v: %+v %+v\n", e.Verdict, e.Check.Faults(), e.Check, total.Counts)
}

// bind gives all threads of this process one core.
func bind(t *testing.T, core int) {
	t.Helper()
	if out, err := exec.Command("taskset", "-apc", fmt.Sprint(core), fmt.Sprint(os.Getpid())).CombinedOutput(); err != nil {
		t.Fatalf("taskset: %v %s", err, out)
	}
}

// burn uses up the core that this process is bound to, until the test ends.
func burn(t *testing.T) {
	cmd := exec.Command("sh", "-c", "while :; do :; done")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
}

// Healthy generators are never INVALID, whatever the target does: slow, lossy, refusing,
// silent. The target is blamed. A window in which a UDP echo beside it takes more than
// 5 ms at p99 says nothing and is left out.
func TestHealthy(t *testing.T) {
	n := max(1, *tries)
	for _, how := range []string{"slow", "lossy", "refusing", "silent"} {
		clean, invalid, blamed := 0, 0, 0
		var last string
		for try := 0; clean < n && try < 3*n+2; try++ {
			echo := echoBeside(t)
			e, total := healthy(t, how)
			p99 := echo()
			if p99 > 5*time.Millisecond {
				continue
			}
			clean++
			last = fmt.Sprintf("%s %v %+v %+v %v", e.Verdict, e.Check.Faults(), e.Check, total.Counts, total.FailedBy())
			switch {
			case e.Verdict == "INVALID":
				invalid++
			case how == "slow" && total.Quantile(loadstats.SetUp, 0.5) > 0.35, how == "lossy" && total.TheirsRepeated+total.MineRepeated > 0, total.Failed == total.Started:
				blamed++
			}
		}
		if clean == 0 {
			t.Run(how, func(t *testing.T) {
				t.Skip("SKIPPED: the machine was never quiet (echo p99 over 5 ms), so this proves nothing")
			})
			continue
		}
		if invalid > 0 || blamed != clean {
			t.Errorf("%s: %d windows, %d invalid, the target blamed in %d; the last: %s", how, clean, invalid, blamed, last)
		}
	}
}

func healthy(t *testing.T, how string) (*loadstats.End, *loadstats.Interval) {
	t.Helper()
	at := netip.AddrPort{}
	times := dialog.Times{}
	switch how {
	case "slow":
		at, _ = answerer(t, "127.0.0.2", &callscript.Script{Role: callscript.Answerer, Steps: []callscript.Step{lasts(callscript.Ring, 400*time.Millisecond), {Op: callscript.Answer}, {Op: callscript.Until, Hears: callscript.Hearing{What: callscript.HangUpHeard}}}}, nil)
	case "lossy":
		to, _ := answerer(t, "127.0.0.2", answers, nil)
		p, err := impair.Listen(impair.Config{At: netip.MustParseAddrPort("127.0.0.4:0"), To: to, SIP: impair.Link{Loss: 0.1, Seed: 5}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { p.Close() })
		at = p.Addr()
	case "refusing":
		at, _ = answerer(t, "127.0.0.2", &callscript.Script{Role: callscript.Answerer, Steps: []callscript.Step{{Op: callscript.Refuse, Code: 500, Share: 1}, {Op: callscript.Answer}}}, nil)
	case "silent":
		c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP("127.0.0.2")})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		at = c.LocalAddr().(*net.UDPAddr).AddrPort()
		times = dialog.Times{T1: 30 * time.Millisecond} // 64 T1 are 2 s
	}
	cfg := callers(at, callStep, lasts(callscript.Wait, 100*time.Millisecond), hangUp)
	cfg.Times = times
	cfg.Arrivals = rates(t, 50, 100)
	return play(t, cfg)
}

// echoBeside measures a UDP echo of another process's thread until it is asked for the
// p99 of its round trips.
func echoBeside(t *testing.T) func() time.Duration {
	t.Helper()
	a, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	b, err := net.DialUDP("udp", nil, a.LocalAddr().(*net.UDPAddr))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		buf := make([]byte, 64)
		for {
			n, from, err := a.ReadFromUDPAddrPort(buf)
			if err != nil {
				return
			}
			_, _ = a.WriteToUDPAddrPort(buf[:n], from)
		}
	}()
	var late netio.Lateness
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 64)
		for ctx.Err() == nil {
			begin := time.Now()
			if _, err := b.Write([]byte("echo")); err != nil {
				return
			}
			_ = b.SetReadDeadline(begin.Add(time.Second))
			if _, err := b.Read(buf); err == nil {
				late.Add(time.Since(begin), 1)
			}
			time.Sleep(2 * time.Millisecond)
		}
	}()
	return func() time.Duration {
		stop()
		<-done
		a.Close()
		b.Close()
		return late.Quantile(0.99)
	}
}

// find-limit against an answerer with a limit of its own: within 5 % in at least 9 of 10.
func TestFindLimit(t *testing.T) {
	n, require, from, to := *limits, "failed < 4% at 95%", 20.0, 90.0
	if *tries > 0 { // the long form: fewer failures allowed, and a beginning farther off
		n, require, from, to = *tries/2, "failed < 2% at 95%", 10, 300
	}
	good := 0
	var said []string
	for i := range n {
		limit := 30 + 7*float64(i%6)
		at, _ := answerer(t, "127.0.0.2", &callscript.Script{Role: callscript.Answerer, Steps: []callscript.Step{{Op: callscript.Answer}, {Op: callscript.Until, Hears: callscript.Hearing{What: callscript.HangUpHeard}}}}, func(c *Config) { c.Limit = limit })
		s := loadstats.Search{From: from, To: to, Precision: 0.02}
		ts, err := loadstats.ParseThresholds([]string{require})
		if err != nil {
			t.Fatal(err)
		}
		for rate, ok := s.Next(); ok; rate, ok = s.Next() {
			cfg := callers(at, callStep, hangUp)
			cfg.Thresholds = ts
			if cfg.Arrivals, err = NewRates(traffic.Constant(rate), Even, ts[0].Enough(), 0, 1, ""); err != nil {
				t.Fatal(err)
			}
			trial, _, _, err := Try(t.Context(), cfg, rate)
			if err != nil {
				t.Fatal(err)
			}
			s.Told(trial)
		}
		k := s.Knee()
		said = append(said, fmt.Sprintf("limit %g: %.4g (%.4g-%.4g, generator %v)", limit, k.Rate, k.Low, k.High, k.Generator))
		if k.Rate > 0.95*limit && k.Rate < 1.05*limit {
			good++
		}
	}
	if 10*good < 9*n {
		t.Errorf("%d of %d within 5 %%: %s", good, n, strings.Join(said, "; "))
	}
	t.Log(strings.Join(said, "; "))
}
