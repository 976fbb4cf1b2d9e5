package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"callwright/media"
	"callwright/media/rtp"
	"callwright/realcore"
	"callwright/scenarios"
	"callwright/sipua"
	"callwright/sipua/dialog"
	"callwright/site"
)

func (x *serving) mediaConfig(f *site.File, tapes *tapes, log *slog.Logger) media.Config {
	c := media.Config{Bind: f.Site.RTP.Address, PortMin: f.Site.RTP.Ports.From, PortMax: f.Site.RTP.Ports.To, Log: log}
	if r := f.Site.Recording; r != nil {
		c.RecordDir, c.Failed = x.beside(r.Path), tapes.failed
	}
	return c
}

// beside is a path of the site file, which lies where that says.
func (x *serving) beside(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(filepath.Dir(x.site), p)
}

// sipConfig makes the SIP door's configuration of a site and a scenario.
func (x *serving) sipConfig(k *scenarios.Scenario, f *site.File, certs *certificates, log *slog.Logger) (sipua.Config, error) {
	s := &f.Site
	c := sipua.Config{Advertised: s.SIP.Advertised, Local: s.SIP.Local, Realm: s.Realm, Name: "callwright", MaxExpiry: s.SIP.Registration, Keepalive: s.SIP.Keepalive,
		Codes:     sipua.Codes{Ready: s.Codes.Ready, NotReady: s.Codes.NotReady, WrapUpDone: s.Codes.WrapUpDone, Logout: s.Codes.Logout},
		Admission: sipua.Admission{PerSecond: float64(s.SIP.Rates.PerSecond), Burst: s.SIP.Rates.Burst, Sources: s.SIP.Rates.Sources, Conns: s.SIP.Rates.Connections, Idle: s.SIP.Rates.Idle, Half: s.SIP.Rates.Half},
		Dial:      dialRules(&s.Dial), Bindings: x.path("bindings.json"), Dialogs: x.path("dialogs.jsonl"), Music: media.HoldMusic(), Ringback: media.Ringback(rtp.Japan), Log: log}
	if s.SIP.Bindings != "" {
		c.Bindings = x.beside(s.SIP.Bindings)
	}
	if s.SIP.TLS != nil {
		certs.cert, certs.key = x.beside(s.SIP.TLS.Certificate), x.beside(s.SIP.TLS.Key)
		if err := certs.load(); err != nil {
			return c, fmt.Errorf("%s: sip.tls: %w: %w", f.Name, err, errInput)
		}
	}
	for i := range s.SIP.Listen {
		c.Listeners = append(c.Listeners, listenerOf(&s.SIP.Listen[i], certs, log))
	}
	if err := x.sounds(&c, k, f, log); err != nil {
		return c, err
	}
	addAccounts(&c, k.Plan, s)
	addNumbers(&c, k.Plan, s)
	c.Record = s.Recording != nil
	return c, nil
}

func listenerOf(l *site.Listener, certs *certificates, log *slog.Logger) sipua.Listener {
	transport, at := l.At()
	out := sipua.Listener{Transport: transports[transport], Addr: at, Algorithms: l.Digest}
	if transport == "tls" {
		out.TLS = certs.config()
	}
	for _, alg := range l.Digest {
		if alg == "MD5" && transport != "tls" {
			log.Warn("passwords are proved by MD5 in the clear, as telephones in the field need; whoever listens can try passwords", "listener", at)
		}
	}
	return out
}

var transports = map[string]dialog.Transport{"udp": dialog.UDP, "tcp": dialog.TCP, "tls": dialog.TLS}

func dialRules(d *site.Dial) sipua.DialRules {
	return sipua.DialRules{Emergency: d.Emergency, Allowed: d.Allowed, Premium: d.Premium, PremiumOn: d.PremiumOn,
		International: d.International, InternationalOn: d.InternationalOn, PerMinute: d.Agent.PerMinute, Concurrent: d.Agent.AtOnce,
		TrunkPerMinute: d.Trunk.PerMinute, TrunkConcurrent: d.Trunk.AtOnce}
}

func addAccounts(c *sipua.Config, p *realcore.Plan, s *site.Site) {
	for i := range s.People.Names {
		if x := s.People.Items[i]; x.SIP != nil {
			c.Accounts = append(c.Accounts, account(x.SIP, x.Extension, agentNamed(p, x.Agent)))
		}
	}
	for _, d := range s.Devices.Items {
		c.Accounts = append(c.Accounts, account(d.SIP, d.Extension, realcore.None))
	}
}

func account(a *site.Account, extension string, agent realcore.AgentID) sipua.Account {
	return sipua.Account{User: a.User, Extension: extension, Agent: agent, HA1: map[string]string{"MD5": string(a.MD5), "SHA-256": string(a.SHA256)}}
}

func agentNamed(p *realcore.Plan, name string) realcore.AgentID {
	for i := range p.Agents {
		if p.Agents[i].Name == name {
			return realcore.AgentID(i)
		}
	}
	return realcore.None
}

