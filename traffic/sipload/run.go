package sipload

import (
	"container/heap"
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/netio"
	"callwright/realcore"
	"callwright/sipua/dialog"
	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
)

// Run is one run of load. One goroutine, locked to its thread, owns the dialogs, the
// scripts and the sockets of SIP; sound has its own.
type Run struct {
	cfg    Config
	clock  netio.Clock
	now    instant
	sig    signaller
	target sip.Uri
	id     string // part of Call-IDs
	chance *mathrand.ChaCha8
	texts  texts

	socks  []*socket
	poller *netio.Poller
	batch  *netio.Batch
	waker  *netio.Conn
	waking *net.UDPConn // from it, from any goroutine
	awake  atomic.Bool

	boxMu   sync.Mutex
	box     []func()
	streams streams

	began     time.Duration // on the clock
	came      time.Duration // when what is being dealt with came, on the clock; 0: nothing is
	looked    int           // messages since lookedAt
	lookedAt  instant
	many      bool
	ahead     starts // who is known to come
	drawn     bool   // nobody more is known
	stopped   bool   // no more starts
	cutAt     instant
	open      int // calls of ours
	taken     int // that came
	number    uint64
	calls     map[*call]bool
	idle      []*call
	due       dues
	agents    []*agent
	byUser    map[string]*agent
	later     []laterDo // what is to be done then, rarely
	ready     []uint64
	addr      int   // of Config.Addrs, in use
	refusedBy int64 // datagrams that nobody listened for
	nowhere   int64 // that were for an address of the target's choice, which is none
	reached   map[netip.Addr]bool
	room      float64 // starts that MaxRate still lets through
	roomAt    instant
	taking    float64 // calls that Limit still lets in
	takingAt  instant

	second, total *loadstats.Interval
	was           dialog.Repeats
	check         loadstats.SelfCheck
	watch         watch
	traces        traces
	early         string
	lasted        time.Duration // from the first start to the last
	commands      chan command
}

// command is a wish from outside while it runs.
type command func(*Run)

// New opens the run's sockets.
func New(cfg Config) (*Run, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	r := &Run{cfg: cfg, clock: cfg.Clock, calls: map[*call]bool{}, second: &loadstats.Interval{}, total: &loadstats.Interval{}, commands: make(chan command, 16), chance: newChance()}
	if r.clock == (netio.Clock{}) {
		r.clock = netio.NewClock()
	}
	if cfg.Target != "" {
		if err := sip.ParseUri(cfg.Target, &r.target); err != nil {
			return nil, fmt.Errorf("sipload: %w", err)
		}
	}
	r.id = fmt.Sprintf("%08x", uint32(r.random()))
	if err := r.listen(); err != nil {
		r.close_()
		return nil, err
	}
	if r.sig = newByDialog(r); cfg.Fast && cfg.Transport == dialog.UDP {
		r.sig = newByWire(r)
	}
	return r, nil
}

// random returns 64 bits that nobody can guess: branches and tags are made of them.
func (r *Run) random() uint64 { return r.chance.Uint64() }

func newChance() *mathrand.ChaCha8 {
	var seed [32]byte
	_, _ = rand.Read(seed[:]) // it does not fail (crypto/rand)
	return mathrand.NewChaCha8(seed)
}

// at is now, since the run began: while a message is dealt with, when the kernel had it.
// That it lay unread for a while is the generator's doing, and no delay of the target's.
func (r *Run) at() time.Duration {
	if r.came != 0 {
		return max(r.came-r.began, 0)
	}
	return time.Duration(r.now) - r.began
}

// sentAt is the instant, since the run began, of what is sent now, whatever it answers: a
// message that lay unread does not make the answer to ours later.
func (r *Run) sentAt() time.Duration { return time.Duration(r.now) - r.began }

func (r *Run) tick() { r.now = max(r.now, instant(r.clock.Now())) }

