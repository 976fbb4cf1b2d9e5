package sound

import (
	"bytes"
	"encoding/binary"
	"math"
	"net/netip"
	"testing"
	"time"

	"callwright/media/rtp"
	"callwright/netio"
)

// A call's pcap, read back, has its packets of both directions, and the SIP messages,
// in order; its WAV has each side's tone in its channel.
func TestCapture(t *testing.T) {
	for _, x := range both {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			clock := netio.NewClock()
			ea, eb := begin(t, x.a, Config{Workers: 1, Clock: clock}), begin(t, x.b, Config{Workers: 1})
			a, b := open(t, ea), open(t, eb)
			connect(a, b)
			a.Play(Tone(440))
			b.Play(Tone(1000))
			time.Sleep(1200 * time.Millisecond)
			steady(t, ea, eb)
			port, peer := a.Port(), b.Port()
			h := a.Close()
			b.Close().Capture.Release()
			if h.Capture == nil || h.Capture.Cut() {
				t.Fatal("nothing was kept, or not all")
			}
			sip := Packet{At: clock.Now() - 600*time.Millisecond, From: netip.MustParseAddrPort("[2001:db8::1]:5060"),
				To: netip.MustParseAddrPort("[2001:db8::2]:5060"), B: []byte("BYE sip:odd@example.com SIP/2.0\r\n\r\n!")}
			var file bytes.Buffer
			if err := h.Capture.PCAP(&file, []Packet{sip}); err != nil {
				t.Fatal(err)
			}
			heard, said, messages := uint32(0), uint32(0), 0
			for _, p := range readPCAP(t, file.Bytes(), clock) {
				switch {
				case p.From.Port() == uint16(peer) && p.To.Port() == uint16(port):
					heard++
				case p.From.Port() == uint16(port) && p.To.Port() == uint16(peer):
					said++
				case p.From == sip.From && p.To == sip.To && bytes.Equal(p.B, sip.B) && p.At == sip.At && heard > 0 && said > 0:
					messages++
				}
			}
			if heard != h.Received || said != h.Sent || messages != 1 || said < 50 {
				t.Errorf("%d heard, %d said, %d SIP messages in the file; want %d, %d and 1", heard, said, messages, h.Received, h.Sent)
			}
			file.Reset()
			if err := h.Capture.WAV(&file); err != nil {
				t.Fatal(err)
			}
			var sides [2][]int16
			for b := file.Bytes()[rtp.WAVHeaderSize:]; len(b) > 0; b = b[4:] {
				sides[0] = append(sides[0], int16(binary.LittleEndian.Uint16(b)))
				sides[1] = append(sides[1], int16(binary.LittleEndian.Uint16(b[2:])))
			}
			for i, hz := range []float64{1000, 440} {
				middle := sides[i][len(sides[i])/2-800:][:1600]
				if a, o := rtp.Tone(middle, hz), rtp.Tone(middle, 1440-hz); math.Abs(a-activeRMS*math.Sqrt2) > 200 || o > 100 {
					t.Errorf("channel %d has %v Hz at %.0f, the other's at %.0f", i, hz, a, o)
				}
			}
			h.Capture.Release()
			if len(h.Capture.Packets()) > 0 {
				t.Error("it has packets after its release")
			}
		})
	}
}

// readPCAP checks each header and checksum, and the order.
func readPCAP(t *testing.T, b []byte, clock netio.Clock) (out []Packet) {
	t.Helper()
	le, be := binary.LittleEndian, binary.BigEndian
	if le.Uint32(b) != 0xa1b23c4d || le.Uint16(b[4:]) != 2 || le.Uint32(b[20:]) != 101 {
		t.Fatalf("file begins with % x", b[:24])
	}
	for b = b[24:]; len(b) > 0; {
		at := time.Duration(le.Uint32(b))*time.Second + time.Duration(le.Uint32(b[4:])) - clock.Unix(0)
		n := int(le.Uint32(b[8:]))
		ip := b[16 : 16+n]
		b = b[16+n:]
		p := Packet{At: at}
		var from, to netip.Addr
		var segment []byte
		var pseudo []byte
		switch ip[0] >> 4 {
		case 4:
			if fold(sum(0, ip[:20])) != 0xffff || int(be.Uint16(ip[2:])) != n || ip[9] != 17 {
				t.Fatalf("IPv4 header % x", ip[:20])
			}
			from, to = netip.AddrFrom4([4]byte(ip[12:])), netip.AddrFrom4([4]byte(ip[16:]))
			pseudo, segment = ip[12:20], ip[20:]
		case 6:
			if int(be.Uint16(ip[4:])) != n-40 || ip[6] != 17 {
				t.Fatalf("IPv6 header % x", ip[:40])
			}
			from, to = netip.AddrFrom16([16]byte(ip[8:])), netip.AddrFrom16([16]byte(ip[24:]))
			pseudo, segment = ip[8:40], ip[40:]
		}
		if int(be.Uint16(segment[4:])) != len(segment) || fold(sum(sum(0, pseudo)+17+uint32(len(segment)), segment)) != 0xffff {
			t.Fatalf("UDP header % x", segment[:8])
		}
		p.From, p.To = netip.AddrPortFrom(from, be.Uint16(segment)), netip.AddrPortFrom(to, be.Uint16(segment[2:]))
		p.B = segment[8:]
		if len(out) > 0 && p.At < out[len(out)-1].At {
			t.Errorf("packet %d goes back in time", len(out))
		}
		out = append(out, p)
	}
	return out
}

// With no memory left a call is cut and counted; what is released is there for others.
func TestCaptureBudget(t *testing.T) {
	s := newStore(Config{CaptureBytes: 3 * chunkSize})
	a, b, none := s.capture(), s.capture(), newStore(Config{CaptureBytes: -1}).capture()
	remote := netip.MustParseAddrPort("127.0.0.1:4000")
	packet := make([]byte, 172)
	fill := func(c *Capture, n int) {
		for i := range n {
			packet[0] = byte(i)
			c.add(time.Duration(i), i%2 == 0, remote, packet)
		}
	}
	fill(none, 1)
	fill(a, 200)
	fill(b, 100)
	if got := a.Packets(); len(got) != 200 || got[199].B[0] != 199 || got[199].At != 199 || got[199].From != remote || got[0].To != remote || a.Cut() {
		t.Errorf("%d packets of 200, cut %v", len(got), a.Cut())
	}
	if !b.Cut() || len(b.Packets()) != 0 || s.uncaptured.Load() != 1 {
		t.Errorf("a call without memory has %d packets; %d were counted", len(b.Packets()), s.uncaptured.Load())
	}
	a.Release()
	none.Release()
	c := s.capture()
	fill(c, 1000)
	if n := len(c.Packets()); n != 3*(chunkSize/(172+recordHead)) || !c.Cut() {
		t.Errorf("%d packets in all the memory", n)
	}
}
