package sipua

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/sipua/dialog"
)

// binding is where a phone is: its Contact, and by what its REGISTER came, which is
// how it is reached behind an address translator.
type binding struct {
	Contact string // URI
	CallID  string
	Seq     uint32
	Until   time.Time
	Flow    dialog.Flow

	silent  bool // the last OPTIONS had no answer
	asking  bool
	nextAsk time.Time
}

const mostBindings = 10 // of one account: more is no phone but an attack (RFC 5393)

// registered answers a REGISTER of an account that has shown its password (10.3).
func (s *Server) registered(in *dialog.Incoming, a *Account) {
	req := in.Request()
	to := req.To()
	if sch := strings.ToLower(to.Address.Scheme); sch != "sip" && sch != "sips" {
		s.respond(in, 400, nil)
		return
	}
	if to.Address.User != a.User {
		s.respond(in, 403, nil)
		return
	}
	changes, code := s.changes(req, in.Flow())
	if code != 0 {
		s.respond(in, code, nil)
		return
	}
	now := time.Now()
	list := s.live(a.User, now)
	for _, c := range changes {
		for _, b := range list {
			if b.Contact == c.Contact && b.CallID == c.CallID && c.Seq <= b.Seq { // out of order (10.3 step 7)
				s.respond(in, 500, nil)
				return
			}
		}
	}
	for _, c := range changes {
		list = without(list, c.Contact)
		if c.Until.After(now) {
			list = append(list, c)
		}
	}
	if len(list) > mostBindings {
		s.respond(in, 403, nil)
		return
	}
	s.bind(a, list)
	s.respond(in, 200, &dialog.Extra{Headers: contacts(list, now)})
}

// changes reads what a REGISTER asks for; code is not 0 if that is not possible.
func (s *Server) changes(req *sip.Request, flow dialog.Flow) (out []*binding, code int) {
	expires := 3600
	if h := req.GetHeader("expires"); h != nil {
		expires = seconds(h.Value(), 3600)
	}
	list := req.GetHeaders("contact")
	for _, h := range list {
		c, ok := h.(*sip.ContactHeader)
		if !ok {
			var x sip.ContactHeader
			name, err := sip.ParseAddressValue(h.Value(), &x.Address, &x.Params)
			if err != nil {
				return nil, 400
			}
			x.DisplayName = name
			c = &x
		}
		if c.Address.Wildcard || strings.TrimSpace(h.Value()) == "*" {
			if len(list) > 1 || expires != 0 {
				return nil, 400
			}
			for _, b := range s.live(req.To().Address.User, time.Now()) {
				out = append(out, &binding{Contact: b.Contact, CallID: req.CallID().Value(), Seq: req.CSeq().SeqNo})
			}
			return out, 0
		}
		e := expires
		if v, ok := c.Params.Get("expires"); ok {
			e = seconds(v, 3600)
		}
		e = min(e, int(s.cfg.MaxExpiry.Seconds()))
		if e > 0 && e < 60 {
			return nil, 423
		}
		b := &binding{Contact: c.Address.String(), CallID: req.CallID().Value(), Seq: req.CSeq().SeqNo, Flow: flow}
		b.Until = time.Now().Add(time.Duration(e) * time.Second)
		out = append(out, b)
	}
	if len(out) > mostBindings {
		return nil, 403
	}
	return out, 0
}

// seconds reads an expiry; what does not fit counts as def (10.2.1.1).
func seconds(v string, def int) int {
	n, err := strconv.ParseUint(strings.TrimSpace(v), 10, 31)
	if err != nil {
		return def
	}
	return int(n)
}

// live returns the bindings that have not expired, the newest last.
func (s *Server) live(user string, now time.Time) (out []*binding) {
	for _, b := range s.bindings[user] {
		if b.Until.After(now) {
			out = append(out, b)
		}
	}
	return out
}

func without(list []*binding, contact string) (out []*binding) {
	for _, b := range list {
		if b.Contact != contact {
			out = append(out, b)
		}
	}
	return out
}

func contacts(list []*binding, now time.Time) (out []sip.Header) {
	for _, b := range list {
		out = append(out, sip.NewHeader("Contact", "<"+b.Contact+">;expires="+strconv.Itoa(int(b.Until.Sub(now).Seconds()))))
	}
	return append(out, sip.NewHeader("Date", now.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")))
}

// bind sets an account's bindings and writes all to the file.
func (s *Server) bind(a *Account, list []*binding) {
	for _, b := range list {
		if b.nextAsk.IsZero() {
			b.nextAsk = time.Now().Add(s.cfg.Keepalive)
		}
	}
	s.bindings[a.User] = list
	s.phones(a)
	s.unsaved = true
	if time.Since(s.savedAt) > time.Second { // or else with the next tick: at a power cut all phones come at once
		s.saveBindings()
	}
}

// saveBindings writes the file anew and puts it in the old one's place. A failure is
// told: after a restart phones would be unknown until they register again.
func (s *Server) saveBindings() {
	s.unsaved, s.savedAt = false, time.Now()
	if s.cfg.Bindings == "" {
		return
	}
	b, err := json.Marshal(s.bindings)
	if err == nil {
		tmp := s.cfg.Bindings + ".new"
		if err = os.WriteFile(tmp, b, 0o600); err == nil {
			err = os.Rename(tmp, s.cfg.Bindings)
		}
	}
	if err != nil {
		s.cfg.Log.Error("registrations are not saved", "file", filepath.Base(s.cfg.Bindings), "err", err)
	}
}

// loadBindings reads what was saved. Connections are gone: phones on TCP and TLS are
// reached by a new one, or register again.
func (s *Server) loadBindings() error {
	if s.cfg.Bindings == "" {
		return nil
	}
	b, err := os.ReadFile(s.cfg.Bindings)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	all := map[string][]*binding{}
	if err := json.Unmarshal(b, &all); err != nil {
		s.cfg.Log.Error("saved registrations cannot be read; phones will register again", "err", err)
		return nil
	}
	for i := range s.cfg.Accounts {
		a := &s.cfg.Accounts[i]
		for _, x := range all[a.User] {
			if x == nil || x.Flow.Listener < 0 {
				continue
			}
			x.Flow.Conn = 0
			if x.Flow.Listener >= len(s.cfg.Listeners) || s.cfg.Listeners[x.Flow.Listener].Transport != x.Flow.Transport || x.Flow.Remote == (netip.AddrPort{}) {
				continue
			}
			x.nextAsk = time.Now() // is it still there?
			s.bindings[a.User] = append(s.bindings[a.User], x)
		}
	}
	return nil
}
