package preflight

import (
	"math"
	"time"
)

// Bits is what sound takes of ports and networks with all lines talking.
type Bits struct {
	Ports         int     // UDP ports of the core
	Payload       int     // bytes of a packet
	IPBytes       int     // with RTP, UDP and IP
	EthernetBytes int     // and Ethernet's header and FCS
	PacketsPerSec float64 // of one call, direction and leg
	IPKbps        float64 // likewise, kbit/s
	EthernetKbps  float64
	TrunkMbps     float64 // of all lines, each direction, on Ethernet
	CorePackets   float64 // packets/s through the core: in and out, all legs
}

func (p *Plan) bits() Bits {
	m := &p.Media
	b := Bits{Ports: p.Lines * m.Legs * m.PortsPerLeg, Payload: int(math.Round(m.CodecRate * float64(m.PTime) / 8e6)), PacketsPerSec: float64(time.Second) / float64(m.PTime)}
	b.IPBytes = b.Payload + m.RTP + m.UDP + m.IP
	b.EthernetBytes = b.IPBytes + m.Ethernet
	b.IPKbps = float64(8*b.IPBytes) * b.PacketsPerSec / 1000
	b.EthernetKbps = float64(8*b.EthernetBytes) * b.PacketsPerSec / 1000
	b.TrunkMbps = float64(p.Lines) * b.EthernetKbps / 1000
	b.CorePackets = float64(p.Lines*m.Legs*2) * b.PacketsPerSec
	return b
}

// Recorder is what recordings take.
type Recorder struct {
	BytesPerSec int     // of a call
	BusyHourGB  float64 // 1e9 bytes, if the talk phase of every call is recorded
}

func (p *Plan) recorder() Recorder {
	r := p.Recording
	n := r.SampleRate * r.Bytes * r.Channels
	return Recorder{n, p.CallsPerHour * p.Holding.Talk.Seconds() * float64(n) / 1e9}
}
