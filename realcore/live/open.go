package live

import (
	"errors"
	"fmt"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/center"
	"callwright/realcore/journal"
)

// Recovered is what Open found in a journal that was there already.
type Recovered struct {
	Events  int64            // the journal had
	Last    realcore.Instant // of the last of them
	Torn    int64            // bytes of an unfinished frame, cut off
	Lost    []realcore.Key   // contacts, consultations among them, that were open and are closed as lost: their dialogs want a BYE
	Records int64            // lines the records' file had
	Remade  int64            // lines that were missing, made again
	Changed bool             // the plan is another than before
	Behind  time.Duration    // how far the anchored clock lay before the journal's end, where it now begins
}

// Open reads and repairs what an earlier run has left, and returns a host that Run
// sets going. Mistakes of the configuration, a journal damaged before its end, and
// disks that fail are errors.
func Open(cfg Config) (*Host, *Recovered, error) {
	if err := cfg.Validate(); err != nil {
		return nil, nil, err
	}
	cfg = cfg.filled()
	h := &Host{cfg: cfg, inbox: newInbox(cfg.Queue), looks: make(chan *look, looksMost), stopped: make(chan struct{}),
		batch: make([]item, 0, batchMost)}
	rec := &Recovered{}
	if err := h.open(rec); err != nil {
		h.closeFiles()
		return nil, nil, err
	}
	h.clock, rec.Behind = anchored(&cfg, time.Now(), h.now)
	h.now = max(h.now, h.clock.at)
	h.plan.Store(h.center.Plan())
	h.publish()
	return h, rec, nil
}

func (h *Host) open(rec *Recovered) error {
	if h.cfg.Journal == "" {
		c, err := center.New(h.cfg.Plan)
		if err != nil {
			return err
		}
		h.begin(h.cfg.Plan, c)
		h.plans = 1
		return nil
	}
	f, err := h.cfg.OpenFile(h.cfg.Journal)
	if err != nil {
		return fmt.Errorf("live: the journal: %w", err)
	}
	h.files = append(h.files, f)
	if err := h.openJournal(f, rec); err != nil {
		return fmt.Errorf("live: the journal %s: %w", h.cfg.Journal, err)
	}
	h.scribe = newScribe(f, h.records, h.fail)
	return nil
}

// begin gives the host its Center and what listens to it.
func (h *Host) begin(first *realcore.Plan, c *center.Center) {
	h.center = c
	h.lines.center, h.lines.epoch = c, epochOf(first)
	h.fold = cdr.NewFold(&sinks{&h.lines, h.cfg.Sink})
}

// openJournal continues the journal in f, or begins it.
func (h *Host) openJournal(f File, rec *Recovered) error {
	size, err := sizeOf(f)
	if err != nil {
		return err
	}
	fresh, err := hardlyBegun(f, size, h.cfg.Plan)
	if err != nil {
		return err
	}
	if fresh {
		c, err := center.New(h.cfg.Plan)
		if err != nil {
			return err
		}
		h.begin(h.cfg.Plan, c)
		h.plans = 1
		if h.book, err = created(f, h.cfg.Plan); err != nil {
			return err
		}
		if err := h.openRecords(h.cfg.Plan, rec); err != nil {
			return err
		}
		return h.sameRecords()
	}
	p, err := replayed(f, &pastOf{h, rec})
	if err != nil {
		return err
	}
	rec.Events, rec.Last, rec.Torn = p.events, p.last, size-p.end
	h.plans, h.now = p.plans, p.last
	h.key.Store(uint64(p.key) | keyGap)
	if most := tornMost + int64(len(h.cfg.Plan.Bytes())); rec.Torn > most {
		return fmt.Errorf("the %d bytes after byte %d are unreadable, more than a crash leaves; want a copy of the file, and it cut there by hand", rec.Torn, p.end)
	}
	if err := sameDays(p.first, h.cfg.Plan); err != nil {
		return err
	}
	if h.book, err = continued(f, p.first, p.last, p.end); err != nil {
		return err
	}
	return h.settle(p, rec)
}

// keyGap: the first key after a restart is at most so far from the last one in
// the journal. Keys handed out and never posted are not in it, and should
// not be handed out again: recordings have their names from them.
const keyGap = 1<<16 - 1

// tornMost is how much of a journal may be cut off: more than is ever written between
// two syncs. A torn frame and a damaged length with days behind it look alike.
const tornMost = 1 << 20

// pastOf listens to a journal being replayed.
type pastOf struct {
	h   *Host
	rec *Recovered
}

func (p *pastOf) begin(first *realcore.Plan, c *center.Center) {
	p.h.begin(first, c)
	p.h.openErr = p.h.openRecords(first, p.rec)
}

func (p *pastOf) add(now realcore.Instant, ev *realcore.Event, effects []realcore.Effect, refused error) {
	p.h.observe(now, ev, effects, refused)
	if p.h.openErr == nil && len(p.h.lines.buf) > 1<<20 { // a long past without records: not all in memory
		p.h.openErr = p.h.writeLines()
	}
}

