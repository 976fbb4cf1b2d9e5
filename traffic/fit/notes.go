package fit

import (
	"fmt"
	"math"
	"strings"
)

// Notes says what a report of the scenario must say, a sentence each: reports know
// them by their wording, and say them in other languages.
func (m *Model) Notes() []string {
	out := []string{fmt.Sprintf("Fitted by callwright fit on %s to %s, %d calls.", m.From.Format("2006-01-02"), m.To.Format("2006-01-02"), m.Reported.Offered)}
	if m.Report {
		out = append(out, m.handleTimes()...)
		return append(out, "An interval report tells nothing about patience (exponential, 120 s, is assumed) nor about who was on duty (the load in Erlangs plus its root is assumed).")
	}
	d := &m.Duty
	if d.Nameless {
		return append(out, "The log names no agents: on duty are as many as have a call, which is too few to predict waits by. Set agents by hand.")
	}
	out = append(out, fmt.Sprintf("There is no login data: duty is told from who served when, split at gaps of over %s.", length(d.Gap)))
	if m.Options.LeaveOut {
		out = append(out, fmt.Sprintf("%d services without an agent's name were left out of duty.", d.Blank))
	} else {
		out = append(out, fmt.Sprintf("Of %d services without an agent's name %d were given to agents on duty and free at the time, %d to agents of their own.", d.Blank, d.Assigned, d.Extra))
	}
	out = append(out, d.Between.notes()...)
	if a := &m.Away; a.Is {
		out = append(out, fmt.Sprintf("Of %d calls that came while nobody waited and an agent had been free for long %d waited all the same: free agents are not always at the phone. So %s s of the time between calls stands as wrap-up, the rest as time to pick up; that an offer goes on after %s is assumed.", a.Calls, a.Waited, number(a.Base), length(a.Limit)))
	}
	out = append(out, m.Follow.notes()...)
	if p := m.Arrivals.Lost(); p > 0 {
		out = append(out, fmt.Sprintf("%s %% of the calls came when on a mean day of their kind less than half an agent was there: they are left out.", number(100*p)))
	}
	if n := len(m.Interruptions); n > 0 {
		out = append(out, fmt.Sprintf("%d stretches in which calls and agents were both missing count as interruptions and are left out, the first at %s; the forecast has none.", n, m.Interruptions[0].From.Format("2006-01-02 15:04")))
	}
	for _, c := range m.Options.Credits {
		out = append(out, fmt.Sprintf("That priority %s begins with %s of waiting credit was given, not estimated; its share is that among those who waited.", c.Priority, length(c.Credit)))
	}
	return append(out, "Assumed: future days have the duty of fitted ones, abandons and calls again stay as they were, and whoever can serve a queue serves it alike.")
}

// handleTimes says whence those of an interval report are.
func (m *Model) handleTimes() (out []string) {
	var own, silent []string
	var x *Queue
	for q := range m.Queues {
		if m.Queues[q].AHTFrom == AHTReported {
			own = append(own, fmt.Sprintf("%s s of %s", number(m.Queues[q].AHT), m.Queues[q].Name))
		} else {
			x, silent = &m.Queues[q], append(silent, m.Queues[q].Name)
		}
	}
	if own != nil {
		out = append(out, fmt.Sprintf("Mean handle times are the report's, %s; their law, exponential, is assumed.", strings.Join(own, ", ")))
	}
	if x == nil {
		return out
	}
	says := map[string]string{
		AHTOthers:  "The report says no handle time of %s: %s s, exponential, is that of the others.",
		AHTGiven:   "The report says no handle time of %s: %s s, exponential, is given, not measured.",
		AHTAssumed: "The report says no handle time of %s: %s s, exponential, is assumed."}[x.AHTFrom]
	return append(out, fmt.Sprintf(says, strings.Join(silent, ", "), number(x.AHT)))
}

// Warnings says what makes the scenario doubtful.
func (m *Model) Warnings() (out []string) {
	if p := m.Arrivals.Lost(); p > 0.01 {
		out = append(out, fmt.Sprintf("%s %% of the calls are left out, as on a mean day less than half an agent was there when they came: the forecast has fewer calls than the log, and rosters may lack agents whom the log does not show", number(100*p)))
	}
	if p := m.Duty.unseen(); p > unseenMost {
		out = append(out, fmt.Sprintf("%s %% of the calls answered within %s began a session of their agent, split at gaps of over %s: agents with few calls were there longer than duty shows, and waits will come out too long; a longer gap, or agents set by hand, is nearer", number(100*p), length(prompt), length(m.Duty.Gap)))
	}
	return out
}

// unseenMost is what a busy log may show of agents who begin with a call that did
// not wait: they come in the morning and from breaks. The bank's month has 3 % at a
// gap of 30 minutes, 7 % at 15, and at 5, where forecasts abandon too much, 20 %.
const unseenMost = 0.1

func (b *Between) notes() (out []string) {
	if b.Waiting > 0 {
		out = append(out, fmt.Sprintf("Time between calls where the next customer already waited: median %s s.", number(b.Median)))
	}
	if b.All.known() {
		out = append(out, fmt.Sprintf("Time between calls after services that ended while somebody waited, with the gaps of agents who had become idle cut on the left: mean %v s.", b.All))
	}
	if b.Idle.known() {
		out = append(out, fmt.Sprintf("Time between calls after services that ended while nobody waited: mean %v s.", b.Idle))
	}
	switch {
	case len(out) == 0:
		out = append(out, "No two services of an agent tell the time between calls: none is assumed.")
	case !b.All.known():
		out = append(out, "Time between calls under load is not known, and none is assumed.")
	}
	return out
}

func (f *Follow) notes() (out []string) {
	if !math.IsNaN(f.Day) {
		out = append(out, fmt.Sprintf("From day to day duty follows calls by %s of their relative deviation.", number(f.Day)))
	}
	if !math.IsNaN(f.Interval) {
		out = append(out, fmt.Sprintf("Within a day duty follows calls by %s of their relative deviation.", number(f.Interval)))
	}
	if len(out) == 0 {
		return []string{"Too few days to tell whether duty follows calls: future days have the duty of fitted ones as it was."}
	}
	return append(out, "A fitted day's duty is drawn towards the mean as much as duty follows calls, and volumes scatter by what it did not follow.")
}

// unknownDays names days of the week that the forecast has and the history has not.
func (m *Model) unknownDays(f Forecast) (out []string) {
	for d := range min(f.Days, 7) {
		if w := f.First.AddDate(0, 0, d).Weekday(); m.Arrivals.Week[w].Group < 0 {
			out = append(out, fmt.Sprintf("The history has no %s that counts: nobody calls and nobody works on one.", w))
		}
	}
	return out
}
