package report

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"callwright/cmd/internal/page"
	"callwright/sim/beside"
)

// TextOptions says what to leave out. The zero value shows everything.
type TextOptions struct {
	Queue         string // only this one; "" for all
	NoIntervals   bool   // no tables by interval
	NoDefinitions bool   // definitions stay beside the numbers, the list at the end goes
}

// few is how many queues still have their sentence at the head of a report.
const few = 3

// Text writes a study as tables for people, in "en" or "ja". Warnings and
// assumptions are always shown.
func Text(w io.Writer, s *beside.Study, lang string, opt TextOptions) error {
	say, err := wordsOf(lang)
	if err != nil {
		return err
	}
	if opt.Queue != "" {
		if s, err = only(s, opt.Queue); err != nil {
			return err
		}
	}
	p := &printer{w: say}
	p.study(s, opt)
	_, err = w.Write(p.b.Bytes())
	return err
}

// only returns the study of one queue.
func only(s *beside.Study, name string) (*beside.Study, error) {
	var names []string
	for i := range s.Queues {
		if s.Queues[i].Name == name {
			one := *s
			one.Queues = s.Queues[i : i+1]
			return &one, nil
		}
		names = append(names, s.Queues[i].Name)
	}
	return nil, fmt.Errorf("report: no queue %q; the study has %q", name, names)
}

type printer struct {
	w words
	b bytes.Buffer
}

func (p *printer) line(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

func (p *printer) section(title string) { p.line("\n== %s ==", title) }

func (p *printer) study(s *beside.Study, opt TextOptions) {
	w := p.w
	p.line("%s", Clean(titleOf(s, w)))
	if s.Scenario != "" {
		p.line("%s", Clean(w.s("scenario", s.Scenario)))
	}
	p.section(w.s("conclusion"))
	for _, x := range w.headline(s, few) {
		p.line("%s", Clean(x))
	}
	if len(s.Bridge) > 0 {
		p.line("%s", Clean(w.bridgeSentence(s)))
	}
	if len(s.Queues) > 1 {
		p.grid(w.queueTable(s))
		if len(s.Judged) > 0 {
			p.grid(w.judgedTable(s, s.Judged))
		}
	}
	for i := range s.Queues {
		p.queue(s, &s.Queues[i], opt)
	}
	if len(s.Bridge) > 0 {
		p.grid(w.bridgeTable(s))
	}
	if len(s.Groups) > 0 {
		p.grid(w.groupTable(s))
	}
	if len(s.Center) > 0 {
		p.grid(w.measureTable(w.s("table.center"), s, s.Center))
	}
	if !opt.NoDefinitions {
		p.section(w.s("section.definitions"))
		for _, d := range w.definitions(s) {
			p.line("- %s: %s", d.Name, d.Is)
		}
	}
	p.list(w.s("section.assumptions"), w.sentences(s.Assumptions), w.s("none.assumptions"))
	p.list(w.s("section.warnings"), w.warnings(s), w.s("none.warnings"))
	p.section(w.s("section.repeat"))
	for _, m := range w.repeat(s) {
		p.line("%s: %s", m.Name, Clean(m.Is))
	}
}

func (p *printer) queue(s *beside.Study, q *beside.Queue, opt TextOptions) {
	p.section(p.w.s("queue", Clean(q.Name)))
	if len(s.Queues) > few {
		p.line("%s", Clean(p.w.sentence(s, q)))
	}
	p.grid(p.w.keyTable(s, q))
	if len(q.Judged) > 0 {
		p.grid(p.w.judgedTable(s, q.Judged))
	}
	if opt.NoIntervals {
		p.line("%s", p.w.rule(s, q))
		if len(q.Days) > 0 {
			p.grid(p.w.dayTable(s, q))
		}
		return
	}
	if len(q.Rows) == 0 {
		p.line("%s", p.w.s("no_intervals"))
		return
	}
	if len(q.Days) > 0 {
		p.grid(p.w.dayTable(s, q))
		p.line("%s", p.w.s("days.intervals", len(q.Rows)))
		return
	}
	p.grid(p.w.intervalTable(s, q))
}

func (p *printer) list(title string, items []string, none string) {
	p.section(title)
	if len(items) == 0 {
		p.line("%s", none)
	}
	for _, x := range items {
		p.line("- %s", Clean(x))
	}
}

// repeat lists what one needs to get the same numbers again.
func (w words) repeat(s *beside.Study) []meaning {
	epoch := s.Epoch
	if s.Zone != "" {
		epoch += " " + s.Zone
	}
	list := []meaning{}
	if s.Digest != "" {
		list = append(list, meaning{w.s("repeat.digest"), s.Digest})
	}
	return append(list, []meaning{
		{w.s("repeat.plan"), orUndefined(s.Plan)},
		{w.s("repeat.seed"), strconv.FormatUint(s.Seed, 10)},
		{w.s("repeat.reps"), strconv.Itoa(s.Reps)},
		{w.s("repeat.level"), w.level(s.Level)},
		{w.s("repeat.interval"), w.seconds(s.IntervalSec)},
		{w.s("repeat.epoch"), orUndefined(strings.TrimSpace(epoch))},
		{w.s("repeat.program"), orUndefined(s.Program)},
	}...)
}

// Clean takes out of a name what would move a terminal's cursor.
func Clean(s string) string { return page.Clean(s) }

func (p *printer) grid(g grid) { g.Text(&p.b) }
