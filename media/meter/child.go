package meter

import (
	"bufio"
	"encoding/json"
	"net/netip"
	"os"
	"time"

	"callwright/media/rtp"
	"callwright/netio"
)

const (
	step  = 5 * time.Millisecond // at each, a quarter of the legs is sent to
	parts = int(rtp.FrameTime / step)
	ring  = 512 // frames remembered
	delay = 50  // frames that a packet has to come out
	grain = 10 * time.Microsecond
)

// order is a line from the parent.
type order struct {
	Legs   []Leg
	Window time.Duration
}

// Child is the meter, in a process that is meant to be one: then it returns true when
// the parent closes it. Elsewhere it returns false at once.
func Child() bool {
	var c Config
	if json.Unmarshal([]byte(os.Getenv(environment)), &c) != nil {
		return false
	}
	s := &source{clock: netio.NewClock(), say: json.NewEncoder(os.Stdout), own: map[netip.AddrPort]bool{}, counted: make(chan int, 1)}
	var addrs []netip.AddrPort
	for _, a := range c.Listen {
		// As much as a net.core.rmem_max of 4 MB lets it be: a tick of the server's comes at once.
		conn, err := netio.Listen(netip.AddrPortFrom(a, 0), netio.Options{ReceiveBuffer: 4 << 20, SendBuffer: 4 << 20})
		if err != nil {
			panic(err)
		}
		s.conns, addrs = append(s.conns, conn), append(addrs, conn.Local())
		s.own[conn.Local()] = true
	}
	_ = s.say.Encode(addrs)
	orders := make(chan order, 1) // the parent waits for the answer to each
	go func() {
		defer close(orders)
		in := bufio.NewScanner(os.Stdin)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			var o order
			if json.Unmarshal(in.Bytes(), &o) == nil {
				orders <- o
			}
		}
	}()
	first, ok := <-orders
	if ok {
		s.begin(first.Legs)
		s.run(orders)
	}
	return true
}

// source is what was sent when, and what came out.
type source struct {
	clock netio.Clock
	say   *json.Encoder
	conns []*netio.Conn
	own   map[netip.AddrPort]bool
	legs  []legState
	bySck [][]int // legs by socket
	begun time.Duration

	frame   int // being sent
	window  bool
	from    int // frames of the window: from, to excluded
	to      int
	ended   int // legs whose last frame of it has been settled
	drops   int
	counted chan int // drops, by a goroutine: the clock does not wait for it
	length  time.Duration
	result  Result
	delays  []uint32 // by grain: a histogram, so that nothing is allocated while it runs
	payload [rtp.FrameSize]byte
}

type legState struct {
	to     netip.AddrPort
	sender rtp.Sender
	packet []byte
	sent   [ring]time.Duration
	took   [ring]time.Duration
	state  [ring]frameState
}

type frameState uint8

const (
	unsent frameState = iota
	sent
	seen
)

func (s *source) begin(legs []Leg) {
	s.legs, s.bySck = make([]legState, len(legs)), make([][]int, len(s.conns))
	for i, l := range legs {
		s.legs[i] = legState{to: l.Server, sender: rtp.NewSender(uint32(i)+1, 0, 0), packet: make([]byte, 0, rtp.MaxPacket)}
		s.bySck[l.Socket] = append(s.bySck[l.Socket], i)
	}
	s.delays = make([]uint32, time.Second/grain)
	for i := range s.legs { // so that no page is missing when it runs
		clear(s.legs[i].packet[:rtp.MaxPacket])
		for k := range ring {
			s.legs[i].sent[k], s.legs[i].took[k], s.legs[i].state[k] = 1, 1, seen
		}
	}
}

// run sends a part of the streams at each step, and reads what comes.
func (s *source) run(orders <-chan order) {
	batch := netio.NewBatch(64, rtp.MaxPacket)
	var out []netio.Datagram
	s.begun = s.clock.Now()
	for n := 0; ; n++ {
		at := s.begun + time.Duration(n)*step
		s.clock.SleepUntil(at)
		s.read(batch)
		frame := n / parts
		s.frame = frame
		if n%parts == 0 {
			select {
			case o, ok := <-orders:
				if !ok {
					return
				}
				s.length = o.Window
				go s.count()
			case drops := <-s.counted:
				if s.window {
					s.close(drops)
				} else {
					s.open(frame, drops)
				}
			default:
			}
		}
		if s.window && frame >= s.from && frame < s.to {
			s.result.Late = max(s.result.Late, s.clock.Now()-at)
		}
		for k, conn := range s.conns {
			out = out[:0]
			mine := s.bySck[k]
			for j := n % parts; j < len(mine); j += parts {
				out = append(out, s.next(mine[j], frame, at))
			}
			done, _ := batch.Send(conn, out) // what the kernel does not take is counted
			for j := n%parts + done*parts; j < len(mine); j += parts {
				s.legs[mine[j]].state[frame%ring] = unsent
			}
		}
		if s.window && s.ended == len(s.legs) {
			s.ended = 0
			go s.count()
		}
	}
}

