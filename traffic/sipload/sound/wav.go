package sound

import (
	"bufio"
	"io"
	"net/netip"
	"time"

	"callwright/media/rtp"
)

// WAV writes a stereo WAV file: left what was heard, right what was said, on the packets'
// instants of arrival and sending. Each side is played by a telephone's jitter buffer,
// which follows the jitter and fills gaps (see [rtp.JitterBuffer]), so both lie about
// 25 ms later than their packets, and the worse the network the later. Keys are silence.
// An empty capture is a file without samples.
func (c *Capture) WAV(w io.Writer) error {
	packets := c.parse()
	frames := 0
	begin := time.Duration(0)
	if n := len(packets); n > 0 {
		begin = packets[0].at
		end := begin
		for _, p := range packets {
			begin, end = min(begin, p.at), max(end, p.at)
		}
		frames = int((end-begin)/rtp.FrameTime) + 15 // what is still in the buffer
	}
	out := bufio.NewWriter(w)
	head := rtp.WAVHeader(2, int64(frames)*rtp.FrameSize*4)
	out.Write(head[:]) // a bufio.Writer keeps its first error for Flush
	var sides [2]struct {
		buffer rtp.JitterBuffer
		frame  rtp.Frame
		rest   []arrived
	}
	for i := range sides {
		for _, p := range packets {
			if p.sent == (i == 1) {
				sides[i].rest = append(sides[i].rest, p)
			}
		}
	}
	for n := range frames {
		now := begin + time.Duration(n+1)*rtp.FrameTime
		for i := range sides {
			s := &sides[i]
			for len(s.rest) > 0 && s.rest[0].at <= now {
				p := &s.rest[0]
				s.buffer.Put(p.at, &p.packet, p.codec)
				s.rest = s.rest[1:]
			}
			s.buffer.Take(now, &s.frame)
		}
		for k := range sides[0].frame {
			x, y := uint16(sides[0].frame[k]), uint16(sides[1].frame[k])
			out.Write([]byte{byte(x), byte(x >> 8), byte(y), byte(y >> 8)})
		}
	}
	return out.Flush()
}

// arrived is a packet of audio.
type arrived struct {
	at     time.Duration
	sent   bool
	codec  rtp.Codec
	packet rtp.Packet
}

// parse returns the packets of audio, each side in order of time.
func (c *Capture) parse() (out []arrived) {
	var parser rtp.Parser
	c.each(func(at time.Duration, sent bool, _ netip.AddrPort, b []byte) {
		a := arrived{at: at, sent: sent}
		var err error
		if a.packet, err = parser.Parse(b); err != nil {
			return
		}
		if a.codec = c.codec; a.packet.Type == c.types[0] && !sent || a.packet.Type == c.types[1] && sent {
			out = append(out, a)
		}
	})
	return out
}
