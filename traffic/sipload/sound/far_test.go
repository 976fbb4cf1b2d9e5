package sound

import (
	"encoding/json"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"testing"

	"callwright/media/rtp"
)

// The far end of a benchmark is a dense engine in another process, on the other core if
// taskset is there, so that the processor time of ours is its own.

const farEnvironment = "CALLWRIGHT_SOUND_FAR"

// wish is what the far end is asked for: legs whose remotes are these ports.
type wish struct {
	Ports         []int
	Sockets       int
	Send, Receive bool
	Speech        bool
	Pour          int // so many streams to the Ports, which are few, and nothing else
}

// farHeard is the sum of what the far end's legs heard, once they are closed.
type farHeard struct {
	Expected, Lost, Late, Sent uint64
	Stats                      Stats
}

// beFar is the far end's process.
func beFar() bool {
	if os.Getenv(farEnvironment) == "" {
		return false
	}
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	var o wish
	if err := in.Decode(&o); err != nil {
		panic(err)
	}
	if o.Pour > 0 {
		farPours(o, in, out)
		return true
	}
	e, err := Dense(Config{Bind: loopback, Workers: 1, Sockets: o.Sockets, CaptureBytes: -1})
	if err != nil {
		panic(err)
	}
	var legs []Leg
	var ports []int
	speech := Speech(7)
	for _, port := range o.Ports {
		l, err := e.Open()
		if err != nil {
			panic(err)
		}
		p := params(port)
		p.Send, p.Receive = false, o.Receive
		l.Set(p)
		if o.Speech {
			l.Play(speech)
		}
		legs, ports = append(legs, l), append(ports, l.Port())
	}
	_ = out.Encode(ports)
	var began bool
	if err := in.Decode(&began); err != nil {
		return true
	}
	for i, l := range legs {
		p := params(o.Ports[i])
		p.Send, p.Receive = o.Send, o.Receive
		l.Set(p)
	}
	var ended bool
	if err := in.Decode(&ended); err != nil {
		return true
	}
	var sum farHeard
	sum.Stats = e.Stats()
	for _, l := range legs {
		h := l.Close()
		sum.Expected += uint64(h.Expected)
		sum.Lost += uint64(h.Lost)
		sum.Late += uint64(h.Late)
		sum.Sent += uint64(h.Quality.Sent)
	}
	_ = out.Encode(sum)
	return true
}

func farPours(o wish, in *json.Decoder, out *json.Encoder) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback, 0)))
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	_ = out.Encode([]int{conn.LocalAddr().(*net.UDPAddr).Port})
	var said bool
	if err := in.Decode(&said); err != nil {
		return
	}
	stop, late := make(chan struct{}), make(chan int)
	go func() { late <- pour(conn, o.Ports, o.Pour, Speech(7).clip.Encoded(rtp.PCMU), stop) }()
	_ = in.Decode(&said)
	close(stop)
	_ = out.Encode(farHeard{Stats: Stats{FramesLate: int64(<-late)}})
}

type far struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	enc *json.Encoder
	dec *json.Decoder
}

// startFar starts the far end and returns the ports of its legs.
func startFar(t testing.TB, o wish) (*far, []int) {
	t.Helper()
	command := []string{os.Args[0]}
	if taskset, err := exec.LookPath("taskset"); err == nil && exec.Command(taskset, "-c", "1", "true").Run() == nil {
		command = []string{taskset, "-c", "1", os.Args[0]}
	}
	f := &far{cmd: exec.Command(command[0], command[1:]...)}
	f.cmd.Env = append(os.Environ(), farEnvironment+"=1")
	f.cmd.Stderr = os.Stderr
	in, err := f.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := f.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	f.in, f.enc, f.dec = in, json.NewEncoder(in), json.NewDecoder(out)
	var ports []int
	if err := f.enc.Encode(o); err != nil {
		t.Fatal(err)
	}
	if err := f.dec.Decode(&ports); err != nil {
		t.Fatal(err)
	}
	return f, ports
}

// begin lets it send; end has it tell what it heard.
func (f *far) begin() { _ = f.enc.Encode(true) }

func (f *far) end(t testing.TB) (h farHeard) {
	t.Helper()
	_ = f.enc.Encode(true)
	if err := f.dec.Decode(&h); err != nil {
		t.Fatal(err)
	}
	f.in.Close()
	if err := f.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return h
}
