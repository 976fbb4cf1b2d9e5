package calllog

import (
	"fmt"
	"time"
)

// Suspicion is something odd about a row that is used all the same.
type Suspicion uint8

// The suspicions.
const (
	NegativeLength  Suspicion = iota // a length below zero: computed from instants where possible, else 0
	MidnightWrap                     // a time of day before the one it follows by over 12 hours: moved to the next day
	ExitBeforeEntry                  // left the queue, the menu or the agent before coming
	LengthMismatch                   // the talk time is not end less start
	AgentOverlap                     // the agent was busy with one of the last 32 calls read of his at the same time
	BlankAgent                       // answered by nobody
	WaitUnknown                      // queued, but no way to tell for how long: 0
	OutOfOrder                       // arrived before the row above
	ClockSkipped                     // a time of day that daylight saving left out: moved on
	ClockRepeated                    // a time of day that came twice: taken as the first
	NumSuspicions
)

var suspicionNames = [...]string{"negative length", "midnight wrap repaired", "exit before entry", "talk time is not end less start", "agent busy with two calls",
	"answered, agent blank", "wait unknown", "arrived before the row above", "time skipped by daylight saving", "time repeated by daylight saving"}

// String describes the suspicion.
func (s Suspicion) String() string {
	if s < NumSuspicions {
		return suspicionNames[s]
	}
	return "?"
}

// Tally counts rows of one kind.
type Tally struct {
	What  string
	Rows  int
	First int // row where it was first seen
}

// Summary says what became of every row: Rows = Used + Ignored, if there was
// no error.
type Summary struct {
	Rows       int     // below the header
	Used       int     // calls handed over
	Ignored    []Tally // by reason, in the order seen
	Suspicious []Tally // used all the same; a row may be in several
	First      time.Time
	Last       time.Time // arrivals
	Encoding   string
	Separator  rune
	Mapping    Mapping
	Reasons    []Reason
	Notes      []string
	susp       [NumSuspicions]Tally
}

// Count returns how many rows are under a suspicion.
func (s *Summary) Count(k Suspicion) int { return s.susp[k].Rows }

func (s *Summary) suspect(k Suspicion, row int) {
	if t := &s.susp[k]; t.Rows == 0 {
		*t = Tally{k.String(), 1, row}
	} else {
		t.Rows++
	}
}

func tally(list *[]Tally, what string, row int) {
	for i := range *list {
		if t := &(*list)[i]; t.What == what {
			t.Rows++
			return
		}
	}
	*list = append(*list, Tally{what, 1, row})
}

func (s *Summary) close() {
	for _, t := range s.susp {
		if t.Rows > 0 {
			s.Suspicious = append(s.Suspicious, t)
		}
	}
}

// Gap is a stretch within one day for which a queue has no interval.
type Gap struct {
	Queue    string
	From, To time.Time
}

// IntervalSummary says what became of every row.
type IntervalSummary struct {
	Rows      int
	Used      int
	Ignored   []Tally
	Length    time.Duration // of the intervals; 0 if unknown
	AWT       time.Duration // of the service level, from the header; 0: unknown
	Gaps      []Gap         // the first 100
	NumGaps   int
	Repeated  int // intervals of the hour that daylight saving repeats, second time
	Odd       int // answered and abandoned are more than offered
	Encoding  string
	Separator rune
	Mapping   Mapping
	Reasons   []Reason
	Notes     []string
}

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
