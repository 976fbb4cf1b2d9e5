package fit

import "math"

// expected is how many calls a day and slot should have had, given its weekday and
// which part of each slot counts.
func (a *Arrivals) expected(d *Day, weight []float64) []float64 {
	w := a.Week[d.Date.Weekday()]
	m := a.Groups[w.Group].sum()
	for k := range m {
		m[k] *= w.Factor * weight[k]
	}
	return m
}

// scatter estimates how far counts lie around what is expected, beyond Poisson.
func (a *Arrivals) scatter(g grid) {
	var day, slot, weight []float64
	var residuals []float64
	dispersion, cells := 0.0, 0.0
	for i := range a.Days {
		d := &a.Days[i]
		if !d.counts() {
			continue
		}
		m := a.expected(d, g.w[i])
		total, e := total(m), total(g.n[i])
		day = append(day, ((e-total)*(e-total)-total)/(total*total))
		residuals = append(residuals, e/total-1)
		for k, x := range m {
			if x == 0 {
				continue
			}
			given := x * e / total
			// given the day's total, the variance of a share p is m(1-p), not m
			slot = append(slot, (g.n[i][k]-given)*(g.n[i][k]-given)-given*(1-x/total))
			weight = append(weight, given*given)
			dispersion += (g.n[i][k] - x) * (g.n[i][k] - x) / x
			cells++
		}
	}
	// Means of weekdays and slots were estimated from the same days: the moments
	// miss as much as those estimates took, n/(n-k).
	parameters := a.parameters()
	days, groups := float64(len(day)), float64(len(a.Groups))
	a.Dispersion, a.DayCV, a.IntervalCV = math.NaN(), unknown(), unknown()
	if days > groups {
		a.Dispersion = dispersion / cells
	}
	if days > parameters {
		v := meanOf(day, parameters)
		f := days / (days - parameters)
		a.DayCV = root(Estimate{v.Value * f, v.Low * f, v.High * f})
	}
	num, den, spread := 0.0, 0.0, 0.0
	for k := range slot {
		num, den = num+slot[k], den+weight[k]
	}
	if den > 0 && days > groups {
		r := num / den
		for k := range slot {
			spread += (slot[k] - r*weight[k]) * (slot[k] - r*weight[k])
		}
		f := days / (days - groups)
		e := around(r, math.Sqrt(spread)/den, cells/f)
		a.IntervalCV = root(Estimate{e.Value * f, e.Low * f, e.High * f})
	}
	a.PeriodCV = periodCV(residuals, a.DayCV.Value)
}

// shrunk is how many free volumes the weekdays of a group amount to.
func (a *Arrivals) shrunk(g int) float64 {
	n := 0.0
	for _, d := range a.Groups[g].Days {
		w := &a.Week[d]
		if raw := w.Mean.Value/a.Groups[g].Mean - 1; raw != 0 {
			n += (w.Factor - 1) / raw
		}
	}
	return max(0, n-n/float64(len(a.Groups[g].Days)))
}

// root turns squares of coefficients of variation into such, 0 where negative.
func root(e Estimate) Estimate {
	return Estimate{math.Sqrt(max(0, e.Value)), math.Sqrt(max(0, e.Low)), math.Sqrt(max(0, e.High))}
}

// periodCV is the error of the mean of so many days: that of the day's factor over
// the root of their number, enlarged where neighbouring days are busy together
// (lag-one correlation r: (1+r)/(1-r), Bartlett 1946).
func periodCV(residuals []float64, dayCV float64) Estimate {
	n := float64(len(residuals))
	if n < 3 {
		return unknown()
	}
	m := mean(residuals)
	num, den := 0.0, 0.0
	for i, x := range residuals {
		den += (x - m) * (x - m)
		if i > 0 {
			num += (x - m) * (residuals[i-1] - m)
		}
	}
	r := 0.0
	if den > 0 {
		r = max(0, min(num/den, 0.8))
	}
	return Estimate{dayCV * math.Sqrt((1+r)/(1-r)/n), math.NaN(), math.NaN()}
}
