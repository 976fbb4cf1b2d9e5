package beside

import "callwright/realcore/measure"

// Measure is one number as reports and JSON carry it. Value, Low and High are
// null where the measure is undefined (no contacts) or has no interval.
type Measure struct {
	Definition measure.ID `json:"definition"`
	Value      *float64   `json:"value"`
	Low        *float64   `json:"low"`
	High       *float64   `json:"high"`
	Kind       string     `json:"interval"` // confidence, prediction or none
}

// Study is one centre, all answers beside each other.
type Study struct {
	Version     int               `json:"callwright"` // of this format: 1
	Scenario    string            `json:"scenario"`
	Title       map[string]string `json:"title"`  // by language
	Digest      string            `json:"digest"` // of the scenario file, whatever its comments and layout
	Plan        string            `json:"plan"`   // digest of what the routing code was given
	Program     string            `json:"program"`
	Seed        uint64            `json:"seed"`
	Reps        int               `json:"replications"`
	Level       float64           `json:"level"` // of all intervals
	Epoch       string            `json:"epoch"` // civil time of the first interval's beginning
	Zone        string            `json:"zone"`
	IntervalSec float64           `json:"interval_s"`
	CloseSec    float64           `json:"close_s,omitempty"` // closing time of the last day: later, agents only serve who is still there
	Queues      []Queue           `json:"queues"`
	Groups      []Group           `json:"groups"`
	Center      []Measure         `json:"center"`
	Judged      []Judgement       `json:"judged,omitempty"` // the whole centre against a log
	Bridge      []Rung            `json:"bridge,omitempty"`
	Warnings    []string          `json:"warnings"`
	Assumptions []string          `json:"assumptions"`
}

// Queue is one queue of a study.
type Queue struct {
	Name   string      `json:"name"`
	AWT    float64     `json:"awt_s"`
	Target float64     `json:"target"` // wanted service level; 0: none
	Rule   measure.ID  `json:"rule"`   // which service level the target and the formulas are about
	Meets  *Measure    `json:"meets_target"`
	Day    []Measure   `json:"day"` // all measures, over the whole run
	Run    []Measure   `json:"run"` // of one single run: prediction intervals
	Rows   []Row       `json:"intervals"`
	Days   []Day       `json:"days,omitempty"` // of a run of several
	Waits  *Waits      `json:"waits,omitempty"`
	Judged []Judgement `json:"judged,omitempty"` // the whole run against a log
	Shared bool        `json:"shared_groups"`    // its groups serve other queues too: formulas get a share of the agents
}

// Row is one interval of one queue.
type Row struct {
	Start    float64 `json:"start_s"` // from the epoch
	Label    string  `json:"label"`   // civil time, 09:00
	Offered  Measure `json:"offered"`
	AHT      Measure `json:"aht"`
	Agents   float64 `json:"agents"`   // staffed, mean over the interval, the queue's share
	Load     float64 `json:"load"`     // offered load, erlangs
	ErlangC  Measure `json:"erlang_c"` // service level by the queue's rule; a formula has no interval
	ErlangA  Measure `json:"erlang_a"`
	AbandonA Measure `json:"erlang_a_abandonment"`
	NeedC    *int    `json:"required_c"` // agents that reach the target by each formula
	NeedA    *int    `json:"required_a"`
	SL       Measure `json:"service_level"`
	SLDay    Measure `json:"service_level_day"` // prediction interval for one day
	Abandon  Measure `json:"abandonment"`
	ASA      Measure `json:"asa"`
	Occup    Measure `json:"occupancy"`
	Measured *Row    `json:"measured,omitempty"` // from a log: Offered, AHT, SL, Abandon, ASA
}

// Group is one group of agents over the run.
type Group struct {
	Name string    `json:"name"`
	Day  []Measure `json:"day"`
	Rows []Staff   `json:"intervals"`
}

// Staff is one group in one interval.
type Staff struct {
	Start     float64 `json:"start_s"`
	Agents    float64 `json:"agents"`
	Occupancy Measure `json:"occupancy"`
}

// Waits is how long callers waited, in bins of BinSec seconds, all
// replications together; the last bin holds the rest.
type Waits struct {
	BinSec    float64 `json:"bin_s"`
	Answered  []int64 `json:"answered"`
	Abandoned []int64 `json:"abandoned"`
}

// Rung is one step of the bridge from one answer to the next.
type Rung struct {
	ID     string  `json:"id"`
	En     string  `json:"en"`
	Ja     string  `json:"ja"`
	Value  Measure `json:"value"` // the answer when this assumption is relaxed
	Change Measure `json:"change"`
}
