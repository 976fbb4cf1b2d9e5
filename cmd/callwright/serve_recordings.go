package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"callwright/cti"
	"callwright/realcore"
	"callwright/sipua"
	"callwright/site"
)

// tapes brings together what is known of recordings: the engine says which cannot be
// written, the SIP door whose each is; the index, pages and meters are told both.
type tapes struct {
	mu    sync.Mutex
	kept  map[string]time.Duration // of those that could not be written and have not been told of yet, by path
	pages *cti.Server
}

// tapeLine says whose a recording is: its file's name does not.
type tapeLine struct {
	Key     realcore.Key `json:"key"`
	File    string       `json:"file"` // "": nothing of it could be written
	Began   time.Time    `json:"began"`
	LengthS float64      `json:"length_s"`         // of what the file has
	Broken  bool         `json:"broken,omitempty"` // it could not be written to its end
}

func (t *tapes) tell(pages *cti.Server) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pages = pages
}

// failed is told by the engine, which has logged it.
func (t *tapes) failed(file string, kept time.Duration, _ error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept[file] = kept
	t.pages.Unwritten()
}

// take returns how much there is of a recording that has ended.
func (t *tapes) take(file string, length time.Duration) (has time.Duration, broken bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if kept, broken := t.kept[file]; broken {
		delete(t.kept, file)
		return kept, true
	}
	return length, false
}

// keep has recordings noted and deleted in time, until the function it returns.
func (t *tapes) keep(ctx context.Context, cfg *sipua.Config, plan *realcore.Plan, r *site.Recording, dir string, log *slog.Logger) (func(), error) {
	index, err := openLines(filepath.Join(dir, "index.jsonl"), log)
	if err != nil {
		return nil, err
	}
	cfg.RecordFor = recordedQueues(r, plan)
	cfg.Recorded = func(key realcore.Key, file string, began time.Time, length time.Duration) {
		length, broken := t.take(file, length)
		line := tapeLine{key, filepath.Base(file), began, length.Seconds(), broken}
		if length == 0 && broken {
			line.File = ""
		}
		if !index.add(line) {
			log.Error("a recording is in no index: the disk is too slow", "key", key, "file", line.File)
		}
		t.pages.Recorded(key, file, began, length, broken)
	}
	ctx, stop := context.WithCancel(ctx)
	var retained sync.WaitGroup
	retained.Go(func() { retain(ctx, dir, r.Keep, log) })
	return func() { stop(); retained.Wait(); index.close() }, nil
}

// recordedQueues says which queues' calls are recorded.
func recordedQueues(r *site.Recording, p *realcore.Plan) func(realcore.QueueID) bool {
	if len(r.Queues) == 0 {
		return nil
	}
	return func(q realcore.QueueID) bool {
		return q >= 0 && int(q) < len(p.Queues) && slices.Contains(r.Queues, p.Queues[q].Name)
	}
}

// retain deletes recordings that are older than they may be, now and every hour.
func retain(ctx context.Context, dir string, days int, log *slog.Logger) {
	hour := time.NewTicker(time.Hour)
	defer hour.Stop()
	for {
		if err := deleteOld(dir, time.Now().AddDate(0, 0, -days), log); err != nil {
			log.Error("recordings that are too old are not deleted", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-hour.C:
		}
	}
}

// tapeName is what the engine names recordings: nothing else in the folder is ours to delete,
// prompts least of all.
var tapeName = regexp.MustCompile(`^[0-9a-f]{32}\.wav$`)

// deleteOld deletes the recordings that were last written before an instant.
func deleteOld(dir string, before time.Time, log *slog.Logger) error {
	list, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range list {
		if !e.Type().IsRegular() || !tapeName.MatchString(e.Name()) {
			continue
		}
		st, err := e.Info()
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			errs = append(errs, err)
		case st.ModTime().Before(before):
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				errs = append(errs, err)
				continue
			}
			log.Info("recording deleted, kept long enough", "file", e.Name())
		}
	}
	return errors.Join(errs...)
}
