package sipua_test

import (
	"flag"
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/sipua"
)

var soak = flag.Bool("soak", false, "also run what takes minutes")

// slow is a door that takes its time, as a centre with too much to do does.
type slow struct{ d time.Duration }

func (s slow) Carry(realcore.Instant, *realcore.Event, []realcore.Effect) { time.Sleep(s.d) }

// 20,000 INVITEs in 10 s meet a centre whose routing is slow: each is answered, those
// there is no room for with 503 and when to come again; and afterwards nothing of them is
// left in memory.
func TestOverload(t *testing.T) {
	calls, per := 2000, time.Second
	if *soak {
		calls, per = 20_000, 10*time.Second
	}
	slowDoor = slow{10 * time.Millisecond}
	defer func() { slowDoor = nil }()
	c := newCentre(t, func(cfg *sipua.Config) {
		cfg.Trunks[0].Lines = 0
		cfg.Trunks[0].Sources = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		if !*soak {
			cfg.Times.T1 = 20 * time.Millisecond
		}
	})
	v := newVictim(t)
	var answered, refused, later atomic.Int64
	go func() {
		seen := make([]bool, calls+1500)
		for s := range v.hear {
			id := -1
			if fmt.Sscanf(callID([]byte(s)), "flood-%d", &id); id < 0 {
				continue
			}
			switch {
			case !strings.HasPrefix(s, "SIP/2.0 ") || s[8] == '1' || seen[id]:
				continue
			default:
				seen[id] = true
				for _, r := range acknowledge(s) {
					v.from.WriteToUDPAddrPort([]byte(r), c.addr)
				}
			}
			switch {
			case strings.HasPrefix(s, "SIP/2.0 503"):
				refused.Add(1)
				if strings.Contains(s, "Retry-After: ") {
					later.Add(1)
				}
			default:
				answered.Add(1)
			}
		}
	}()
	time.Sleep(500 * time.Millisecond)
	if *soak { // what a busy centre needs once is no trace of the flood
		flood(v, c, calls, 1500, time.Second)
		time.Sleep(45 * time.Second)
	}
	before := heap()
	flood(v, c, 0, calls, per)
	wait := 2 * time.Second
	if *soak {
		wait = 45 * time.Second
	}
	time.Sleep(wait / 4)
	newVictim(t).good(c)
	time.Sleep(wait * 3 / 4)
	t.Logf("%d answered, %d refused (%d with Retry-After), heap %d -> %d KiB", answered.Load(), refused.Load(), later.Load(), before>>10, heap()>>10)
	c.mu.Lock()
	c.contacts = nil // the test's own
	c.mu.Unlock()
	if now := heap(); *soak && now > before*11/10 {
		t.Errorf("the heap was %d KiB, and is %d", before>>10, now>>10)
	}
	if n := answered.Load() + refused.Load(); n < int64(calls)*99/100 { // the kernel may lose some of a burst
		t.Errorf("%d of %d INVITEs are answered", n, calls)
	}
	if refused.Load() == 0 || refused.Load() != later.Load() {
		t.Errorf("%d refused, %d of them told when to come again", refused.Load(), later.Load())
	}
}

// flood sends INVITEs numbered from first on, evenly in a time: half of them to a number
// that there is.
func flood(v *victim, c *centre, first, calls int, per time.Duration) {
	gap := per / time.Duration(calls)
	begin := time.Now()
	for i := first; i < first+calls; i++ {
		id, number := fmt.Sprintf("flood-%d", i), "500"
		if i%2 == 1 {
			number = "999"
		}
		invite := fmt.Sprintf("INVITE sip:%s@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK%s\r\nFrom: <sip:x@127.0.0.1>;tag=%s\r\nTo: <sip:500@127.0.0.1>\r\nCall-ID: %s\r\nCSeq: 1 INVITE\r\nContact: <sip:x@%s>\r\nMax-Forwards: 70\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s",
			number, id, id, id, v.from.LocalAddr(), len(floodSDP), floodSDP)
		v.from.WriteToUDPAddrPort([]byte(invite), c.addr)
		if d := time.Until(begin.Add(time.Duration(i-first) * gap)); d > 0 {
			time.Sleep(d)
		}
	}
}

const floodSDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n"

// acknowledge writes the ACK to a final answer, and for a call that was answered its BYE.
func acknowledge(answer string) []string {
	field := func(name string) string {
		_, v, _ := strings.Cut(answer, "\r\n"+name+": ")
		v, _, _ = strings.Cut(v, "\r\n")
		return v
	}
	write := func(method, branch string, seq int) string {
		return fmt.Sprintf("%s sip:500@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK%s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
			method, branch, field("From"), field("To"), field("Call-ID"), seq, method)
	}
	id := field("Call-ID")
	if answer[8] != '2' {
		return []string{write("ACK", id, 1)}
	}
	return []string{write("ACK", id+"a", 1), write("BYE", id+"b", 2)}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
