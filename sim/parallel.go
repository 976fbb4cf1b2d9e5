package sim

import (
	"errors"
	"sync"

	"callwright/sim/world"
)

// parallel runs replications first to last-1 on workers and returns them in
// order of number. When cfg.Stopped it returns the longest unbroken beginning
// that is done, so that a result never depends on who was fast.
func parallel(workers, first, last int, cfg Config, one func(rep int) (run, error)) (runs []run, interrupted bool, err error) {
	n := last - first
	done := make([]run, n)
	errs, ok := make([]error, n), make([]bool, n)
	var mu sync.Mutex
	next, finished := 0, 0
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				mu.Lock()
				if next >= n || cfg.Stopped() {
					mu.Unlock()
					return
				}
				i := next
				next++
				mu.Unlock()
				x, err := one(first + i)
				mu.Lock()
				if done[i], ok[i] = x, err == nil; !errors.Is(err, world.ErrStopped) {
					errs[i] = err
				}
				finished++
				cfg.Progress(first+finished, last)
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	for i := range done {
		if errs[i] != nil {
			return nil, false, errs[i]
		}
		if !ok[i] {
			return done[:i], true, nil
		}
	}
	return done, false, nil
}
