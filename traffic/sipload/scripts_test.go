package sipload

import (
	"context"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"callwright/netio"
	"callwright/realcore"
	"callwright/sipua/dialog"
	"callwright/traffic"
	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
)

// Each way a call may go, by both machines: what the caller counts is what happened.
func TestWays(t *testing.T) {
	patient := callscript.Step{Op: callscript.Call, Law: always(300 * time.Millisecond), HasLaw: true}
	rings := []callscript.Step{lasts(callscript.Ring, 5*time.Second), {Op: callscript.Answer}}
	answersAt := func(steps ...callscript.Step) []callscript.Step {
		return append([]callscript.Step{{Op: callscript.Answer}}, append(steps, callscript.Step{Op: callscript.Until, Hears: callscript.Hearing{What: callscript.HangUpHeard}})...)
	}
	for _, c := range []struct {
		name          string
		answer, calls []callscript.Step
		want          func(*loadstats.Interval) bool
	}{
		{"gives up", rings, []callscript.Step{patient, lasts(callscript.Wait, time.Second)}, func(v *loadstats.Interval) bool {
			return v.Abandoned == 5 && v.Failed == 0 && v.Codes[487] == 5
		}},
		{"refused", []callscript.Step{{Op: callscript.Refuse, Code: 486, Share: 1}, {Op: callscript.Answer}}, []callscript.Step{callStep, hangUp}, func(v *loadstats.Interval) bool {
			return v.Failed == 5 && v.Codes[486] == 5 && v.Failures[loadstats.Failure{Step: "1 call", Cause: "code 486"}] == 5 && v.N(loadstats.SRDFailed) == 5
		}},
		{"refused as expected", []callscript.Step{{Op: callscript.Refuse, Code: 603, Share: 1}, {Op: callscript.Answer}}, []callscript.Step{callStep, {Op: callscript.Expect, Codes: []callscript.CodeRange{{From: 600, To: 699}}}}, func(v *loadstats.Interval) bool {
			return v.Failed == 0 && v.Codes[603] == 5
		}},
		{"refused as expected, but for its header", []callscript.Step{{Op: callscript.Refuse, Code: 603, Share: 1}, {Op: callscript.Answer}}, []callscript.Step{callStep, {Op: callscript.Expect, Codes: []callscript.CodeRange{{From: 600, To: 699}}}, {Op: callscript.Expect, Header: "Retry-After", Text: "30"}}, func(v *loadstats.Interval) bool {
			return v.Failed == 5 && v.Failures[loadstats.Failure{Step: "3 expect", Cause: `header Retry-After is ""`}] == 5
		}},
		{"hold and resume", answersAt(), []callscript.Step{callStep, lasts(callscript.Hold, 100*time.Millisecond), {Op: callscript.Reinvite}, hangUp}, func(v *loadstats.Interval) bool {
			return v.Completed == 5 && v.Failed == 0
		}},
		{"refer that is not known", answersAt(), []callscript.Step{callStep, {Op: callscript.Refer, Text: "501", Within: 2 * time.Second}}, func(v *loadstats.Interval) bool {
			return v.Failures[loadstats.Failure{Step: "2 refer", Cause: "code 501"}] == 5 && v.Completed == 5
		}},
		{"the other side hangs up", []callscript.Step{{Op: callscript.Answer}, lasts(callscript.Wait, 100*time.Millisecond), hangUp}, []callscript.Step{callStep, {Op: callscript.Until, Hears: callscript.Hearing{What: callscript.HangUpHeard}, Within: 3 * time.Second}}, func(v *loadstats.Interval) bool {
			return v.Completed == 5 && v.Failed == 0 && v.N(loadstats.SDT) == 5
		}},
		{"the other side hangs up too soon", []callscript.Step{{Op: callscript.Answer}, lasts(callscript.Wait, 100*time.Millisecond), hangUp}, []callscript.Step{callStep, lasts(callscript.Wait, 2*time.Second), hangUp}, func(v *loadstats.Interval) bool {
			return v.Failures[loadstats.Failure{Step: "2 wait", Cause: "hung up by the other side"}] == 5
		}},
		{"a header", answersAt(), []callscript.Step{callStep, {Op: callscript.Expect, Header: "Server", Text: "nobody"}}, func(v *loadstats.Interval) bool { return v.Failed == 5 && v.Completed == 5 }},
	} {
		for _, fast := range []bool{true, false} {
			at, end := answerer(t, "127.0.0.2", &callscript.Script{Role: callscript.Answerer, Steps: c.answer}, func(x *Config) { x.Fast = fast })
			cfg := callers(at, c.calls...)
			cfg.Fast, cfg.Arrivals = fast, rates(t, 50, 5)
			_, total := play(t, cfg)
			end()
			if !c.want(total) || total.Started != 5 || total.Ended != 5 {
				t.Errorf("%s (fast %v): %+v %v %v", c.name, fast, total.Counts, total.Codes, total.FailedBy())
			}
		}
	}
}

