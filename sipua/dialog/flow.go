package dialog

import "net/netip"

// Transport is what carries a message.
type Transport uint8

// The transports.
const (
	UDP Transport = iota
	TCP
	TLS
)

// String returns the transport as a Via header has it.
func (t Transport) String() string { return [...]string{"UDP", "TCP", "TLS"}[t] }

// Flow is where a message came from or goes to. It is the driver's: the Machine
// compares and passes it on, and changes its port where RFC 3261 18.2.2 says so.
type Flow struct {
	Transport Transport
	Listener  int    // which of the driver's
	Conn      uint64 // the connection of a stream transport; 0: one to Remote is to be found or made
	Remote    netip.AddrPort
}

// Reliable reports whether the transport itself repeats what is lost.
func (f Flow) Reliable() bool { return f.Transport != UDP }
