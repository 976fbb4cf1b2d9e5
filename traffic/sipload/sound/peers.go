package sound

import (
	"net/netip"

	"callwright/media/rtp"
)

// peers knows which leg of a port a packet is of; see Dense for the rules.
type peers struct {
	legs   int
	byAddr map[netip.AddrPort]*denseLeg // of several, the one that came first; the others by next
	bySSRC map[uint32]*denseLeg         // of streams that came, and of our own, which an echo sends back
}

func newPeers() peers {
	return peers{byAddr: map[netip.AddrPort]*denseLeg{}, bySSRC: map[uint32]*denseLeg{}}
}

// add takes a leg in, at the end of those with its remote.
func (p *peers) add(l *denseLeg) {
	p.legs++
	p.bySSRC[l.sender.SSRC()] = l
	p.bind(l)
}

func (p *peers) remove(l *denseLeg) {
	p.legs--
	p.forget(l.sender.SSRC(), l)
	if l.streams {
		p.forget(l.ssrc, l)
	}
	p.unbind(l)
}

func (p *peers) forget(ssrc uint32, l *denseLeg) {
	if p.bySSRC[ssrc] == l {
		delete(p.bySSRC, ssrc)
	}
}

// bind files a leg under its remote, which must not change until unbind.
func (p *peers) bind(l *denseLeg) {
	if !l.params.Remote.IsValid() {
		return
	}
	first := p.byAddr[l.params.Remote]
	if first == nil {
		p.byAddr[l.params.Remote] = l
		return
	}
	for first.next != nil {
		first = first.next
	}
	first.next = l
}

func (p *peers) unbind(l *denseLeg) {
	a := l.params.Remote
	first := p.byAddr[a]
	switch {
	case first == nil:
	case first == l && l.next == nil:
		delete(p.byAddr, a)
	case first == l:
		p.byAddr[a] = l.next
	default:
		for first.next != nil && first.next != l {
			first = first.next
		}
		first.next = l.next
	}
	l.next = nil
}

// free reports whether no leg has this remote.
func (p *peers) free(a netip.AddrPort) bool { return p.byAddr[a] == nil }

// only returns the leg with a remote if there is one and no other.
func (p *peers) only(a netip.AddrPort) *denseLeg {
	if l := p.byAddr[a]; l != nil && l.next == nil {
		return l
	}
	return nil
}

// find returns the leg that a packet is of; nil: of none.
func (p *peers) find(from netip.AddrPort, packet *rtp.Packet) *denseLeg {
	l := p.byAddr[from]
	if l != nil && l.next == nil {
		return l
	}
	if known := p.bySSRC[packet.SSRC]; known != nil && (l == nil || known.params.Remote == from) {
		return known
	}
	for ; l != nil; l = l.next {
		if !l.streams && l.params.Receive {
			return l
		}
	}
	return nil
}

// streaming notes a leg's new SSRC.
func (p *peers) streaming(l *denseLeg, ssrc uint32) {
	if l.streams {
		p.forget(l.ssrc, l)
	}
	l.ssrc, l.streams = ssrc, true
	if p.bySSRC[ssrc] == nil {
		p.bySSRC[ssrc] = l
	}
}
