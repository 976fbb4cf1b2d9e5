package sipload

import (
	"slices"
)

// laterDo is something to be done at an instant.
type laterDo struct {
	at instant
	f  func()
}

func (r *Run) doLater() {
	for i := 0; i < len(r.later); i++ {
		if x := r.later[i]; x.at <= r.now {
			r.later = slices.Delete(r.later, i, i+1)
			i--
			x.f()
		}
	}
}

// post leaves something for the loop to do, from any goroutine.
func (r *Run) post(f func()) {
	r.boxMu.Lock()
	r.box = append(r.box, f)
	r.boxMu.Unlock()
	r.wake()
}

func (r *Run) emptyBox() {
	r.awake.Store(false)
	r.boxMu.Lock()
	box := r.box
	r.box = nil
	r.boxMu.Unlock()
	for _, f := range box {
		f()
	}
}
