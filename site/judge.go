package site

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"callwright/yamlfile"
)

// judge finds what does not fit together within the file.
type judge struct {
	*yamlfile.Faults
	s      *Site
	places map[string]yamlfile.Pos
}

// bad reports a mistake at a path; where the file does not have it, at what holds it.
func (j *judge) bad(path, format string, args ...any) {
	at := path
	for {
		if p, ok := j.places[at]; ok {
			j.Add(p, path, format, args...)
			return
		}
		at = at[:max(0, strings.LastIndexAny(at, ".["))]
	}
}

// has reports whether the file says something at a path.
func (j *judge) has(path string) bool {
	_, ok := j.places[path]
	return ok
}

func (j *judge) all() {
	j.sip()
	j.http()
	j.telephones()
	j.accounts()
	j.trunks()
	j.roles()
	j.dial()
	j.dispositions()
}

func (j *judge) sip() {
	seen := map[string]string{}
	for i := range j.s.SIP.Listen {
		l, path := &j.s.SIP.Listen[i], fmt.Sprintf("sip.listen[%d]", i)
		n := 0
		for _, a := range []netip.AddrPort{l.UDP, l.TCP, l.TLS} {
			if a.IsValid() {
				n++
			}
		}
		if n != 1 {
			j.bad(path, "has %d of udp, tcp and tls; want one", n)
			continue
		}
		transport, at := l.At()
		key := path + "." + transport
		if other, twice := seen[transport+at.String()]; twice {
			j.bad(key, "is %v, as %s is; want another", at, other)
		}
		seen[transport+at.String()] = key
		switch {
		case transport == "tls" && j.s.SIP.TLS == nil:
			j.bad(key, "has no certificate; want sip.tls with certificate and key")
		case transport != "tls" && !at.Addr().IsLoopback() && !j.s.SIP.Insecure:
			j.bad(key, "is %v, which others can reach without TLS; want tls, an address as 127.0.0.1, or sip.insecure: true", at)
		}
	}
	if a := j.s.RTP.Address; a.IsUnspecified() { // said so, or taken over from the first listener
		at := "rtp.address"
		if !j.has(at) {
			at = "sip.listen[0]"
		}
		j.Add(j.places[at], "rtp.address", "is %v, which nobody can send to; want the machine's address", a)
	}
	if a := j.s.SIP.Advertised; a.IsValid() && a.IsUnspecified() {
		j.bad("sip.advertised", "is %v, which nobody can send to; want the address that peers reach", a)
	}
}

func (j *judge) http() {
	h := &j.s.HTTP
	if h.TLS == nil && !h.Insecure && !h.Listen.Addr().IsLoopback() {
		j.bad("http.listen", "is %v, which others can reach without TLS; want http.tls, an address as 127.0.0.1, or http.insecure: true", h.Listen)
	}
}

// telephones judges what is dialled inside: nothing may mean two things.
func (j *judge) telephones() {
	seen := map[string]string{}
	take := func(path, number string) {
		if number == "" {
			return
		}
		if other, twice := seen[number]; twice {
			j.bad(path, "is %s, as %s is; want another", number, other)
			return
		}
		if slices.Contains(j.s.Dial.Emergency, number) {
			j.bad(path, "is %s, an emergency number; want another", number)
		}
		seen[number] = path
	}
	take("codes.ready", j.s.Codes.Ready)
	take("codes.not-ready", j.s.Codes.NotReady)
	take("codes.wrap-up-done", j.s.Codes.WrapUpDone)
	take("codes.logout", j.s.Codes.Logout)
	for i, name := range j.s.People.Names {
		p, path := j.s.People.Items[i], "people."+name
		take(path+".extension", p.Extension)
		if (p.SIP == nil) != (p.Extension == "") {
			j.bad(path, "has one of sip and extension; want both, or neither")
		}
		if p.Agent != "" && p.SIP == nil {
			j.bad(path+".agent", "is %s, and there is no telephone; want sip and extension", shown(p.Agent))
		}
	}
	for i, name := range j.s.Devices.Names {
		take("devices."+name+".extension", j.s.Devices.Items[i].Extension)
	}
	for _, number := range j.s.QueueNumbers.Numbers {
		take("queue-numbers."+number, number)
	}
}

