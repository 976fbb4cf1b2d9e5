package live_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/coretest"
	"callwright/realcore/journal"
	"callwright/realcore/live"
)

// small is a centre with everything that leaves traces: a menu-less way in, ring
// time-outs with penalties, wrap-up with a limit.
const small = `
group  g ring=15s rona=30s reject=10s wrapup cap=20s
agents g a1 a2 a3
queue  sales max=20
entry  main -> sales
`

func plan(t testing.TB, text string) *realcore.Plan {
	t.Helper()
	p, err := coretest.ParsePlan(text)
	if err != nil {
		t.Fatal(err)
	}
	p.Epoch = "2026-11-25T09:00:00+09:00"
	return p
}

// phones is a door made of random people: agents answer or let it ring, talk, wrap
// up; callers hang up. What somebody does is drawn from his key, so that it is the
// same whenever he does it.
type phones struct {
	speed time.Duration
	quick time.Duration // divides all times, for tests by the real clock

	mu     sync.Mutex // tests look at what the host's goroutine writes
	h      *live.Host
	closed map[realcore.Key]realcore.Outcome
	told   func(*realcore.Effect)
	busy   int // posts refused
}

func newPhones(speed int) *phones {
	return &phones{speed: time.Duration(speed), quick: 1, closed: map[realcore.Key]realcore.Outcome{}}
}

// post posts an event, and once more soon if the host has no room.
func (p *phones) post(ev realcore.Event) {
	if err := p.h.Post(ev); errors.Is(err, live.ErrBusy) {
		p.mu.Lock()
		p.busy++
		p.mu.Unlock()
		time.AfterFunc(time.Millisecond, func() { p.post(ev) })
	}
}

// after posts an event d of scenario time later.
func (p *phones) after(d time.Duration, ev realcore.Event) {
	time.AfterFunc(d/p.speed/p.quick, func() { p.post(ev) })
}

// span draws a time below d that every speed divides without remainder.
func span(r *rand.Rand, d time.Duration) time.Duration {
	return (time.Duration(r.Int64N(int64(d))) / 1000) * 1000
}

func (p *phones) Carry(_ realcore.Instant, _ *realcore.Event, effects []realcore.Effect) {
	for i := range effects {
		e := &effects[i]
		r := rand.New(rand.NewPCG(uint64(e.Key), uint64(e.Kind)<<32|uint64(e.Agent)))
		switch e.Kind {
		case realcore.Accepted:
			p.after(20*time.Second+span(r, time.Minute), realcore.OfContact(realcore.HungUp, e.Contact))
		case realcore.Offer:
			switch r.IntN(8) {
			case 0: // rings out
			case 1:
				p.after(span(r, 4*time.Second), realcore.OfOffer(realcore.OfferRejected, e.Offer))
			default:
				p.after(span(r, 4*time.Second), realcore.OfOffer(realcore.OfferAnswered, e.Offer))
			}
		case realcore.Connect:
			p.after(time.Second+span(r, 30*time.Second), realcore.Event{Kind: realcore.Released, Agent: e.Agent, Contact: e.Contact})
		case realcore.SegmentEnded:
			if e.Arg == 1 && r.IntN(4) > 0 {
				p.after(span(r, 15*time.Second), realcore.Event{Kind: realcore.WrapUpDone, Agent: e.Agent, Contact: e.Contact})
			}
		case realcore.Closed:
			p.mu.Lock()
			p.closed[e.Key] = realcore.Outcome(e.Code)
			p.mu.Unlock()
		}
		if p.told != nil {
			p.told(e)
		}
	}
}

// gone returns how many contacts have left.
func (p *phones) gone() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.closed)
}

// staff logs everybody in.
func (p *phones) staff() {
	for a := range p.h.Plan().Agents {
		p.post(realcore.OfAgent(realcore.AgentReady, realcore.AgentID(a)))
	}
}

