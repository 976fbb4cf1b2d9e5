package netio

import (
	"errors"
	"fmt"
	"net/netip"
)

// Pair is an even port for RTP and the odd one above it for RTCP (RFC 3550 section 11).
type Pair struct{ RTP, RTCP *Conn }

// Close closes both.
func (p Pair) Close() error { return errors.Join(p.RTP.Close(), p.RTCP.Close()) }

// tries bounds the search for a pair among the system's free ports.
const tries = 100

// ListenPair opens an even port and the next; port 0 takes any pair that is free.
func ListenPair(at netip.Addr, port int, o Options) (Pair, error) {
	if port != 0 {
		return listenPair(at, port, o)
	}
	var err error
	for range tries {
		var c *Conn
		if c, err = Listen(netip.AddrPortFrom(at, 0), o); err != nil {
			return Pair{}, err
		}
		port := c.Port() &^ 1
		c.Close()
		var p Pair
		if p, err = listenPair(at, port, o); err == nil {
			return p, nil
		}
	}
	return Pair{}, fmt.Errorf("netio: no free pair of ports at %v in %d tries: %w", at, tries, err)
}

func listenPair(at netip.Addr, port int, o Options) (Pair, error) {
	if port%2 != 0 || port < 0 || port > 65534 {
		return Pair{}, fmt.Errorf("netio: port %d; want an even one for RTP", port)
	}
	a, err := Listen(netip.AddrPortFrom(at, uint16(port)), o)
	if err != nil {
		return Pair{}, err
	}
	b, err := Listen(netip.AddrPortFrom(at, uint16(port+1)), o)
	if err != nil {
		a.Close()
		return Pair{}, err
	}
	return Pair{a, b}, nil
}
