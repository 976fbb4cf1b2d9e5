package sipua

import (
	"net/netip"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/sipua/dialog"
	"callwright/sipua/digest"
)

// who is who sends a request: a trunk by its address, or an account by its password.
type who struct {
	trunk   int // index of Config.Trunks, or -1
	account *Account
}

// screen makes the checks of RFC 3261 8.2 that come before a request is merged, in
// their order: authentication, method, scheme and user. It is the dialog.Config's
// Screen, so the loop calls it.
func (s *Server) screen(req *sip.Request, flow dialog.Flow) (int, *dialog.Extra) {
	from, code, extra := s.identify(req, flow)
	if code != 0 {
		return code, extra
	}
	s.sender = from
	switch {
	case !knownMethods[req.Method]:
		return 501, nil
	case !servedMethods[req.Method]:
		return 405, nil
	}
	switch scheme := strings.ToLower(req.Recipient.Scheme); {
	case scheme != "sip" && scheme != "sips", scheme == "sips" && flow.Transport != dialog.TLS:
		return 416, nil
	}
	switch req.Method {
	case sip.REFER:
		return 403, nil // a transfer is of a call
	case sip.BYE, sip.INFO, sip.NOTIFY:
		return 481, nil
	case sip.INVITE:
		if !s.knows(req, from) {
			return 404, nil
		}
	}
	return 0, nil
}

var knownMethods = map[sip.RequestMethod]bool{sip.INVITE: true, sip.ACK: true, sip.CANCEL: true, sip.BYE: true, sip.OPTIONS: true, sip.REGISTER: true,
	sip.INFO: true, sip.REFER: true, sip.NOTIFY: true, sip.SUBSCRIBE: true, sip.MESSAGE: true, sip.PRACK: true, sip.UPDATE: true, sip.PUBLISH: true}

var servedMethods = map[sip.RequestMethod]bool{sip.INVITE: true, sip.BYE: true, sip.OPTIONS: true, sip.REGISTER: true, sip.INFO: true, sip.REFER: true, sip.NOTIFY: true}

const allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, INFO, REFER, NOTIFY"

// identify finds out who sends a request: its code is not 0 where that is to be
// answered.
func (s *Server) identify(req *sip.Request, flow dialog.Flow) (who, int, *dialog.Extra) {
	if i := s.trunkAt(flow.Remote.Addr()); i >= 0 && req.Method != sip.REGISTER {
		return who{trunk: i}, 0, nil
	}
	now, l := time.Now(), &s.cfg.Listeners[flow.Listener]
	outdated := false
	for n, h := range req.GetHeaders("authorization") {
		if n == 2 { // a phone has one for each realm; we hash no more than that
			break
		}
		p, ok := digest.Params(h.Value())
		if !ok || p["realm"] != s.cfg.Realm || p["uri"] == "" {
			continue
		}
		a := s.byUser[p["username"]]
		switch s.digests.check(h.Value(), string(req.Method), a, l.Algorithms, s.cfg.Realm, now, flow.Remote.Addr(), flow.Listener) {
		case right:
			if !sameUser(p["uri"], &req.Recipient) {
				return who{}, 400, nil
			}
			return who{trunk: -1, account: a}, 0, nil
		case stale:
			outdated = true
		}
	}
	s.counts.challenged.Add(1)
	extra := &dialog.Extra{}
	for _, v := range s.digests.challenge(s.cfg.Realm, l.Algorithms, outdated, now, flow.Remote.Addr(), flow.Listener) {
		extra.Headers = append(extra.Headers, sip.NewHeader("WWW-Authenticate", v))
	}
	return who{}, 401, extra
}

// sameUser reports whether what was signed is what is asked for (RFC 7616 3.4.6): the same
// user. The rest of a Request-URI a proxy between may have changed.
func sameUser(signed string, asked *sip.Uri) bool {
	var u sip.Uri
	return sip.ParseUri(signed, &u) == nil && userOf(&u) == userOf(asked)
}

// trunkAt returns the trunk whose requests come from an address, or -1; of the loop.
func (s *Server) trunkAt(addr netip.Addr) int {
	if i := s.trunkFrom(addr); i >= 0 {
		return i
	}
	for i := range s.cfg.Trunks {
		for _, a := range s.trunks[i].addrs {
			if s.cfg.Trunks[i].Resolved && a.Addr() == addr.Unmap() {
				return i
			}
		}
	}
	return -1
}

// trunkFrom is trunkAt without what was looked up, for sockets' readers.
func (s *Server) trunkFrom(addr netip.Addr) int {
	for i := range s.cfg.Trunks {
		for _, p := range s.cfg.Trunks[i].Sources {
			if p.Contains(addr.Unmap()) {
				return i
			}
		}
	}
	return -1
}

// inspect makes the checks that come after: extensions and content (8.2.2.3, 8.2.3).
func inspect(req *sip.Request) (int, *dialog.Extra) {
	var unsupported []string
	for _, h := range req.GetHeaders("require") {
		for _, tag := range strings.Split(h.Value(), ",") {
			unsupported = append(unsupported, strings.TrimSpace(tag))
		}
	}
	if len(unsupported) > 0 {
		return 420, headers("Unsupported", strings.Join(unsupported, ", "))
	}
	if h := req.GetHeader("content-encoding"); h != nil && !strings.EqualFold(h.Value(), "identity") && len(req.Body()) > 0 {
		return 415, headers("Accept-Encoding", "identity")
	}
	if req.Method != sip.INVITE {
		return 0, nil
	}
	if len(req.Body()) > 0 && !optional(req) {
		ct := req.ContentType()
		if ct == nil {
			return 400, nil
		}
		kind, _, _ := strings.Cut(ct.Value(), ";")
		if !strings.EqualFold(strings.TrimSpace(kind), "application/sdp") {
			return 415, headers("Accept", "application/sdp")
		}
	}
	if h := req.GetHeader("accept"); h != nil && !accepts(h.Value()) {
		return 406, nil
	}
	return 0, nil
}

// optional reports whether a body may be ignored (Content-Disposition, 20.11).
func optional(req *sip.Request) bool {
	h := req.GetHeader("content-disposition")
	return h != nil && strings.Contains(strings.ToLower(strings.ReplaceAll(h.Value(), " ", "")), "handling=optional")
}

func accepts(v string) bool {
	for _, kind := range strings.Split(v, ",") {
		kind, _, _ = strings.Cut(kind, ";")
		switch strings.ToLower(strings.TrimSpace(kind)) {
		case "application/sdp", "application/*", "*/*", "":
			return true
		}
	}
	return false
}

func headers(name, value string) *dialog.Extra {
	return &dialog.Extra{Headers: []sip.Header{sip.NewHeader(name, value)}}
}
