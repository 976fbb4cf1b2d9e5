package sipua_test

import (
	"encoding/csv"
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
	"testing"
	"time"

	"callwright/realcore"
	"callwright/sipua"
)

var (
	benchRate    = flag.Int("rate", 500, "routed calls a second of the benchmark")
	benchSeconds = flag.Int("seconds", 60, "and for how long")
)

// BenchmarkRoutedCalls has SIPp call a centre whose agents' phones, SIPp too, answer at
// once; a call lasts for a second. The server has one core, SIPp the other. A UDP echo of
// another process beside it says what the machine itself costs: a window in which its
// p99 is over 5 ms is void.
//
//	go test ./sipua -run XXX -bench RoutedCalls -benchtime 1x -args -rate 500 -seconds 60
func BenchmarkRoutedCalls(b *testing.B) {
	if _, err := exec.LookPath("sipp"); err != nil {
		b.Skip("SKIPPED: sipp is not installed")
	}
	runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(runtime.NumCPU())
	for b.Loop() {
		window(b, *benchRate, *benchSeconds)
	}
}

func window(b *testing.B, rate, seconds int) {
	agents := rate*3/2 + 20
	p := onePlan()
	p.Agents = nil
	for i := range agents {
		p.Agents = append(p.Agents, realcore.Agent{Name: fmt.Sprint("agent-", i), Group: 0})
	}
	dir := b.TempDir()
	phones := freePort(b, "127.0.0.9")
	saved := filepath.Join(dir, "bindings")
	os.WriteFile(saved, bindingsOf(agents, phones), 0o600)
	uas := exec.Command("sipp", "-sn", "uas", "-i", "127.0.0.9", "-mi", "127.0.0.9", "-p", strconv.Itoa(phones), "-nostdin", "-trace_err", "-error_file", filepath.Join(dir, "uas-errors"))
	uas.Dir = dir
	if err := uas.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { uas.Process.Kill(); uas.Wait() }()
	c := newCentreAt(b, p, "", func(cfg *sipua.Config) {
		cfg.Accounts = nil
		for i := range agents {
			u := fmt.Sprint("u", i)
			cfg.Accounts = append(cfg.Accounts, sipua.Account{User: u, Extension: fmt.Sprint(1000 + i), Agent: realcore.AgentID(i), HA1: md5ha1(u, "p")})
		}
		cfg.Trunks[0].Lines = 0
		cfg.Trunks[0].Sources = []netip.Prefix{netip.MustParsePrefix("127.0.0.8/32"), netip.MustParsePrefix("127.0.0.9/32")}
		cfg.Bindings = saved
		cfg.Keepalive = time.Hour
	})
	for i := range agents {
		c.host.Post(realcore.OfAgent(realcore.AgentReady, realcore.AgentID(i)))
	}
	for range 200 { // every phone is asked whether it is there
		time.Sleep(50 * time.Millisecond)
		if s, _ := c.state(realcore.AgentID(agents - 1)); s == realcore.Ready {
			break
		}
	}
	echo := startEcho(b)
	rtt := filepath.Join(dir, "rtt.csv")
	before := cpu()
	begin := time.Now()
	uac := exec.Command("taskset", "-c", "1", "sipp", c.addr.String(), "-sf", "testdata/caller.xml", "-s", "500", "-i", "127.0.0.8", "-mi", "127.0.0.8", "-p", strconv.Itoa(freePort(b, "127.0.0.8")),
		"-r", strconv.Itoa(rate), "-m", strconv.Itoa(rate*seconds), "-l", strconv.Itoa(20*rate), "-nostdin", "-trace_rtt", "-rtt_freq", "1", "-trace_stat", "-stf", filepath.Join(dir, "stat.csv"), "-fd", "1",
		"-trace_err", "-error_file", filepath.Join(dir, "errors"), "-timeout", fmt.Sprintf("%ds", 2*seconds+20))
	uac.Dir, _ = os.Getwd()
	out, err := uac.CombinedOutput()
	took := time.Since(begin)
	used := cpu() - before
	control := echo.stop()
	files, _ := filepath.Glob("*_rtt.csv")
	for _, f := range files {
		os.Rename(f, rtt)
	}
	setups := rtts(rtt)
	failed := statistic(filepath.Join(dir, "stat.csv"), "FailedCall(C)")
	good := statistic(filepath.Join(dir, "stat.csv"), "SuccessfulCall(C)")
	if good == 0 {
		e, _ := os.ReadFile(filepath.Join(dir, "errors"))
		b.Fatalf("%v\n%.1000s\n%.2000s", err, out, e)
	}
	b.ReportMetric(float64(good)/took.Seconds(), "calls/s")
	b.ReportMetric(float64(failed), "failed")
	b.ReportMetric(quantile(setups, 0.5), "setup-p50-ms")
	b.ReportMetric(quantile(setups, 0.99), "setup-p99-ms")
	b.ReportMetric(quantile(control, 0.5), "echo-p50-ms")
	b.ReportMetric(quantile(control, 0.99), "echo-p99-ms")
	b.ReportMetric(1000*used.Seconds()/float64(good), "cpu-s/1000calls")
	c.close()
}

