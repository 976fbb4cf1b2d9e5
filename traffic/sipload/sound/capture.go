package sound

import (
	"encoding/binary"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"callwright/media/rtp"
	"callwright/netio"
)

// chunkSize is what captures grow by: some 90 packets of G.711.
const chunkSize = 16 << 10

type chunk [chunkSize]byte

// store is the memory for the packets of all calls.
type store struct {
	clock      netio.Clock
	uncaptured atomic.Int64

	mu   sync.Mutex
	off  bool // none are kept, as was wished
	left int  // chunks not made yet
	free []*chunk
}

func newStore(c Config) *store {
	return &store{clock: c.Clock, off: c.CaptureBytes < 0, left: int(max(c.CaptureBytes, 0) / chunkSize)}
}

// capture returns an empty one for a call; nil where none are kept.
func (s *store) capture() *Capture {
	if s.off {
		return nil
	}
	return &Capture{store: s}
}

func (s *store) take() *chunk {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		c := s.free[n-1]
		s.free = s.free[:n-1]
		return c
	}
	if s.left == 0 {
		return nil
	}
	s.left--
	return new(chunk)
}

func (s *store) give(c []*chunk) {
	s.mu.Lock()
	s.free = append(s.free, c...)
	s.mu.Unlock()
}

// Capture is the packets of one call's sound. Once the call is closed it may be read by
// any goroutine, until Release.
type Capture struct {
	store   *store
	local   netip.AddrPort
	remotes []netip.AddrPort
	chunks  []*chunk
	fill    int  // bytes of the last chunk
	cut     bool // no memory was left

	codec rtp.Codec // as the last SDP says, with its payload types heard and said
	types [2]uint8
}

// A record is an instant (8 bytes), a length (2), who sent it (1), the remote's number
// (1), and the packet. Packets longer than a chunk, and a 257th remote's, are left out.
const recordHead = 12

// add keeps a packet.
func (c *Capture) add(at time.Duration, sent bool, remote netip.AddrPort, b []byte) {
	if c == nil || c.cut || len(b)+recordHead > chunkSize {
		return
	}
	k := c.remote(remote)
	if k < 0 {
		return
	}
	if len(c.chunks) == 0 || c.fill+recordHead+len(b) > chunkSize {
		next := c.store.take()
		if next == nil {
			c.cut = true
			c.store.uncaptured.Add(1)
			return
		}
		if len(c.chunks) > 0 && c.fill+2 < chunkSize {
			clear(c.chunks[len(c.chunks)-1][c.fill:])
		}
		c.chunks, c.fill = append(c.chunks, next), 0
	}
	to := c.chunks[len(c.chunks)-1][c.fill:]
	binary.LittleEndian.PutUint64(to, uint64(at))
	binary.LittleEndian.PutUint16(to[8:], uint16(len(b)))
	to[10], to[11] = 0, byte(k)
	if sent {
		to[10] = 1
	}
	copy(to[recordHead:], b)
	c.fill += recordHead + len(b)
}

func (c *Capture) remote(a netip.AddrPort) int {
	for i, r := range c.remotes {
		if r == a {
			return i
		}
	}
	if len(c.remotes) > 255 {
		return -1
	}
	c.remotes = append(c.remotes, a)
	return len(c.remotes) - 1
}

// Cut reports whether no memory was left for the call's later packets.
func (c *Capture) Cut() bool { return c.cut }

// Packet is one datagram of a call.
type Packet struct {
	At       time.Duration
	From, To netip.AddrPort
	B        []byte
}

// Packets returns the packets of both directions, in the order in which they were read
// and sent. Their bytes are valid until Release.
func (c *Capture) Packets() []Packet {
	var out []Packet
	c.each(func(at time.Duration, sent bool, remote netip.AddrPort, b []byte) {
		p := Packet{At: at, From: remote, To: c.local, B: b}
		if sent {
			p.From, p.To = p.To, p.From
		}
		out = append(out, p)
	})
	return out
}

func (c *Capture) each(f func(at time.Duration, sent bool, remote netip.AddrPort, b []byte)) {
	for i, ch := range c.chunks {
		end := chunkSize
		if i == len(c.chunks)-1 {
			end = c.fill
		}
		for at := 0; at+recordHead <= end; {
			n := int(binary.LittleEndian.Uint16(ch[at+8:]))
			if n == 0 {
				break
			}
			from := at + recordHead
			f(time.Duration(binary.LittleEndian.Uint64(ch[at:])), ch[at+10] == 1, c.remotes[ch[at+11]], ch[from:from+n:from+n])
			at = from + n
		}
	}
}

// Release gives the memory back for other calls: this one is not among the worst. The
// capture has no packets then. Nil may be released.
func (c *Capture) Release() {
	if c == nil || len(c.chunks) == 0 {
		return
	}
	c.store.give(c.chunks)
	c.chunks, c.fill = nil, 0
}
