package sound

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"io"
	"net/netip"
	"slices"
	"time"

	"callwright/netio"
)

// A pcap file, as https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap has it: a head,
// and packets with one each. Its magic number says that times are in nanoseconds.
const (
	pcapMagic   = 0xa1b23c4d
	linkTypeRaw = 101 // packets begin with an IPv4 or IPv6 header
	snapLength  = 1 << 16
	udp         = 17
	hops        = 64
)

// PCAP writes a pcap file of the capture's packets and the SIP messages handed in; see
// [WritePCAP].
func (c *Capture) PCAP(w io.Writer, sip []Packet) error {
	return WritePCAP(w, c.store.clock, append(slices.Clone(sip), c.Packets()...))
}

// WritePCAP writes a pcap file of packets, in the order of time by the clock. Their IP
// and UDP headers are made up here (we have read and sent no others), with right
// checksums; a SIP message that went by TCP is shown as UDP.
func WritePCAP(w io.Writer, clock netio.Clock, packets []Packet) error {
	packets = slices.Clone(packets)
	slices.SortStableFunc(packets, func(a, b Packet) int { return cmp.Compare(a.At, b.At) })
	out := bufio.NewWriter(w)
	le := binary.LittleEndian
	var head [24]byte
	le.PutUint32(head[0:], pcapMagic)
	le.PutUint16(head[4:], 2)
	le.PutUint16(head[6:], 4)
	le.PutUint32(head[16:], snapLength)
	le.PutUint32(head[20:], linkTypeRaw)
	out.Write(head[:]) // a bufio.Writer keeps its first error for Flush
	var b []byte
	for _, p := range packets {
		b = appendIP(b[:0], p)
		at := clock.Unix(p.At)
		le.PutUint32(head[0:], uint32(at/time.Second))
		le.PutUint32(head[4:], uint32(at%time.Second))
		le.PutUint32(head[8:], uint32(len(b)))
		le.PutUint32(head[12:], uint32(len(b)))
		out.Write(head[:16])
		out.Write(b)
	}
	return out.Flush()
}

// appendIP appends a datagram with its IP header (RFC 791, RFC 8200) and that of UDP
// (RFC 768). What is longer than IP can say is cut.
func appendIP(b []byte, p Packet) []byte {
	four := p.From.Addr().Unmap().Is4() && p.To.Addr().Unmap().Is4()
	body := p.B[:min(len(p.B), 1<<16-1-20-8)]
	size := uint16(8 + len(body))
	be := binary.BigEndian
	var pseudo uint32 // sum of the header that UDP's checksum is over as well
	if four {
		from, to := p.From.Addr().Unmap().As4(), p.To.Addr().Unmap().As4()
		h := [20]byte{0: 4<<4 | 5, 6: 0x40, 8: hops, 9: udp} // do not fragment
		be.PutUint16(h[2:], 20+size)
		copy(h[12:], from[:])
		copy(h[16:], to[:])
		be.PutUint16(h[10:], ^fold(sum(0, h[:])))
		b = append(b, h[:]...)
		pseudo = sum(sum(0, from[:]), to[:])
	} else {
		from, to := sixteen(p.From), sixteen(p.To)
		h := [40]byte{0: 6 << 4, 6: udp, 7: hops}
		be.PutUint16(h[4:], size)
		copy(h[8:], from[:])
		copy(h[24:], to[:])
		b = append(b, h[:]...)
		pseudo = sum(sum(0, from[:]), to[:])
	}
	var h [8]byte
	be.PutUint16(h[0:], p.From.Port())
	be.PutUint16(h[2:], p.To.Port())
	be.PutUint16(h[4:], size)
	check := ^fold(sum(sum(pseudo+udp+uint32(size), h[:]), body))
	if check == 0 {
		check = 0xffff // 0 says that there is none
	}
	be.PutUint16(h[6:], check)
	return append(append(b, h[:]...), body...)
}

func sixteen(a netip.AddrPort) [16]byte {
	if !a.Addr().IsValid() {
		return [16]byte{}
	}
	return a.Addr().As16()
}

// sum and fold are the Internet checksum, RFC 1071.
func sum(s uint32, b []byte) uint32 {
	for ; len(b) > 1; b = b[2:] {
		s += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) == 1 {
		s += uint32(b[0]) << 8
	}
	return s
}

func fold(s uint32) uint16 {
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}
