package rtp

import (
	"math"
	"math/rand/v2"
	"sort"
	"testing"
	"time"
)

// sine returns G.711 packets of a tone.
func sine(hz float64, n int) []*Packet {
	ps := make([]*Packet, n)
	for i := range ps {
		ps[i] = voice(uint16(i), uint32(i*FrameSize))
		var f Frame
		for k := range f {
			f[k] = int16(8000 * math.Sin(2*math.Pi*hz*float64(i*FrameSize+k)/Rate))
		}
		PCMU.Encode(ps[i].Payload, f[:])
	}
	return ps
}

// arrive plays packets to a buffer: delay says how long each takes, negative is lost.
func arrive(ps []*Packet, delay func(i int) time.Duration) (j *JitterBuffer, out []int16) {
	type due struct {
		at time.Duration
		p  *Packet
	}
	var line []due
	for i, p := range ps {
		if d := delay(i); d >= 0 {
			line = append(line, due{time.Duration(i)*FrameTime + d, p})
		}
	}
	sort.SliceStable(line, func(a, b int) bool { return line[a].at < line[b].at })
	j = &JitterBuffer{}
	for tick := range len(ps) {
		now := time.Duration(tick)*FrameTime + 7*time.Millisecond
		for len(line) > 0 && line[0].at <= now {
			j.Put(line[0].at, line[0].p, PCMU)
			line = line[1:]
		}
		var f Frame
		j.Take(now, &f)
		out = append(out, f[:]...)
	}
	return j, out
}

// Without jitter the delay comes down to a frame and a bit, and all is heard.
func TestBufferCalm(t *testing.T) {
	j, out := arrive(sine(400, 3000), func(int) time.Duration { return 30 * time.Millisecond })
	c := j.Counts()
	if c.Concealed != 0 || c.Late != 0 || c.Stretched != 0 || j.Target() > 10*time.Millisecond || j.Delay() > 45*time.Millisecond {
		t.Errorf("%+v, target %v, mean delay %v; want nothing made up, delay below 45ms", c, j.Target(), j.Delay())
	}
	if a := Tone(out[len(out)-Rate:], 400); a < 7900 || a > 8100 {
		t.Errorf("amplitude %.0f, want 8000", a)
	}
}

// With jitter of up to 60 ms the buffer finds its delay, and what comes late is rare.
func TestBufferJitter(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 2))
	j, _ := arrive(sine(400, 3000), func(int) time.Duration { return time.Duration(g.Float64() * 60 * float64(time.Millisecond)) })
	c := j.Counts()
	if c.Late > 30 || j.Delay() < 40*time.Millisecond || j.Delay() > 110*time.Millisecond {
		t.Errorf("%+v, mean delay %v; want at most 30 of 3000 late, delay about 75ms", c, j.Delay())
	}
}

// After a minute of calm the delay that one bad second asked for is given back.
func TestBufferRecovers(t *testing.T) {
	j, _ := arrive(sine(400, 4000), func(i int) time.Duration {
		if i >= 500 && i < 550 {
			return time.Duration(i%7) * 25 * time.Millisecond
		}
		return 0
	})
	if c := j.Counts(); c.Stretched == 0 || c.Skipped == 0 || j.Target() > 20*time.Millisecond {
		t.Errorf("%+v, target %v; want it stretched and back below 20ms", c, j.Target())
	}
}

// A sender whose clock is 200 ppm fast or slow is followed for ten minutes.
func TestBufferDrift(t *testing.T) {
	for _, ppm := range []float64{200, -200} {
		j, out := arrive(sine(400, 30000), func(i int) time.Duration {
			return 100*time.Millisecond*2 + time.Duration(ppm*1e-6*float64(i)*float64(FrameTime))/2
		})
		c := j.Counts()
		made := c.Concealed + c.Stretched + c.Skipped
		if made > 40 || j.Delay() > 80*time.Millisecond {
			t.Errorf("%v ppm: %+v, delay %v; want a frame each 200 s", ppm, c, j.Delay())
		}
		if a := Tone(out[len(out)-Rate/2:], 400); a < 7000 {
			t.Errorf("%v ppm: amplitude %.0f at the end", ppm, a)
		}
	}
}

// A lost packet in a tone is filled with the tone: in level and in phase. A long gap
// fades to silence.
func TestConceal(t *testing.T) {
	for _, hz := range []float64{100, 220, 440, 1000} {
		j, out := arrive(sine(hz, 400), func(i int) time.Duration {
			if i == 200 || i >= 300 && i < 320 {
				return -1
			}
			return 0
		})
		if c := j.Counts(); c.Concealed != 21 {
			t.Errorf("%v Hz: %d frames concealed, want 21", hz, c.Concealed)
		}
		// Where packet 200 was played, plus a frame on either side: nothing sticks out.
		worst := 0.0
		limit := 2 * math.Pi * hz / Rate * 8000 * 1.6 // steepest slope of the tone, with room for G.711
		for i := 190 * FrameSize; i < 215*FrameSize; i++ {
			worst = max(worst, math.Abs(float64(out[i])-float64(out[i-1])))
		}
		if worst > limit+400 {
			t.Errorf("%v Hz: a step of %.0f in the concealment, want below %.0f", hz, worst, limit+400)
		}
		if loud := RMS(out[312*FrameSize : 314*FrameSize]); loud > 1 {
			t.Errorf("%v Hz: level %.1f in a gap of 400 ms, want silence", hz, loud)
		}
	}
}

// Packets of 10, 30 and 60 ms, and one that begins in the middle of a millisecond.
func TestBufferPacketTimes(t *testing.T) {
	for _, size := range []int{80, 240, 480} {
		var j JitterBuffer
		ts, seq := uint32(12345), uint16(0)
		heard := 0
		for tick := range 200 {
			now := time.Duration(tick) * FrameTime
			for units(now) >= int64(ts-12345)+int64(size) {
				p := voice(seq, ts)
				p.Payload = make([]byte, size) // 0: full negative scale
				j.Put(now, p, PCMU)
				ts, seq = ts+uint32(size), seq+1
			}
			var f Frame
			if j.Take(now, &f); f[0] < -30000 && f[FrameSize-1] < -30000 {
				heard++
			}
		}
		if c := j.Counts(); heard < 180 || c.Concealed > 3 {
			t.Errorf("%d samples a packet: %d of 200 frames heard, %+v", size, heard, c)
		}
	}
}

func BenchmarkBuffer(b *testing.B) {
	ps := sine(400, 100)
	var j JitterBuffer
	var f Frame
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		p := *ps[i%100]
		p.Timestamp = uint32(i * FrameSize)
		now := time.Duration(i) * FrameTime
		j.Put(now, &p, PCMU)
		j.Take(now, &f)
		i++
	}
}
