package live_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"callwright/realcore"
	"callwright/realcore/journal"
	"callwright/realcore/live"
)

// stopped plays part of a day and copies its files in the middle of it, as a crash
// at that moment leaves them.
func stopped(t *testing.T, n int) (journal, records []byte) {
	j, r := files(t)
	synctest.Test(t, func(t *testing.T) {
		p := newPhones(1)
		h, _ := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r}, p)
		stop := run(t, h)
		p.staff()
		p.day(n, 5*time.Second)
		time.Sleep(time.Second)
		synctest.Wait()
		journal, records = []byte(read(t, j)), []byte(read(t, r))
		stop()
	})
	return journal, records
}

// put writes files of a crash and returns their names.
func put(t *testing.T, journal, records []byte) (j, r string) {
	j, r = files(t)
	for name, b := range map[string][]byte{j: journal, r: records} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return j, r
}

// openKeys returns who is in the centre at the end of a journal, consultations aside.
func openKeys(t *testing.T, b []byte) (open []realcore.Key, whole int64) {
	rd, err := journal.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	rp, err := journal.NewReplay(rd)
	if err != nil {
		t.Fatal(err)
	}
	in := map[realcore.Key]bool{}
	err = rp.All(func(_ realcore.Instant, _ *realcore.Event, effects []realcore.Effect) {
		for i := range effects {
			switch e := &effects[i]; e.Kind {
			case realcore.Accepted:
				in[e.Key] = true
			case realcore.Closed:
				delete(in, e.Key)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(in)), rd.Offset()
}

// consistent checks that records are those a replay of the journal makes, each once.
func consistent(t *testing.T, j, r string) map[realcore.Key]string {
	t.Helper()
	_, contacts := replay(t, j)
	written := outcomes(t, r)
	if len(written) != len(contacts) {
		t.Errorf("%d contacts written, %d replayed", len(written), len(contacts))
	}
	for k, how := range contacts {
		if written[k] != how.String() {
			t.Errorf("contact %d: replayed %v, written %q", k, how, written[k])
		}
	}
	return written
}

// A journal torn at any byte of its last frames opens: the tail is cut, those in the
// centre close as lost, and records come neither twice nor not at all.
func TestTorn(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	whole, records := stopped(t, 60)
	for end := len(whole); end > len(whole)-400; end-- {
		open, frames := openKeys(t, whole[:end])
		// Records are written behind the journal: a crash that loses journal has lost theirs too.
		j, r := put(t, whole[:end], records[:len(records)/2])
		h, rec, err := live.Open(live.Config{Plan: plan(t, small), Journal: j, Records: r})
		if err != nil {
			t.Fatalf("cut at %d: %v", end, err)
		}
		slices.Sort(rec.Lost)
		if !slices.Equal(rec.Lost, open) || rec.Torn != int64(end)-frames {
			t.Errorf("cut at %d: lost %v, want %v; torn %d, want %d", end, rec.Lost, open, rec.Torn, int64(end)-frames)
		}
		if k := h.Key(); k <= 60 {
			t.Errorf("cut at %d: key %d may have been used", end, k)
		}
		if h.Close(); t.Failed() {
			return
		}
		consistent(t, j, r)
	}
}

// The records torn at any byte are made whole.
func TestTornRecords(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	whole, records := stopped(t, 30)
	j, r := put(t, whole, records)
	h, _ := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r}, nil)
	h.Close()
	finished := read(t, r)
	damage := func(name string, b []byte) {
		j, r := put(t, whole, b)
		h, _, err := live.Open(live.Config{Plan: plan(t, small), Journal: j, Records: r})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		h.Close()
		if read(t, r) != finished {
			t.Fatalf("%s: the records are others", name)
		}
	}
	for end := 0; end <= len(records); end++ {
		if end > 200 && end < len(records)-500 && end%37 != 0 {
			continue
		}
		damage(fmt.Sprintf("cut at %d", end), records[:end])
	}
	zeros := bytes.Clone(records) // a disk that had not caught up
	clear(zeros[len(zeros)*2/3:])
	damage("zeros", zeros)

	last := bytes.LastIndex(records, []byte(`"answered"`))
	other := append(bytes.Clone(records[:last]), `"answerd"`...)
	rest, _, _ := bytes.Cut(records[last+len(`"answered"`):], []byte("\n"))
	other = append(append(other, rest...), '\n')
	j, r = put(t, whole, other)
	if _, _, err := live.Open(live.Config{Plan: plan(t, small), Journal: j, Records: r}); err == nil || !strings.Contains(err.Error(), "another record") {
		t.Errorf("records of another journal: %v", err)
	}
	j, r = put(t, whole[:len(whole)/3], records)
	if _, _, err := live.Open(live.Config{Plan: plan(t, small), Journal: j, Records: r}); err == nil || !strings.Contains(err.Error(), "want the records of this journal") {
		t.Errorf("more records than the journal makes: %v", err)
	}
}

// A journal whose creation was cut short begins anew; damage in the middle is told.
func TestJournalHead(t *testing.T) {
	whole, _ := stopped(t, 3)
	for _, end := range []int{0, 1, 3, 4, 9, 100} {
		j, r := put(t, whole[:end], nil)
		h, rec := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r}, nil)
		if rec.Events != 0 {
			t.Errorf("%+v", rec)
		}
		h.Close()
	}
	bad := bytes.Clone(whole)
	bad[len(bad)-1] ^= 1
	bad = append(bad, whole[len(whole)-30:]...)
	j, r := put(t, bad, nil)
	if _, _, err := live.Open(live.Config{Plan: plan(t, small), Journal: j, Records: r}); err == nil || !strings.Contains(err.Error(), "damaged frame at byte") {
		t.Errorf("damage: %v", err)
	}
	long := append(bytes.Clone(whole), 0xff, 0xff, 0xff, 0x03) // a length that reaches beyond the end
	j, r = put(t, append(long, make([]byte, 2<<20)...), nil)
	if _, _, err := live.Open(live.Config{Plan: plan(t, small), Journal: j, Records: r}); err == nil || !strings.Contains(err.Error(), "more than a crash leaves") {
		t.Errorf("much of it torn: %v", err)
	}
}

