package sipua_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"callwright/media/meter"
	"callwright/realcore"
	"callwright/sipua"
)

var (
	mediaCalls  = flag.Int("calls", 0, "calls at once of the media benchmark; 0: the floors, 200 recorded and 350 relayed")
	mediaClimb  = flag.Int("climb", 0, "and then more by so many, until packets are lost")
	mediaWindow = flag.Duration("window", 20*time.Second, "of the media benchmark, each")
	mediaValid  = flag.Int("windows", 5, "valid ones that are wanted")
)

const (
	voidEcho    = 5 * time.Millisecond  // p99
	voidLate    = 20 * time.Millisecond // the meter's own sending: more is jitter that it made itself
	mostVoid    = 20
	ahead       = -15              // the priority of server, meter and SIPp, if it is granted: other programs share the cores
	mediaSettle = 15 * time.Second // the server's buffers find their delay: half of what they began with is gone in 7 s
)

// BenchmarkMediaCalls has SIPp call a centre whose agents' phones, SIPp too, answer at
// once; the audio of both is a meter's, which sends 50 packets of G.711 a second to every
// leg and finds each of them at the other one. The server, a port pair a leg, has core 0,
// SIPp and the meter core 1. Of recorded calls both sides are mixed and written to disk.
//
// Beside each window a process asks a UDP echo, both on whichever core is free and without
// the priority over other programs that server, meter and SIPp are given: where its p99
// is over 5 ms, or the meter could not send, was late or was not in time to read, it is void.
// Reported are the medians of five valid windows, and the packets lost in all of them; frames
// left out are those by which a jitter buffer shortened its delay when the machine was late.
//
//	go test ./sipua -run XXX -bench MediaCalls -benchtime 1x -timeout 1h -args -climb 100
func BenchmarkMediaCalls(b *testing.B) {
	for _, tool := range []string{"sipp", "taskset"} {
		if _, err := exec.LookPath(tool); err != nil {
			b.Skipf("SKIPPED: %s is not installed", tool)
		}
	}
	if runtime.NumCPU() < 2 {
		b.Skip("SKIPPED: two cores are needed")
	}
	b.Run("recorded", func(b *testing.B) { mediaBench(b, 200, true) })
	b.Run("relayed", func(b *testing.B) { mediaBench(b, 350, false) })
}

func mediaBench(b *testing.B, calls int, recorded bool) {
	onCore(b, "0", ahead)
	defer onCore(b, fmt.Sprintf("0-%d", runtime.NumCPU()-1), 0)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if *mediaCalls > 0 {
		calls = *mediaCalls
	}
	for b.Loop() {
		if *mediaClimb > 0 {
			calls = climb(b, calls, *mediaClimb, recorded)
		}
		r := mediaRun(b, calls, recorded, *mediaValid, mostVoid)
		if len(r) < *mediaValid {
			b.Skipf("NOT MEASURABLE HERE: %d of %d windows valid", len(r), *mediaValid)
		}
		lost, left := 0, 0
		for _, w := range r {
			lost, left = lost+w.Lost, left+w.LeftOut
		}
		median := func(f func(w mediaResult) float64) float64 {
			var all []float64
			for _, w := range r {
				all = append(all, f(w))
			}
			return quantile(all, 0.5)
		}
		b.ReportMetric(float64(calls), "calls")
		b.ReportMetric(float64(lost), "lost")
		b.ReportMetric(float64(left), "left-out")
		b.ReportMetric(median(func(w mediaResult) float64 { return w.P50.Seconds() * 1e3 }), "delay-p50-ms")
		b.ReportMetric(median(func(w mediaResult) float64 { return w.P99.Seconds() * 1e3 }), "delay-p99-ms")
		b.ReportMetric(median(func(w mediaResult) float64 { return w.echo[0] }), "echo-p50-ms")
		b.ReportMetric(median(func(w mediaResult) float64 { return w.echo[1] }), "echo-p99-ms")
		b.ReportMetric(median(func(w mediaResult) float64 { return 100 * w.cpu }), "cpu-%")
		b.ReportMetric(median(func(w mediaResult) float64 { return float64(calls) / w.cpu }), "calls/core")
	}
}

