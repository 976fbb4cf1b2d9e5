package scenarios

// Stream is one kind of calls: how many, when, and the people behind them.
type Stream struct {
	Number string `key:"number" doc:"Which number they dial,"`
	Queue  string `key:"queue" doc:"or which queue they reach,"`
	Flow   string `key:"flow" doc:"or which flow,"`
	Dial   string `key:"dial" doc:"or, for a campaign, from which queue agents ring them."`
	Trunk  string `key:"trunk" doc:"Comes in on these lines, without a number; default: always a line."`
	Tier   Name   `key:"tier" doc:"Tier of the queue, by name or number."`

	Volume      *Volume      `key:"volume" doc:"Calls by interval, as a list for a day or the whole run, or a mapping (calls, every, total, shape, csv, by-day)."`
	Rate        *Rate        `key:"rate" doc:"Or calls a unit of time: 20/min, or a mapping (per, every, values, linear)."`
	ByDay       Map[Factor]  `key:"by-day" doc:"Factor by day of the week: {sat: 0.5, sun: 0, holiday: 0}."`
	Factor      *float64     `key:"factor" max:"1000" doc:"Factor on all of it: 1.25 for a high scenario."`
	Spikes      []Spike      `key:"spikes" doc:"Surges on top: a television spot, an outage."`
	Trace       *Trace       `key:"trace" doc:"Instead of volume or rate: arrival times since the beginning, as a list of lengths or {csv, column} in seconds."`
	Uncertainty *Uncertainty `key:"uncertainty" doc:"How far the forecast errs."`
	Redial      *Redial      `key:"redial" doc:"Who calls again."`

	Behaviour Behaviour `key:"-"`
	Periods   []Period  `key:"periods" doc:"What is different for who arrives from a time of day on."`
}

// Factor is a number of its own.
type Factor struct{ X float64 }

func (f *Factor) read(d *decoder, t *tree, path string) { f.X = d.number(t, path, 0, 1000) }

// Behaviour is how the people of a stream behave.
type Behaviour struct {
	Handle    *Law         `key:"handle" doc:"Handle time, wrap-up inside; or talk and wrapup apart."`
	Talk      *Law         `key:"talk" doc:"Talk time, holding included."`
	WrapUp    *Law         `key:"wrapup" doc:"Wrap-up after the talk."`
	ByGroup   Map[Law]     `key:"by-group" doc:"Handle or talk time in a group where it differs."`
	Patience  *Law         `key:"patience" doc:"How long they wait before they hang up, or never."`
	Callback  *Fraction    `key:"callback" doc:"Part that takes an offered callback; default 0.5."`
	Message   *Law         `key:"message" bare:"always" doc:"Length of a message left; default 30s."`
	Reached   *Fraction    `key:"reached" doc:"Part of outbound calls that somebody answers; default 0.7."`
	PickUp    *Law         `key:"pick-up" bare:"always" doc:"How long it rings at theirs; default 10s."`
	Preferred *Fraction    `key:"preferred" doc:"Part that asks for a particular agent."`
	Transfer  []Transfer   `key:"transfer" doc:"Part that is passed on to another queue after the talk."`
	Choices   Map[Choices] `key:"choices" doc:"What they press in a menu, by flow, where it differs: {main: {1: 0.7, 2: 0.2}}."`
}

// Period is what is different from a time of day on, every day.
type Period struct {
	From      Clock     `key:"from"`
	Behaviour Behaviour `key:"-"`
}

// Transfer is a part of the answered calls that goes on to another queue.
type Transfer struct {
	Share Fraction `key:"share"`
	Queue string   `key:"queue"`
	Tier  Name     `key:"tier"`
}

// Redial says who calls again after what.
type Redial struct {
	Abandon  Fraction `key:"after-abandon"`
	Busy     Fraction `key:"after-busy"`
	Closed   Fraction `key:"after-closed"`
	Delay    *Law     `key:"delay" doc:"From the end of one attempt to the next."`
	Attempts int      `key:"attempts" min:"1" max:"16" doc:"Of one caller in all; default 10."`
}
