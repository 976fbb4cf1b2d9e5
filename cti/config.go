package cti

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"slices"
	"time"

	"callwright/realcore"
	"callwright/realcore/measure"
)

// Config is what a Server must be told. It is made of a site file by cmd. Agents and
// queues stand here by name: their indexes are those of the host's plan, which is known
// once it has read its journal.
type Config struct {
	Listen   netip.AddrPort // loopback, unless TLS or Insecure
	TLS      *tls.Config
	Insecure bool // others than this machine may reach it without TLS

	People []Person
	Tokens []Token
	Nobody func(password string) bool // takes as long as a Person's Check; for users that do not exist

	Phones     Phones
	Recordings fs.FS // files as Server.Recorded names them; nil: nobody hears any

	Notes string // path of notes and dispositions, JSON lines; "": they are lost at the end
	Audit string // path of who heard which recording, JSON lines; "": nobody may hear one

	Queues       []Queue         // those that promise something else than 80 % within 20 s of all offered
	Figures      func() []Figure // of other doors, for /metrics; from any goroutine
	Dispositions []string        // what agents may say a contact was; nil: DefaultDispositions
	Zone         *time.Location
	// Zone is whose midnight the wallboard's counts begin at; nil: UTC.

	Lang string       // of people who have not chosen: en or ja; "": what their browser asks for
	Log  *slog.Logger // nil: nothing is logged
}

// Phones is the telephones' door, as far as pages need it. Its methods may be called from
// any goroutine. Caller is called by the host's, and must not block.
type Phones interface {
	// Caller returns the number that a contact calls from, or is rung back at; "" if it
	// is not shown.
	Caller(key realcore.Key) (number string, ok bool)
	// PauseRecording makes the recording of a contact silent, or ends that.
	PauseRecording(key realcore.Key, pause bool) error
	// Dial has an agent call a number: a contact in a queue, for this agent first.
	Dial(agent realcore.AgentID, queue realcore.QueueID, number string) error
}

// Right is one thing that a role may do. The words are the site file's.
type Right string

// The rights that this server knows. Others may stand in a role and mean nothing here.
const (
	MayState      Right = "state"      // one's own: ready, not ready, logout, wrap-up done
	MayCall       Right = "call"       // hold, transfer, hang up, dial, pause a recording, write notes
	MayWallboard  Right = "wallboard"  // see the queues
	MayAgents     Right = "agents"     // see others' states
	MayRecordings Right = "recordings" // hear them; each time leaves a line
	MayRecords    Right = "records"    // read any contact's notes
)

// Role is what people and programs may do.
type Role struct {
	Name   string
	May    []Right
	Queues []string // only about these; none: all
}

func (r *Role) may(x Right) bool { return slices.Contains(r.May, x) }

// sees reports whether the role is about a queue.
func (r *Role) sees(queue string) bool {
	return len(r.Queues) == 0 || slices.Contains(r.Queues, queue)
}

// Person is somebody with a screen.
type Person struct {
	Name  string
	Agent string // of the plan; "": no agent
	Role  Role
	Check func(password string) bool // slow on purpose
}

// Token is a program's.
type Token struct {
	Name    string
	SHA256  [32]byte // of the token, which is long and random
	Role    Role
	Expires time.Time // zero: never
}

// Queue is what a queue promises.
type Queue struct {
	Name   string
	AWT    time.Duration // T, inclusive
	Rule   measure.ID    // which service level
	Short  time.Duration // an abandon up to this is short, for sl_exclude_short
	Target float64       // in [0, 1]; 0: none
}

func usual(name string) Queue {
	return Queue{Name: name, AWT: 20 * time.Second, Rule: "sl_offered", Target: 0.8}
}

// DefaultDispositions are shown in the language of the page; a site's own as they are.
var DefaultDispositions = []string{"resolved", "follow-up", "call-back", "complaint", "wrong-number", "no-answer"}

// What bounds the server.
const (
	connsMost    = 2048           // connections at once; further ones wait
	connsOfOne   = 256            // of one address, unless it is this machine's
	socketsMost  = 4              // of one person, sockets and streams each; the oldest gives way
	watchersMost = 1024           // of all
	sessionsMost = 8              // of one person; the oldest gives way
	sessionIdle  = 12 * time.Hour // without a request or an open page
	sessionLife  = 7 * 24 * time.Hour
	bodyMost     = 16 << 10
	noteMost     = 4000            // bytes
	writeLimit   = 5 * time.Second // a reader that takes nothing for so long is dropped
	answerLimit  = 2 * time.Second // for the centre to say what became of a wish
)

// Validate reports what is wrong with the configuration.
func (c *Config) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("cti: "+format, args...)) }
	switch {
	case !c.Listen.IsValid():
		bad("Listen is no address; want one as 127.0.0.1:8080")
	case !c.Listen.Addr().IsLoopback() && c.TLS == nil && !c.Insecure:
		bad("Listen is %v, which others can reach without TLS; want TLS, an address as 127.0.0.1, or Insecure", c.Listen)
	}
	if c.Phones == nil {
		bad("Phones is nil; want the telephones' door")
	}
	if c.Recordings != nil && c.Audit == "" {
		bad("Audit is empty and there are Recordings; want a file for who heard them")
	}
	if c.Lang != "" && !slices.Contains(Languages(), c.Lang) {
		bad("Lang is %q; want one of %v", c.Lang, Languages())
	}
	for i, d := range c.Dispositions {
		if d == "" || slices.Index(c.Dispositions, d) < i {
			bad("Dispositions[%d] is %q; want a text, and another than those before", i, d)
		}
	}
	seen := map[string]bool{}
	for i := range c.People {
		switch p := &c.People[i]; {
		case p.Name == "" || p.Check == nil:
			bad("People[%d] has no name or no password; want both", i)
		case seen[p.Name]:
			bad("People[%d] is %q a second time; want another name", i, p.Name)
		default:
			seen[p.Name] = true
		}
	}
	if len(c.People) > 0 && c.Nobody == nil {
		bad("Nobody is nil; want a check as slow as a person's, or a stranger learns who exists")
	}
	for i := range c.Queues {
		q := &c.Queues[i]
		if measure.Find(q.Rule) == nil {
			bad("Queues[%d].Rule of %q is %q; want the ID of a service level, as sl_offered", i, q.Name, q.Rule)
		}
		if q.AWT <= 0 || q.Target < 0 || q.Target > 1 {
			bad("Queues[%d], %q: AWT is %v and Target %v; want a time over 0 and a fraction in [0, 1]", i, q.Name, q.AWT, q.Target)
		}
	}
	return errors.Join(errs...)
}

func (c Config) filled() Config {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.Dispositions == nil {
		c.Dispositions = DefaultDispositions
	}
	if c.Nobody == nil {
		c.Nobody = func(string) bool { return false }
	}
	return c
}

// queue returns what a queue promises.
func (c *Config) queue(name string) Queue {
	for _, q := range c.Queues {
		if q.Name == name {
			return q
		}
	}
	return usual(name)
}

// Figure is one for /metrics: a counter if its name ends in _total, or else a gauge.
type Figure struct {
	Name  string // callwright_ comes before it
	Help  string
	Value float64
}
