package fit

import "fmt"

// Notes says what a report of the scenario must say.
func (m *Model) Notes() []string {
	d := &m.Duty
	var out []string
	out = append(out, fmt.Sprintf("Fitted by callwright fit on %s to %s, %d calls.", m.From.Format("2006-01-02"), m.To.Format("2006-01-02"), m.Reported.Offered))
	if m.Report {
		known := fmt.Sprintf("The report's mean handle time is %s s; its law, exponential, is assumed.", number(m.AHT))
		if !m.AHTKnown {
			known = fmt.Sprintf("The report says no handle time: %s s, exponential, is assumed.", number(m.AHT))
		}
		return append(out, known, "An interval report tells nothing about patience (exponential, 120 s, is assumed) nor about who was on duty (the load in Erlangs plus its root is assumed).")
	}
	blank := fmt.Sprintf("Of %d services without an agent's name %d were given to agents on duty and free at the time, %d to agents of their own.", d.Blank, d.Assigned, d.Extra)
	if m.Options.LeaveOut {
		blank = fmt.Sprintf("%d services without an agent's name were left out of duty.", d.Blank)
	}
	if d.Nameless {
		return append(out, "The log names no agents: on duty are as many as have a call, which is too few to predict waits by. Set agents by hand.")
	}
	out = append(out, fmt.Sprintf("There is no login data: duty is told from who served when, split at gaps of over %s. %s", length(d.Gap), blank))
	out = append(out, fmt.Sprintf("Time between calls: median %s s where the next customer already waited; after services that ended while somebody waited, with the gaps of agents who had become idle cut on the left, mean %v s (after others %v s).", number(d.Between.Median), d.Between.All, d.Between.Idle))
	if a := &m.Away; a.Is {
		out = append(out, fmt.Sprintf("Of %d calls that came while nobody waited and an agent had been free for long %d waited all the same: free agents are not always at the phone. So %s s of the time between calls stands as wrap-up, the rest as time to pick up; that an offer goes on after %s is assumed.", a.Calls, a.Waited, number(a.Base), length(a.Limit)))
	}
	out = append(out, fmt.Sprintf("Duty follows calls, by day %s and by slot %s of their relative deviation: a fitted day's duty is drawn towards the mean as much, and volumes scatter by what duty did not follow.", number(m.Follow.Day), number(m.Follow.Interval)))
	if n := len(m.Interruptions); n > 0 {
		out = append(out, fmt.Sprintf("%d stretches in which calls and agents were both missing count as interruptions and are left out, the first at %s; the forecast has none.", n, m.Interruptions[0].From.Format("2006-01-02 15:04")))
	}
	for _, c := range m.Options.Credits {
		out = append(out, fmt.Sprintf("That priority %s begins with %s of waiting credit was given, not estimated; its share is that among those who waited.", c.Priority, length(c.Credit)))
	}
	out = append(out, "Assumed: future days have the duty of fitted ones, abandons and calls again stay as they were, and whoever can serve a queue serves it alike.")
	return out
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
