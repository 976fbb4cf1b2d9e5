package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"callwright/realcore"
	"callwright/sipua"
)

// lines is a file of JSON lines that grows. Its writer is another goroutine, so that who
// has something to write never waits for the disk.
type lines struct {
	in   chan any
	done chan struct{}
}

const linesWaiting = 10_000

func openLines(name string, log *slog.Logger) (*lines, error) {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	l := &lines{make(chan any, linesWaiting), make(chan struct{})}
	go l.write(f, log.With("file", filepath.Base(name)))
	return l, nil
}

// write writes what comes until close. A line that fails is lost, and what there is of it
// is ended, so that the next can be read.
func (l *lines) write(f io.WriteCloser, log *slog.Logger) {
	defer close(l.done)
	missing := 0
	for v := range l.in {
		b, err := json.Marshal(v)
		if err == nil {
			if missing > 0 {
				b = append([]byte{'\n'}, b...)
			}
			_, err = f.Write(append(b, '\n'))
		}
		switch {
		case err != nil && missing == 0:
			log.Error("lines are missing from now on", "err", err)
		case err == nil && missing > 0:
			log.Warn("lines are written again", "missing", missing)
			missing = 0
		}
		if err != nil {
			missing++
		}
	}
	if err := f.Close(); err != nil {
		log.Error("the last lines may be missing", "err", err)
	}
}

// add writes a line; if far too many wait it is lost, and that is told.
func (l *lines) add(v any) bool {
	select {
	case l.in <- v:
		return true
	default:
		return false
	}
}

func (l *lines) close() {
	close(l.in)
	<-l.done
}

// qualityLine is a leg's audio in figures; null where nothing was measured.
type qualityLine struct {
	Key        realcore.Key `json:"key"`
	Side       string       `json:"side"`
	Agent      string       `json:"agent,omitempty"`
	Ended      time.Time    `json:"ended"`
	Received   int64        `json:"received"`
	Sent       int64        `json:"sent"`
	Loss       float64      `json:"loss"`        // of expected packets, late ones included, in [0, 1]
	BurstRatio float64      `json:"burst_ratio"` // 1: losses are independent
	JitterMs   float64      `json:"jitter_ms"`   // RFC 3550
	RoundTrip  *float64     `json:"round_trip_ms"`
	R          *float64     `json:"r"` // G.107
	MOS        *float64     `json:"mos"`
	OneWay     bool         `json:"one_way"`
	Assuming   string       `json:"assuming"`
}

func qualityOf(q *sipua.LegQuality, p *realcore.Plan) qualityLine {
	l := qualityLine{Key: q.Key, Side: q.Side, Ended: q.Ended, Received: int64(q.Received), Sent: int64(q.Sent), Loss: number0(q.Loss), BurstRatio: number0(q.BurstRatio),
		JitterMs: float64(q.Jitter) / 1e6, OneWay: q.OneWay, R: known(q.R), MOS: known(q.MOS), Assuming: q.Assumptions}
	if q.Measured {
		ms := float64(q.RoundTrip) / 1e6
		l.RoundTrip = &ms
	}
	if q.Agent >= 0 && int(q.Agent) < len(p.Agents) {
		l.Agent = p.Agents[q.Agent].Name
	}
	return l
}

// known is a figure, or nil for NaN: JSON has none.
func known(v float64) *float64 {
	if v != v {
		return nil
	}
	return &v
}

func number0(v float64) float64 {
	if v != v {
		return 0
	}
	return v
}