// A restarted day goes on in the same files: after three runs, two of which
// crashed, a replay of all decides the same.
func TestRestart(t *testing.T) {
	whole, records := stopped(t, 40)
	j, r := put(t, whole, records)
	for i := range 3 {
		outer := t
		synctest.Test(t, func(t *testing.T) {
			p := newPhones(1)
			h, rec := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r, Sink: &story{t, map[realcore.Key]realcore.Outcome{}}}, p)
			if (len(rec.Lost) > 0) != (i < 2) {
				t.Errorf("run %d: %d lost", i, len(rec.Lost))
			}
			stop := run(t, h)
			p.staff()
			p.day(20, 5*time.Second)
			synctest.Wait()
			crashed := [2][]byte{[]byte(read(t, j)), []byte(read(t, r))}
			if err := stop(); err != nil {
				t.Error(err)
			}
			if c := h.Counts(); i > 0 {
				if rp, _ := replay(t, j); rp.Digest != c.Digest {
					t.Errorf("run %d: replay %v, live %v", i, &rp.Digest, &c.Digest)
				}
			} else {
				j, r = put(outer, crashed[0], crashed[1])
			}
		})
	}
	if n := len(consistent(t, j, r)); n != 100 {
		t.Errorf("%d contacts; want 100", n)
	}
}

