package media

import (
	"bufio"
	"encoding/json"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"callwright/media/rtp"
	"callwright/netio"
)

// The benchmarks run calls between an engine with one worker and a source in another
// process, so that the engine's processor time is its own. A call is two legs, each
// with a port pair, 50 packets a second each way. They report
//
//	calls/core   calls over the engine's use of a processor, kernel included
//	lost-ppm     packets lost by us: frames sent to the engine that never came out at
//	             the other leg, a million
//	delay-ms     from the source's sending to its receiving, p50 and p99
//	late-ticks   of the engine's frames, begun more than 5 ms late

const (
	sourceEnv    = "CALLWRIGHT_MEDIA_SOURCE"
	sourcePorts  = 64 // shared by all legs, so that no socket's buffer overflows at a tick
	sourceTime   = 6 * time.Second
	sourceSettle = 2 * time.Second // buffers find their delay first
)

func BenchmarkRecordedCalls(b *testing.B) {
	b.Run("200", func(b *testing.B) { benchCalls(b, 200, true) })
	b.Run("400", func(b *testing.B) { benchCalls(b, 400, true) })
}

func BenchmarkRelayedCalls(b *testing.B) {
	b.Run("350", func(b *testing.B) { benchCalls(b, 350, false) })
	b.Run("700", func(b *testing.B) { benchCalls(b, 700, false) })
}

// metered is what the source found.
type metered struct {
	Sent, Lost int
	P50, P99   time.Duration
	Late       time.Duration // latest of its own sending
}

func benchCalls(b *testing.B, calls int, record bool) {
	for b.Loop() {
		e, err := New(Config{Bind: loopback, Workers: 1, RecordDir: b.TempDir()})
		if err != nil {
			b.Fatal(err)
		}
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), sourceEnv+"="+strconv.Itoa(2*calls))
		child.Stderr = os.Stderr
		in, err := child.StdinPipe()
		if err != nil {
			b.Fatal(err)
		}
		out, err := child.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		if err := child.Start(); err != nil {
			b.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		lines.Buffer(nil, 1<<20)
		lines.Scan()
		var remote []uint16
		if err := json.Unmarshal(lines.Bytes(), &remote); err != nil {
			b.Fatal(err)
		}
		var legs []*Leg
		var ports []string
		var recs []*Recording
		for i := range 2 * calls {
			l, err := e.Open()
			if err != nil {
				b.Fatal(err)
			}
			l.Set(Params{Remote: netip.AddrPortFrom(loopback, remote[i%len(remote)]), Signalling: loopback, Send: true, Receive: true, Source: rtp.Strict})
			legs, ports = append(legs, l), append(ports, strconv.Itoa(l.Port()))
			if i%2 == 0 {
				continue
			}
			e.Join(legs[i-1], l)
			if record {
				r, err := e.Record(legs[i-1])
				if err != nil {
					b.Fatal(err)
				}
				recs = append(recs, r)
			}
		}
		if _, err := in.Write([]byte(strings.Join(ports, " ") + "\n")); err != nil {
			b.Fatal(err)
		}
		before, cpu, had := time.Now(), processTime(), mallocCount()
		lines.Scan()
		used, elapsed, mallocs := processTime()-cpu, time.Since(before), mallocCount()-had
		var m metered
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			b.Fatal(err)
		}
		s := e.Stats()
		for _, r := range recs {
			if _, length, err := r.Close(); err != nil || length < sourceTime-100*time.Millisecond {
				b.Fatalf("a recording of %v, %v", length, err)
			}
		}
		if err := child.Wait(); err != nil {
			b.Fatal(err)
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
		if m.Late > 50*time.Millisecond {
			b.Skipf("INVALID: the source itself was %v late: this machine has other work", m.Late)
		}
		b.ReportMetric(float64(calls)*elapsed.Seconds()/used.Seconds(), "calls/core")
		b.ReportMetric(1e6*float64(m.Lost)/float64(m.Sent), "lost-ppm")
		b.ReportMetric(m.P50.Seconds()*1e3, "delay-p50-ms")
		b.ReportMetric(m.P99.Seconds()*1e3, "delay-p99-ms")
		b.ReportMetric(float64(s.Late), "late-ticks")
		b.ReportMetric(float64(mallocs)/float64(s.Received+s.Sent), "mallocs/packet")
		b.ReportMetric(m.Late.Seconds()*1e3, "source-late-ms")
	}
}

