package main

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"callwright/realcore"
	"callwright/sipua"
	"callwright/site"
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
	go func() {
		defer close(l.done)
		defer f.Close()
		bad := false
		for v := range l.in {
			b, err := json.Marshal(v)
			if err == nil {
				_, err = f.Write(append(b, '\n'))
			}
			if err != nil && !bad {
				log.Error("lines are missing from now on", "file", filepath.Base(name), "err", err)
			}
			bad = bad || err != nil
		}
	}()
	return l, nil
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

// tapeLine says whose a recording is: its file's name does not.
type tapeLine struct {
	Key     realcore.Key `json:"key"`
	File    string       `json:"file"`
	Began   time.Time    `json:"began"`
	LengthS float64      `json:"length_s"`
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

// recordedQueues says which queues' calls are recorded.
func recordedQueues(r *site.Recording, p *realcore.Plan) func(realcore.QueueID) bool {
	if r == nil || len(r.Queues) == 0 {
		return nil
	}
	return func(q realcore.QueueID) bool {
		return q >= 0 && int(q) < len(p.Queues) && slices.Contains(r.Queues, p.Queues[q].Name)
	}
}

// retain deletes recordings that are older than they may be, now and every hour.
func retain(ctx context.Context, dir string, days int, log *slog.Logger) {
	for {
		deleteOld(dir, time.Now().AddDate(0, 0, -days), log)
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Hour):
		}
	}
}

func deleteOld(dir string, before time.Time, log *slog.Logger) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".wav") {
			return nil
		}
		if st, err := d.Info(); err == nil && st.ModTime().Before(before) {
			if err := os.Remove(path); err != nil {
				log.Error("a recording that is too old cannot be deleted", "file", filepath.Base(path), "err", err)
				return nil
			}
			log.Info("recording deleted, kept long enough", "file", filepath.Base(path))
		}
		return nil
	})
}
