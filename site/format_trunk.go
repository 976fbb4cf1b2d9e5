package site

import (
	"net/netip"
	"time"
)

// Trunk is a way to and from the telephone network: a peer known by its address, or an
// account at a provider that the centre registers.
type Trunk struct {
	Target   Target         `key:"target" doc:"Where calls go out to, as sip.carrier.example:5061;transport=tls. Without a port the name's SRV records count. Default: none go out."`
	Next     []Target       `key:"next" doc:"Tried in order when the target fails."`
	From     []netip.Prefix `key:"from" doc:"Addresses whose calls are this trunk's. No password is asked there: name no network that is not theirs."`
	Sources  string         `key:"sources" of:"strict,resolved" doc:"strict: only from counts (default); resolved: also what the target's name resolves to."`
	Trusted  bool           `key:"trusted" doc:"true: who calls is believed as they say (P-Asserted-Identity, Diversion)."`
	Lines    int            `key:"lines" min:"1" max:"100000" doc:"Calls at once, in and out; default: no limit."`
	Inbound  Pairs          `key:"inbound" doc:"Dialled numbers, as the trunk sends them, with the scenario's number or stream of calls each is: 0312345678: main."`
	Number   string         `key:"number" form:"number" doc:"What calls out are from."`
	User     string         `key:"user" form:"user" doc:"User for their challenges, and of the registration."`
	Password Secret         `key:"password" doc:"Its password, as it is: we must present it."`
	Domain   string         `key:"domain" form:"host" doc:"Domain of the account; default the target's."`
	Realms   []string       `key:"realms" doc:"Whose challenges are answered; default the domain's."`
	Register time.Duration  `key:"register" doc:"Register the account, and again before this is over; default: no registration."`
	Vendor   string         `key:"vendor" doc:"The scenario's vendor that is reached this way."`
}

// Target is a server to send requests to. The zero Target is none.
type Target struct {
	Host      string // a name or an address
	Port      int    // 0: by SRV records, or the transport's usual one
	Transport string // udp, tcp or tls
}

// Dial says which numbers may be called. It holds for every leg to the telephone
// network, whoever wanted it: an agent, a transfer, a callback, a program.
type Dial struct {
	Emergency       []string `key:"emergency" form:"number" doc:"Always allowed, for everybody; default 110, 118, 119, 112."`
	Allowed         []string `key:"allowed" form:"prefix" doc:"Beginnings of numbers that may be called; default: none but emergency numbers."`
	Premium         []string `key:"premium" form:"prefix" doc:"Beginnings of numbers that cost more; default 0990, 0570, 1900."`
	PremiumOn       bool     `key:"premium-on" doc:"true: these may be called too."`
	International   []string `key:"international" form:"prefix" doc:"Beginnings of numbers that lead abroad; default +, 010, 00, 011."`
	InternationalOn bool     `key:"international-on" doc:"true: these may be called too."`
	Agent           Limit    `key:"agent" doc:"What one agent may; default 10 a minute, 2 at once."`
	Trunk           Limit    `key:"trunk" doc:"What one trunk's calls may; default 60 a minute, 30 at once."`
}

// Limit is how many calls may be begun.
type Limit struct {
	PerMinute int `key:"per-minute" min:"1" max:"100000" doc:"In a minute."`
	AtOnce    int `key:"at-once" min:"1" max:"100000" doc:"At once."`
}
