package sound

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"callwright/media/rtp"
)

// relay passes packets on from one leg to another, those of one direction as it is told.
type relay struct {
	done sync.WaitGroup

	mu   sync.Mutex
	n    int // packets of the direction that is spoilt
	lost int
	held int
}

// spoil says what is done to the n-th packet from an address: it is lost, or held up.
type spoil func(n int) (lost bool, held time.Duration)

func between(t *testing.T, a, b Leg, how spoil) *relay {
	t.Helper()
	var conns [2]*net.UDPConn
	for i := range conns {
		c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback, 0)))
		if err != nil {
			t.Fatal(err)
		}
		conns[i] = c
	}
	port := func(i int) int { return conns[i].LocalAddr().(*net.UDPAddr).Port }
	// a talks to the first, whose packets come out of the second, and the other way round.
	b.Set(params(port(1)))
	a.Set(params(port(0)))
	r := &relay{}
	pa, pb := netip.AddrPortFrom(loopback, uint16(a.Port())), netip.AddrPortFrom(loopback, uint16(b.Port()))
	pass := func(in, out *net.UDPConn, to netip.AddrPort, spoilt bool) {
		defer r.done.Done()
		buf := make([]byte, 2000)
		for {
			n, err := in.Read(buf)
			if err != nil {
				return
			}
			if !spoilt {
				_, _ = out.WriteToUDPAddrPort(buf[:n], to)
				continue
			}
			r.mu.Lock()
			lost, held := how(r.n)
			r.n++
			switch {
			case lost:
				r.lost++
			case held > 0:
				r.held++
				later := append([]byte(nil), buf[:n]...)
				r.done.Add(1)
				time.AfterFunc(held, func() {
					defer r.done.Done()
					_, _ = out.WriteToUDPAddrPort(later, to)
				})
			default:
				_, _ = out.WriteToUDPAddrPort(buf[:n], to)
			}
			r.mu.Unlock()
		}
	}
	r.done.Add(2)
	go pass(conns[0], conns[1], pb, true)
	go pass(conns[1], conns[0], pa, false)
	t.Cleanup(func() {
		conns[0].Close()
		conns[1].Close()
		r.done.Wait()
	})
	return r
}

func (r *relay) passed() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}

// What a relay drops is counted as lost, to the packet and its bursts; what it holds up
// by more than the buffer's delay as late, and by less not.
func TestLoss(t *testing.T) {
	const first, last = 20, 140 // the stream begins and ends whole
	rng := rand.New(rand.NewPCG(4, 33))
	var drop, hold [last]bool
	lost, bursts, late := 0, 0, 0
	for i := first; i < last; i++ {
		drop[i] = rng.Float64() < 0.15
		hold[i] = !drop[i] && rng.Float64() < 0.1
		if drop[i] {
			lost++
			if !drop[i-1] {
				bursts++
			}
		}
		if hold[i] {
			late++
		}
	}
	for _, x := range both {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			ea, eb := begin(t, x.a, Config{Workers: 1}), begin(t, x.b, Config{Workers: 1})
			a, b := open(t, ea), open(t, eb)
			a.Play(Speech(1))
			r := between(t, a, b, func(n int) (bool, time.Duration) {
				switch {
				case n >= last:
				case drop[n]:
					return true, 0
				case hold[n]:
					return false, 110 * time.Millisecond
				case n%3 == 0:
					return false, 20 * time.Millisecond
				}
				return false, 0
			})
			eventually(t, "all packets have passed", func() bool { return r.passed() > last+70 })
			steady(t, ea, eb)
			a.Close()
			h := b.Close()
			if int(h.Lost) != lost || int(h.Bursts) != bursts || int(h.Late) != late {
				t.Errorf("%d lost in %d bursts, %d late; want %d in %d, %d", h.Lost, h.Bursts, h.Late, lost, bursts, late)
			}
			want := rtp.R(h.Delay, float64(lost+late)/float64(h.Expected), h.BurstRatio)
			if h.R != want || h.MOS != rtp.MOS(want) || h.MOS > 3.9 {
				t.Errorf("R %v, MOS %v; want %v", h.R, h.MOS, want)
			}
		})
	}
}
