package site

import (
	"net/netip"
	"time"
)

// Site is the whole file: each field is a key, each doc what it means. Defaults are
// filled in by Parse.
type Site struct {
	Version      int           `key:"callwright-site" min:"1" max:"1" must:"callwright-site: 1" doc:"Version of this format: 1. Every file has it."`
	Realm        string        `key:"realm" form:"realm" doc:"Realm of the telephones' passwords; default callwright. Changing it makes all of them void."`
	SIP          SIP           `key:"sip" doc:"Where telephones and trunks reach the centre."`
	RTP          RTP           `key:"rtp" doc:"Where voice is received."`
	HTTP         HTTP          `key:"http" doc:"Where browsers and other systems reach it."`
	People       Map[Person]   `key:"people" doc:"Who works here, by the name they log in with."`
	Devices      Map[Device]   `key:"devices" doc:"Telephones that are nobody's: a door, a meeting room."`
	Codes        Codes         `key:"codes" doc:"What agents without a screen dial."`
	Trunks       Map[Trunk]    `key:"trunks" doc:"Ways to and from the telephone network, by name."`
	QueueNumbers Pairs         `key:"queue-numbers" doc:"Numbers that agents transfer to, with the queue each leads to: 801: sales."`
	Prompts      Map[Sound]    `key:"prompts" doc:"What the scenario's prompts sound like, by their name."`
	Music        *Sound        `key:"music" doc:"While callers wait; default silence."`
	Ringback     *Sound        `key:"ringback" doc:"While a telephone rings; default the tone of the country."`
	Recording    *Recording    `key:"recording" doc:"Of calls; without it none is recorded."`
	Roles        Map[Role]     `key:"roles" doc:"What people and programs may do, by name. agent, supervisor and listener are there unless they stand here."`
	Dial         Dial          `key:"dial" doc:"What may be dialled to the telephone network, by whomever."`
	Tokens       Map[APIToken] `key:"tokens" doc:"Programs that use the interface, by name."`
	Dispositions []string      `key:"dispositions" form:"disposition" doc:"What agents may say a contact was, as pages show it; default resolved, follow-up, call-back, complaint, wrong-number, no-answer, which pages show in their language."`
}

// SIP is the SIP door's addresses and manners.
type SIP struct {
	Listen       []Listener     `key:"listen" doc:"Addresses; default udp and tcp at 127.0.0.1:5060."`
	Insecure     bool           `key:"insecure" doc:"true: others than this machine may reach it without TLS. Nobody's words are then secret on the way."`
	Advertised   netip.Addr     `key:"advertised" doc:"The address peers outside of local are told to send to, behind NAT."`
	Local        []netip.Prefix `key:"local" doc:"Networks that reach the listeners' own addresses."`
	TLS          *TLS           `key:"tls" doc:"For tls listeners."`
	Registration time.Duration  `key:"registration" doc:"Longest life of a telephone's registration; default 1h."`
	Keepalive    time.Duration  `key:"keepalive" doc:"Between questions whether a telephone is there; default 30s."`
	Bindings     string         `key:"bindings" form:"path" doc:"File in which registrations survive a restart; default none."`
	Rates        Rates          `key:"rates" doc:"What one source may send before it has said who it is."`
}

// Listener is one address: one of UDP, TCP and TLS is valid.
type Listener struct {
	UDP    netip.AddrPort `key:"udp" doc:"Address and port for UDP,"`
	TCP    netip.AddrPort `key:"tcp" doc:"or for TCP,"`
	TLS    netip.AddrPort `key:"tls" doc:"or for TLS."`
	Digest []string       `key:"digest" of:"SHA-256,MD5" doc:"Algorithms of passwords, the preferred first; default SHA-256 then MD5 for tls, MD5 for udp and tcp, as most telephones want."`
}

// At returns which transport the listener has, and its address.
func (l *Listener) At() (transport string, at netip.AddrPort) {
	switch {
	case l.UDP.IsValid():
		return "udp", l.UDP
	case l.TCP.IsValid():
		return "tcp", l.TCP
	}
	return "tls", l.TLS
}

// TLS is the files of a certificate. They are read again on SIGHUP.
type TLS struct {
	Certificate string `key:"certificate" form:"path" must:"a PEM file" doc:"PEM file of the certificate and those above it."`
	Key         string `key:"key" form:"path" must:"a PEM file" doc:"PEM file of its private key."`
}

// Rates bounds what a source may send that is no trunk and has not authenticated.
type Rates struct {
	PerSecond   int           `key:"per-second" min:"1" max:"10000" doc:"Requests a second; default 20."`
	Burst       int           `key:"burst" min:"1" max:"100000" doc:"Requests at once; default 100."`
	Sources     int           `key:"sources" min:"16" max:"1000000" doc:"Sources remembered; default 10000."`
	Connections int           `key:"connections" min:"1" max:"100000" doc:"TCP and TLS connections; default 1000."`
	Idle        time.Duration `key:"idle" doc:"A connection without a whole message for so long is closed; default 3m."`
	Half        time.Duration `key:"half" doc:"A message that has begun must be whole by then; default 10s."`
}

// RTP is where voice is received.
type RTP struct {
	Address netip.Addr `key:"address" doc:"Default: the first SIP listener's."`
	Ports   Ports      `key:"ports" doc:"From and to, as 16384-32767 (default); two for each leg of a call."`
}

// HTTP is the one HTTP server's address.
type HTTP struct {
	Listen   netip.AddrPort `key:"listen" doc:"Default 127.0.0.1:8080."`
	Insecure bool           `key:"insecure" doc:"true: others than this machine may reach it without TLS, behind a proxy that has it. Passwords are then in the clear."`
	TLS      *TLS           `key:"tls" doc:"For https."`
	Language string         `key:"language" of:"en,ja" doc:"Of pages, until somebody chooses another; default what the browser asks for."`
}

// Codes are what agents dial to say what they want; none is as good as not having it.
type Codes struct {
	Ready      string `key:"ready" form:"code" doc:"Give me calls; default *11."`
	NotReady   string `key:"not-ready" form:"code" doc:"A break; default *12."`
	WrapUpDone string `key:"wrap-up-done" form:"code" doc:"The work after the call is done; default *13."`
	Logout     string `key:"logout" form:"code" doc:"I am gone; default *10."`
}

// Sound is something to play: a file, or a text to speak.
type Sound struct {
	File     string `key:"file" form:"path" doc:"WAV file, 8 or 16 kHz mono,"`
	Say      string `key:"say" doc:"or a text to speak, if a speaking program is there."`
	Language string `key:"language" of:"en,ja" doc:"Of the text; default en."`
}

// Recording is where and how long calls are kept.
type Recording struct {
	Path   string   `key:"path" form:"path" must:"a folder" doc:"Folder, one file a call; it should be nobody else's."`
	Keep   int      `key:"keep-days" min:"1" max:"4000" must:"how long the law and your customers let you" doc:"Days after which a recording is deleted."`
	Queues []string `key:"queues" doc:"Only calls that an agent took from these; default all."`
}
