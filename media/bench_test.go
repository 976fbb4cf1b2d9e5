package media

import (
	"net/netip"
	"os"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"callwright/media/meter"
	"callwright/media/rtp"
)

// The benchmarks run calls between an engine with one worker and a meter in another
// process, so that the engine's processor time is its own. A call is two legs, each
// with a port pair, 50 packets a second each way. They report
//
//	calls/core   calls over the engine's use of a processor, kernel included
//	lost-ppm     packets lost by us: frames sent to the engine that never came out at
//	             the other leg, a million
//	left-out     frames by which a jitter buffer shortened its delay
//	delay-ms     from the meter's sending to its receiving, p50 and p99
//	late-ticks   of the engine's frames, begun more than 5 ms late

const (
	meterSockets = 64 // shared by all legs
	meterWindow  = 4 * time.Second
	meterSettle  = 2 * time.Second // buffers find their delay first
)

func BenchmarkRecordedCalls(b *testing.B) {
	b.Run("200", func(b *testing.B) { benchCalls(b, 200, true) })
	b.Run("400", func(b *testing.B) { benchCalls(b, 400, true) })
}

func BenchmarkRelayedCalls(b *testing.B) {
	b.Run("350", func(b *testing.B) { benchCalls(b, 350, false) })
	b.Run("700", func(b *testing.B) { benchCalls(b, 700, false) })
}

func benchCalls(b *testing.B, calls int, record bool) {
	for b.Loop() {
		e, err := New(Config{Bind: loopback, Workers: 1, RecordDir: b.TempDir()})
		if err != nil {
			b.Fatal(err)
		}
		m, err := meter.Start(meter.Config{Listen: slices.Repeat([]netip.Addr{loopback}, meterSockets)}, os.Args[0])
		if err != nil {
			b.Fatal(err)
		}
		remote := m.Addrs()
		var legs []*Leg
		var sent []meter.Leg
		var recs []*Recording
		for i := range 2 * calls {
			l, err := e.Open()
			if err != nil {
				b.Fatal(err)
			}
			l.Set(Params{Remote: remote[i%len(remote)], Signalling: loopback, Send: true, Receive: true, Source: rtp.Strict})
			legs = append(legs, l)
			sent = append(sent, meter.Leg{Server: netip.AddrPortFrom(loopback, uint16(l.Port())), Socket: i % len(remote)})
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
		if err := m.Send(sent); err != nil {
			b.Fatal(err)
		}
		time.Sleep(meterSettle)
		before, cpu, had := time.Now(), processTime(), mallocCount()
		r, err := m.Window(meterWindow)
		if err != nil {
			b.Fatal(err)
		}
		used, elapsed, mallocs := processTime()-cpu, time.Since(before), mallocCount()-had
		s := e.Stats()
		for _, r := range recs {
			if _, length, err := r.Close(); err != nil || length < meterSettle+meterWindow {
				b.Fatalf("a recording of %v, %v", length, err)
			}
		}
		if err := m.Close(); err != nil {
			b.Fatal(err)
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
		if r.Late > 50*time.Millisecond || r.Unsent > 0 || r.Dropped > 0 {
			b.Skipf("INVALID: the meter was %v late, %d packets did not leave it and %d were dropped at it: this machine has other work", r.Late, r.Unsent, r.Dropped)
		}
		b.ReportMetric(float64(calls)*elapsed.Seconds()/used.Seconds(), "calls/core")
		b.ReportMetric(1e6*float64(r.Lost)/float64(r.Sent), "lost-ppm")
		b.ReportMetric(float64(r.LeftOut), "left-out")
		b.ReportMetric(r.P50.Seconds()*1e3, "delay-p50-ms")
		b.ReportMetric(r.P99.Seconds()*1e3, "delay-p99-ms")
		b.ReportMetric(float64(s.Late), "late-ticks")
		b.ReportMetric(float64(mallocs)/float64(s.Received+s.Sent), "mallocs/packet")
		b.ReportMetric(r.Late.Seconds()*1e3, "meter-late-ms")
	}
}

func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func mallocCount() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}