// settle ends what was going on at the end of the journal, changes the plan if
// need be, and completes the records.
func (h *Host) settle(p *past, rec *Recovered) error {
	if h.openErr != nil {
		return h.openErr
	}
	if somebody(h.center) {
		out, err := h.late(&realcore.Event{Kind: realcore.Shutdown})
		if err != nil {
			return err
		}
		for i := range out {
			if e := &out[i]; e.Kind == realcore.Closed && realcore.Outcome(e.Code) == realcore.Lost {
				rec.Lost = append(rec.Lost, e.Key)
			}
		}
	}
	if p.plan.Digest() != h.cfg.Plan.Digest() {
		if _, err := realcore.Merge(h.center.Plan(), h.cfg.Plan); err != nil {
			return err
		}
		if err := h.book.w.Plan(h.cfg.Plan); err != nil {
			return err
		}
		side := h.center.AddPlan(h.cfg.Plan)
		h.plans++
		if _, err := h.late(&realcore.Event{Kind: realcore.PlanChanged, Side: side}); err != nil {
			return err
		}
		rec.Changed = true
	}
	if err := h.book.f.Sync(); err != nil {
		return err
	}
	if err := h.writeLines(); err != nil {
		return err
	}
	rec.Remade = h.lines.n - min(h.lines.skip, h.lines.n)
	return h.sameRecords()
}

// late journals and steps an event at the end of the past.
func (h *Host) late(ev *realcore.Event) ([]realcore.Effect, error) {
	if err := h.book.w.Event(h.now, ev); err != nil {
		return nil, err
	}
	if err := h.book.flush(); err != nil {
		return nil, err
	}
	out := h.center.Expire(h.now, h.out[:0])
	out, refused := h.center.Step(h.now, ev, out)
	h.out = out
	h.observe(h.now, ev, out, refused)
	return out, refused
}

// openRecords opens the records of a journal that began with the plan, ready to
// be appended to.
func (h *Host) openRecords(first *realcore.Plan, rec *Recovered) error {
	if h.cfg.Records == "" {
		h.lines.off = true
		return nil
	}
	f, err := h.cfg.OpenFile(h.cfg.Records)
	if err != nil {
		return fmt.Errorf("its records: %w", err)
	}
	h.files, h.records = append(h.files, f), f
	head := recordsHead(first)
	t, err := recordsIn(f, head)
	if err != nil {
		return fmt.Errorf("its records %s: %w", h.cfg.Records, err)
	}
	h.lines.skip, h.lines.last, rec.Records = t.n, t.last, t.n
	if err := cut(f, t.end); err != nil {
		return err
	}
	if t.end > 0 {
		return nil
	}
	_, err = f.Write(head)
	return err
}

// writeLines writes the lines that have gathered; the journal has them all.
func (h *Host) writeLines() error {
	if h.records == nil || len(h.lines.buf) == 0 {
		return nil
	}
	_, err := h.records.Write(h.lines.buf)
	h.lines.buf = h.lines.buf[:0]
	return err
}

// sameRecords refuses a file with other records than the journal makes.
func (h *Host) sameRecords() error {
	if h.lines.n < h.lines.skip {
		return fmt.Errorf("it makes %d records, and %s has %d; want the records of this journal, or a new file", h.lines.n, h.cfg.Records, h.lines.skip)
	}
	if h.lines.other {
		return fmt.Errorf("%s has another record %d than it makes; want the records of this journal, or a new file", h.cfg.Records, h.lines.skip)
	}
	return nil
}

func (h *Host) closeFiles() error {
	var errs []error
	for _, f := range h.files {
		errs = append(errs, f.Close())
	}
	h.files = nil
	return errors.Join(errs...)
}

// observe tells records and digest of effects.
func (h *Host) observe(now realcore.Instant, ev *realcore.Event, effects []realcore.Effect, refused error) {
	if ev != nil {
		h.counts.Events++
	}
	if refused != nil {
		h.counts.Refused++
	}
	h.fold.Add(now, ev, effects)
	h.counts.Digest.Add(effects)
}

// sinks hands records on to the file's lines, and to Config.Sink if there is one.
type sinks struct {
	lines *lines
	other cdr.Sink
}

func (s *sinks) Contact(c *cdr.Contact) {
	s.lines.Contact(c)
	if s.other != nil {
		s.other.Contact(c)
	}
}

func (s *sinks) Visit(v *cdr.Visit) {
	s.lines.Visit(v)
	if s.other != nil {
		s.other.Visit(v)
	}
}

func (s *sinks) Leg(l *cdr.Leg) {
	s.lines.Leg(l)
	if s.other != nil {
		s.other.Leg(l)
	}
}

func (s *sinks) Span(sp *cdr.AgentSpan) {
	s.lines.Span(sp)
	if s.other != nil {
		s.other.Span(sp)
	}
}

// Counts is what a host has done so far, a continued journal's past included.
type Counts struct {
	Events  int64          // stepped
	Refused int64          // of these, the Center refused: late, or marks
	Marks   int64          // events about nothing, in this run
	Turns   int64          // in this run
	Digest  journal.Digest // of all effects: a replay of the journal has the same once the run has ended

	TurnedAway int64 // events not taken in this run: too many, no disk, no new calls. They are in no journal and no record
}
