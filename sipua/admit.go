package sipua

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// admission is who is listened to at all: a bucket of requests a source, connections
// in all, and no ear for scanners.
type admission struct {
	cfg Admission

	mu      sync.Mutex
	sources map[netip.Addr]*bucket
	conns   int
	from    map[netip.Addr]int // connections by source
}

type bucket struct {
	left float64
	at   time.Time
}

func newAdmission(cfg Admission) *admission {
	return &admission{cfg: cfg, sources: map[netip.Addr]*bucket{}, from: map[netip.Addr]int{}}
}

// allow takes a request's place out of its source's bucket. Trunks have none: their
// limit is their lines. At the limit of sources remembered the full buckets are
// forgotten, and if there are none newcomers are refused.
func (a *admission) allow(from netip.Addr, trunk bool) bool {
	if trunk {
		return true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	b := a.sources[from]
	if b == nil {
		if len(a.sources) >= a.cfg.Sources {
			a.forget(now)
		}
		if len(a.sources) >= a.cfg.Sources {
			return false
		}
		b = &bucket{left: float64(a.cfg.Burst), at: now}
		a.sources[from] = b
	}
	b.fill(a.cfg, now)
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}

func (b *bucket) fill(cfg Admission, now time.Time) {
	b.left = min(float64(cfg.Burst), b.left+cfg.PerSecond*now.Sub(b.at).Seconds())
	b.at = now
}

func (a *admission) forget(now time.Time) {
	for from, b := range a.sources {
		if b.fill(a.cfg, now); b.left >= float64(a.cfg.Burst) {
			delete(a.sources, from)
		}
	}
}

// connect takes a connection's place. One source may have a quarter of all, so that it
// cannot shut out the others.
func (a *admission) connect(from netip.Addr) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.conns >= a.cfg.Conns || a.from[from] >= max(a.cfg.Conns/4, 1) {
		return false
	}
	a.conns++
	a.from[from]++
	return true
}

func (a *admission) disconnect(from netip.Addr) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.conns--
	if a.from[from]--; a.from[from] <= 0 {
		delete(a.from, from)
	}
}

// scanners are programs that look for servers to break into, by what they call
// themselves. They are met with silence, since any answer is what they look for.
var scanners = []string{"friendly-scanner", "sipvicious", "sipcli", "sundayddr", "sip-scan", "iwar", "sivus", "pplsip", "vaxsipuseragent"}

func isScanner(req *sip.Request) bool {
	h := req.GetHeader("user-agent")
	if h == nil {
		return false
	}
	name := strings.ToLower(h.Value())
	for _, s := range scanners {
		if strings.Contains(name, s) {
			return true
		}
	}
	return false
}