func statistic(file, name string) (n int) {
	b, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	head, last := strings.Split(lines[0], ";"), strings.Split(lines[len(lines)-1], ";")
	for i := range head {
		if head[i] == name && i < len(last) {
			n, _ = strconv.Atoi(last[i])
		}
	}
	return n
}

// rtts reads SIPp's response times, in milliseconds.
func rtts(file string) (out []float64) {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord = ';', -1
	rows, _ := r.ReadAll()
	for _, row := range rows[min(1, len(rows)):] {
		if len(row) > 1 {
			if v, err := strconv.ParseFloat(row[1], 64); err == nil {
				out = append(out, v)
			}
		}
	}
	return out
}

func quantile(v []float64, p float64) float64 {
	if len(v) == 0 {
		return -1
	}
	s := slices.Sorted(slices.Values(v))
	return s[min(len(s)-1, int(p*float64(len(s))))]
}

// bindingsOf is a file of registrations: every agent's phone at one address.
func bindingsOf(agents, port int) []byte {
	var b strings.Builder
	b.WriteString("{")
	for i := range agents {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, `"u%d":[{"Contact":"sip:u%d@127.0.0.9:%d","CallID":"x","Seq":1,"Until":"2099-01-01T00:00:00Z","Flow":{"Transport":0,"Listener":0,"Conn":0,"Remote":"127.0.0.9:%d"}}]`, i, i, port, port)
	}
	b.WriteString("}")
	return []byte(b.String())
}

// echoControl measures a UDP echo of another process, 100 times a second.
type echoControl struct {
	cmd  *exec.Cmd
	quit chan struct{}
	got  chan []float64
}

func startEcho(b *testing.B) *echoControl {
	port := freePort(b, "127.0.0.1")
	e := &echoControl{quit: make(chan struct{}), got: make(chan []float64, 1)}
	e.cmd = exec.Command(os.Args[0], "-test.run", "TestEchoChild")
	e.cmd.Env = append(os.Environ(), fmt.Sprintf("CALLWRIGHT_ECHO=127.0.0.1:%d", port))
	if err := e.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	c, err := net.Dial("udp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		var all []float64
		buf := make([]byte, 100)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-e.quit:
				c.Close()
				e.got <- all
				return
			case <-tick.C:
			}
			begin := time.Now()
			c.Write([]byte("x"))
			c.SetReadDeadline(time.Now().Add(time.Second))
			if _, err := c.Read(buf); err == nil {
				all = append(all, float64(time.Since(begin))/1e6)
			}
		}
	}()
	return e
}

func (e *echoControl) stop() []float64 {
	close(e.quit)
	got := <-e.got
	e.cmd.Process.Kill()
	e.cmd.Wait()
	return got
}

// TestEchoChild is the echo's process; without its address it is nothing.
func TestEchoChild(t *testing.T) {
	at := os.Getenv("CALLWRIGHT_ECHO")
	if at == "" {
		t.SkipNow()
	}
	c, err := net.ListenPacket("udp", at)
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 100)
	for {
		n, from, err := c.ReadFrom(buf)
		if err != nil {
			return
		}
		c.WriteTo(buf[:n], from)
	}
}