// Play makes the calls until they have ended, a threshold is lost, or ctx ends: then those
// that are open are hung up. It returns what the run was; the error is of the machine, not
// of calls.
func (r *Run) Play(ctx context.Context) (*loadstats.End, *loadstats.Interval, error) {
	defer r.close_()
	r.tick()
	r.began = time.Duration(r.now)
	r.cutAt = realcore.Never
	r.room, r.roomAt = r.maxRoom(), r.now
	r.watch.begin(time.Duration(r.now))
	defer r.watch.End()
	r.registerAgents()
	if r.cfg.OnReady != nil {
		r.cfg.OnReady(r.Addrs())
	}
	interrupted := false
	if r.cfg.Arrivals == nil {
		r.drawn = true
	} else {
		r.draw()
	}
	nextSecond := r.now.Add(time.Second)
	defer context.AfterFunc(ctx, func() { r.post(func() {}) })()
	for {
		r.step()
		if r.now >= nextSecond {
			r.endSecond()
			nextSecond = nextSecond.Add(time.Second)
		}
		select {
		case f := <-r.commands:
			f(r)
		case <-ctx.Done():
			if !interrupted {
				interrupted = true
				r.stop()
				r.cutAll()
				r.cutAt = r.now
			}
		default:
		}
		if r.done(interrupted) {
			break
		}
		r.wait(min(nextSecond, r.nextDue()))
	}
	return r.finish(interrupted && ctx.Err() != nil)
}

// goodbye is how long answers to the last BYEs are waited for.
const goodbye = 5 * time.Second

// done reports whether nothing more is to come.
func (r *Run) done(interrupted bool) bool {
	if r.now >= r.cutAt && (r.open+r.taken == 0 || r.now >= r.cutAt.Add(goodbye)) {
		return true
	}
	if interrupted || r.stopped {
		return r.open+r.taken == 0
	}
	if r.cfg.Arrivals == nil { // it only takes calls: until it is interrupted, or its time is over
		if r.cfg.Length > 0 && r.at() >= r.cfg.Length {
			r.stop()
			r.cutAll()
			r.cutAt = r.now
		}
		return false
	}
	if r.drawn && len(r.ahead) == 0 {
		if r.open == 0 {
			return true
		}
		if r.cutAt == realcore.Never {
			r.cutAt = r.now.Add(r.cfg.Drain)
		}
		if r.now >= r.cutAt {
			r.cutAll()
		}
	}
	return false
}

// stop lets nobody more begin.
func (r *Run) stop() {
	r.stopped, r.drawn = true, true
	r.ahead = nil
}

// Stop ends the run as if its last caller had begun.
func (r *Run) Stop() {
	select {
	case r.commands <- func(r *Run) { r.stop(); r.cutAll(); r.cutAt = r.now }:
	default:
	}
	r.wake()
}

// Pace changes the rate of a run of Rates by a factor, from now on; 0 takes all changes
// back.
func (r *Run) Pace(factor float64) {
	select {
	case r.commands <- func(r *Run) {
		if x, ok := r.cfg.Arrivals.(*Rates); ok {
			f := factor * x.Paced()
			if factor == 0 {
				f = 1
			}
			if now := x.Rate(r.at()) / x.Paced(); r.cfg.Ceiling > 0 && f > x.Paced() && f*now > r.cfg.Ceiling {
				return
			}
			x.Pace(f, r.at())
		}
	}:
	default:
	}
	r.wake()
}

func (r *Run) cutAll() {
	list := make([]*call, 0, len(r.calls))
	for c := range r.calls {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *call) int { return int(a.a.Number) - int(b.a.Number) })
	for _, c := range list {
		if !c.over {
			c.cut = true
			r.tell(c, callscript.Event{Kind: callscript.Cut})
		}
	}
	r.settle()
}

// draw takes the next caller from the arrivals into those ahead.
func (r *Run) draw() {
	if r.stopped {
		return
	}
	if c, ok := r.cfg.Arrivals.Next(); ok {
		heap.Push(&r.ahead, c)
		r.drawn = false
		return
	}
	r.drawn = len(r.ahead) == 0 || r.drawn
}

// step does what is due and what has come.
func (r *Run) step() {
	r.tick()
	r.startDue()
	r.expireDue()
	if at, ok := r.sig.deadline(); ok && at <= r.now {
		r.sig.expire(r.now)
		r.settleFacts()
	}
	r.doLater()
	r.receive()
	r.emptyBox()
	r.settle()
}

// startsAtOnce bounds the starts between two looks at the sockets: one that cannot keep up
// must still read answers, and be stopped.
const startsAtOnce = 1000

