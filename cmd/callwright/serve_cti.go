package main

import (
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"time"

	"callwright/cti"
	"callwright/scenarios"
	"callwright/sipua"
	"callwright/site"
)

var _ cti.Phones = (*sipua.Server)(nil)

// ctiConfig makes the HTTP server's configuration of a site and a scenario. certs are
// those of http.tls, which are read again like SIP's.
func (x *serving) ctiConfig(k *scenarios.Scenario, f *site.File, certs *certificates, phones cti.Phones, log *slog.Logger) (cti.Config, error) {
	s := &f.Site
	c := cti.Config{Listen: s.HTTP.Listen, Insecure: s.HTTP.Insecure, Nobody: site.Nobody.Is, Phones: phones,
		Notes: x.path("notes.jsonl"), Audit: x.path("audit.jsonl"), Dispositions: s.Dispositions, Lang: s.HTTP.Language, Log: log}
	if t := s.HTTP.TLS; t != nil {
		certs.cert, certs.key = x.beside(t.Certificate), x.beside(t.Key)
		if err := certs.load(); err != nil {
			return c, fmt.Errorf("%s: http.tls: %w: %w", f.Name, err, errInput)
		}
		c.TLS = certs.config()
	}
	if r := s.Recording; r != nil {
		c.Recordings = os.DirFS(x.beside(r.Path)) // only files that were told of as recordings are opened
	}
	zone, err := time.LoadLocation(k.Plan.Zone)
	if err != nil {
		return c, fmt.Errorf("the scenario's zone: %w: %w", err, errInput)
	}
	c.Zone = zone
	for _, q := range k.Queues {
		c.Queues = append(c.Queues, cti.Queue{Name: q.Name, AWT: q.AWT, Rule: q.Rule, Short: q.Short, Target: q.Target})
	}
	for i, name := range s.People.Names {
		if p := s.People.Items[i]; p.Password != "" {
			c.People = append(c.People, cti.Person{Name: name, Agent: p.Agent, Role: roleOf(s, p.Role), Check: p.Password.Is})
		}
	}
	for i, name := range s.Tokens.Names {
		t, err := tokenOf(s, name, s.Tokens.Items[i], zone)
		if err != nil {
			return c, fmt.Errorf("%s: tokens.%s: %w: %w", f.Name, name, err, errInput)
		}
		c.Tokens = append(c.Tokens, t)
	}
	return c, nil
}

// roleOf is a site's role; site has judged that there is one of that name.
func roleOf(s *site.Site, name string) cti.Role {
	r := cti.Role{Name: name}
	if known := s.Roles.Find(name); known != nil {
		r.Queues = known.Queues
		for _, m := range known.May {
			r.May = append(r.May, cti.Right(m))
		}
	}
	return r
}

// tokenOf is a site's token. It is good until the end of its last day, in the scenario's
// zone.
func tokenOf(s *site.Site, name string, t *site.APIToken, zone *time.Location) (cti.Token, error) {
	out := cti.Token{Name: name, Role: roleOf(s, t.Role)}
	if _, err := hex.Decode(out.SHA256[:], []byte(string(t.SHA256))); err != nil {
		return out, fmt.Errorf("sha-256: %w", err)
	}
	if t.Expires != "" {
		day, err := time.ParseInLocation(time.DateOnly, t.Expires, zone)
		if err != nil {
			return out, fmt.Errorf("expires: %w; want a day of the calendar", err)
		}
		out.Expires = day.AddDate(0, 0, 1)
	}
	return out, nil
}