// A registrar that challenges: a registration with its round of 401 is one attempt; one
// with a wrong secret fails. The registrar is the test's own, over plain sockets.
func TestRegistrations(t *testing.T) {
	for _, fast := range []bool{true, false} {
		at := registrar(t)
		cfg := callers(at, callscript.Step{Op: callscript.Register})
		cfg.Fast, cfg.Arrivals = fast, rates(t, 100, 20)
		cfg.Accounts = []Account{{User: "u", Secret: "right", Domain: "centre"}, {User: "u", Secret: "", Domain: "centre"}}
		_, total := play(t, cfg)
		if total.Registrations != 20 || total.Unregistered != 10 || total.Refusals[401] != 10 || total.N(loadstats.RRD) != 10 || total.N(loadstats.RRDFailed) != 10 || total.Started != 0 {
			t.Errorf("fast %v: %+v %v %v", fast, total.Counts, total.Refusals, total.FailedBy())
		}
	}
}

// registrar answers 401 to what has no credentials and 200 to what has some.
func registrar(t *testing.T) netip.AddrPort {
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP("127.0.0.2")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	go func() {
		b := make([]byte, 4096)
		for {
			n, from, err := c.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			var out strings.Builder
			status := "SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"centre\", nonce=\"n\", qop=\"auth\"\r\n"
			if strings.Contains(string(b[:n]), "\r\nAuthorization: Digest username=\"u\"") {
				status = "SIP/2.0 200 OK\r\n"
			}
			out.WriteString(status)
			for _, l := range strings.Split(string(b[:n]), "\r\n") {
				for _, h := range []string{"Via:", "From:", "To:", "Call-ID:", "CSeq:"} {
					if strings.HasPrefix(l, h) {
						if h == "To:" {
							l += ";tag=r"
						}
						out.WriteString(l + "\r\n")
					}
				}
			}
			out.WriteString("Content-Length: 0\r\n\r\n")
			_, _ = c.WriteToUDPAddrPort([]byte(out.String()), from)
		}
	}()
	return c.LocalAddr().(*net.UDPAddr).AddrPort()
}

// Redials come after busy, after giving up and after what a 503 asks for: their intended
// start is the earlier end and their drawn delay.
func TestRedials(t *testing.T) {
	d := &traffic.Demand{End: realcore.Never, Calls: 1, Sources: []traffic.Source{{Name: "s", Outbound: realcore.None, Arrivals: traffic.Stream{Name: "s", Rate: traffic.Constant(10)},
		Callers: []traffic.Callers{{Talk: always(time.Second), Patience: traffic.Never()}}, Redial: traffic.Redial{AfterBusy: 1, AfterAbandon: 1, Delay: always(2 * time.Second), MaxAttempts: 3}}}}
	day, err := NewDay(d, 1, 0, 0, 0, 2, "test")
	if err != nil {
		t.Fatal(err)
	}
	c, ok := day.Next()
	if !ok || c.Try != 1 {
		t.Fatal("nobody comes")
	}
	if day.Ended(c, Ending{}, c.At+time.Second) {
		t.Error("who was answered calls again")
	}
	end := c.At + time.Second
	if !day.Ended(c, Ending{Busy: true}, end) {
		t.Fatal("who found it busy does not call again")
	}
	again, ok := day.Next()
	if !ok || again.Try != 2 || again.At != end+time.Second || again.Luck == c.Luck { // 2 s of scenario time at speed 2
		t.Errorf("again: %+v", again)
	}
	day.Ended(again, Ending{Busy: true, After: 9 * time.Second}, again.At)
	if third, ok := day.Next(); !ok || third.Try != 3 || third.At != again.At+9*time.Second {
		t.Errorf("after Retry-After: %+v", third)
	} else if day.Ended(third, Ending{Busy: true}, third.At) {
		t.Error("more than three attempts")
	}
}

// An endpoint that refuses with 503 and Retry-After: redials wait for it, end to end.
func TestRetryAfter(t *testing.T) {
	for v, want := range map[string]time.Duration{"30": 30 * time.Second, "5;duration=60": 5 * time.Second, "7 (busy)": 7 * time.Second, "": 0, "soon": 0, "99999999": 0} {
		if got := retryAfter(v); got != want {
			t.Errorf("%q: %v", v, got)
		}
	}
}