// startDue starts those whose time has come.
func (r *Run) startDue() {
	for n := 0; n < startsAtOnce && len(r.ahead) > 0 && instant(r.began+r.ahead[0].At) <= r.now; n++ {
		who, _ := r.ahead.pop()
		users, closed := r.cfg.Arrivals.(*Users)
		switch held := r.held(); {
		case held && closed: // a user is not lost: he waits for room
			users.later(who, r.at())
		case held:
			r.second.Wanted++
			r.second.Held++
		default:
			r.second.Wanted++
			r.lasted = max(r.lasted, r.at())
			r.start(who)
		}
		if len(r.ahead) == 0 {
			r.draw()
		}
		r.tick()
	}
	r.settleFacts()
}

// held reports whether a limit keeps a caller from starting. He is not started later: his
// start would be another.
func (r *Run) held() bool {
	if r.cfg.MaxOpen > 0 && r.open >= r.cfg.MaxOpen {
		return true
	}
	if r.cfg.MaxRate <= 0 {
		return false
	}
	r.room = min(r.room+r.now.Sub(r.roomAt).Seconds()*r.cfg.MaxRate, r.maxRoom())
	r.roomAt = r.now
	if r.room < 1-1e-6 { // starts exactly at MaxRate are not held back by rounding
		return true
	}
	r.room = max(0, r.room-1)
	return false
}

// maxRoom is what the bucket of MaxRate holds: a tenth of a second's starts, and some room
// beside one, or a start that is a little early for the one before would be held back.
func (r *Run) maxRoom() float64 { return max(1.5, r.cfg.MaxRate/10) }

func (r *Run) start(who Caller) {
	c := r.newCall()
	c.who = who
	c.a.Try, c.a.Intended, c.a.Started = who.Try, who.At, r.at()
	script := r.cfg.Script
	if script == nil {
		script = r.cfg.ScriptOf(&c.who)
	}
	if script.Steps[0].Op == callscript.Register && len(script.Steps) <= 2 {
		c.a.Kind = loadstats.Registration
	}
	r.open++
	c.flow = r.flowOf(c.a.Number)
	c.reoffers = script.Reoffers()
	r.traces.begin(r, c)
	var room [8]callscript.Do
	r.do(c, c.player.Begin(script, who.Luck, r.now, room[:0]))
	if c.a.Kind == loadstats.Call {
		r.second.Start(who.At, c.a.Started, who.Try)
	} else {
		r.second.AddLength(loadstats.Lateness, c.a.Started-who.At)
	}
	r.watch.started(c.a.Started - who.At)
}

func (r *Run) newCall() *call {
	r.number++
	var c *call
	if n := len(r.idle); n > 0 {
		c = r.idle[n-1]
		r.idle = r.idle[:n-1]
		*c = call{gen: c.gen + 1}
	} else {
		c = &call{}
	}
	c.a = loadstats.Attempt{Number: r.number, Status: loadstats.Never, Ringing: loadstats.Never, Final: loadstats.Never, Bye: loadstats.Never, Ended: loadstats.Never}
	r.calls[c] = true
	return c
}

// forget keeps the object for another call, unless something may still come of this one:
// the BYE to a 2xx that crossed a CANCEL, an answer to a REGISTER or REFER. Its generation
// makes late events of its sound miss it.
func (r *Run) forget(c *call) {
	delete(r.calls, c)
	c.gen++
	if c.gone && !c.cancels && c.asked == 0 {
		r.idle = append(r.idle, c)
	}
}

// expireDue runs scripts whose time has come.
func (r *Run) expireDue() {
	for len(r.due) > 0 && r.due[0].at <= r.now {
		d := r.due.pop()
		if d.c.due != d.at || d.c.gen != d.gen || d.c.over {
			continue
		}
		d.c.due = 0
		var room [8]callscript.Do
		r.do(d.c, d.c.player.Expire(r.now, room[:0]))
	}
}

// schedule notes when a script wants to be run.
func (r *Run) schedule(c *call) {
	at, ok := c.player.Deadline()
	if !ok {
		c.due = 0
		return
	}
	if c.due != at {
		c.due = at
		r.due.push(due{at, c.gen, c})
	}
}

// nextDue is when something is due.
func (r *Run) nextDue() instant {
	at := r.cutAt
	if at <= r.now {
		at = r.now.Add(10 * time.Millisecond)
	}
	if len(r.ahead) > 0 {
		at = min(at, instant(r.began+r.ahead[0].At))
	}
	if len(r.due) > 0 {
		at = min(at, r.due[0].at)
	}
	if d, ok := r.sig.deadline(); ok {
		at = min(at, d)
	}
	for _, x := range r.later {
		at = min(at, x.at)
	}
	return at
}

