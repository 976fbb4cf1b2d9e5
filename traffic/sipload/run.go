package sipload

import (
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

	began    time.Duration // on the clock
	came     time.Duration // when what is being dealt with came, on the clock; 0: nothing is
	looked   int           // messages since lookedAt
	lookedAt instant
	many     bool
	ahead    starts // who is known to come
	drawn    bool   // nobody more is known
	stopped  bool   // no more starts
	cutAt    instant
	open     int // calls of ours
	taken    int // that came
	number   uint64
	calls    map[*call]bool
	idle     []*call
	due      dues
	agents   []*agent
	byUser   map[string]*agent
	later    []laterDo // what is to be done then, rarely
	ready    []uint64
	addr     int // of Config.Addrs, in use
	reached  map[netip.Addr]bool
	starting bucket // of MaxRate
	taking   bucket // of Limit

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
// that are open are hung up. It returns how the run ended, and what it was in all.
func (r *Run) Play(ctx context.Context) (*loadstats.End, *loadstats.Interval) {
	defer r.close_()
	r.tick()
	r.began = time.Duration(r.now)
	r.cutAt = realcore.Never
	r.starting, r.taking = newBucket(r.cfg.MaxRate, r.now), newBucket(r.cfg.Limit, r.now)
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