func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// source is the child's state: what was sent when, and what came out.
type source struct {
	clock  netio.Clock
	conns  []*netio.Conn
	ports  []uint16
	legOf  [1 << 16]int32 // by the engine's port
	sentAt [][512]time.Duration
	seen   [][512]bool
	delays []time.Duration
	lost   int
	sent   int
	late   time.Duration
	begun  time.Duration
}

// childSource is the process that makes the calls of a benchmark.
func childSource() bool {
	n, err := strconv.Atoi(os.Getenv(sourceEnv))
	if err != nil {
		return false
	}
	s := &source{clock: netio.NewClock(), sentAt: make([][512]time.Duration, n), seen: make([][512]bool, n)}
	for range sourcePorts {
		c, err := netio.Listen(netip.AddrPortFrom(loopback, 0), netio.Options{ReceiveBuffer: 4 << 20, SendBuffer: 4 << 20})
		if err != nil {
			panic(err)
		}
		s.conns, s.ports = append(s.conns, c), append(s.ports, uint16(c.Port()))
	}
	say := json.NewEncoder(os.Stdout)
	_ = say.Encode(s.ports)
	line, _ := bufio.NewReaderSize(os.Stdin, 1<<20).ReadString('\n')
	var to []netip.AddrPort
	for i, f := range strings.Fields(line) {
		p, _ := strconv.Atoi(f)
		s.legOf[p] = int32(i) + 1
		to = append(to, netip.AddrPortFrom(loopback, uint16(p)))
	}
	s.run(to)
	slices.Sort(s.delays)
	m := metered{Sent: s.sent, Lost: s.lost, Late: s.late}
	if k := len(s.delays); k > 0 {
		m.P50, m.P99 = s.delays[k/2], s.delays[k*99/100]
	}
	_ = say.Encode(m)
	return true
}

// run sends a quarter of the streams each 5 ms, and reads what comes.
func (s *source) run(to []netip.AddrPort) {
	batch := netio.NewBatch(64, rtp.MaxPacket)
	buffers := make([][]byte, len(to))
	senders := make([]rtp.Sender, len(to))
	for i := range to {
		senders[i] = rtp.NewSender(uint32(i), 0, 0)
	}
	payload := make([]byte, rtp.FrameSize)
	s.begun = s.clock.Now()
	var out []netio.Datagram
	for n := 0; ; n++ {
		at := s.begun + time.Duration(n)*5*time.Millisecond
		s.clock.SleepUntil(at)
		if s.clock.Now()-s.begun > sourceTime {
			break
		}
		s.read(batch)
		s.late = max(s.late, s.clock.Now()-at)
		frame := n / 4
		for c := range s.conns {
			out = out[:0]
			for i := c; i < len(to); i += len(s.conns) {
				if i/len(s.conns)%4 != n%4 {
					continue
				}
				s.forget(i, frame, at)
				// Bytes that G.711 gives back as they were, whatever decodes and encodes them.
				for k := range 4 {
					payload[k] = 0x90 | byte(frame>>(4*k))&15
				}
				buffers[i] = senders[i].Packet(buffers[i][:0], at-s.begun, 0, payload)
				out = append(out, netio.Datagram{B: buffers[i], Addr: to[i]})
				s.sentAt[i][frame%512] = s.clock.Now()
			}
			if k, err := batch.Send(s.conns[c], out); k < len(out) {
				panic(err)
			}
		}
	}
}

// forget settles the account of the frame whose place is needed again, and half a
// second later: it was lost if nobody saw it.
func (s *source) forget(i, frame int, at time.Duration) {
	old := frame - 50 // a second ago
	if old >= 0 && time.Duration(old)*rtp.FrameTime >= sourceSettle {
		s.sent++
		if !s.seen[i][old%512] {
			s.lost++
		}
	}
	s.seen[i][frame%512] = false
}

func (s *source) read(batch *netio.Batch) {
	for _, c := range s.conns {
		for {
			in, err := batch.Receive(c, s.clock)
			if err != nil {
				panic(err)
			}
			for _, d := range in {
				leg := s.legOf[d.Addr.Port()] - 1
				if leg < 0 || len(d.B) != 12+rtp.FrameSize || d.B[12]>>4 != 9 {
					continue // silence, or a frame made up
				}
				from := leg ^ 1
				frame := 0
				for k := range 4 {
					frame |= int(d.B[12+k]&15) << (4 * k)
				}
				if !s.seen[from][frame%512] {
					s.seen[from][frame%512] = true
					if d.At-s.begun > sourceSettle {
						s.delays = append(s.delays, d.At-s.sentAt[from][frame%512])
					}
				}
			}
			if len(in) < 64 {
				break
			}
		}
	}
}

func mallocCount() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}
