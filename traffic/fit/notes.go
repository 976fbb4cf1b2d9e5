package fit

import (
	"fmt"
	"math"
	"strings"
)

// Notes says what a report of the scenario must say.
func (m *Model) Notes() []string {
	d := &m.Duty
	var out []string
	out = append(out, fmt.Sprintf("Fitted by callwright fit on %s to %s, %d calls.", m.From.Format("2006-01-02"), m.To.Format("2006-01-02"), m.Reported.Offered))
	if m.Report {
		return append(out, m.handleTimes(), "An interval report tells nothing about patience (exponential, 120 s, is assumed) nor about who was on duty (the load in Erlangs plus its root is assumed).")
	}
	blank := fmt.Sprintf("Of %d services without an agent's name %d were given to agents on duty and free at the time, %d to agents of their own.", d.Blank, d.Assigned, d.Extra)
	if m.Options.LeaveOut {
		blank = fmt.Sprintf("%d services without an agent's name were left out of duty.", d.Blank)
	}
	if d.Nameless {
		return append(out, "The log names no agents: on duty are as many as have a call, which is too few to predict waits by. Set agents by hand.")
	}
	out = append(out, fmt.Sprintf("There is no login data: duty is told from who served when, split at gaps of over %s. %s", length(d.Gap), blank))
	out = append(out, d.Between.words())
	if a := &m.Away; a.Is {
		out = append(out, fmt.Sprintf("Of %d calls that came while nobody waited and an agent had been free for long %d waited all the same: free agents are not always at the phone. So %s s of the time between calls stands as wrap-up, the rest as time to pick up; that an offer goes on after %s is assumed.", a.Calls, a.Waited, number(a.Base), length(a.Limit)))
	}
	out = append(out, m.Follow.words())
	if p := m.Arrivals.Lost(); p > 0 {
		out = append(out, fmt.Sprintf("%s %% of the calls came when on a mean day of their kind less than half an agent was there: they are left out.", number(100*p)))
	}
	if n := len(m.Interruptions); n > 0 {
		out = append(out, fmt.Sprintf("%d stretches in which calls and agents were both missing count as interruptions and are left out, the first at %s; the forecast has none.", n, m.Interruptions[0].From.Format("2006-01-02 15:04")))
	}
	for _, c := range m.Options.Credits {
		out = append(out, fmt.Sprintf("That priority %s begins with %s of waiting credit was given, not estimated; its share is that among those who waited.", c.Priority, length(c.Credit)))
	}
	out = append(out, "Assumed: future days have the duty of fitted ones, abandons and calls again stay as they were, and whoever can serve a queue serves it alike.")
	return out
}

// handleTimes says whence those of an interval report are.
func (m *Model) handleTimes() string {
	var own, silent []string
	var x *Queue
	for q := range m.Queues {
		if m.Queues[q].AHTFrom == AHTReported {
			own = append(own, fmt.Sprintf("%s s of %s", number(m.Queues[q].AHT), m.Queues[q].Name))
		} else {
			x, silent = &m.Queues[q], append(silent, m.Queues[q].Name)
		}
	}
	rest := ""
	if x != nil {
		rest = fmt.Sprintf("The report says no handle time of %s: %s s, exponential, is %s.", strings.Join(silent, ", "), number(x.AHT), map[string]string{
			AHTOthers: "that of the others", AHTGiven: "given, not measured", AHTAssumed: "assumed"}[x.AHTFrom])
	}
	if own == nil {
		return rest
	}
	return strings.TrimSpace(fmt.Sprintf("Mean handle times are the report's, %s; their law, exponential, is assumed. %s", strings.Join(own, ", "), rest))
}

// Warnings says what makes the scenario doubtful.
func (m *Model) Warnings() (out []string) {
	if p := m.Arrivals.Lost(); p > 0.01 {
		out = append(out, fmt.Sprintf("%s %% of the calls are left out, as on a mean day less than half an agent was there when they came: the forecast has fewer calls than the log, and rosters may lack agents whom the log does not show", number(100*p)))
	}
	return out
}

func (b *Between) words() string {
	var words []string
	if b.Waiting > 0 {
		words = append(words, fmt.Sprintf("median %s s where the next customer already waited", number(b.Median)))
	}
	idle := ""
	if b.Idle.known() {
		idle = fmt.Sprintf("after others %v s", b.Idle)
	}
	if b.All.known() {
		if idle != "" {
			idle = " (" + idle + ")"
		}
		words = append(words, fmt.Sprintf("after services that ended while somebody waited, with the gaps of agents who had become idle cut on the left, mean %v s%s", b.All, idle))
	} else if idle != "" {
		words = append(words, fmt.Sprintf("after services that ended while nobody waited mean %v s", b.Idle))
	}
	switch {
	case len(words) == 0:
		return "No two services of an agent tell the time between calls: none is assumed."
	case !b.All.known():
		words = append(words, "under load it is not known, and none is assumed")
	}
	return "Time between calls: " + strings.Join(words, "; ") + "."
}

func (f *Follow) words() string {
	var words []string
	if !math.IsNaN(f.Day) {
		words = append(words, "by day "+number(f.Day))
	}
	if !math.IsNaN(f.Interval) {
		words = append(words, "by slot "+number(f.Interval))
	}
	if len(words) == 0 {
		return "Too few days to tell whether duty follows calls: future days have the duty of fitted ones as it was."
	}
	return fmt.Sprintf("Duty follows calls, %s of their relative deviation: a fitted day's duty is drawn towards the mean as much, and volumes scatter by what duty did not follow.", strings.Join(words, " and "))
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