// climb is the most calls, by steps, of which no packet is lost in one valid window, nor more
// than a thousandth left out: then the server itself is late. from is reported even so.
func climb(b *testing.B, from, by int, recorded bool) int {
	best := from
	for n := from; n < int(onePlan().Limits.MaxContacts); n += by {
		r := mediaRun(b, n, recorded, 1, mostVoid/4)
		if len(r) == 0 || r[0].Lost > 0 || r[0].LeftOut > r[0].Sent/1000 {
			break
		}
		best = n
	}
	return best
}

// mediaResult is one window.
type mediaResult struct {
	meter.Result
	echo [2]float64 // p50 and p99, ms
	full int        // packets that the kernel dropped at the server's sockets: of Lost, those it did not read in time
	cpu  float64    // of one core
}

// mediaRun sets calls up and returns valid windows, fewer than wanted after so many void ones.
func mediaRun(b *testing.B, calls int, recorded bool, want, most int) (good []mediaResult) {
	dir := b.TempDir()
	m, err := meter.Start(meter.Config{Listen: []netip.Addr{netip.MustParseAddr("127.0.0.8"), netip.MustParseAddr("127.0.0.9")}},
		"taskset", "-c", "1", os.Args[0], "-test.run", "TestMeterChild")
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	phones := freePort(b, "127.0.0.9")
	saved := filepath.Join(dir, "bindings")
	os.WriteFile(saved, bindingsOf(calls, phones), 0o600)
	defer sippMedia(b, dir, "media_agent", m.Addrs()[1], "-p", strconv.Itoa(phones))()
	c := mediaCentre(b, calls, saved, recorded, dir)
	defer sippMedia(b, dir, "media_caller", m.Addrs()[0], c.addr.String(), "-s", "500", "-p", strconv.Itoa(freePort(b, "127.0.0.8")),
		"-r", "50", "-m", strconv.Itoa(calls), "-l", strconv.Itoa(calls))()
	legs := mediaLegs(b, dir, calls)
	began := time.Now()
	if err := m.Send(legs); err != nil {
		b.Fatal(err)
	}
	time.Sleep(mediaSettle)
	echo := exec.Command("nice", "-n", strconv.Itoa(-ahead), "taskset", "-c", "0-1", os.Args[0], "-test.run", "TestEchoChild")
	at := fmt.Sprintf("127.0.0.1:%d", freePort(b, "127.0.0.1"))
	echo.Env = append(os.Environ(), "CALLWRIGHT_ECHO="+at)
	echo.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := echo.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { echo.Process.Kill(); echo.Wait() }()
	for void := 0; len(good) < want && void < most; {
		w := oneWindow(b, m, at)
		why := ""
		switch {
		case w.echo[1] > voidEcho.Seconds()*1e3:
			why = "VOID: the echo is slow: "
		case w.Unsent > 0 || w.Dropped > 0 || w.Late > voidLate:
			why = "VOID: the meter: "
		}
		b.Logf("%s%d calls: %d sent, %d lost (%d dropped at the server's sockets), %d left out, delay %v / %v, echo %.2f / %.2f ms, cpu %.0f %%; meter: %d unsent, %d dropped, %v late",
			why, calls, w.Sent, w.Lost, w.full, w.LeftOut, w.P50, w.P99, w.echo[0], w.echo[1], 100*w.cpu, w.Unsent, w.Dropped, w.Late)
		if why != "" {
			void++
			continue
		}
		good = append(good, w)
	}
	lasted := time.Since(began)
	s := c.engine.Stats()
	b.Logf("the engine's clock: %d of %d ticks more than 5 ms late, the latest %v, %d left out, %d packets unsent", s.Late, s.Ticks, s.Latest, s.Missed, s.Unsent)
	c.close()
	if recorded {
		wantTapes(b, dir, calls, lasted)
	} else if s.Relayed == 0 {
		b.Error("nothing was relayed")
	}
	return good
}

