package site

import (
	"io"
	"net/netip"
	"reflect"
	"time"

	"callwright/yamlfile"
)

// File is a site file that holds by itself. Whether the names in it are the scenario's
// is known after Check.
type File struct {
	Name string // as given to Parse
	Site Site

	places map[string]yamlfile.Pos
}

// Error is one mistake in a site file: where, what stands there, and what is wanted
// instead.
type Error = yamlfile.Error

// Parse reads a site file, fills in the defaults and judges what can be judged without
// a scenario. The error joins all mistakes found, each an *Error. name stands in
// messages; r is read to its end, or to the largest size that is allowed.
func Parse(name string, r io.Reader) (*File, error) {
	shared, t, err := form.Read(name, r)
	if err != nil {
		return nil, err
	}
	d := newDecoder(shared)
	f := &File{Name: name, places: d.Places}
	d.Value(reflect.ValueOf(&f.Site).Elem(), t, "", "")
	f.Site.fill()
	if len(d.List) == 0 { // half a site would have mistakes of its own
		(&judge{d.Faults, &f.Site, d.Places}).all()
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	return f, nil
}

// fill puts the documented defaults where nothing was said.
func (s *Site) fill() {
	set(&s.Realm, "callwright")
	loopback := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	if len(s.SIP.Listen) == 0 {
		at := netip.AddrPortFrom(loopback, 5060)
		s.SIP.Listen = []Listener{{UDP: at}, {TCP: at}}
	}
	for i := range s.SIP.Listen {
		l := &s.SIP.Listen[i]
		if transport, _ := l.At(); len(l.Digest) == 0 && transport == "tls" {
			l.Digest = []string{"SHA-256", "MD5"}
		} else if len(l.Digest) == 0 {
			l.Digest = []string{"MD5"}
		}
	}
	set(&s.SIP.Registration, time.Hour)
	set(&s.SIP.Keepalive, 30*time.Second)
	r := &s.SIP.Rates
	set(&r.PerSecond, 20)
	set(&r.Burst, 100)
	set(&r.Sources, 10_000)
	set(&r.Connections, 1000)
	set(&r.Idle, 3*time.Minute)
	set(&r.Half, 10*time.Second)
	if !s.RTP.Address.IsValid() {
		_, at := s.SIP.Listen[0].At()
		s.RTP.Address = at.Addr()
	}
	set(&s.RTP.Ports, Ports{16384, 32767})
	set(&s.HTTP.Listen, netip.AddrPortFrom(loopback, 8080))
	set(&s.Codes.Ready, "*11")
	set(&s.Codes.NotReady, "*12")
	set(&s.Codes.WrapUpDone, "*13")
	set(&s.Codes.Logout, "*10")
	for _, p := range s.People.Items {
		set(&p.Role, "agent")
	}
	for _, x := range s.Trunks.Items {
		set(&x.Sources, "strict")
		set(&x.Domain, x.Target.Host)
		if len(x.Realms) == 0 && x.Domain != "" {
			x.Realms = []string{x.Domain}
		}
	}
	for i, name := range roleNames {
		if s.Roles.Find(name) == nil {
			s.Roles.Names, s.Roles.Items = append(s.Roles.Names, name), append(s.Roles.Items, &Role{May: rights[i]})
		}
	}
	for _, x := range append(s.sounds(), s.Prompts.Items...) {
		set(&x.Language, "en")
	}
	s.Dial.fill()
}

func (s *Site) sounds() (list []*Sound) {
	for _, x := range []*Sound{s.Music, s.Ringback} {
		if x != nil {
			list = append(list, x)
		}
	}
	return list
}

func (d *Dial) fill() {
	for _, x := range []struct {
		to    *[]string
		usual []string
	}{
		{&d.Emergency, []string{"110", "118", "119", "112"}},
		{&d.Premium, []string{"0990", "0570", "1900"}},
		{&d.International, []string{"+", "010", "00", "011"}},
	} {
		if len(*x.to) == 0 {
			*x.to = x.usual
		}
	}
	set(&d.Agent.PerMinute, 10)
	set(&d.Agent.AtOnce, 2)
	set(&d.Trunk.PerMinute, 60)
	set(&d.Trunk.AtOnce, 30)
}

// set puts a default where there is a zero.
func set[T comparable](to *T, usual T) {
	var zero T
	if *to == zero {
		*to = usual
	}
}
