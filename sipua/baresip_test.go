package sipua_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"callwright/media/rtp"
)

// baresip is baresip 1.0.0 without a sound card: it plays a tone of its own from a file
// and writes what it hears into another. It is driven over its control port.
type baresip struct {
	t      *testing.T
	dir    string
	at     string // where it listens
	cmd    *exec.Cmd
	ctl    net.Conn
	log    *safeBuffer
	events chan string
}

// needs skips a test, saying so, where a peer is not installed: `make peers` does that.
func needs(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if os.Getenv("CALLWRIGHT_PEERS") == "required" {
			t.Fatalf("%s is not installed", program)
		}
		t.Skipf("SKIPPED: %s is not installed, so this proves nothing; run make peers", program)
	}
	return path
}

// newBaresip starts one on an address of its own, with an account at the centre.
// options are of the account, as "answermode=auto".
func newBaresip(t *testing.T, c *centre, host, user, secret string, hz float64, options string) *baresip {
	t.Helper()
	path := needs(t, "baresip")
	b := &baresip{t: t, dir: t.TempDir(), log: &safeBuffer{}, events: make(chan string, 200)}
	b.write("tone.wav", tone(hz, 30))
	ctl, sip := freePort(t, host), freePort(t, host)
	b.at = fmt.Sprintf("%s:%d", host, sip)
	b.write("config", []byte(fmt.Sprintf(`poll_method epoll
sip_listen %s:%d
net_interface %s
call_local_timeout 120
call_max_calls 4
audio_player aubridge,nowhere
audio_source aufile,%s
audio_alert aubridge,alert
audio_channels 1
ausrc_srate 8000
auplay_srate 8000
audio_buffer 20-160
rtp_ports 30000-39998
jitter_buffer_delay 1-5
rtp_timeout 0
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp uuid.so
module_tmp account.so
module_app ctrl_tcp.so
module_app menu.so
ctrl_tcp_listen %s:%d
snd_path %s
`, host, sip, host, filepath.Join(b.dir, "tone.wav"), host, ctl, b.dir)))
	b.write("accounts", []byte(fmt.Sprintf("<sip:%s@%s>;auth_user=%s;auth_pass=%s;regint=60;audio_codecs=pcmu,pcma;%s\n", user, c.addr, user, secret, options)))
	b.write("contacts", nil)
	b.cmd = exec.Command(path, "-f", b.dir)
	b.cmd.Stdout, b.cmd.Stderr = b.log, b.log
	if err := b.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.end)
	for range 100 {
		time.Sleep(50 * time.Millisecond)
		if conn, err := net.Dial("tcp", net.JoinHostPort(host, strconv.Itoa(ctl))); err == nil {
			b.ctl = conn
			go b.listen()
			return b
		}
	}
	t.Fatalf("baresip does not listen: %s", b.log)
	return nil
}