// oneWindow is one.
func oneWindow(b *testing.B, m *meter.Meter, echo string) (w mediaResult) {
	ask := exec.Command("nice", "-n", strconv.Itoa(-ahead), "taskset", "-c", "0-1", os.Args[0], "-test.run", "TestAskChild")
	ask.Env = append(os.Environ(), "CALLWRIGHT_ASK="+echo, "CALLWRIGHT_ASK_FOR="+mediaWindow.String())
	ask.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	var out strings.Builder
	ask.Stdout = &out
	if err := ask.Start(); err != nil {
		b.Fatal(err)
	}
	used, begin := cpu(), time.Now()
	var err error
	if w.Result, err = m.Window(*mediaWindow); err != nil {
		b.Fatal(err)
	}
	w.cpu = (cpu() - used).Seconds() / time.Since(begin).Seconds()
	ask.Wait()
	var said [3]float64
	if err := json.NewDecoder(strings.NewReader(out.String())).Decode(&said); err != nil {
		b.Fatalf("the echo: %v in %q", err, out.String())
	}
	w.echo, w.full = [2]float64(said[:2]), int(said[2])
	return w
}

// mediaCentre has as many agents as calls, all with phones at one address, all ready.
func mediaCentre(b *testing.B, calls int, bindings string, recorded bool, tapes string) *centre {
	p := onePlan()
	p.Agents = nil
	for i := range calls {
		p.Agents = append(p.Agents, realcore.Agent{Name: fmt.Sprint("agent-", i), Group: 0})
	}
	c := newCentreAt(b, p, tapes, func(cfg *sipua.Config) {
		cfg.Accounts = nil
		for i := range calls {
			u := fmt.Sprint("u", i)
			cfg.Accounts = append(cfg.Accounts, sipua.Account{User: u, Extension: fmt.Sprint(1000 + i), Agent: realcore.AgentID(i), HA1: md5ha1(u, "p")})
		}
		cfg.Trunks[0].Lines = 0
		cfg.Trunks[0].Sources = []netip.Prefix{netip.MustParsePrefix("127.0.0.8/32"), netip.MustParsePrefix("127.0.0.9/32")}
		cfg.Bindings, cfg.Record = bindings, recorded
		cfg.Keepalive, cfg.Probe = time.Hour, time.Hour // SIPp's scenarios do not know them
	})
	for i := range calls {
		c.host.Post(realcore.OfAgent(realcore.AgentReady, realcore.AgentID(i)))
	}
	for range 200 {
		time.Sleep(50 * time.Millisecond)
		if s, _ := c.state(realcore.AgentID(calls - 1)); s == realcore.Ready {
			return c
		}
	}
	b.Fatal("the agents' phones are not there")
	return nil
}

// sippMedia starts SIPp with a scenario whose audio is the meter's, and returns what ends it.
func sippMedia(b *testing.B, dir, scenario string, audio netip.AddrPort, args ...string) (end func()) {
	text, err := filepath.Abs(filepath.Join("testdata", scenario+".xml"))
	if err != nil {
		b.Fatal(err)
	}
	ip := audio.Addr().String()
	args = append(args, "-sf", text, "-i", ip, "-key", "rtp_ip", ip, "-key", "rtp_port", strconv.Itoa(int(audio.Port())), "-nostdin",
		"-trace_logs", "-log_file", filepath.Join(dir, scenario), "-trace_err", "-error_file", filepath.Join(dir, scenario+"-errors"))
	cmd := exec.Command("taskset", append([]string{"-c", "1", "sipp"}, args...)...)
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	return func() { cmd.Process.Kill(); cmd.Wait() }
}

