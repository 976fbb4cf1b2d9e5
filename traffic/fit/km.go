package fit

import (
	"math"

	"callwright/traffic"
)

// KM is Kaplan and Meier's estimate of a survival function from lengths some of
// which are cut on the right: a step at each observed length t by (1 - d/n), d
// ends among n still there. At equal lengths ends come before cuts. SE is
// Greenwood's standard error. (Kaplan and Meier 1958; Greenwood 1926.)
type KM struct {
	T, S, SE []float64 // S holds from T on
	AtRisk   []float64 // before T
}

// kaplanMeier returns the estimate of a sample.
func kaplanMeier(s *Sample) KM {
	var km KM
	risk := s.Observed() + s.Cut()
	left, sum, k := 1.0, 0.0, 0
	for i, t := range s.X {
		for k < len(s.CutX) && s.CutX[k] < t {
			risk -= s.CutN[k]
			k++
		}
		d := s.N[i]
		left *= 1 - d/risk
		sum += d / (risk * (risk - d)) // +Inf at the end, where S is 0
		se := left * math.Sqrt(sum)
		if left == 0 {
			se = 0
		}
		km.T, km.S, km.SE, km.AtRisk = append(km.T, t), append(km.S, left), append(km.SE, se), append(km.AtRisk, risk)
		risk -= d
	}
	return km
}

// At returns the part that lasts longer than t.
func (km *KM) At(t float64) float64 {
	s := 1.0
	for i, x := range km.T {
		if x > t {
			break
		}
		s = km.S[i]
	}
	return s
}

// distance is Kolmogorov and Smirnov's: the largest difference between the law and
// the sample's distribution (Kaplan and Meier's), as far as at least 30 are at
// risk. A law is compared at the ends of the roundings.
func (s *Sample) distance(l *traffic.Law) float64 {
	km := kaplanMeier(s)
	far, before := 0.0, 1.0
	for i, t := range km.T {
		if km.AtRisk[i] < 30 && i > 0 {
			break
		}
		far = max(far, math.Abs(l.Survival(t+s.Rounding/2)-km.S[i]))
		if lo := t - s.Rounding/2; lo > 0 {
			far = max(far, math.Abs(l.Survival(lo)-before))
		}
		before = km.S[i]
	}
	return far
}