// When the journal's disk is full, at whatever byte, new calls stop with the reason,
// those in progress go on, nothing is written again, and the past is what it was.
func TestFullDisk(t *testing.T) {
	whole, _ := stopped(t, 40)
	for room := len(whole) - 600; room < len(whole)-300; room += 7 {
		j, r := files(t)
		synctest.Test(t, func(t *testing.T) {
			disk := &frail{ending: ".journal", room: room}
			p := newPhones(1)
			h, _ := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r, OpenFile: disk.open}, p)
			stop := run(t, h)
			p.staff()
			p.day(40, 5*time.Second)
			ok, why := h.Accepting()
			if err := h.Post(realcore.Arrive(h.Key(), 0)); ok || !strings.Contains(why, errFull.Error()) || !errors.Is(err, live.ErrDisk) || !errors.Is(err, errFull) {
				t.Errorf("room %d: accepting %v %q; post %v", room, ok, why, err)
			}
			time.Sleep(10 * time.Minute) // everybody goes home
			before := p.gone()
			if err := stop(); !errors.Is(err, errFull) {
				t.Errorf("room %d: Run returned %v", room, err)
			}
			if len(p.closed) != before || before == 0 {
				t.Errorf("room %d: %d contacts had ended, and %d with the host; those in progress did not go on", room, before, len(p.closed))
			}
			if disk.writes > 0 {
				t.Errorf("room %d: %d writes after the failure", room, disk.writes)
			}
		})
		if got := read(t, j); got != string(whole[:room]) {
			t.Fatalf("room %d: the journal is another", room)
		}
		h, _ := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r}, nil)
		h.Close()
		if consistent(t, j, r); t.Failed() {
			return
		}
	}
}

// An arrival that was posted and met the full disk is told to the doors as blocked.
func TestFullDiskTellsArrivals(t *testing.T) {
	j, _ := files(t)
	synctest.Test(t, func(t *testing.T) {
		disk := &frail{ending: ".journal", room: math.MaxInt}
		rejected := realcore.Key(0)
		door := doorFunc(func(_ realcore.Instant, _ *realcore.Event, effects []realcore.Effect) {
			if effects[0].Kind == realcore.Rejected {
				rejected = effects[0].Key
			}
		})
		h, _ := open(t, live.Config{Plan: plan(t, small), Journal: j, OpenFile: disk.open, Doors: []live.Door{door}}, nil)
		disk.room = 3
		stop := run(t, h)
		var told error
		h.PostWith(realcore.Arrive(7, 0), func(err error) { told = err })
		synctest.Wait()
		if rejected != 7 || !errors.Is(told, live.ErrDisk) {
			t.Errorf("rejected %d, told %v", rejected, told)
		}
		stop()
	})
}

// A disk that cannot be synced stops new calls, and the journal with them.
func TestSickDisk(t *testing.T) {
	j, r := files(t)
	synctest.Test(t, func(t *testing.T) {
		disk := &frail{ending: ".journal", room: math.MaxInt}
		p := newPhones(1)
		h, _ := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r, OpenFile: disk.open}, p)
		stop := run(t, h)
		p.staff()
		p.day(20, 5*time.Second)
		disk.mu.Lock()
		disk.sick = true
		disk.mu.Unlock()
		p.day(20, 5*time.Second)
		if ok, why := h.Accepting(); ok || !strings.Contains(why, errSick.Error()) {
			t.Errorf("accepting %v %q", ok, why)
		}
		if err := stop(); !errors.Is(err, errSick) {
			t.Errorf("Run returned %v", err)
		}
		if disk.writes > 1 { // one turn may run beside the failing sync
			t.Errorf("%d writes after the failure", disk.writes)
		}
	})
	h, _ := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r}, nil)
	h.Close()
	consistent(t, j, r)
}

// When only the records' disk is full the journal goes on, and the next start makes
// what is missing.
func TestFullDiskOfRecords(t *testing.T) {
	j, r := files(t)
	synctest.Test(t, func(t *testing.T) {
		disk := &frail{ending: ".jsonl", room: 3000}
		p := newPhones(1)
		h, _ := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r, OpenFile: disk.open}, p)
		stop := run(t, h)
		p.staff()
		p.day(40, 5*time.Second)
		if ok, why := h.Accepting(); ok || !strings.Contains(why, "the records cannot be written") {
			t.Errorf("accepting %v %q", ok, why)
		}
		time.Sleep(10 * time.Minute)
		if err := stop(); !errors.Is(err, errFull) {
			t.Errorf("Run returned %v", err)
		}
		for k, how := range p.closed {
			if how == realcore.Lost {
				t.Errorf("contact %d was lost", k)
			}
		}
	})
	h, rec := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r}, nil)
	h.Close()
	if rec.Remade == 0 || len(rec.Lost) > 0 {
		t.Errorf("%+v", rec)
	}
	consistent(t, j, r)
}
