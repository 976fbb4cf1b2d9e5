package sipload

import (
	"context"
	"net/netip"

	"callwright/traffic/loadstats"
)

// Try has a target called as a search for its limit wants: at one rate, until cfg's arrivals
// end or a threshold is lost. The rate carries if all thresholds were kept, and says
// something only if the generator kept up.
func Try(ctx context.Context, cfg Config, rate float64) (loadstats.Trial, *loadstats.End, *loadstats.Interval, error) {
	cfg.Early = true
	run, err := New(cfg)
	if err != nil {
		return loadstats.Trial{}, nil, nil, err
	}
	end, total := run.Play(ctx)
	t := loadstats.Trial{Rate: rate, Passed: true, Valid: len(end.Check.Faults()) == 0 && !end.Interrupted}
	for _, j := range cfg.Thresholds.Judge(total) {
		t.Passed = t.Passed && j.Passed
	}
	return t, end, total, nil
}

// Facing has callers call an answerer in the same process: what a host can generate, both
// sides sharing its cores. caller's Target and Addrs are the answerer's.
func Facing(ctx context.Context, caller, answerer Config) (*loadstats.End, *loadstats.Interval, error) {
	other, err := New(answerer)
	if err != nil {
		return nil, nil, err
	}
	ctx2, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); _, _ = other.Play(ctx2) }()
	defer func() { stop(); <-done }()
	to := other.Addrs()[0]
	caller.Target, caller.Addrs = "sip:answer@"+to.String(), []netip.AddrPort{to}
	run, err := New(caller)
	if err != nil {
		return nil, nil, err
	}
	end, total := run.Play(ctx)
	return end, total, nil
}
