package preflight

import (
	"math"
	"time"

	"callwright/media/rtp"
)

// g711Bpl is G.711's robustness with packet loss concealment, G.113 Appendix I (2007); a
// test holds it to be what media/rtp rates with.
const g711Bpl = 25.1

// Heard is the rating of one path.
type Heard struct {
	Path
	R, MOS           float64 // by the planning form, see planned
	FullR, FullMOS   float64 // by G.107 with its defaults, which a run's reports have; NaN for other codecs than G.711
	Delayed, Damaged float64 // Id and Ie,eff of the planning form
}

func (p *Plan) heard() (out []Heard) {
	v := &p.Voice
	for _, x := range v.Paths {
		h := Heard{Path: x, FullR: math.NaN(), FullMOS: math.NaN()}
		h.Delayed, h.Damaged = delayed(x.Delay), v.damaged(x.Loss)
		h.R = planned(h.Delayed, h.Damaged)
		h.MOS = rtp.MOS(h.R)
		if v.Ie == 0 && v.Bpl == g711Bpl {
			h.FullR = rtp.R(x.Delay, x.Loss, v.BurstRatio)
			h.FullMOS = rtp.MOS(h.FullR)
		}
		out = append(out, h)
	}
	return out
}

// planned is the E-model as planners have it: R = 93.2 - Id - Ie,eff, in [0, 100].
//
// It is not rtp.R, which has G.107's whole equations: there R begins at 93.36, and Id is made
// of echoes and of a delay that counts from 100 ms on. Both agree in Ie,eff and in MOS. R
// differs by up to 0.9 of a point to 300 ms (most at 177 ms), and this form falls faster
// after that: by 3 at 400 ms. Both are on the sheet: acceptance criteria are written with
// this form, and a run's report has the other.
//
// Source: Cole and Rosenbluth, Voice over IP Performance Monitoring, CCR 31 (2001).
func planned(id, ieEff float64) float64 { return min(100, max(0, 93.2-id-ieEff)) }

// delayed is Id: 0.024 d + 0.11 (d - 177.3) above 177.3, d in ms.
func delayed(d time.Duration) float64 {
	ms := float64(d) / float64(time.Millisecond)
	return 0.024*ms + 0.11*max(0, ms-177.3)
}

// damaged is Ie,eff, G.107 (7-29): a loss in [0, 1].
func (v *Voice) damaged(loss float64) float64 {
	ppl := 100 * loss
	return v.Ie + (95-v.Ie)*ppl/(ppl/v.BurstRatio+v.Bpl)
}