// Starts lie where the rate says, whatever it is, and a change of pace moves those to come.
func TestStarts(t *testing.T) {
	ramp, err := traffic.Linear([]traffic.Point{{At: 0, Rate: 0}, {At: 10, Rate: 20}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRates(ramp, Even, 0, 0, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for c, ok := r.Next(); ok; c, ok = r.Next() { // N(t) = t^2
		if want := time.Duration(float64(time.Second) * sqrt(float64(n))); c.At-want > time.Microsecond || want-c.At > time.Microsecond {
			t.Fatalf("start %d at %v, want %v", n, c.At, want)
		}
		n++
	}
	if n != 100 || r.Planned() != 100 {
		t.Errorf("%d starts, %d planned", n, r.Planned())
	}
	p, _ := NewRates(traffic.Constant(10), Even, 100, 0, 1, "")
	p.Next()
	p.Pace(2, 50*time.Millisecond)
	c, _ := p.Next()
	if c.At != 75*time.Millisecond { // 100 ms of the profile: 50 have passed, and the other 50 take 25
		t.Errorf("at twice the pace: %v", c.At)
	}
	u, err := NewUsers(3, always(time.Second), 0, 0, 5, 1)
	if err != nil {
		t.Fatal(err)
	}
	users := 0
	for c, ok := u.Next(); ok; c, ok = u.Next() {
		users++
		u.Ended(c, Ending{}, c.At+time.Second)
	}
	if users != 5 {
		t.Errorf("%d calls of users", users)
	}
	if _, err := NewRates(traffic.Constant(1), Even, 0, 0, 1, ""); err == nil {
		t.Error("a run without an end is taken")
	}
}

func sqrt(x float64) float64 {
	y := x
	for range 60 {
		if y == 0 {
			return 0
		}
		y = (y + x/y) / 2
	}
	return y
}

// Interrupted: open calls get BYE or CANCEL, and what was measured is there.
func TestInterrupted(t *testing.T) {
	at, end := answerer(t, "127.0.0.2", &callscript.Script{Role: callscript.Answerer, Steps: []callscript.Step{lasts(callscript.Ring, 300*time.Millisecond), {Op: callscript.Answer}, {Op: callscript.Until, Hears: callscript.Hearing{What: callscript.HangUpHeard}}}}, nil)
	cfg := callers(at, callStep, lasts(callscript.Wait, time.Minute), hangUp)
	cfg.Arrivals = rates(t, 20, 1000)
	run, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	e, total := run.Play(ctx)
	if !e.Interrupted || e.Verdict != "INTERRUPTED" {
		t.Errorf("%v %v", e, err)
	}
	if total.Hurried != total.Started || total.Started < 15 || total.Failed != 0 || e.Lasted > 3*time.Second {
		t.Errorf("%+v after %v", total.Counts, e.Lasted)
	}
	theirs := end()
	if theirs.Ended != total.Started || theirs.Completed+theirs.Abandoned != total.Started {
		t.Errorf("the other side: %+v", theirs.Counts)
	}
}

// Answers that come after a call's end are no other call's: of a REGISTER that was given up,
// and of the BYE to a call that the other side knows no more.
func TestLateAnswers(t *testing.T) {
	for _, fast := range []bool{true, false} {
		at := slowTarget(t, "", "", func(method string) (string, time.Duration) {
			switch method {
			case "REFER":
				return "481 Gone", 0
			case "INVITE":
				return "200 OK", 0
			}
			return "200 OK", 400 * time.Millisecond
		})
		cfg := callers(at, callscript.Step{Op: callscript.Register, Within: 200 * time.Millisecond})
		cfg.Fast, cfg.Arrivals = fast, rates(t, 50, 50)
		if _, total := play(t, cfg); total.Registrations != 50 || total.Unregistered != 50 || total.Refusals[0] != 50 {
			t.Errorf("fast %v: %+v %v", fast, total.Counts, total.Refusals)
		}
		cfg = callers(at, callStep, lasts(callscript.Wait, 100*time.Millisecond), callscript.Step{Op: callscript.Refer, Text: "501"})
		cfg.Fast, cfg.Arrivals = fast, rates(t, 50, 50)
		if _, total := play(t, cfg); total.Failures[loadstats.Failure{Step: "3 refer", Cause: "code 481"}] != 50 || total.Completed != 0 {
			t.Errorf("fast %v: %+v %v", fast, total.Counts, total.FailedBy())
		}
	}
}

// A target that names an address where nothing can be sent is at fault, and not the generator.
func TestNowhere(t *testing.T) {
	const far = "203.0.113.9" // TEST-NET-3, and our sockets are on loopback
	quick := func(string) (string, time.Duration) { return "200 OK", 0 }
	at := slowTarget(t, "<sip:t@"+far+">", "", quick)
	cfg := callers(at, callStep, hangUp)
	cfg.Arrivals, cfg.Times = rates(t, 20, 5), dialog.Times{T1: 10 * time.Millisecond, T2: 20 * time.Millisecond}
	e, total := play(t, cfg)
	if e.Check.Unsent != 0 || total.Failures[loadstats.Failure{Step: "hang up", Cause: "BYE is not answered"}] != 5 {
		t.Errorf("Contact: %+v %v", e.Check, total.FailedBy())
	}
	at = slowTarget(t, "", "v=0\r\no=- 1 1 IN IP4 "+far+"\r\ns=-\r\nc=IN IP4 "+far+"\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n", quick)
	cfg = callers(at, callStep, lasts(callscript.Wait, 200*time.Millisecond), hangUp)
	cfg.Arrivals, cfg.Sound = rates(t, 20, 5), engine(t, "127.0.0.3", cfg.Clock)
	e, total = play(t, cfg)
	if e.Check.Unsent != 0 || total.Failures[loadstats.Failure{Step: "1 call", Cause: "answered with audio at an address that cannot be reached, or is not listed"}] != 5 {
		t.Errorf("SDP: %+v %v", e.Check, total.FailedBy())
	}
}

// Sound comes back to where the offer says, from whichever address a call is made.
func TestSourcesWithSound(t *testing.T) {
	clock := netio.NewClock()
	at, _ := answerer(t, "127.0.0.2", answersAtOnce, func(c *Config) { c.Sound, c.Clock = engine(t, "127.0.0.2", clock), clock })
	cfg := callers(at, callStep, lasts(callscript.Wait, 300*time.Millisecond), hangUp)
	cfg.Sources = append(cfg.Sources, netip.MustParseAddr("127.0.0.4"))
	cfg.Arrivals, cfg.Clock, cfg.Sound = rates(t, 20, 6), clock, engine(t, "127.0.0.3", clock)
	if _, total := play(t, cfg); total.Completed != 6 || total.N(loadstats.FirstRTP) != 6 {
		t.Errorf("%+v, sound in %d", total.Counts, total.N(loadstats.FirstRTP))
	}
}

// slowTarget answers each request as it is told, after a while, with a Contact ("": its
// own) and a session description ("": none).
func slowTarget(t *testing.T, contact, sdp string, how func(method string) (status string, after time.Duration)) netip.AddrPort {
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP("127.0.0.2")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	at := c.LocalAddr().(*net.UDPAddr).AddrPort()
	if contact == "" {
		contact = "<sip:t@" + at.String() + ">"
	}
	go func() {
		b := make([]byte, 4096)
		for {
			n, from, err := c.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			method, _, _ := strings.Cut(string(b[:n]), " ")
			if method == "ACK" {
				continue
			}
			status, after := how(method)
			out := "SIP/2.0 " + status + "\r\nContact: " + contact + "\r\n"
			if sdp != "" && method == "INVITE" {
				out += "Content-Type: application/sdp\r\n"
			}
			for _, l := range strings.Split(string(b[:n]), "\r\n") {
				for _, h := range []string{"Via:", "From:", "To:", "Call-ID:", "CSeq:"} {
					if !strings.HasPrefix(l, h) {
						continue
					}
					if h == "To:" && !strings.Contains(l, "tag=") {
						l += ";tag=t"
					}
					out += l + "\r\n"
				}
			}
			time.AfterFunc(after, func() { _, _ = c.WriteToUDPAddrPort([]byte(out+"\r\n"+sdp), from) })
		}
	}()
	return at
}

// A limit holds back what is above it, and nothing else: not the first start, nor one of
// those that come at just that rate. Under a closed model nobody is lost by it.
func TestLimits(t *testing.T) {
	at, _ := answerer(t, "127.0.0.2", answersAtOnce, nil)
	cfg := callers(at, callStep, hangUp)
	cfg.Arrivals, cfg.MaxRate = rates(t, 20, 20), 20
	if _, total := play(t, cfg); total.Started != 20 || total.Held != 0 {
		t.Errorf("at the limit: %+v", total.Counts)
	}
	cfg = callers(at, callStep, hangUp)
	cfg.Arrivals, cfg.MaxRate = rates(t, 40, 40), 20
	if _, total := play(t, cfg); total.Started < 18 || total.Started > 24 || total.Held != 40-total.Started {
		t.Errorf("above it: %+v", total.Counts)
	}
	users, err := NewUsers(10, always(0), 100*time.Millisecond, 0, 60, 1)
	if err != nil {
		t.Fatal(err)
	}
	cfg = callers(at, callStep, lasts(callscript.Wait, 50*time.Millisecond), hangUp)
	cfg.Arrivals, cfg.MaxOpen, cfg.MaxRate = users, 3, 50
	e, total := play(t, cfg)
	if total.Started != 60 || total.Held != 0 || e.Lasted < time.Second {
		t.Errorf("users: %+v in %v", total.Counts, e.Lasted)
	}
}

// A rate that nobody can make neither fills the memory nor keeps a run from being stopped.
func TestTooFast(t *testing.T) {
	at, _ := answerer(t, "127.0.0.2", answersAtOnce, nil)
	cfg := callers(at, callStep, hangUp)
	cfg.Arrivals = rates(t, 1e7, 1e8)
	run, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	e, total := run.Play(ctx)
	if !e.Interrupted || total.Answered == 0 || e.Lasted > 15*time.Second {
		t.Errorf("%v %+v %v", e, total.Counts, err)
	}
}

// A script that registers and calls has both in its ladder, with a Call-ID each.
func TestRegistersAndCalls(t *testing.T) {
	for _, fast := range []bool{true, false} {
		at := registrar(t)
		cfg := callers(at, callscript.Step{Op: callscript.Register}, callscript.Step{Op: callscript.Call, Within: 200 * time.Millisecond}, hangUp)
		cfg.Fast, cfg.Arrivals = fast, rates(t, 10, 1)
		cfg.Accounts = []Account{{User: "u", Secret: "right", Domain: "centre"}}
		ids := map[string]string{}
		cfg.OnSample = func(s *loadstats.Sample, _ *Kept) {
			for _, l := range s.Lines {
				method, _, _ := strings.Cut(l.First, " ")
				ids[method] = string(callIDOf([]byte(l.Text)))
			}
		}
		play(t, cfg)
		if ids["REGISTER"] == "" || ids["INVITE"] == "" || ids["REGISTER"] == ids["INVITE"] {
			t.Errorf("fast %v: %v", fast, ids)
		}
	}
}

// The run ends by itself once a share cannot be proved any more.
func TestEarly(t *testing.T) {
	at, _ := answerer(t, "127.0.0.2", &callscript.Script{Role: callscript.Answerer, Steps: []callscript.Step{{Op: callscript.Refuse, Code: 500, Share: 0.3}, {Op: callscript.Answer}, {Op: callscript.Until, Hears: callscript.Hearing{What: callscript.HangUpHeard}}}}, nil)
	cfg := callers(at, callStep, hangUp)
	cfg.Arrivals, cfg.Early = rates(t, 50, 5000), true
	cfg.Thresholds, _ = loadstats.ParseThresholds([]string{"failed < 1% at 95%"})
	e, total := play(t, cfg)
	if e.Early != "failed < 1% at 95%" || e.Verdict != "THRESHOLD BREACHED" || total.Started > 500 {
		t.Errorf("%+v %+v", e, total.Counts)
	}
}

// 20,000 calls open at once take less than 200 MB, both machines of the two sides and all
// their transactions together.
func TestOpenCalls(t *testing.T) {
	const n = 20_000
	at, _ := answerer(t, "127.0.0.2", &callscript.Script{Role: callscript.Answerer, Steps: []callscript.Step{{Op: callscript.Answer}, {Op: callscript.Until, Hears: callscript.Hearing{What: callscript.HangUpHeard}}}}, nil)
	var before, at20k runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	cfg := callers(at, callStep, lasts(callscript.Wait, 8*time.Second), hangUp)
	cfg.Arrivals = rates(t, 4000, n)
	most := int64(0)
	cfg.OnSecond = func(v *loadstats.Interval) {
		if v.Open > most {
			most = v.Open
			runtime.GC()
			runtime.ReadMemStats(&at20k)
		}
	}
	_, total := play(t, cfg)
	used := float64(at20k.HeapAlloc-before.HeapAlloc) / 1e6
	if most < n*9/10 || total.Completed != n {
		t.Errorf("%d open at most, %+v %v", most, total.Counts, total.FailedBy())
	}
	if used > 200 {
		t.Errorf("%.0f MB for %d open calls", used, most)
	}
	t.Logf("%.0f MB of heap for %d open calls, both sides", used, most)
}