// addNumbers tells which number leads where: telephones of ours dial a trunk's numbers,
// or an entry by its name.
func addNumbers(c *sipua.Config, p *realcore.Plan, s *site.Site) {
	entries, queues := map[string]realcore.EntryID{}, map[string]realcore.QueueID{}
	c.Numbers, c.QueueNumbers = map[string]realcore.EntryID{}, map[string]realcore.QueueID{}
	for i := range p.Entries {
		entries[p.Entries[i].Name] = realcore.EntryID(i)
		c.Numbers[p.Entries[i].Name] = realcore.EntryID(i)
	}
	for i := range p.Queues {
		queues[p.Queues[i].Name] = realcore.QueueID(i)
		c.Queues = append(c.Queues, p.Queues[i].Name)
	}
	for i, q := range s.QueueNumbers.Names {
		c.QueueNumbers[s.QueueNumbers.Numbers[i]] = queues[q]
	}
	for i, name := range s.Trunks.Names {
		c.Trunks = append(c.Trunks, trunkOf(name, s.Trunks.Items[i], p, entries))
		for n, e := range c.Trunks[i].Numbers {
			c.Numbers[n] = e
		}
	}
}

func trunkOf(name string, t *site.Trunk, p *realcore.Plan, entries map[string]realcore.EntryID) sipua.Trunk {
	out := sipua.Trunk{Name: name, Sources: t.From, Target: targetOf(t.Target), Resolved: t.Sources == "resolved", Domain: t.Domain, Trusted: t.Trusted, Lines: t.Lines, Number: t.Number, User: t.User,
		Secret: string(t.Password), Realms: t.Realms, Register: t.Register, Plan: realcore.None, Numbers: map[string]realcore.EntryID{}}
	for _, n := range t.Next {
		out.Next = append(out.Next, targetOf(n))
	}
	for i, n := range t.Inbound.Numbers {
		out.Numbers[n] = entries[t.Inbound.Names[i]]
	}
	for i := range p.Trunks {
		if t.Vendor != "" && p.Trunks[i].Name == t.Vendor {
			out.Plan = realcore.TrunkID(i)
		}
	}
	return out
}

func targetOf(t site.Target) sipua.Target {
	return sipua.Target{Host: t.Host, Port: t.Port, Transport: transports[t.Transport]}
}

// sounds loads what callers hear: files, or texts spoken by espeak-ng where that is
// installed. A scenario's prompt without a sound is its name, spoken, or else silence of
// its length.
func (x *serving) sounds(c *sipua.Config, k *scenarios.Scenario, f *site.File, log *slog.Logger) error {
	var errs []error
	speak := newSpeaker(languageOf(&f.Site))
	c.Announcement = speak.announcement
	load := func(key string, s *site.Sound) *media.Clip {
		clip, err := x.sound(s, speak)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %s: %w: %w", f.Name, key, err, errInput))
		}
		return clip
	}
	for i := range k.Plan.Prompts {
		p := &k.Plan.Prompts[i]
		s := f.Site.Prompts.Find(p.Name)
		if s == nil {
			clip, err := speak.say(speak.lang, strings.NewReplacer("-", " ", "_", " ").Replace(p.Name))
			if err != nil || strings.HasPrefix(p.Name, "(") { // a prompt of a length and no name
				clip = media.NewClip(make([]int16, int(p.Length.Seconds()*rtp.Rate)))
			}
			c.Prompts = append(c.Prompts, clip)
			continue
		}
		c.Prompts = append(c.Prompts, load("prompts."+p.Name, s))
	}
	if f.Site.Music != nil {
		c.Music = load("music", f.Site.Music)
	}
	if f.Site.Ringback != nil {
		c.Ringback = load("ringback", f.Site.Ringback)
	}
	return errors.Join(errs...)
}

// languageOf is the language of what is spoken: that of the first text, or else English.
func languageOf(s *site.Site) string {
	for _, p := range s.Prompts.Items {
		if p.Say != "" && p.Language != "" {
			return p.Language
		}
	}
	return "en"
}

func (x *serving) sound(s *site.Sound, speak *speaker) (*media.Clip, error) {
	if s.File != "" {
		r, err := os.Open(x.beside(s.File))
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return media.LoadWAV(r)
	}
	lang := "en"
	if s.Language != "" {
		lang = s.Language
	}
	return speak.say(lang, s.Say)
}

// certificates is a TLS certificate that can be read again while it is used.
type certificates struct {
	cert, key string
	now       atomic.Pointer[tls.Certificate]
}

func (c *certificates) load() error {
	if c.cert == "" {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("%s, %s: %w", c.cert, c.key, err)
	}
	c.now.Store(&pair)
	return nil
}

// reload reads the certificate again, and says which one is shown from now on.
func (c *certificates) reload(log *slog.Logger) {
	if err := c.load(); err != nil {
		log.Error("the certificate stays the old one", "err", err)
	} else if p := c.now.Load(); p != nil && p.Leaf != nil {
		log.Info("the certificate has been read again", "file", c.cert, "until", p.Leaf.NotAfter.Format(time.DateOnly))
	}
}

func (c *certificates) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		if p := c.now.Load(); p != nil {
			return p, nil
		}
		return nil, errors.New("no certificate")
	}}
}

// onHangup calls f at each signal until the returned function, which waits for it.
func onHangup(ch <-chan os.Signal, f func()) (stop func()) {
	quit, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		for {
			select {
			case <-ch:
				f()
			case <-quit:
				return
			}
		}
	}()
	return func() { close(quit); <-gone }
}
