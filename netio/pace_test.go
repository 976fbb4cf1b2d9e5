package netio

import (
	"net/netip"
	"testing"
	"time"
)

// A quantile is at most a sixteenth above the true one, and never below.
func TestLateness(t *testing.T) {
	var l, other Lateness
	if l.Quantile(0.5) != 0 {
		t.Error("nothing was late")
	}
	for i := range 10_000 {
		x := &l
		if i%2 == 0 {
			x = &other
		}
		x.Add(time.Duration(i)*time.Microsecond, 3)
	}
	l.Merge(&other)
	l.Add(-time.Second, 1)
	if l.Count() != 30_001 {
		t.Errorf("%d counted", l.Count())
	}
	for _, p := range []float64{0.001, 0.5, 0.99, 1} {
		want := time.Duration(p * 10_000 * float64(time.Microsecond))
		if got := l.Quantile(p); got < want-time.Microsecond || got > want+want/16+time.Microsecond {
			t.Errorf("quantile %v is %v, want %v", p, got, want)
		}
	}
	l = Lateness{}
	l.Add(1<<62, 1)
	if got := l.Quantile(1); got < 1<<62 {
		t.Errorf("the longest is %v", got)
	}
}

// A goroutine that works half of its time says so.
func TestWatch(t *testing.T) {
	clock := NewClock()
	var w Watch
	w.Begin(clock.Now())
	defer w.End()
	for at := clock.Now(); clock.Now() < 1100*time.Millisecond; at += 10 * time.Millisecond {
		clock.SleepUntil(at)
		w.Woke(clock.Now())
		for end := at + 5*time.Millisecond; clock.Now() < end; {
		}
		w.Sleeps(clock.Now())
	}
	if busy, waited := w.Shares(); busy < 0.3 || busy > 0.9 || waited > 0.5 {
		t.Logf("busy %.2f, waited %.2f: this machine has other work", busy, waited)
		if busy <= 0 || busy > 1 || waited < 0 || waited > 1 {
			t.Error("no parts of a second")
		}
	}
}

// What finds the receive buffer full is counted.
func TestDrops(t *testing.T) {
	a, err := Listen(netip.AddrPortFrom(loopbacks[0], 0), Options{ReceiveBuffer: 4096})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if n := a.Drops(); n != 0 {
		t.Errorf("%d dropped before anything came", n)
	}
	const sent = 200
	for range sent {
		if err := a.Send(make([]byte, 172), a.Local()); err != nil {
			t.Fatal(err)
		}
	}
	got, batch := 0, NewBatch(64, 200)
	for {
		in, err := batch.Receive(a, NewClock())
		if err != nil {
			t.Fatal(err)
		}
		if len(in) == 0 {
			break
		}
		got += len(in)
	}
	if n := a.Drops(); n == 0 || int(n)+got != sent {
		t.Errorf("%d came and %d were dropped of %d", got, n, sent)
	}
}