// laterDo is something to be done at an instant.
type laterDo struct {
	at instant
	f  func()
}

func (r *Run) doLater() {
	for i := 0; i < len(r.later); i++ {
		if x := r.later[i]; x.at <= r.now {
			r.later = slices.Delete(r.later, i, i+1)
			i--
			x.f()
		}
	}
}

// post leaves something for the loop to do, from any goroutine.
func (r *Run) post(f func()) {
	r.boxMu.Lock()
	r.box = append(r.box, f)
	r.boxMu.Unlock()
	r.wake()
}

func (r *Run) emptyBox() {
	r.awake.Store(false)
	r.boxMu.Lock()
	box := r.box
	r.box = nil
	r.boxMu.Unlock()
	for _, f := range box {
		f()
	}
}

// endSecond hands over what the second saw.
func (r *Run) endSecond() {
	v := r.second
	r.watch.second(r)
	v.Length = r.at() - v.At
	v.Open = int64(r.open + r.taken)
	if r.cfg.Arrivals != nil {
		v.Rate = r.cfg.Arrivals.Rate(v.At)
		if v.Rate != v.Rate { // a closed model wants none
			v.Rate = 0
		}
	}
	now := r.sig.repeats()
	v.MineRepeated, v.TheirsRepeated = now.Mine-r.was.Mine, now.Theirs-r.was.Theirs
	r.was = now
	r.total.Merge(v)
	if r.cfg.OnSecond != nil {
		r.cfg.OnSecond(v)
	}
	next := &loadstats.Interval{At: r.at(), Histograms: v.Histograms}
	next.Clear()
	r.second = next
	r.judgeEarly()
}

// judgeEarly ends the run when a threshold cannot be kept any more.
func (r *Run) judgeEarly() {
	if !r.cfg.Early || r.early != "" || r.cfg.Arrivals == nil {
		return
	}
	if _, ok := r.cfg.Arrivals.(*Day); ok { // redials come on top of what is planned: nothing is certain
		return
	}
	for i := range r.cfg.Thresholds {
		if t := &r.cfg.Thresholds[i]; t.Lost(r.total, r.cfg.Arrivals.Planned()) {
			r.early = t.Text
			r.stop()
			r.cutAll()
			r.cutAt = r.now
			return
		}
	}
}

// finish counts what is left.
func (r *Run) finish(interrupted bool) (*loadstats.End, *loadstats.Interval, error) {
	for c := range r.calls { // whose BYE was never answered in time
		if c.a.Ended == loadstats.Never {
			c.over = true
			c.a.Hurried = c.a.Hurried || c.cut
			r.close(c)
		}
	}
	r.endSecond()
	r.traces.tell(r)
	end := &loadstats.End{Interrupted: interrupted, Early: r.early, Lasted: r.at(), Check: r.selfCheck()}
	js := r.cfg.Thresholds.Judge(r.total)
	end.Verdict = loadstats.Decide(r.total, &end.Check, js, interrupted).String()
	return end, r.total, nil
}

// credentials answers a challenge for whoever the call is of.
func (r *Run) credentials(c *call, challenge, method, uri string) (string, bool) {
	a := r.accountOf(c)
	if a == nil {
		return "", false
	}
	return authorize(challenge, method, uri, a, r.random())
}

func (r *Run) accountOf(c *call) *Account {
	switch {
	case c == nil || len(r.cfg.Accounts) == 0:
		return nil
	case c.agent != nil:
		return &c.agent.account
	case c.who.Key == 0:
		return nil
	}
	return &r.cfg.Accounts[(c.who.Key-1)%uint64(len(r.cfg.Accounts))]
}

// screen lets calls in where somebody answers them.
func (r *Run) screen(req *sip.Request, _ dialog.Flow) (int, *dialog.Extra) {
	return r.screenMethod(string(req.Method)), nil
}

func (r *Run) screenMethod(method string) int {
	switch method {
	case "INVITE":
		if r.cfg.Answer == nil && r.cfg.Agents == nil || r.stopped {
			return 480
		}
	case "OPTIONS":
	default:
		return 405
	}
	return 0
}
