package live_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/live"
)

// instantly is a door whose people do everything at once: as many events as the host
// can take.
type instantly struct {
	h      *live.Host
	closed chan struct{}
}

func (d *instantly) Carry(_ realcore.Instant, _ *realcore.Event, effects []realcore.Effect) {
	for i := range effects {
		switch e := &effects[i]; e.Kind {
		case realcore.Offer:
			d.h.Post(realcore.OfOffer(realcore.OfferAnswered, e.Offer))
		case realcore.Connect:
			d.h.Post(realcore.Event{Kind: realcore.Released, Agent: e.Agent, Contact: e.Contact})
		case realcore.SegmentEnded:
			d.h.Post(realcore.Event{Kind: realcore.WrapUpDone, Agent: e.Agent, Contact: e.Contact})
		case realcore.Closed:
			d.closed <- struct{}{}
		}
	}
}

func benchHost(b *testing.B, door func(*live.Host) live.Door) (h *live.Host, cfg live.Config, stop func()) {
	lazy := &late{}
	cfg.Plan = plan(b, small)
	cfg.Journal, cfg.Records = files(b)
	cfg.Doors = []live.Door{lazy}
	h, _ = open(b, cfg, nil)
	lazy.Door = door(h)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	for a := range 3 {
		h.Post(realcore.OfAgent(realcore.AgentReady, realcore.AgentID(a)))
	}
	return h, cfg, func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	}
}

// late is a door that is built once there is a host.
type late struct{ live.Door }

// BenchmarkEvents: calls from arrival to wrap-up through the host, with journal, records
// and fsync: arrive, answer, release, wrap-up done. 16 callers are under way at once.
func BenchmarkEvents(b *testing.B) {
	closed := make(chan struct{}, 1024)
	h, _, stop := benchHost(b, func(h *live.Host) live.Door { return &instantly{h: h, closed: closed} })
	calls := 0
	for range 16 {
		h.Post(realcore.Arrive(h.Key(), 0))
	}
	for b.Loop() {
		<-closed
		calls++
		h.Post(realcore.Arrive(h.Key(), 0))
	}
	took := b.Elapsed()
	stop()
	c := h.Counts()
	b.ReportMetric(float64(calls)*4/took.Seconds(), "events/s")
	b.ReportMetric(float64(c.Events)/float64(c.Turns), "events/turn")
}

// BenchmarkLatency: from Post to Carry, one event at a time, 2,000 of them a second as a
// large centre has.
func BenchmarkLatency(b *testing.B) {
	told := make(chan time.Time, 1)
	h, _, stop := benchHost(b, func(*live.Host) live.Door {
		return doorFunc(func(_ realcore.Instant, _ *realcore.Event, effects []realcore.Effect) {
			if effects[0].Kind == realcore.AgentBecame && effects[0].Agent == 0 {
				select {
				case told <- time.Now():
				default:
				}
			}
		})
	})
	<-told
	var took []time.Duration
	for range 100 {
		h.Post(realcore.OfAgent(realcore.AgentLogout, 0))
		<-told
		h.Post(realcore.OfAgent(realcore.AgentReady, 0))
		<-told
	}
	kinds := [2]realcore.EventKind{realcore.AgentLogout, realcore.AgentReady}
	for b.Loop() {
		from := time.Now()
		h.Post(realcore.OfAgent(kinds[len(took)%2], 0))
		took = append(took, (<-told).Sub(from))
		time.Sleep(500*time.Microsecond - time.Since(from))
	}
	stop()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "p50-ns")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
	b.ReportMetric(float64(took[len(took)-1].Nanoseconds()), "max-ns")
}

// BenchmarkOpen: how soon a centre is back after a crash: a journal of a day, its records
// there already.
func BenchmarkOpen(b *testing.B) {
	closed := make(chan struct{}, 1024)
	h, cfg, stop := benchHost(b, func(h *live.Host) live.Door { return &instantly{h: h, closed: closed} })
	for range 16 {
		h.Post(realcore.Arrive(h.Key(), 0))
	}
	for range 100_000 {
		<-closed
		h.Post(realcore.Arrive(h.Key(), 0))
	}
	stop()
	cfg.Doors = nil
	events := int64(0)
	for b.Loop() {
		h, rec := open(b, cfg, nil)
		events += rec.Events
		h.Close()
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}