// day has n callers arrive, on average one in every gap of scenario time.
func (p *phones) day(n int, gap time.Duration) {
	r := rand.New(rand.NewPCG(1, 1))
	for range n {
		time.Sleep(span(r, 2*gap) / p.speed / p.quick)
		p.post(realcore.Arrive(p.h.Key(), 0))
	}
}

// open opens a host with the door, or ends the test.
func open(t testing.TB, cfg live.Config, p *phones) (*live.Host, *live.Recovered) {
	t.Helper()
	if p != nil {
		cfg.Doors = append(cfg.Doors, p)
	}
	h, rec, err := live.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if p != nil {
		p.h = h
	}
	return h, rec
}

// files are a journal and records in a folder of the test's own.
func files(t testing.TB) (journal, records string) {
	dir := t.TempDir()
	return filepath.Join(dir, "day.journal"), filepath.Join(dir, "day.jsonl")
}

func read(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// story is a sink that keeps every contact's outcome.
type story struct {
	t        testing.TB
	contacts map[realcore.Key]realcore.Outcome
}

func (s *story) Contact(c *cdr.Contact) {
	if _, twice := s.contacts[c.Key]; twice {
		s.t.Errorf("contact %d has two records", c.Key)
	}
	s.contacts[c.Key] = c.Outcome
}
func (s *story) Visit(*cdr.Visit)    {}
func (s *story) Leg(*cdr.Leg)        {}
func (s *story) Span(*cdr.AgentSpan) {}

// replay replays a journal as callwright replay does and returns the digest of its
// effects and the outcomes in its records.
func replay(t testing.TB, name string) (*journal.Replay, map[realcore.Key]realcore.Outcome) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rd, err := journal.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rp, err := journal.NewReplay(rd)
	if err != nil {
		t.Fatal(err)
	}
	s := &story{t, map[realcore.Key]realcore.Outcome{}}
	fold := cdr.NewFold(s)
	if err := rp.All(fold.Add); err != nil {
		t.Fatal(err)
	}
	return rp, s.contacts
}

// outcomes reads the contacts of a records' file; one that comes twice is an error.
func outcomes(t testing.TB, name string) map[realcore.Key]string {
	t.Helper()
	all := map[realcore.Key]string{}
	for i, line := range strings.Split(strings.TrimSuffix(read(t, name), "\n"), "\n") {
		if i > 0 && !strings.HasPrefix(line, fmt.Sprintf(`{"n":%d,`, i)) {
			t.Fatalf("%s:%d: %s is not record %d", name, i+1, line, i)
		}
		if !strings.Contains(line, `"record":"contact"`) {
			continue
		}
		var k realcore.Key
		_, key, _ := strings.Cut(line, `"key":`)
		if _, err := fmt.Sscan(key[:strings.IndexByte(key, ',')], &k); err != nil {
			t.Fatal(err)
		}
		if _, twice := all[k]; twice {
			t.Errorf("%s has contact %d twice", name, k)
		}
		_, out, _ := strings.Cut(line, `"outcome":"`)
		all[k] = out[:strings.IndexByte(out, '"')]
	}
	return all
}

// frail is a disk that fails: no more than room bytes can be written to files with
// the ending, and after sick they cannot be synced.
type frail struct {
	ending string
	mu     sync.Mutex
	room   int
	sick   bool
	writes int // after the first failure
	failed bool
}

var (
	errFull = errors.New("no space left on device")
	errSick = errors.New("input/output error")
)

func (d *frail) open(path string) (live.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil || !strings.HasSuffix(path, d.ending) {
		return f, err
	}
	return &frailFile{f, d}, nil
}

type frailFile struct {
	*os.File
	disk *frail
}

func (f *frailFile) Write(b []byte) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.failed {
		f.disk.writes++
	}
	if len(b) > f.disk.room {
		n, _ := f.File.Write(b[:f.disk.room])
		f.disk.room, f.disk.failed = 0, true
		return n, errFull
	}
	f.disk.room -= len(b)
	return f.File.Write(b)
}

func (f *frailFile) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.sick {
		f.disk.failed = true
		return errSick
	}
	return nil
}