func (b *baresip) write(name string, data []byte) {
	if err := os.WriteFile(filepath.Join(b.dir, name), data, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func freePort(t testing.TB, host string) int {
	l, err := net.Listen("tcp", host+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

const loud = 8000 // the tones' amplitude

// tone is a WAV file of a sine at a quarter of full scale.
func tone(hz float64, seconds int) []byte {
	n := 8000 * seconds
	var w bytes.Buffer
	h := rtp.WAVHeader(1, int64(2*n))
	w.Write(h[:])
	for i := range n {
		v := int16(loud * math.Sin(2*math.Pi*hz*float64(i)/8000))
		w.Write([]byte{byte(v), byte(v >> 8)})
	}
	return w.Bytes()
}

func reader(b []byte) *bytes.Reader { return bytes.NewReader(b) }

// listen reads the control port's netstrings.
func (b *baresip) listen() {
	var buf []byte
	tmp := make([]byte, 65536)
	for {
		n, err := b.ctl.Read(tmp)
		if err != nil {
			return
		}
		buf = append(buf, tmp[:n]...)
		for {
			head, rest, ok := bytes.Cut(buf, []byte(":"))
			size, err := strconv.Atoi(string(head))
			if !ok || err != nil || len(rest) < size+1 {
				break
			}
			var m struct {
				Type, Param string
				Event       bool
			}
			if json.Unmarshal(rest[:size], &m) == nil && m.Event {
				b.events <- m.Type
			}
			buf = rest[size+1:]
		}
	}
}

// do gives a command.
func (b *baresip) do(command, params string) {
	m, _ := json.Marshal(map[string]string{"command": command, "params": params})
	fmt.Fprintf(b.ctl, "%d:%s,", len(m), m)
}

func (b *baresip) dial(c *centre, number string) {
	b.do("dial", fmt.Sprintf("sip:%s@%s", number, c.addr))
}

// want waits for an event.
func (b *baresip) want(event string) {
	b.t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		select {
		case e := <-b.events:
			if e == event {
				return
			}
		case <-deadline:
			b.t.Fatalf("baresip: no %s; it says\n%s", event, b.log)
		}
	}
}

func (b *baresip) end() {
	if b.ctl != nil {
		b.do("quit", "")
	}
	done := make(chan struct{})
	go func() { b.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(3 * time.Second):
		b.cmd.Process.Kill()
	}
}

// heard is how loud a tone is in the newest recording between two moments: 1 as it was
// played, 0 not at all.
func (b *baresip) heard(hz float64, from, to time.Duration) float64 {
	b.t.Helper()
	return rtp.Tone(b.recorded(from, to), hz) / loud
}

// level is how loud everything is, in the same units.
func (b *baresip) level(from, to time.Duration) float64 {
	b.t.Helper()
	return rtp.RMS(b.recorded(from, to)) / loud
}

func (b *baresip) recorded(from, to time.Duration) []int16 {
	b.t.Helper()
	files, _ := filepath.Glob(filepath.Join(b.dir, "*-dec.wav"))
	if len(files) == 0 {
		b.t.Fatalf("nothing was recorded; baresip says\n%s", b.log)
	}
	f, err := os.Open(files[len(files)-1])
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	pcm, rate, err := rtp.ReadWAV(f)
	if err != nil {
		b.t.Fatal(err)
	}
	pcm = rtp.Resample(pcm, rate)
	a, z := min(len(pcm), int(from.Seconds()*8000)), min(len(pcm), int(to.Seconds()*8000))
	if z-a < 800 {
		b.t.Fatalf("only %d samples were recorded; baresip says\n%s", len(pcm), b.log)
	}
	return pcm[a:z]
}

// registered waits until it is; events of that come before anybody listens to them.
func (b *baresip) registered() {
	b.t.Helper()
	for range 200 {
		if strings.Contains(b.log.String(), "200 OK") {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("baresip does not register: %s", b.log)
}

// safeBuffer is written by the program's output while it is read.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}
func (s *safeBuffer) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

// Two baresips: the agent's phone registers, says it is ready, is rung and answers; both
// hear each other's tone and not their own.
func TestBaresipCall(t *testing.T) {
	c := newCentre(t, nil)
	anna := newBaresip(t, c, "127.0.0.1", "anna", "a1", 700, "answermode=auto")
	carl := newBaresip(t, c, "127.0.0.1", "carl", "c3", 1100, "")
	anna.registered()
	carl.registered()
	anna.dial(c, "*11")
	anna.want("CALL_ESTABLISHED")
	anna.want("CALL_CLOSED")
	time.Sleep(1100 * time.Millisecond) // its files are named by the second
	carl.dial(c, "500")
	anna.want("CALL_ESTABLISHED")
	carl.want("CALL_ESTABLISHED")
	time.Sleep(2 * time.Second)
	carl.do("hangup", "")
	anna.want("CALL_CLOSED")
	carl.want("CALL_CLOSED")
	time.Sleep(300 * time.Millisecond)
	for _, x := range []struct {
		b         *baresip
		name      string
		other, me float64
	}{{anna, "the agent", 1100, 700}, {carl, "the caller", 700, 1100}} {
		if heard := x.b.heard(x.other, 500*time.Millisecond, 1500*time.Millisecond); heard < 0.8 {
			t.Errorf("%s hears %.2f of the other's tone", x.name, heard)
		}
		if own := x.b.heard(x.me, 500*time.Millisecond, 1500*time.Millisecond); own > 0.05 {
			t.Errorf("%s hears %.2f of his own tone", x.name, own)
		}
	}
}

// baresip waits with music, is put on hold by the agent's baresip and hears music again,
// is taken back, and handed on to another queue by REFER.
func TestBaresipHoldAndTransfer(t *testing.T) {
	c := newCentre(t, nil)
	anna := newBaresip(t, c, "127.0.0.1", "anna", "a1", 700, "answermode=auto")
	carl := newBaresip(t, c, "127.0.0.1", "carl", "c3", 1100, "")
	ben := c.phone("ben", "b2")
	ben.auto.Store(200)
	c.ready(ben)
	anna.registered()
	carl.registered()
	carl.dial(c, "500")
	carl.want("CALL_ESTABLISHED")
	begin := time.Now()
	at := func() time.Duration { return time.Since(begin) }
	time.Sleep(1500 * time.Millisecond)
	anna.dial(c, "*11") // and has the caller while the code's call is up still
	anna.want("CALL_ESTABLISHED")
	anna.want("CALL_ESTABLISHED")
	talk := at()
	time.Sleep(1500 * time.Millisecond)
	anna.do("hold", "")
	hold := at()
	time.Sleep(1500 * time.Millisecond)
	anna.do("resume", "")
	again := at()
	time.Sleep(1200 * time.Millisecond)
	anna.do("transfer", fmt.Sprintf("sip:502@%s", c.addr))
	ben.want("invited")
	time.Sleep(500 * time.Millisecond)
	carl.do("hangup", "")
	ben.want("ended")
	r := c.ended(1)
	if r.Legs != 2 || r.Visits != 2 || r.Hold < time.Second {
		t.Errorf("recorded as %+v", r)
	}
	time.Sleep(300 * time.Millisecond)
	const s = time.Second
	for _, x := range []struct {
		when     string
		from, to time.Duration
		tone     bool
	}{{"waiting", s / 2, 3 * s / 2, false}, {"talking", talk + s/2, hold - s/4, true}, {"on hold", hold + s/2, again - s/4, false}, {"taken back", again + s/2, again + s, true}} {
		heard, level := carl.heard(700, x.from, x.to), carl.level(x.from, x.to)
		if x.tone != (heard > 0.8) || !x.tone && level < 0.01 {
			t.Errorf("%s the caller hears %.2f of the agent's tone, and %.3f in all", x.when, heard, level)
		}
	}
}
