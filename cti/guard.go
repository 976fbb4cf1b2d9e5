package cti

import (
	"crypto/sha256"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"callwright/realcore"
)

// policy is what a page may load: its own files, and nothing written into it. Trusted
// types make the browser refuse any script that turns a text into markup.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; media-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// guarded puts on every answer what browsers need to be told.
func (s *Server) guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := w.Header()
		x.Set("Content-Security-Policy", policy)
		x.Set("X-Content-Type-Options", "nosniff")
		x.Set("X-Frame-Options", "DENY")
		x.Set("Referrer-Policy", "no-referrer")
		x.Set("Cross-Origin-Opener-Policy", "same-origin")
		x.Set("Cross-Origin-Resource-Policy", "same-origin")
		x.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
		if s.cfg.TLS != nil {
			x.Set("Strict-Transport-Security", "max-age=31536000")
		}
		h.ServeHTTP(w, r)
	})
}

// visitor is who asks.
type visitor struct {
	name    string
	role    *Role
	agent   realcore.AgentID // None: no agent
	session *session         // nil: a program
	until   time.Time        // of a program's token; zero: for good
}

// visitorOf returns who asks; nil and why if that is nobody. A request with a cookie must
// come from this server's own pages: the browser says so in Origin and Sec-Fetch-Site,
// which no page can forge. A request with a token needs no such proof, since no other
// page has the token to show.
func (s *Server) visitorOf(r *http.Request) (*visitor, *failure) {
	if h := r.Header.Get("Authorization"); h != "" {
		token, ok := strings.CutPrefix(h, "Bearer ")
		if !ok {
			return nil, errToken
		}
		t := s.tokens[sha256.Sum256([]byte(token))]
		if t == nil || !t.Expires.IsZero() && !s.now().Before(t.Expires) {
			return nil, errToken
		}
		return &visitor{name: t.Name, role: &t.Role, agent: realcore.None, until: t.Expires}, nil
	}
	c, err := r.Cookie(s.cookieName())
	if err != nil {
		return nil, errStranger
	}
	if !fromOwnPage(r, s.cfg.TLS != nil) {
		return nil, errOrigin
	}
	o := s.sessions.find(c.Value, s.now())
	if o == nil {
		return nil, errStranger
	}
	s.mu.Lock()
	agent := s.floor.agentNamed(o.person.Agent)
	s.mu.Unlock()
	return &visitor{name: o.person.Name, role: &o.person.Role, agent: agent, session: o}, nil
}

// fromOwnPage reports whether a request with a cookie may count. What changes something
// and what opens a WebSocket must name its origin; what only reads may come without, as
// browsers then send none, but not from elsewhere.
func fromOwnPage(r *http.Request, secure bool) bool {
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	if reads && r.Header.Get("Upgrade") == "" && r.Header.Get("Origin") == "" {
		site := r.Header.Get("Sec-Fetch-Site")
		return site == "" || site == "same-origin" || site == "none"
	}
	return sameOrigin(r, secure)
}

// sameOrigin reports whether a request names this server as the origin of its page.
func sameOrigin(r *http.Request, secure bool) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return false
	}
	u, err := url.Parse(r.Header.Get("Origin"))
	if err != nil || u.Host == "" || secure && u.Scheme != "https" {
		return false
	}
	return strings.EqualFold(u.Host, r.Host)
}

// nearby reports whether a request was made on this machine, to this machine by an
// address or as localhost: not by way of a proxy, which would make everybody local, and
// not by a name, which a page elsewhere can let point here (DNS rebinding).
func nearby(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !from.Addr().Unmap().IsLoopback() {
		return false
	}
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && ip.IsLoopback()
}
