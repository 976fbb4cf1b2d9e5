package sipua

import (
	"crypto/tls"
	"log/slog"
	"net/netip"
	"time"

	"callwright/media"
	"callwright/media/rtp"
	"callwright/realcore"
	"callwright/sipua/dialog"
)

// Config is what a Server must be told. It is made of a site file by cmd.
type Config struct {
	Listeners  []Listener
	Advertised netip.Addr     // what peers outside of Local are told to send to; not valid: the listener's own address
	Local      []netip.Prefix // networks that reach the listener's own address
	Realm      string         // of digest authentication
	Name       string         // in Server and User-Agent; "": nothing is said

	Accounts []Account
	Trunks   []Trunk
	Numbers  map[string]realcore.EntryID // what our own telephones dial to reach an entry
	Codes    Codes
	Dial     DialRules

	Prompts []*media.Clip // by prompt of the plan; nil: nothing is heard and the prompt ends at once
	// Announcement makes the sound of a position and an estimated wait, and whether a
	// callback is offered, and hands it to then, from any goroutine; nil: none is heard.
	Announcement func(position, waitSeconds int, callback bool, then func(*media.Clip))
	Music        *media.Clip
	Ringback     *media.Clip
	Queues       []string // names by queue, shown to agents

	QueueNumbers map[string]realcore.QueueID // numbers that agents transfer to

	Record   bool                                                                       // calls with agents, into the engine's folder
	Recorded func(key realcore.Key, file string, began time.Time, length time.Duration) // told of each; from the loop, must not block

	// RecordFor says whether calls of a queue are recorded; nil: all are.
	RecordFor func(realcore.QueueID) bool
	// Quality is told how a leg's audio was, once it has ended; from the loop, must not block.
	Quality func(LegQuality)

	Bindings  string        // file in which registrations survive a restart; "": they do not
	Dialogs   string        // file of open calls, which get BYE after a crash; "": they do not
	MaxExpiry time.Duration // of a registration; 0: an hour
	Keepalive time.Duration // between OPTIONS to a phone; 0: 30 s
	Probe     time.Duration // between OPTIONS in a call, whatever is heard of it; 0: 2 min
	Goodbye   time.Duration // how long the end waits for answers to its BYEs; 0: 5 s
	Admission Admission
	Times     dialog.Times

	Log *slog.Logger // nil: nothing
}

// Listener is one address to listen at.
type Listener struct {
	Transport  dialog.Transport
	Addr       netip.AddrPort
	TLS        *tls.Config
	Algorithms []string // of digest, the preferred first; nil: SHA-256 then MD5 on TLS, MD5 alone elsewhere, as phones in the field need
}

// Account is a phone's.
type Account struct {
	User      string
	Extension string
	Agent     realcore.AgentID  // None: nobody's
	HA1       map[string]string // by algorithm: H(user:realm:password) in hex
}

// Codes are what agents dial to say what they want; "" has no code. NotReady may be
// followed by the number of one of the plan's reasons, from 1 on.
type Codes struct {
	Ready, NotReady, Logout, WrapUpDone string
}

// DefaultCodes are the ones that `callwright site init` writes.
var DefaultCodes = Codes{Ready: "*11", NotReady: "*12", WrapUpDone: "*13", Logout: "*10"}

// Trunk is a way to and from the telephone network.
type Trunk struct {
	Name     string
	Sources  []netip.Prefix              // whose requests are this trunk's, without a password
	Resolved bool                        // also the addresses that Target and Next resolve to
	Domain   string                      // of the account; "": the target\'s host
	Target   Target                      // where calls go out to; a zero Host: none go out
	Next     []Target                    // tried in order after 503 or no answer
	Trusted  bool                        // P-Asserted-Identity, Privacy and Diversion are believed
	Numbers  map[string]realcore.EntryID // dialled number to entry; "" stands for every other number
	Lines    int                         // calls at once, in and out; 0: no limit
	Number   string                      // what calls out are from
	User     string                      // of challenges and registration
	Secret   string
	Realms   []string         // whose challenges are answered
	Register time.Duration    // renewed before that; 0: no registration
	Plan     realcore.TrunkID // in the scenario: for diversions; None
}

// Target is a server to send requests to.
type Target struct {
	Host      string // a name (its SRV records count if Port is 0) or an address
	Port      int
	Transport dialog.Transport
}

// Admission bounds what one source may send.
type Admission struct {
	PerSecond float64       // requests of a source that is no trunk; 0: 20
	Burst     int           // 0: 100
	Sources   int           // remembered at once; 0: 10,000
	Conns     int           // stream connections at once; 0: 1,000
	Idle      time.Duration // a connection without a whole message for so long is closed; 0: 3 min
	Half      time.Duration // a message that has begun must be whole by then; 0: 10 s
}

func (c *Config) orDefaults() {
	if c.MaxExpiry == 0 {
		c.MaxExpiry = time.Hour
	}
	if c.Keepalive == 0 {
		c.Keepalive = 30 * time.Second
	}
	if c.Goodbye == 0 {
		c.Goodbye = 5 * time.Second
	}
	if c.Probe == 0 {
		c.Probe = 2 * time.Minute
	}
	a := &c.Admission
	if a.PerSecond == 0 {
		a.PerSecond = 20
	}
	if a.Burst == 0 {
		a.Burst = 100
	}
	if a.Sources == 0 {
		a.Sources = 10_000
	}
	if a.Conns == 0 {
		a.Conns = 1000
	}
	if a.Idle == 0 {
		a.Idle = 3 * time.Minute
	}
	if a.Half == 0 {
		a.Half = 10 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	for i := range c.Listeners {
		l := &c.Listeners[i]
		switch {
		case l.Algorithms != nil:
		case l.Transport == dialog.TLS:
			l.Algorithms = []string{"SHA-256", "MD5"}
		default:
			l.Algorithms = []string{"MD5"}
		}
	}
}

// LegQuality is how one leg's audio was.
type LegQuality struct {
	Key   realcore.Key     // of the contact; agents' codes have none
	Side  string           // customer, agent or vendor
	Agent realcore.AgentID // of an agent's leg, or None
	Ended time.Time
	rtp.Quality
}
