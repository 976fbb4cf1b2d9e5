package main

import (
	"bufio"
	"fmt"
	"io"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/journal"
	"callwright/realcore/measure"
)

// isJournal reports whether the input is a journal and no table.
func (m *measuring) isJournal() (bool, error) {
	r, err := m.open()
	if err != nil {
		return false, err
	}
	defer r.Close()
	head := make([]byte, len(journal.Magic))
	_, err = io.ReadFull(r, head)
	return err == nil && string(head) == journal.Magic, nil
}

// journal replays a journal and measures what it records: the same records, by the same
// code, as the run that wrote it had.
func (m *measuring) journal() error {
	r, err := m.open()
	if err != nil {
		return err
	}
	defer r.Close()
	rd, err := journal.NewReader(bufio.NewReaderSize(r, 1<<20))
	if err != nil {
		return fmt.Errorf("%s: %w: %w", m.opt.Name, err, errInput)
	}
	p, err := journal.NewReplay(rd)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", m.opt.Name, err, errInput)
	}
	t := measure.NewTable(rd.Plan(), m.cfg)
	fold := cdr.NewFold(t)
	last := realcore.Instant(0)
	err = p.All(func(now realcore.Instant, ev *realcore.Event, effects []realcore.Effect) {
		if ev != nil && ev.Kind == realcore.PlanChanged {
			t.Extend(p.Center.Plan())
		}
		fold.Add(now, ev, effects)
		last = now
	})
	if err != nil {
		return fmt.Errorf("%s: %w: %w", m.opt.Name, err, errInput)
	}
	fold.Close(last)
	plan := p.Center.Plan()
	m.sum.Rows, m.sum.Used = int(p.Events), int(p.Events-p.Refused)
	m.replayed = fmt.Sprintf("journal of %s from %s on: %d events (%d refused), effects %v", plan.Name, plan.Epoch, p.Events, p.Refused, &p.Digest)
	m.take(t, plan)
	return nil
}