// mediaLegs waits until all calls are up, and returns the server's ports.
func mediaLegs(b *testing.B, dir string, calls int) (legs []meter.Leg) {
	for range 600 {
		time.Sleep(100 * time.Millisecond)
		legs = nil
		for socket, name := range []string{"media_caller", "media_agent"} {
			text, _ := os.ReadFile(filepath.Join(dir, name))
			for _, w := range strings.Fields(string(text)) {
				n, err := strconv.Atoi(w)
				if err != nil {
					b.Fatalf("%s says %q", name, w)
				}
				at := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(n))
				legs = append(legs, meter.Leg{Server: at, Socket: socket})
			}
		}
		if len(legs) == 2*calls {
			return legs
		}
	}
	e, _ := os.ReadFile(filepath.Join(dir, "media_caller-errors"))
	f, _ := os.ReadFile(filepath.Join(dir, "media_agent-errors"))
	b.Fatalf("%d legs of %d calls are up\n%.1000s\n%.1000s", len(legs), calls, e, f)
	return nil
}

// wantTapes wants as many recordings, each as long as the calls have lasted.
func wantTapes(b *testing.B, dir string, calls int, lasted time.Duration) {
	tapes, _ := filepath.Glob(filepath.Join(dir, "*.wav"))
	if len(tapes) != calls {
		b.Errorf("%d recordings of %d calls", len(tapes), calls)
	}
	for _, name := range tapes {
		const perSecond = 2 * 2 * 8000
		if i, err := os.Stat(name); err != nil || float64(i.Size()) < lasted.Seconds()*perSecond {
			b.Fatalf("a recording of %d bytes, %v, of a call that lasted for %v", i.Size(), err, lasted)
		}
	}
}

// onCore binds all threads of this process to cores and gives them a priority, and with
// them those to come and the processes they start.
func onCore(b *testing.B, cores string, nice int) {
	if out, err := exec.Command("taskset", "-acp", cores, strconv.Itoa(os.Getpid())).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	// Where Linux groups processes by session, the group's priority is what counts.
	_ = os.WriteFile("/proc/self/autogroup", []byte(strconv.Itoa(nice)), 0)
	tasks, _ := os.ReadDir("/proc/self/task")
	for _, t := range tasks {
		id, _ := strconv.Atoi(t.Name())
		if err := syscall.Setpriority(syscall.PRIO_PROCESS, id, nice); err != nil {
			b.Logf("no priority over what else runs here: %v", err)
			return
		}
	}
}

// TestMeterChild is the meter's process; without its environment it is nothing.
func TestMeterChild(t *testing.T) {
	if !meter.Child() {
		t.SkipNow()
	}
}

// TestAskChild is the process that asks the echo, 100 times a second, and looks what the
// kernel has dropped meanwhile at the RTP ports of newCentreAt's; without the echo's address
// it is nothing.
func TestAskChild(t *testing.T) {
	at := os.Getenv("CALLWRIGHT_ASK")
	if at == "" {
		t.SkipNow()
	}
	length, err := time.ParseDuration(os.Getenv("CALLWRIGHT_ASK_FOR"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("udp", at)
	if err != nil {
		t.Fatal(err)
	}
	drops := func() float64 {
		return float64(meter.Drops(func(a netip.AddrPort) bool {
			return a.Addr() == netip.MustParseAddr("127.0.0.1") && a.Port() >= 20000 && a.Port() < 28000 && a.Port()%2 == 0
		}))
	}
	before := drops()
	var all []float64
	buf := make([]byte, 100)
	for end := time.Now().Add(length); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		begin := time.Now()
		c.Write([]byte("x"))
		c.SetReadDeadline(begin.Add(time.Second))
		_, _ = c.Read(buf) // none in a second counts as a second
		all = append(all, float64(time.Since(begin))/1e6)
	}
	slices.Sort(all)
	json.NewEncoder(os.Stdout).Encode([3]float64{quantile(all, 0.5), quantile(all, 0.99), drops() - before})
}
