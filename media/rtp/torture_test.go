package rtp

import (
	"encoding/binary"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callwright/internal/shared"
)

var (
	peer     = netip.MustParseAddrPort("192.0.2.1:40000")
	stranger = netip.MustParseAddrPort("192.0.2.1:40002")
)

// heardLeg is a leg as the torture files expect one: PCMU is 0, events are 101, SDP
// named peer. It takes one frame for each 20 ms that pass.
type heardLeg struct {
	Inbound
	now    time.Duration
	kinds  [6]int
	keys   string
	frames int
	heard  int // frames with audio in them
}

func newHeardLeg() *heardLeg {
	l := &heardLeg{}
	l.Source.Set(0, Strict, peer, peer.Addr(), true)
	l.Set(PCMU, 0, 101)
	return l
}

func (l *heardLeg) feed(from netip.AddrPort, b []byte) Arrived {
	a := l.Datagram(l.now, from, b, true)
	l.kinds[a.Kind]++
	if a.Key != 0 {
		l.keys += string(a.Key)
	}
	return a
}

func (l *heardLeg) tick() Played {
	l.now += FrameTime
	var f Frame
	p := l.Buffer.Take(l.now, &f)
	l.frames++
	if p == Audio || p == Skipped {
		l.heard++
	}
	return p
}

func packets(t *testing.T, file string) [][]byte {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(file, ".rtpseq") {
		return [][]byte{b}
	}
	var ps [][]byte
	for len(b) >= 2 {
		n := int(binary.BigEndian.Uint16(b))
		ps = append(ps, b[2:2+n])
		b = b[2+n:]
	}
	return ps
}

// TestTortureRTP holds each RTP file of the manifest to its verdict. The leg takes one
// packet each 20 ms, and plays for a second more.
func TestTortureRTP(t *testing.T) {
	verdicts := map[string]func(t *testing.T, l *heardLeg){
		"own-v0.rtp":            only(Bad),
		"own-v3.rtp":            only(Bad),
		"own-trunc.rtp":         only(Bad),
		"own-cc15-short.rtp":    only(Bad),
		"own-ext-65535.rtp":     only(Bad),
		"own-ext-trunc.rtp":     only(Bad),
		"own-pad-zero.rtp":      only(Bad),
		"own-pad-255.rtp":       only(Bad),
		"own-pt-rtcp-range.rtp": only(Bad),
		"own-len-9000.rtp":      only(Bad),
		"own-pt-unneg.rtp":      only(Unknown),
		"own-hdr-only.rtp":      only(Voice), // counted, and nothing to hear
		"own-payload-odd.rtp":   only(Voice), // three samples
		"own-dtmf-event-255.rtp": func(t *testing.T, l *heardLeg) {
			if l.keys != "" || l.Keys.Ignored() != 1 {
				t.Errorf("keys %q, %d ignored; want none, 1", l.keys, l.Keys.Ignored())
			}
		},
		"own-dtmf-short.rtp": func(t *testing.T, l *heardLeg) {
			if l.keys != "" {
				t.Errorf("keys %q, want none", l.keys)
			}
		},
		"own-dtmf-dur-max.rtp": func(t *testing.T, l *heardLeg) {
			if l.keys != "5" {
				t.Errorf("keys %q, want one 5", l.keys)
			}
		},
		"own-seq-ssrc-flip.rtpseq": func(t *testing.T, l *heardLeg) {
			if n := l.Receiver.Counts().Switches; n != 1 {
				t.Errorf("%d switches of SSRC, want 1", n)
			}
		},
		"own-seq-seq-jump-32768.rtpseq": func(t *testing.T, l *heardLeg) {
			if e, lost := l.Receiver.Loss(); lost != 0 || e > 100 || l.Receiver.Counts().Resyncs != 1 {
				t.Errorf("%d lost of %d, %d resyncs; want 0 lost, 1 resync", lost, e, l.Receiver.Counts().Resyncs)
			}
		},
		"own-seq-ts-jump.rtpseq": func(t *testing.T, l *heardLeg) {
			if n := l.Buffer.Counts().Resyncs; n != 1 {
				t.Errorf("%d resyncs of the timestamp, want 1", n)
			}
			if l.heard < 95 {
				t.Errorf("%d of 100 frames heard, want 95 at least", l.heard)
			}
		},
		"own-seq-dup-x50.rtpseq": func(t *testing.T, l *heardLeg) {
			if e, lost := l.Receiver.Loss(); e != 1 || lost != 0 || l.Receiver.Counts().Duplicates != 49 {
				t.Errorf("%d expected, %d lost, %d duplicates; want 1, 0, 49", e, lost, l.Receiver.Counts().Duplicates)
			}
		},
		"own-seq-reorder.rtpseq": func(t *testing.T, l *heardLeg) {
			c := l.Receiver.Counts()
			if _, lost := l.Receiver.Loss(); lost != 0 || c.Reordered+c.TooOld != 75 {
				t.Errorf("%d lost, %d reordered, %d too old; want 0, 75 in sum", lost, c.Reordered, c.TooOld)
			}
			// Four at a time in reverse are up to 120 ms late for their place: heard once the
			// buffer has learned that.
			if late := l.Buffer.Counts().Late; l.heard < 90 || late == 0 || late > 8 {
				t.Errorf("%d frames heard, %d late; want 90 at least, some but few", l.heard, late)
			}
		},
		"own-seq-dtmf-end-lost.rtpseq": func(t *testing.T, l *heardLeg) {
			if l.keys != "5" {
				t.Errorf("keys %q, want one 5", l.keys)
			}
		},
		"own-seq-inject-second-source.rtpseq": nil, // see below: it needs two sources
	}
	files, _ := filepath.Glob(shared.Path(t, "torture", "rtp") + "/*")
	seen := 0
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			ps := packets(t, file)
			l := newHeardLeg()
			for i, p := range ps {
				from := peer
				if name == "own-seq-inject-second-source.rtpseq" && i >= len(ps)/2 {
					from = stranger
				}
				l.feed(from, p)
				l.tick()
			}
			for range 50 {
				l.tick()
			}
			if v := verdicts[name]; v != nil {
				seen++
				v(t, l)
			}
			if l.frames != len(ps)+50 {
				t.Errorf("%d frames for %d ticks", l.frames, len(ps)+50)
			}
			if name == "own-seq-inject-second-source.rtpseq" {
				seen++
				to, ok := l.Source.Target(l.now)
				if l.Source.Foreign() != 50 || l.heard > 50 || !ok && to != (netip.AddrPort{}) || ok && to != peer {
					t.Errorf("%d foreign, %d heard, sends to %v; want 50, 50 at most, %v", l.Source.Foreign(), l.heard, to, peer)
				}
			}
		})
	}
	if seen != len(verdicts) {
		t.Errorf("%d of %d verdicts were checked: the files have changed", seen, len(verdicts))
	}
}

