package fit

import "math"

// shapes estimates each queue's and tier's expected calls by slot as those of its
// group's days together, each slot over the days on which it was not interrupted:
// a queue's calls by slot, times the tier's share.
func (m *Model) shapes(h *History, bad [][]bool, tiers [][]float64, g grid) {
	a := &m.Arrivals
	fine, slots := len(bad[0]), len(g.n[0])
	for x := range a.Groups {
		weight := make([]float64, slots)
		for _, d := range m.daysOf(x) {
			for k, w := range g.w[d] {
				weight[k] += w
			}
		}
		shapes := make([][][]float64, len(h.queues.names))
		for q := range shapes {
			for range tiers[q] {
				shapes[q] = append(shapes[q], make([]float64, slots))
			}
		}
		for i := range h.calls {
			c := &h.calls[i]
			if !a.Days[c.day].counts() || a.Week[a.Days[c.day].Date.Weekday()].Group != x || bad[c.day][h.slotOf(c, fine)] {
				continue
			}
			k := h.slotOf(c, slots)
			for t, share := range tiers[c.queue] {
				shapes[c.queue][t][k] += c.n * share / weight[k]
			}
		}
		a.Groups[x].Shapes = shapes
	}
}

// sum is the expected calls of all queues by slot.
func (x *DayGroup) sum() []float64 {
	var out []float64
	for _, tiers := range x.Shapes {
		for _, list := range tiers {
			if out == nil {
				out = make([]float64, len(list))
			}
			for k, v := range list {
				out[k] += v
			}
		}
	}
	return out
}

// volumes estimates the volume of each day of the week within its group. What a day
// lost to interruptions is made up by the shape.
func (m *Model) volumes(g grid) {
	a := &m.Arrivals
	for i := range a.Groups {
		x := &a.Groups[i]
		shape := x.sum()
		volume := make([]float64, len(a.Days))
		for w := range x.Days {
			a.Week[x.Days[w]].Mean.Value = 0
		}
		for _, d := range m.daysOf(i) {
			seen := 0.0
			for k, s := range shape {
				seen += s * g.w[d][k]
			}
			volume[d] = total(shape) // as usual, if all of it was interrupted
			if seen > 0 {
				volume[d] *= total(g.n[d]) / seen
			}
			w := &a.Week[a.Days[d].Date.Weekday()]
			w.Mean.Value += volume[d] / float64(w.N)
			x.Mean += volume[d] / float64(x.N)
		}
		within := 0.0
		for _, d := range m.daysOf(i) {
			e := volume[d] - a.Week[a.Days[d].Date.Weekday()].Mean.Value
			within += e * e
		}
		variance, df := math.NaN(), float64(x.N-len(x.Days))
		if df > 0 {
			variance = within / df
		}
		a.shrink(x, variance, df)
		// Shapes are means over slots; the group's mean is one over days.
		for _, tiers := range x.Shapes {
			for _, list := range tiers {
				for k := range list {
					list[k] *= x.Mean / total(shape)
				}
			}
		}
	}
}

// shrink draws the weekdays' means of a group together: B = τ²/(τ² + σ²/n), τ² the
// variance between weekdays beyond what σ², that between days, explains. σ² has df
// degrees of freedom; with none, as on one day of each, nothing tells weekdays apart.
func (a *Arrivals) shrink(x *DayGroup, variance, df float64) {
	between, weight, norm := 0.0, 0.0, 0.0
	for _, d := range x.Days {
		w := &a.Week[d]
		between += float64(w.N) * (w.Mean.Value - x.Mean) * (w.Mean.Value - x.Mean)
		weight += float64(w.N * w.N)
	}
	n, k := float64(x.N), float64(len(x.Days))
	norm = n - weight/n
	tau := 0.0
	if k > 1 {
		tau = max(0, (between-(k-1)*variance)/norm) // method of moments, as in one-way analysis of variance
	}
	if math.IsNaN(variance) {
		tau = 0
	}
	for _, d := range x.Days {
		w := &a.Week[d]
		b := 0.0
		if tau > 0 {
			b = tau / (tau + variance/float64(w.N))
		}
		w.Factor = 1 + b*(w.Mean.Value/x.Mean-1)
		w.Mean = around(w.Mean.Value, math.Sqrt(variance/float64(w.N)), df)
	}
}