// accounts judges what telephones log in with.
func (j *judge) accounts() {
	users, agents := map[string]string{}, map[string]string{}
	account := func(path string, a *Account) {
		if a == nil {
			return
		}
		if other, twice := users[a.User]; twice {
			j.bad(path+".user", "is %s, as %s is; want another", shown(a.User), other)
		}
		users[a.User] = path + ".user"
		if a.Realm != "" && a.Realm != j.s.Realm {
			j.bad(path+".realm", "is %s and the site's is %s: the password's hashes are void; want new ones", shown(a.Realm), shown(j.s.Realm))
		}
		if a.MD5 == "" && a.SHA256 == "" {
			j.bad(path, "has no password; want md5 or sha-256, or both: callwright site password makes them")
			return
		}
		for i := range j.s.SIP.Listen {
			d := j.s.SIP.Listen[i].Digest
			if !(slices.Contains(d, "MD5") && a.MD5 != "" || slices.Contains(d, "SHA-256") && a.SHA256 != "") {
				j.bad(path, "has no %s, which sip.listen[%d] asks for", strings.Join(d, " or "), i)
				return
			}
		}
	}
	for i, name := range j.s.People.Names {
		p := j.s.People.Items[i]
		account("people."+name+".sip", p.SIP)
		if other, twice := agents[p.Agent]; twice && p.Agent != "" {
			j.bad("people."+name+".agent", "is %s, as %s is; want one person an agent", shown(p.Agent), other)
		}
		agents[p.Agent] = "people." + name + ".agent"
	}
	for i, name := range j.s.Devices.Names {
		account("devices."+name+".sip", j.s.Devices.Items[i].SIP)
	}
}

// leastBits: no carrier has more addresses than a network of /8.
const leastBits = 8

func (j *judge) trunks() {
	inbound := map[string]string{}
	for i, name := range j.s.Trunks.Names {
		x, path := j.s.Trunks.Items[i], "trunks."+name
		if x.Target.Host == "" && len(x.From) == 0 {
			j.bad(path, "has neither target nor from; want where calls go to, or where they come from")
		}
		for _, need := range []struct {
			has       bool
			what, why string
			met       bool
		}{
			{x.Register > 0, "register", "user and password", x.User != "" && x.Password != ""},
			{x.Register > 0 || len(x.Next) > 0, "target", "one to register at, or to try first", x.Target.Host != ""},
			{x.User != "", "password", "what user logs in with", x.Password != ""},
			{x.Password != "", "user", "whose password it is", x.User != ""},
			{len(x.Inbound.Numbers) > 0, "from", "addresses that its calls come from, or sources: resolved", len(x.From) > 0 || x.Sources == "resolved"},
			{x.Sources == "resolved", "target", "a name to resolve", x.Target.Host != ""},
		} {
			if need.has && !need.met {
				j.bad(path+"."+need.what, "wants %s", need.why)
			}
		}
		for k, p := range x.From {
			if p.Bits() < leastBits {
				j.bad(fmt.Sprintf("%s.from[%d]", path, k), "is %v: all of that would be this trunk, without a password; want their own addresses", p)
			}
		}
		for _, number := range x.Inbound.Numbers {
			at := path + ".inbound." + number
			if other, twice := inbound[number]; twice {
				j.bad(at, "is a number of %s too; want one trunk a number", other)
			}
			inbound[number] = path
		}
	}
}

func (j *judge) roles() {
	for i, name := range j.s.People.Names {
		j.role("people."+name+".role", j.s.People.Items[i].Role)
	}
	hashes := map[SHA256]string{}
	for i, name := range j.s.Tokens.Names {
		x, path := j.s.Tokens.Items[i], "tokens."+name
		j.role(path+".role", x.Role)
		if other, twice := hashes[x.SHA256]; twice { // whose role would count?
			j.bad(path+".sha-256", "is that of %s; want a token of its own", other)
		}
		hashes[x.SHA256] = path
	}
}

func (j *judge) role(path, role string) {
	if j.s.Roles.Find(role) == nil {
		j.bad(path, "is %s, and no role has that name; %s", shown(role), yamlfile.DidYouMean(role, j.s.Roles.Names))
	}
}

// dial judges rules that contradict themselves.
func (j *judge) dial() {
	d := &j.s.Dial
	for i, n := range d.Emergency {
		for k, p := range d.Premium {
			if j.has("dial.premium") && n == p {
				j.bad(fmt.Sprintf("dial.premium[%d]", k), "is %s, which dial.emergency[%d] always allows", p, i)
			}
		}
	}
	for i, a := range d.Allowed {
		for _, x := range []struct {
			off  bool
			list []string
			key  string
		}{{!d.PremiumOn, d.Premium, "premium"}, {!d.InternationalOn, d.International, "international"}} {
			for _, p := range x.list {
				if x.off && strings.HasPrefix(a, p) {
					j.bad(fmt.Sprintf("dial.allowed[%d]", i), "is %s, and numbers that begin with %s are %s; want dial.%s-on: true, or another", a, p, x.key, x.key)
				}
			}
		}
	}
}

// mostDispositions is as many as an agent can look through.
const mostDispositions = 50

// dispositions judges what agents choose from.
func (j *judge) dispositions() {
	if n := len(j.s.Dispositions); n > mostDispositions {
		j.bad("dispositions", "are %d; want at most %d", n, mostDispositions)
		return
	}
	for i, d := range j.s.Dispositions {
		if first := slices.Index(j.s.Dispositions, d); first < i {
			j.bad(fmt.Sprintf("dispositions[%d]", i), "is %s, as dispositions[%d] is; want another", shown(d), first)
		}
	}
}