func only(k Kind) func(*testing.T, *heardLeg) {
	return func(t *testing.T, l *heardLeg) {
		if l.kinds[k] != 1 || l.heard != 0 || l.keys != "" {
			t.Errorf("kinds %v, %d frames heard, keys %q; want one of kind %d, nothing heard", l.kinds, l.heard, l.keys, k)
		}
	}
}

// TestTortureRTCP: all files but the mixed ones are refused whole, or say nothing of
// our stream and change nothing.
func TestTortureRTCP(t *testing.T) {
	refused := map[string]bool{ // the manifest's "error", "drop" and "Unmarshal error"
		"own-sr-trunc.rtcp": true, "own-rr-count-31.rtcp": true, "own-len-65535.rtcp": true, "own-len-zero.rtcp": true,
		"own-v0.rtcp": true, "own-sdes-no-end.rtcp": true, "own-pad-all.rtcp": true,
		"own-app-short.rtcp": true, "own-xr-bad.rtcp": true, "own-pt-255.rtcp": true, "own-bye-31.rtcp": true, "own-compound-x300.rtcp": true,
		"pion-0b954a73147600a3.bin": true, "pion-5eaf215c68e1ddb3.bin": true, "pion-6366fbb9980fa33a.bin": true,
	}
	files, _ := filepath.Glob(shared.Path(t, "torture", "rtcp") + "/*")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c Control
		name := filepath.Base(file)
		err = c.Packet(time.Second, time.Second, b, 0x1234, 1)
		if refused[name] && err == nil {
			t.Errorf("%s: accepted", name)
		}
		if c != (Control{}) {
			t.Errorf("%s: changed the state to %+v", name, c)
		}
		delete(refused, name)
	}
	for name := range refused {
		t.Errorf("%s is not there", name)
	}
}

// A capture of several RTCP packets in a datagram: all parse.
func TestRTCPCapture(t *testing.T) {
	b, err := os.ReadFile(shared.Path(t, "torture", "pcap", "nDPI-rtcp_multiple_pkts_in_the_same_datagram.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for b = b[24:]; len(b) >= 16; {
		size := int(binary.LittleEndian.Uint32(b[8:]))
		frame := b[16 : 16+size]
		b = b[16+size:]
		payload := frame[16+20+8:] // Linux cooked, IPv4 without options, UDP
		var c Control
		if err := c.Packet(0, 0, payload, 1, 2); err != nil {
			t.Errorf("datagram %d, %d bytes from %#x: %v", n, len(payload), payload[:4], err)
		}
		n++
	}
	if n == 0 {
		t.Error("no datagram found")
	}
}
