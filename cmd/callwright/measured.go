package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"callwright/cmd/internal/report"
	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/cdr/calllog"
	"callwright/realcore/measure"
)

// measuredLog is a call log to be set beside a simulation of the same days.
type measuredLog struct {
	file    string
	zone    string
	columns []string
	queues  []string // log's name=queue
}

func (m *measuredLog) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&m.file, "measured", "", "call log of the scenario's days, set beside the simulation")
	f.StringVar(&m.zone, "zone", "", "time zone of the log's clock; default: the scenario's")
	f.StringArrayVar(&m.columns, "column", nil, "role=column of the log, where the guess is wrong")
	f.StringArrayVar(&m.queues, "log-queue", nil, "NAME=QUEUE: calls that the log calls NAME belong to the scenario's QUEUE; NAME= leaves them out")
}

// check reports flags that would be of no use.
func (m *measuredLog) check(c *cobra.Command, scenarios int) error {
	if m.file != "" && scenarios > 1 {
		return fmt.Errorf("--measured is %q; it goes with one scenario, not with two: %w", m.file, errInput)
	}
	for _, name := range []string{"zone", "column", "log-queue"} {
		if m.file == "" && c.Flags().Changed(name) {
			return fmt.Errorf("--%s is about the log of --measured, and there is none: %w", name, errInput)
		}
	}
	for _, name := range []string{"bridge", "queue"} {
		if scenarios > 1 && c.Flags().Changed(name) {
			return fmt.Errorf("--%s goes with one scenario, not with two: %w", name, errInput)
		}
	}
	if c.Flags().Changed("journal") {
		return fmt.Errorf("--journal is of sim; compare records none: %w", errInput)
	}
	return nil
}

// read counts the log's calls of the centre's days, by the centre's queues. It
// returns the notes that a report must carry.
func (m *measuredLog) read(k *centre) (*measure.Table, []string, error) {
	zone := k.Epoch.Location()
	if m.zone != "" {
		var err error
		if zone, err = time.LoadLocation(m.zone); err != nil {
			return nil, nil, fmt.Errorf("--zone is %q; want an IANA name such as Asia/Tokyo: %w", m.zone, errInput)
		}
	}
	opt := calllog.Options{Name: m.file, Zone: zone, Columns: m.columns}
	names := calllog.NewNames(calllog.ByAny)
	sum, err := m.pass(opt, names.Add)
	if err != nil {
		return nil, nil, err
	}
	epoch := calllog.Midnight(earlier(sum.First, k.Epoch).In(zone))
	to, notes, err := m.match(names.Plan(m.file, epoch), k)
	if err != nil {
		return nil, nil, err
	}
	t := measure.NewTable(k.Plan, k.measures())
	rec := calllog.NewRecorder(names, epoch, &renumbered{t, to, realcore.Instant(k.Epoch.Sub(epoch))})
	used, shut, last := 0, 0, k.Epoch.Add(time.Duration(k.Closing()))
	_, err = m.pass(opt, func(c *calllog.Call) error {
		switch {
		case c.At.Before(k.Epoch) || !c.At.Before(last):
			return nil
		case !k.OpenAt(realcore.Instant(c.At.Sub(k.Epoch))):
			shut++
			return nil
		}
		used++
		return rec.Add(c)
	})
	if err != nil {
		return nil, nil, err
	}
	if used == 0 {
		return nil, nil, fmt.Errorf("%s has calls from %s to %s, and none on the scenario's days, %s to %s: %w", m.file,
			sum.First.Format(time.DateOnly), sum.Last.Format(time.DateOnly), k.Epoch.Format(time.DateOnly), last.Add(-time.Second).Format(time.DateOnly), errInput)
	}
	notes = append(notes, fmt.Sprintf("measured: %s, %d of its %d calls lie on the scenario's days", m.file, used, sum.Used))
	for _, s := range sum.Remarks()[1:] {
		notes = append(notes, "measured: "+s)
	}
	if shut > 0 {
		notes = append(notes, fmt.Sprintf("measured: %d more came at hours of these days that are not simulated, and are left out", shut))
	}
	return t, notes, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (m *measuredLog) pass(opt calllog.Options, each func(*calllog.Call) error) (calllog.Summary, error) {
	f, err := os.Open(m.file)
	if err != nil {
		return calllog.Summary{}, err
	}
	defer f.Close()
	return calllog.Read(f, opt, each)
}

// match finds the centre's queue for each of the log's. A centre of one queue
// takes all that is not left out.
func (m *measuredLog) match(log *realcore.Plan, k *centre) (to []realcore.QueueID, notes []string, err error) {
	var known, have []string
	for i := range k.Plan.Queues {
		have = append(have, k.Plan.Queues[i].Name)
	}
	for i := range log.Queues {
		known = append(known, report.Clean(log.Queues[i].Name))
	}
	said := map[string]string{}
	for _, x := range m.queues {
		name, queue, ok := strings.Cut(x, "=")
		switch {
		case !ok || !slices.Contains(known, name):
			return nil, nil, fmt.Errorf("--log-queue is %q; want NAME=QUEUE with a name of the log's: %s: %w", x, strings.Join(known, ", "), errInput)
		case queue != "" && !slices.Contains(have, queue):
			return nil, nil, fmt.Errorf("--log-queue is %q; the scenario's queues are %s: %w", x, strings.Join(have, ", "), errInput)
		}
		said[name] = queue
	}
	var lost []string
	for _, name := range known {
		queue, ok := said[name]
		switch {
		case ok && queue == "":
			to, notes = append(to, realcore.None), append(notes, "measured: calls of "+name+" are left out")
			continue
		case !ok && slices.Contains(have, name):
			queue = name
		case !ok && len(have) == 1:
			queue = have[0]
		case !ok:
			lost = append(lost, name)
		}
		to = append(to, realcore.QueueID(slices.Index(have, queue)))
	}
	if lost != nil {
		return nil, nil, fmt.Errorf("%s has queues %s that the scenario does not have; say --log-queue %s=QUEUE for each, with one of %s, or %s= to leave it out: %w",
			m.file, strings.Join(lost, ", "), lost[0], strings.Join(have, ", "), lost[0], errInput)
	}
	return to, notes, nil
}

// renumbered counts a log's records as the centre's: its queues, its instants.
// A log does not say which of the centre's agents is which, so agents' own
// figures are not to be read from the table.
type renumbered struct {
	t     *measure.Table
	queue []realcore.QueueID
	shift realcore.Instant
}

// Contact counts one contact.
func (r *renumbered) Contact(c *cdr.Contact) {
	x := *c
	if x.Queue != realcore.None {
		if x.Queue = r.queue[x.Queue]; x.Queue == realcore.None {
			return
		}
	}
	x.At, x.End = x.At-r.shift, x.End-r.shift
	r.t.Contact(&x)
}

// Visit counts one stay in a queue.
func (r *renumbered) Visit(v *cdr.Visit) {
	x := *v
	if x.Queue = r.queue[x.Queue]; x.Queue == realcore.None {
		return
	}
	x.At, x.End = x.At-r.shift, x.End-r.shift
	r.t.Visit(&x)
}

// Leg counts one agent's part.
func (r *renumbered) Leg(l *cdr.Leg) {
	x := *l
	if x.Queue = r.queue[x.Queue]; x.Queue == realcore.None {
		return
	}
	x.Agent, x.At, x.End = 0, x.At-r.shift, x.End-r.shift
	r.t.Leg(&x)
}

// Span drops agents' time: a call log has none.
func (r *renumbered) Span(*cdr.AgentSpan) {}
