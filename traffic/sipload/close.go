package sipload

import (
	"strconv"

	"callwright/traffic/loadstats"
	"callwright/traffic/sipload/sound"
)

var silence = sound.Silence

func itoa(n int) string { return strconv.Itoa(n) }

// closeSound ends the call's sound and keeps its figures. It returns its packets, if they
// were kept.
func (r *Run) closeSound(c *call) *sound.Capture {
	h := c.leg.Close()
	c.leg = nil
	if !c.up {
		return h.Capture
	}
	a := &loadstats.Audio{Sent: h.Sent, Received: h.Received, Expected: h.Expected, Lost: h.Lost, Late: h.Late, Burst: h.MeanBurst, Jitter: h.JitterMean, First: loadstats.Never,
		Buffer: h.Buffer, OneWay: h.OneWay, KeysSent: h.KeysSent, KeysHeard: len(h.Keys)}
	if h.Expected > 0 {
		a.Loss = min(1, float64(h.Lost+h.Late)/float64(h.Expected))
	}
	if h.Received > 0 {
		a.R, a.MOS = h.R, h.MOS
	}
	if h.First >= 0 {
		a.First = max(0, h.First-r.began-c.a.Final)
	}
	a.Silence = h.Silence()
	a.KeysExpected, a.KeysWrong = c.player.Keys()
	c.a.Audio = a
	return h.Capture
}
