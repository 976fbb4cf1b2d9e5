package fit

// Part is a part of a model.
type Part uint8

// The parts.
const (
	Volumes Part = 1 << iota // how many call and when, and how that scatters
	Agents                   // who is on duty, what they serve, and their time between calls
)

// With returns m with parts of o, to ask what a forecast missed by: put the judged
// days' own volumes in, then their own agents, and see which closes the gap. Handle
// times and patience stay m's. Queues that only one of the two has get no calls.
func (m *Model) With(o *Model, parts Part) *Model {
	x := *m
	x.staff = m.duty()
	if parts&Volumes != 0 {
		x.Arrivals = o.Arrivals
		x.Follow.DayCV, x.Follow.IntervalCV = o.Follow.DayCV, o.Follow.IntervalCV
		x.Arrivals.Groups = nil
		for _, g := range o.Arrivals.Groups {
			shapes := make([][][]float64, len(m.Queues))
			for q := range shapes {
				shapes[q] = make([][]float64, len(m.Options.Credits)+1)
				for t := range shapes[q] {
					shapes[q][t] = make([]float64, g.slots())
				}
				for k := range o.Queues {
					if o.Queues[k].Name == m.Queues[q].Name {
						for t := range min(len(shapes[q]), len(g.Shapes[k])) {
							copy(shapes[q][t], g.Shapes[k][t])
						}
					}
				}
			}
			g.Shapes = shapes
			x.Arrivals.Groups = append(x.Arrivals.Groups, g)
		}
	}
	if parts&Agents != 0 {
		x.Groups, x.Duty, x.Away = nil, o.Duty, o.Away
		for _, g := range o.Groups {
			var queues []int
			for _, q := range g.Queues {
				for k := range m.Queues {
					if m.Queues[k].Name == o.Queues[q].Name {
						queues = append(queues, k)
					}
				}
			}
			g.Queues = queues
			x.Groups = append(x.Groups, g)
		}
		x.staff = o.duty()
	}
	return &x
}

// duty is the model that rosters come from.
func (m *Model) duty() *Model {
	if m.staff != nil {
		return m.staff
	}
	return m
}
