package rtp

import "time"

// The buffer's limits, in timestamp units.
const (
	ringSize  = 8192      // 1.024 s: what can lie between the oldest and the newest sample
	chunk     = 8         // 1 ms: presence is noted by chunk, so 10, 20, 30 ms packets may alternate
	margin    = 40        // 5 ms above the lateness seen
	maxTarget = Rate / 5  // 200 ms: beyond it a conversation suffers more from delay than from gaps
	startPeak = FrameSize // lateness assumed before any was seen
	skipFrom  = FrameSize + 80
	skipMust  = 2 * FrameSize
	fine      = 1024      // parts of a unit, so that a small peak decays too
	minWindow = 10 * Rate // fastest transit is the minimum over the last 10 to 20 s, so that clocks may drift
)

// Played says what a frame taken from a buffer is.
type Played uint8

const (
	Idle      Played = iota // nothing has come, or nothing for a second: silence
	Audio                   // as it was sent
	Concealed               // at least a part was not there in time
	Stretched               // a frame made up to gain time: packets come later than they did
	Skipped                 // audio, but 20 ms before it were left out: packets come sooner than they did
)

// BufferCounts is what a buffer did so far.
type BufferCounts struct {
	Frames    uint32 // taken while a stream was there
	Concealed uint32 // of these: in part or whole
	Stretched uint32
	Skipped   uint32
	Late      uint32 // packets that came after their time
	Resyncs   uint32 // jumps of the timestamp followed
	Strange   uint32 // packets whose timestamp belongs nowhere
}

// JitterBuffer plays a stream out at an even pace. Its delay follows the lateness
// of packets (against the fastest of the last 10 to 20 s): at once upwards, slowly
// down, by making up a frame or leaving one out, at most 200 ms. A gap is filled by
// repeating the last pitch period, fading out within 60 ms; see concealer.
//
// Each Take is one frame of its owner's clock, whatever the packets' timestamps do:
// a jump of them neither stretches nor shortens what is recorded.
type JitterBuffer struct {
	ring [ringSize]int16
	have [ringSize / chunk / 64]uint64

	anchored bool
	lastTS   uint32
	lastAt   int64 // lastTS on the line: timestamps without their wrap
	play     int64 // next to be played
	newest   int64 // end of what has come

	minNow, minBefore, minSince int64 // transit, and when its window began
	peak                        int64 // lateness to provide for, in 1/1024 units

	strangeTS uint32 // where a jumped stream would go on
	strange   bool

	conceal  concealer
	counts   BufferCounts
	delaySum int64
}

// Reset forgets the stream, not the counts: another source begins.
func (j *JitterBuffer) Reset() {
	j.anchored, j.strange = false, false
	j.conceal = concealer{}
}

// Counts returns what the buffer did so far.
func (j *JitterBuffer) Counts() BufferCounts { return j.counts }

// Delay returns the mean time that audio spent here, above the fastest packets'
// transit; 0 when nothing was played.
func (j *JitterBuffer) Delay() time.Duration {
	if j.counts.Frames == 0 {
		return 0
	}
	return span(j.delaySum / int64(j.counts.Frames))
}

// Target returns the delay the buffer aims at now.
func (j *JitterBuffer) Target() time.Duration { return span(j.target()) }

func (j *JitterBuffer) target() int64 { return min(j.peak/fine+margin, maxTarget) }

// Put takes in a packet of audio that arrived at the instant now. It copies.
func (j *JitterBuffer) Put(now time.Duration, p *Packet, c Codec) {
	if at, ok := j.locate(units(now), p.Timestamp, int64(len(p.Payload))); ok {
		j.write(at, p.Payload, c)
	}
}

// PutSilence takes in n samples, 40 ms at most, of which it is known that nothing is to be heard:
// the time of a DTMF event is no gap to conceal.
func (j *JitterBuffer) PutSilence(now time.Duration, ts uint32, n int) {
	if !j.anchored { // an event alone does not begin a stream of audio
		return
	}
	var quiet [2 * FrameSize]byte
	for i := range quiet {
		quiet[i] = PCMU.Silence()
	}
	n = min(n, len(quiet))
	if at, ok := j.locate(units(now), ts, int64(n)); ok {
		j.write(at, quiet[:n], PCMU)
	}
}

// locate finds where on the line a packet of n samples goes; ok is false if nowhere.
func (j *JitterBuffer) locate(now int64, ts uint32, n int64) (at int64, ok bool) {
	n -= n % chunk
	if n == 0 {
		return 0, false
	}
	if !j.anchored {
		j.anchor(now, ts)
	}
	at = j.lastAt + int64(int32(ts-j.lastTS))
	if at < j.play-ringSize/2 || at+n > j.play+ringSize {
		if !j.strange || ts != j.strangeTS {
			j.strange, j.strangeTS = true, ts+uint32(n)
			j.counts.Strange++
			return 0, false
		}
		j.counts.Resyncs++ // the second in order: the stream is there now
		j.anchor(now, ts)
		at = j.lastAt
	}
	j.strange = false
	if at > j.lastAt {
		j.lastTS, j.lastAt = ts, at
	}
	j.watch(now, at)
	if at+n <= j.play {
		j.counts.Late++
		return 0, false
	}
	j.newest = max(j.newest, at+n)
	return at, true
}

