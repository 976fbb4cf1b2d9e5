package sipload

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/netio"
	"callwright/realcore"
	"callwright/sipua/dialog"
	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
	"callwright/traffic/sipload/sound"
)

// Config says whom to call, how, and what to watch. Target, Arrivals and Script make
// callers; Answer makes what takes calls; Agents are those who register first. At least
// one of the three must be there.
type Config struct {
	Target    string           // a SIP URI: its user is whom to call, unless the caller's stream has a number of its own
	Addrs     []netip.AddrPort // where it is: the first that answers (RFC 3263); from SRV or given
	Transport dialog.Transport
	// May says whether an address may be sent to; nil: any. What a target names in its
	// Contact, Record-Route or session description and may not is not sent to.
	May     func(netip.Addr) bool
	Routes  []string // Route values, the first one first
	Headers []string // whole lines for each INVITE
	Agent   string   // User-Agent; "": none
	Times   dialog.Times

	Arrivals Arrivals
	Script   *callscript.Script               // of callers
	ScriptOf func(*Caller) *callscript.Script // of each, where Script is nil: see Day.Scripts
	Numbers  []string                         // whom a Day's streams call; "": the target's user

	Answer *callscript.Script // of whoever calls us
	Agents *callscript.Script // of calls to one of Accounts that has registered

	Accounts []Account // callers and agents have them in turn
	From     string    // user part of callers without an account; {n} is the call's number. "": load
	Expires  int       // of registrations, in seconds; 0: 3600

	Sources []netip.Addr // addresses to call from; Sound is at the first
	Ports   int          // sockets for each; 0: 1
	Port    uint16       // of the first; 0: any

	Sound  sound.Engine // nil: calls offer audio and have none
	Sounds Sounds       // what scripts play
	Buffer time.Duration
	Clock  netio.Clock // that of Sound

	MaxOpen int           // calls at once; more are held back, and counted. 0: no limit
	Ceiling float64       // calls/s that Pace does not go above; 0: none
	MaxRate float64       // starts a second, likewise; 0: no limit
	Drain   time.Duration // how long open calls may take once no more start; then they are hung up. 0: they take their time

	Seed       uint64
	Thresholds loadstats.Thresholds
	Early      bool // end the run when a threshold cannot be kept any more

	Length time.Duration // of a run that only takes calls; 0: until ctx ends
	Limit  float64       // calls a second that are taken; others get 503. 0: all

	OnReady  func([]netip.AddrPort)         // called when calls may come
	OnSecond func(*loadstats.Interval)      // called each second, by the loop: must be quick, and must not keep it
	OnSample func(*loadstats.Sample, *Kept) // of each call told in full, at the end
	OnEnded  func(*loadstats.Attempt)       // of each attempt, by the loop; must not keep it
	Traced   int                            // calls at once whose messages are kept; 0: 200
	Room     int                            // of socket buffers, in bytes; 0: 4 MiB
	Fast     bool                           // use wire, where the transport is UDP
}

// Account is a user at the target.
type Account struct{ User, Secret, Domain string }

// Sounds finds what a script plays.
type Sounds func(callscript.Sound) (sound.Sound, error)

// Validate reports everything that is wrong with c.
func (c *Config) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("sipload: "+format, args...)) }
	if c.Arrivals == nil && c.Answer == nil && c.Agents == nil {
		bad("there is nobody: neither callers (Arrivals), nor answerers (Answer), nor agents (Agents)")
	}
	if c.Arrivals != nil || c.Agents != nil {
		var u sip.Uri
		if sip.ParseUri(c.Target, &u) != nil || u.Host == "" {
			bad("Target is %q; want a SIP address, as sip:500@192.0.2.1", c.Target)
		}
		if len(c.Addrs) == 0 {
			bad("Addrs is empty; want where the target is")
		}
	}
	if c.Arrivals != nil && c.Script == nil && c.ScriptOf == nil {
		bad("callers have no script")
	}
	if c.Agents != nil && len(c.Accounts) == 0 {
		bad("agents have no accounts")
	}
	for _, s := range []*callscript.Script{c.Script, c.Answer, c.Agents} {
		if s != nil {
			errs = append(errs, s.Validate())
		}
	}
	if len(c.Sources) == 0 {
		bad("Sources is empty; want at least one address to call from")
	}
	if c.Transport != dialog.UDP && c.Transport != dialog.TCP {
		bad("Transport is %v; want UDP or TCP", c.Transport)
	}
	for _, h := range c.Headers {
		if name, _, ok := strings.Cut(h, ":"); !ok || strings.ContainsAny(h, "\r\n") || strings.TrimSpace(name) == "" {
			bad("header %q; want one line, as X-Name: value", h)
		}
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	if c.Ports == 0 {
		c.Ports = 1
	}
	if c.From == "" {
		c.From = "load"
	}
	if c.Expires == 0 {
		c.Expires = 3600
	}
	if c.Traced == 0 {
		c.Traced = 200
	}
	if c.Room == 0 {
		c.Room = 4 << 20
	}
	if c.Drain == 0 {
		c.Drain = 1 << 62
	}
	return c
}

// instant is a time on the run's clock.
type instant = realcore.Instant