func (s *source) count() { s.counted <- Drops(func(a netip.AddrPort) bool { return s.own[a] }) }

// open begins a window at the next frame.
func (s *source) open(frame, drops int) {
	s.window, s.from, s.to, s.ended = true, frame+1, frame+1+int(s.length/rtp.FrameTime), 0
	s.result, s.drops = Result{}, drops
	clear(s.delays)
}

// close tells what became of a window, when all its frames have had their time.
func (s *source) close(drops int) {
	s.window = false
	r := &s.result
	r.Dropped = drops - s.drops
	r.P50, r.P99 = s.quantile(0.50), s.quantile(0.99)
	_ = s.say.Encode(r)
}

// quantile is a delay of the window; what never came has none.
func (s *source) quantile(p float64) time.Duration {
	var all, sum uint64
	for _, n := range s.delays {
		all += uint64(n)
	}
	for i, n := range s.delays {
		if sum += uint64(n); n > 0 && float64(sum) >= p*float64(all) {
			return time.Duration(i+1) * grain
		}
	}
	return 0
}

// next makes a leg's packet, and settles the account of the frame that has had its time.
func (s *source) next(i, frame int, at time.Duration) netio.Datagram {
	l := &s.legs[i]
	if old := frame - delay; s.window && old >= s.from && old < s.to {
		switch l.state[old%ring] {
		case unsent:
			s.result.Unsent++
		case seen:
			s.result.Sent++
		case sent:
			s.result.Sent++
			if l.leftOut(old) {
				s.result.LeftOut++
			} else {
				s.result.Lost++
			}
		}
		if old == s.to-1 {
			s.ended++
		}
	}
	mark(&s.payload, i, frame)
	l.packet = l.sender.Packet(l.packet[:0], at-s.begun, 0, s.payload[:])
	l.state[frame%ring], l.sent[frame%ring] = sent, s.clock.Now()
	return netio.Datagram{B: l.packet, Addr: l.to}
}

// leftOut reports whether a frame that did not come was left out by a jitter buffer, to
// shorten its delay: the next one came at once after the one before.
func (l *legState) leftOut(frame int) bool {
	before, after := (frame-1+ring)%ring, (frame+1)%ring
	return l.state[before] == seen && l.state[after] == seen && l.took[after] < l.took[before]-rtp.FrameTime/2
}

// mark writes leg and frame in bytes that G.711 gives back as they were, and that are
// loud: no silence of the server's own looks like it.
func mark(p *[rtp.FrameSize]byte, leg, frame int) {
	for k := range 4 {
		p[k] = 0x90 | byte(frame>>(4*k))&15
		p[4+k] = 0x90 | byte(leg>>(4*k))&15
	}
}

// marked reads it.
func marked(p []byte) (leg, frame int, ok bool) {
	for k := range 8 {
		if p[k]>>4 != 9 {
			return 0, 0, false // silence, music, or a frame made up
		}
	}
	for k := range 4 {
		frame |= int(p[k]&15) << (4 * k)
		leg |= int(p[4+k]&15) << (4 * k)
	}
	return leg, frame, true
}

func (s *source) read(batch *netio.Batch) {
	for _, c := range s.conns {
		for {
			in, err := batch.Receive(c, s.clock)
			if err != nil {
				panic(err)
			}
			for i := range in {
				s.came(&in[i])
			}
			if len(in) < 64 {
				break
			}
		}
	}
}

// came finds the frame that a packet is of. One that has had its time is lost.
func (s *source) came(d *netio.Datagram) {
	if len(d.B) != 12+rtp.FrameSize {
		return
	}
	i, frame, ok := marked(d.B[12:])
	if !ok || i >= len(s.legs) {
		return
	}
	frame = s.frame - (s.frame-frame)&0xffff // the number has 16 bits
	l := &s.legs[i]
	if s.frame-frame >= delay || l.state[frame%ring] != sent {
		return
	}
	took := d.At - l.sent[frame%ring]
	l.state[frame%ring], l.took[frame%ring] = seen, took
	if s.window && frame >= s.from && frame < s.to {
		s.delays[max(0, min(int(took/grain), len(s.delays)-1))]++
	}
}
