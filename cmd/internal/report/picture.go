package report

import (
	"gonum.org/v1/plot/vg/draw"

	"callwright/cmd/internal/page"
	"callwright/sim/beside"
)

// Picture is one drawing of a study, in any page.Size, as SVG or PNG.
type Picture = page.Picture

// theme draws in a language.
type theme struct {
	page.Theme
	w words
}

// drawn gives a drawing its words.
func (w words) drawn(f func(t theme, c draw.Canvas)) func(page.Theme, draw.Canvas) {
	return func(t page.Theme, c draw.Canvas) { f(theme{t, w}, c) }
}

// QueuePictures draws one queue of a study: service level by interval, required
// and staffed agents, waits; what the study does not hold is left out.
func QueuePictures(s *beside.Study, q *beside.Queue, lang string) ([]Picture, error) {
	w, err := wordsOf(lang)
	if err != nil {
		return nil, err
	}
	return defaults(w.serviceLevel(s, q), w.staffing(s, q), w.waits(q)), nil
}

// CenterPictures draws what is not of one queue: occupancy by group and
// interval, the bridge.
func CenterPictures(s *beside.Study, lang string) ([]Picture, error) {
	w, err := wordsOf(lang)
	if err != nil {
		return nil, err
	}
	return defaults(w.occupancy(s), w.bridge(s)), nil
}

// defaults leaves out empty pictures and gives the others their width.
func defaults(list ...Picture) []Picture {
	var out []Picture
	for _, p := range list {
		if p.Draw != nil {
			p.Width = page.Wide
			out = append(out, p)
		}
	}
	return out
}
