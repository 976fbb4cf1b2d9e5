package rtp

import "math"

// HoldTune returns 19.2 s of music on hold, to be repeated: made of tones here, so that a
// centre needs no file and owes nobody a licence. Broken chords of a plucked sound
// over a soft bass, C - Am - F - G twice, below 1.6 kHz, where telephones are clear.
func HoldTune() []int16 {
	const (
		beat  = Rate * 3 / 10 // samples: 200 beats a minute, eight to a bar
		tail  = 2 * beat
		bars  = 8
		whole = bars * 8 * beat
	)
	mix := make([]float64, whole)
	// A note that rings over the end goes on at the beginning: no seam when repeated.
	pluck := func(at int, note, loud float64, length int) {
		hz := 440 * math.Exp2((note-69)/12) // note 69 is the a' of 440 Hz
		for i := range length {
			t := float64(i) / Rate
			rise := min(1, float64(i)/40)
			fall := math.Exp(-t*5) * (1 - float64(i)/float64(length))
			x := math.Sin(2*math.Pi*hz*t) + 0.3*math.Sin(4*math.Pi*hz*t)*math.Exp(-t*8)
			mix[(at+i)%whole] += loud * rise * fall * x
		}
	}
	chords := [4][3]float64{{60, 64, 67}, {57, 60, 64}, {53, 57, 60}, {55, 59, 62}}
	order := [8]int{0, 1, 2, 3, 2, 1, 2, 3} // 3 is the root, an octave up
	melody := [bars][2]float64{{76, 74}, {72, 76}, {77, 76}, {74, 71}, {79, 76}, {76, 72}, {72, 69}, {74, 74}}
	for bar := range bars {
		c := chords[bar%4]
		pluck(bar*8*beat, c[0]-12, 0.10, 6*beat)
		for i, n := range order {
			note := c[0] + 12
			if n < 3 {
				note = c[n]
			}
			pluck((bar*8+i)*beat, note, 0.07, 2*tail)
		}
		pluck(bar*8*beat, melody[bar][0], 0.09, 2*tail)
		pluck((bar*8+4)*beat, melody[bar][1], 0.09, 2*tail)
	}
	pcm := make([]int16, whole)
	for i, x := range mix {
		pcm[i] = int16(math.Round(max(-1, min(1, x)) * math.MaxInt16))
	}
	return pcm
}
