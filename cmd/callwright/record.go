package main

import (
	"bufio"
	"context"
	"fmt"
	"os"

	"callwright/realcore"
	"callwright/realcore/journal"
	"callwright/sim/world"
	"callwright/traffic"
)

// record plays the first replication once more with a journal, and says what
// `callwright replay` must print for it.
func record(ctx context.Context, name string, p *realcore.Plan, d *traffic.Demand, seed uint64) error {
	w, err := world.New(p, d, seed, 0)
	if err != nil {
		return fmt.Errorf("%w: %w", err, errRun)
	}
	w.Digest = &journal.Digest{}
	w.Stopped = func() bool { return ctx.Err() != nil }
	err = writeWhole(name, func(f *os.File) error {
		buf := bufio.NewWriter(f)
		var err error
		if w.Journal, err = journal.NewWriter(buf, p); err != nil {
			return err
		}
		if _, err := w.Run(); err != nil {
			return err
		}
		return buf.Flush()
	})
	if err != nil {
		return fmt.Errorf("%s: %w: %w", name, err, errRun)
	}
	fmt.Fprintf(os.Stderr, "journal: %s, %d events, effects %v\n", name, w.Events, w.Digest)
	return nil
}