// anchor begins a line at ts, to be played when the target delay has passed.
func (j *JitterBuffer) anchor(now int64, ts uint32) {
	j.anchored, j.strange = true, false
	j.lastTS, j.lastAt = ts, 0
	j.minNow, j.minBefore, j.minSince = now, now, now
	j.peak = startPeak * fine
	j.play, j.newest = -FrameSize, 0 // always a whole chunk, and at best where packets begin
	j.have = [len(j.have)]uint64{}
}

// watch learns from one packet's transit.
func (j *JitterBuffer) watch(now, at int64) {
	transit := now - at
	if now-j.minSince > minWindow {
		j.minBefore, j.minNow, j.minSince = j.minNow, transit, now
	}
	j.minNow = min(j.minNow, transit)
	// It must be there when the frame that holds its beginning is played: earlier than its
	// own time if frames do not begin where packets do.
	early := (at - j.play) % FrameSize
	if early < 0 {
		early += FrameSize
	}
	late := min(transit-j.fastest()+early, maxTarget) * fine
	j.peak = max(late, j.peak-j.peak/512) // half of it in 7 s of 20 ms packets
}

func (j *JitterBuffer) fastest() int64 { return min(j.minNow, j.minBefore) }

// write decodes into the ring, but nothing into the past.
func (j *JitterBuffer) write(at int64, payload []byte, c Codec) {
	at -= at & (chunk - 1) // at most 1 ms early, and each packet of a stream by the same
	payload = payload[:len(payload)&^(chunk-1)]
	if past := j.play - at; past > 0 {
		if past >= int64(len(payload)) {
			return
		}
		at, payload = j.play, payload[past:]
	}
	for i := 0; i < len(payload); i += chunk {
		k := place(at + int64(i))
		j.have[k>>6] |= 1 << (k & 63)
	}
	for len(payload) > 0 {
		k := int(at & (ringSize - 1))
		n := min(len(payload), ringSize-k)
		c.Decode(j.ring[k:k+n], payload[:n])
		at, payload = at+int64(n), payload[n:]
	}
}

// place returns the number of the chunk in the ring.
func place(at int64) int64 { return at >> 3 & (ringSize/chunk - 1) }

func (j *JitterBuffer) has(at int64) bool {
	k := place(at)
	return j.have[k>>6]>>(k&63)&1 != 0
}

// free makes room for the chunk that will have this one's place.
func (j *JitterBuffer) free(at int64) {
	k := place(at)
	j.have[k>>6] &^= 1 << (k & 63)
}

// Take fills out with the frame that is due at the instant now and says what it is.
func (j *JitterBuffer) Take(now time.Duration, out *Frame) Played {
	if !j.anchored || j.play > j.newest+Rate {
		j.anchored = false
		*out = Frame{}
		return Idle
	}
	// How much later than at the target delay we play: negative, and packets as late
	// as the latest seen would come too late.
	slack := units(now) - j.fastest() - j.target() - j.play
	j.counts.Frames++
	delay := min(max(slack+j.target(), 0), ringSize)
	j.delaySum += delay
	switch {
	case slack < 0 && !j.conceal.heard:
		return j.wait(delay, out)
	case slack < 0:
		j.counts.Stretched++
		j.conceal.fill(out[:])
		return Stretched
	case slack >= skipMust, slack >= skipFrom && j.quiet():
		j.counts.Skipped++
		j.drop()
		j.read(out)
		return Skipped
	}
	switch real, made := j.read(out); {
	case made:
		j.counts.Concealed++
		return Concealed
	case real:
		return Audio
	}
	return j.wait(delay, out)
}

// wait is a frame before the first audio's time has come: silence, and not counted.
func (j *JitterBuffer) wait(delay int64, out *Frame) Played {
	j.counts.Frames--
	j.delaySum -= delay
	*out = Frame{}
	return Idle
}

// quiet reports whether the next frame may be left out unheard: it is nearly
// silent, or not there.
func (j *JitterBuffer) quiet() bool {
	sum := 0
	for at := j.play; at < j.play+FrameSize; at++ {
		if j.has(at) {
			s := int(j.ring[at&(ringSize-1)])
			sum += max(s, -s)
		}
	}
	return sum < 64*FrameSize // -54 dBov
}

// drop leaves the next frame out, fading from it into the one after, so that the
// seam does not click.
func (j *JitterBuffer) drop() {
	const fade = 5 * chunk
	for i := range int64(fade) {
		at, to := j.play+i, j.play+FrameSize+i
		if !j.has(at) || !j.has(to) {
			break
		}
		a, b := int64(j.ring[at&(ringSize-1)]), &j.ring[to&(ringSize-1)]
		*b = int16((a*(fade-i) + int64(*b)*i) / fade)
	}
	for i := int64(0); i < FrameSize; i += chunk {
		j.free(j.play + i)
	}
	j.play += FrameSize
}

// read fills out from the ring: whether anything in it is real, and anything made up.
// Before the first audio a gap is silence and no fault.
func (j *JitterBuffer) read(out *Frame) (real, made bool) {
	for i := int64(0); i < FrameSize; i += chunk {
		at, to := j.play+i, out[i:i+chunk]
		switch {
		case j.has(at):
			k := at & (ringSize - 1)
			copy(to, j.ring[k:k+chunk])
			j.conceal.real(to)
			j.free(at)
			real = true
		case j.conceal.heard:
			j.conceal.fill(to)
			made = true
		default:
			clear(to)
		}
	}
	j.play += FrameSize
	return real, made
}
