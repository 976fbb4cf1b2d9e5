package scenarios

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/traffic"
	"callwright/yamlfile"
)

// Options is what the file cannot hold.
type Options struct {
	// Zone finds a time zone by its IANA name: time.LoadLocation, as a rule. Nil
	// knows UTC alone.
	Zone func(name string) (*time.Location, error)
	// Files is the folder of the scenario, where its CSV files lie; nil: it has
	// none. Paths with .. are refused here; whether a link leads outside is the
	// caller's business: os.Root.FS does not follow one, os.DirFS does.
	Files fs.FS
	// Live makes the plan of a centre that runs by the wall clock: it begins on
	// this day, whatever the file says, and its opening hours reach LiveDays ahead.
	// What the live centre cannot do yet is a mistake then. The zero Date is none.
	Live Date
}

// LiveDays is how long a live centre's opening hours are known; it is started anew,
// with a new journal, before that.
const LiveDays = 400

// Scenario is a file compiled: the plan for the Center, the demand for the
// world, and what a report needs to know besides.
type Scenario struct {
	Name     string
	Title    Title
	Plan     *realcore.Plan
	Demand   *traffic.Demand
	Queues   []QueueInfo // by QueueID
	Interval time.Duration
	Horizon  realcore.Instant // closing time of the last day; Never if only most-calls ends the run
	Days     int
	Opens    []realcore.Instant // of each day: the stretches that are simulated
	Closes   []realcore.Instant
	Epoch    time.Time // civil time of instant 0
	Zone     string
	Seed     uint64

	Notes       []string     // the author's, word for word
	Assumptions []Assumption // defaults that nobody sourced
	Warnings    []string
	Scripts     Scripts // what test callers and agents do; nothing if the file has none
	Digest      string  // of what the file says, whatever its comments and layout, and its tables
}

// QueueInfo is what a report needs to know about a queue.
type QueueInfo struct {
	Name   string
	AWT    time.Duration // the threshold T
	Target float64       // fraction to be answered within AWT
	Rule   measure.ID    // which service level
	Short  time.Duration // abandons up to this are short, for sl_exclude_short
}

// Usual is a queue that promises 0.80 within 20s of all who are offered.
func Usual(name string) QueueInfo {
	return QueueInfo{Name: name, AWT: 20 * time.Second, Target: 0.8, Rule: "sl_offered", Short: 5 * time.Second}
}

// Assumption is a value that the file does not give and the results rest on.
type Assumption struct {
	Path  string // the key that would give it
	Value string // what was used
	Why   string // where the default comes from
}

// String prints path: value (why).
func (a Assumption) String() string { return a.Path + ": " + a.Value + " (" + a.Why + ")" }

// Compile makes the scenario. The error joins all mistakes found, each an
// *Error with its position.
func (f *File) Compile(opt Options) (*Scenario, error) {
	d := yamlfile.NewDecoder(&yamlfile.Faults{File: f.Name}, &form)
	d.Places = f.places
	c := &compiler{decoder: newDecoder(d), f: &f.Format, opt: opt}
	c.s = &Scenario{Name: f.Format.Name, Title: f.Format.Title, Notes: f.Format.Notes, Scripts: f.Format.Scripts, Seed: uint64(f.Format.Seed)}
	c.plan, c.demand = &realcore.Plan{}, &traffic.Demand{}
	c.s.Plan, c.s.Demand = c.plan, c.demand
	c.names(f.Name)
	if !c.calendar() {
		return nil, c.Err()
	}
	c.hours()
	c.lines()
	c.groups()
	c.queues()
	c.flows()
	c.numbers()
	c.serves()
	c.calls()
	c.staff()
	if len(c.List) == 0 {
		c.circles()
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	c.s.Opens, c.s.Closes = c.opens[:c.days], c.closes[:c.days]
	if err := c.plan.Validate(); err != nil {
		return nil, fmt.Errorf("%s: the plan made of it does not hold: %w", f.Name, err)
	}
	var b bytes.Buffer
	canonical(&b, f.tree)
	b.WriteString(c.plan.Digest())
	b.Write(c.tables)
	sum := sha256.Sum256(b.Bytes())
	c.s.Digest = hex.EncodeToString(sum[:16])
	return c.s, nil
}

// compiler holds what is made while it is made.
type compiler struct {
	*decoder
	f      *Format
	opt    Options
	s      *Scenario
	plan   *realcore.Plan
	demand *traffic.Demand
	tables []byte // CSV files read

	zone     *time.Location
	start    Date
	day      Hours
	days     int
	holidays map[Date]bool
	opens    []realcore.Instant // of each day
	closes   []realcore.Instant
	seasons  *traffic.Calendar
	silences map[time.Duration]realcore.PromptID // prompts of a length and no name
	starts   []realcore.NodeID                   // of flows
	menus    []menuAt
	tiered   bool // a queue has tiers with credit
}

// bad reports a value that does not fit, at its path.
func (c *compiler) bad(path, format string, args ...any) {
	c.Add(c.place(path), path, format, args...)
}

// place returns where a path stands, or the nearest thing around it.
func (c *compiler) place(path string) yamlfile.Pos {
	for {
		if at, ok := c.Places[path]; ok {
			return at
		}
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return yamlfile.Pos{Line: 1, Column: 1}
		}
		path = path[:i]
	}
}

func (c *compiler) has(path string) bool { _, ok := c.Places[path]; return ok }

func (c *compiler) assume(path, value, why string) {
	c.s.Assumptions = append(c.s.Assumptions, Assumption{path, value, why})
}

func (c *compiler) warn(format string, args ...any) {
	c.s.Warnings = append(c.s.Warnings, fmt.Sprintf(format, args...))
}

// named returns the index of a name among known ones, or None after having
// reported that it is unknown.
func (c *compiler) named(path, what, name string, known []string) int32 {
	for i, k := range known {
		if k == name {
			return int32(i)
		}
	}
	c.bad(path, "is %s, and no %s has that name; %s", yamlfile.Shown(name), what, yamlfile.DidYouMean(name, known))
	return realcore.None
}

func (c *compiler) names(file string) {
	if c.s.Name == "" {
		c.s.Name = strings.TrimSuffix(strings.TrimSuffix(file[strings.LastIndex(file, "/")+1:], ".yaml"), ".yml")
	}
	if c.s.Title.En == "" {
		c.s.Title.En = c.s.Name
	}
	if c.s.Title.Ja == "" {
		c.s.Title.Ja = c.s.Title.En
	}
	if !c.has("seed") {
		c.s.Seed = 1
	}
	c.plan.Name = c.s.Name
	c.plan.Limits.MaxContacts = 1 << 20
	if c.f.MostAtOnce > 0 {
		c.plan.Limits.MaxContacts = int32(c.f.MostAtOnce)
	}
}

// notLive reports a feature that a simulated centre has and a live one does not yet.
func (c *compiler) notLive(path, feature string) {
	if c.opt.Live != (Date{}) {
		c.bad(path, "is %s, which a live centre cannot do yet; want another end for these calls to serve this scenario", feature)
	}
}
