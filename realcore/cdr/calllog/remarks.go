package calllog

import (
	"fmt"
	"time"
)

// Remarks says what became of every row, a line a kind, for people.
func (s *Summary) Remarks() []string {
	head := fmt.Sprintf("%d rows, %d used, %s to %s", s.Rows, s.Used, s.First.Format(time.DateTime), s.Last.Format(time.DateTime))
	return remarks(head, s.Notes, s.Ignored, s.Suspicious)
}

// Remarks says what became of every row, a line a kind, for people.
func (s *IntervalSummary) Remarks() []string {
	return remarks(fmt.Sprintf("%d rows, %d used, of %v", s.Rows, s.Used, s.Length), s.Notes, s.Ignored, nil)
}

func remarks(head string, notes []string, ignored, suspicious []Tally) []string {
	out := append([]string{head}, notes...)
	for _, t := range ignored {
		out = append(out, fmt.Sprintf("ignored: %s, %d rows, first row %d", t.What, t.Rows, t.First))
	}
	for _, t := range suspicious {
		out = append(out, fmt.Sprintf("odd but used: %s, %d rows, first row %d", t.What, t.Rows, t.First))
	}
	return out
}
