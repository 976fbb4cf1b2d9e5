package sound

import (
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"callwright/media/rtp"
	"callwright/netio"
)

// The benchmarks run one worker against a far end in another process:
//
//	taskset -c 0 go test -run - -bench . -benchtime 1x ./traffic/sipload/sound
//
// They report
//
//	streams/core   streams over our use of a processor, kernel included
//	lost-by-us     packets that we did not send, or that found our sockets full
//	lost-there     of what we sent, by what the far end heard
//	pace-p50-us    from when a frame was due to when it had been sent; likewise p99
//	busy           of the loop's time, at work
//	KB/leg         of heap, for an open leg
//
// A run in which the far end fell behind is INVALID: it says nothing of us.

const (
	settle = 1500 * time.Millisecond
	window = 4 * time.Second
)

// kind is what a benchmark's streams do.
type kind struct {
	engine        func(Config) (Engine, error)
	streams       int
	send, receive bool
}

func BenchmarkPairs(b *testing.B) {
	b.Run("1000", func(b *testing.B) { benchStreams(b, kind{Pairs, 1000, true, true}) })
}

func BenchmarkDense(b *testing.B) {
	b.Run("sink-5000", func(b *testing.B) { benchStreams(b, kind{Dense, 5000, true, false}) })
	b.Run("measured-5000", func(b *testing.B) { benchStreams(b, kind{Dense, 5000, false, true}) })
	b.Run("two-way-1000", func(b *testing.B) { benchStreams(b, kind{Dense, 1000, true, true}) })
	b.Run("two-way-2000", func(b *testing.B) { benchStreams(b, kind{Dense, 2000, true, true}) })
}

func benchStreams(b *testing.B, k kind) {
	for b.Loop() {
		e, err := k.engine(Config{Bind: loopback, Workers: 1, CaptureBytes: -1})
		if err != nil {
			b.Fatal(err)
		}
		heap := heapSize()
		legs, ports := make([]Leg, k.streams), make([]int, k.streams)
		for i := range legs {
			legs[i] = open(b, e)
			ports[i] = legs[i].Port()
		}
		perLeg := float64(heapSize()-heap) / float64(k.streams) / 1024
		w := wish{Ports: ports, Sockets: 300, Send: k.receive, Receive: k.send, Speech: true} // 20 of ours times 300: each stream has two of its own
		switch {
		case !k.receive:
			w.Sockets = 20 // the far end sends nothing that we would have to tell apart
		case !k.send:
			w.Ports, w.Pour = slices.Compact(slices.Sorted(slices.Values(ports))), k.streams
		}
		f, remotes := startFar(b, w)
		speech := Speech(1)
		for i, l := range legs {
			p := params(remotes[i%len(remotes)])
			p.Send, p.Receive = k.send, k.receive
			l.Play(speech)
			l.Set(p)
		}
		f.begin()
		time.Sleep(settle)
		before, cpu, s0 := time.Now(), processTime(), e.Stats()
		time.Sleep(window)
		used, elapsed, s := processTime()-cpu, time.Since(before), e.Stats()
		there := f.end(b)
		var h farHeard
		for _, l := range legs {
			x := l.Close()
			h.Expected += uint64(x.Expected)
			h.Lost += uint64(x.Lost)
			h.Late += uint64(x.Late)
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
		if there.Stats.FramesLate > 0 || there.Stats.Dropped > 0 || there.Stats.Unsent > 0 {
			b.Logf("INVALID: the far end fell behind: %+v", there.Stats)
		}
		if k.receive && h.Expected == 0 || k.send && there.Expected == 0 {
			b.Fatalf("nothing came: %+v, %+v", h, there)
		}
		b.ReportMetric(float64(k.streams)*elapsed.Seconds()/used.Seconds(), "streams/core")
		b.ReportMetric(float64(s.FramesLate-s0.FramesLate+s.Dropped-s0.Dropped+s.Unsent-s0.Unsent), "lost-by-us")
		b.ReportMetric(float64(there.Lost), "lost-there")
		b.ReportMetric(float64(h.Lost), "lost-here")
		b.ReportMetric(float64(h.Late), "late-here")
		b.ReportMetric(float64(s.PaceP50.Microseconds()), "pace-p50-us")
		b.ReportMetric(float64(s.PaceP99.Microseconds()), "pace-p99-us")
		b.ReportMetric(s.Busy, "busy")
		b.ReportMetric(s.Waited, "waited")
		b.ReportMetric(perLeg, "KB/leg")
		b.ReportMetric(0, "ns/op")
	}
}

// BenchmarkPacing compares when 1,000 streams' frames go with when the same loop, which
// sends nothing, is there: what is left of the difference is ours, the rest the host's.
func BenchmarkPacing(b *testing.B) {
	for _, x := range []struct {
		name   string
		engine func(Config) (Engine, error)
		step   time.Duration
	}{{"pairs", Pairs, 5 * time.Millisecond}, {"dense", Dense, time.Millisecond}} {
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				idle := control(x.step, 1000, window)
				e, err := x.engine(Config{Bind: loopback, Workers: 1, CaptureBytes: -1})
				if err != nil {
					b.Fatal(err)
				}
				legs, ports := make([]Leg, 1000), make([]int, 1000)
				for i := range legs {
					legs[i] = open(b, e)
					ports[i] = legs[i].Port()
				}
				f, remotes := startFar(b, wish{Ports: ports, Sockets: 20, Receive: true})
				for i, l := range legs {
					p := params(remotes[i])
					p.Receive = false
					l.Set(p)
				}
				f.begin()
				time.Sleep(window)
				s := e.Stats()
				f.end(b)
				for _, l := range legs {
					l.Close()
				}
				if err := e.Close(); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(s.PaceP50.Microseconds()), "pace-p50-us")
				b.ReportMetric(float64(s.PaceP99.Microseconds()), "pace-p99-us")
				b.ReportMetric(float64(idle.Quantile(0.50).Microseconds()), "control-p50-us")
				b.ReportMetric(float64(idle.Quantile(0.99).Microseconds()), "control-p99-us")
				b.ReportMetric(float64(s.FramesLate), "frames-late")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}

// control is the pacing loop without sockets.
func control(step time.Duration, streams int, d time.Duration) (l netio.Lateness) {
	clock := netio.NewClock()
	var w netio.Watch
	w.Begin(0)
	defer w.End()
	turn := streams * int(step) / int(rtp.FrameTime)
	for due := step; due < d; due += step {
		clock.SleepUntil(due)
		for range turn {
			l.Add(clock.Now()-due, 1)
		}
	}
	return l
}

func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func heapSize() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
