package meter

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// environment says to a process that it is a meter, and what it listens at.
const environment = "CALLWRIGHT_RTP_METER"

// Config says what a meter listens at.
type Config struct {
	Listen []netip.Addr // one socket each, at any port
}

// Leg is one leg of the server's.
type Leg struct {
	Server netip.AddrPort // its RTP port
	Socket int            // of Meter.Addrs: the one that its SDP has named
}

// Result is what became of the packets of one window, all of both directions.
type Result struct {
	Sent    int           // to the server
	Lost    int           // of these, never came out; Dropped are among them, LeftOut are not
	LeftOut int           // of Sent: a jitter buffer shortened its delay by them
	Unsent  int           // were to be sent, but our kernel did not take them
	Dropped int           // came out, but our own sockets were full
	P50     time.Duration // from sending to receiving, the server's buffers included
	P99     time.Duration
	Late    time.Duration // our own latest sending after its time
}

// Meter is the parent's side of the process.
type Meter struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
	addrs []netip.AddrPort
}

// Start starts a program that calls Child, by the command given.
func Start(c Config, command ...string) (*Meter, error) {
	m := &Meter{cmd: exec.Command(command[0], command[1:]...)}
	b, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	m.cmd.Env = append(os.Environ(), environment+"="+string(b))
	m.cmd.Stderr = os.Stderr
	if m.in, err = m.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := m.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := m.cmd.Start(); err != nil {
		return nil, err
	}
	m.lines = bufio.NewScanner(out)
	m.lines.Buffer(nil, 1<<20)
	if err := m.read(&m.addrs); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

// Addrs returns the sockets' addresses, in the order of Config.Listen.
func (m *Meter) Addrs() []netip.AddrPort { return m.addrs }

// Send lets the meter send to the legs from now on, until Close.
func (m *Meter) Send(legs []Leg) error { return json.NewEncoder(m.in).Encode(order{Legs: legs}) }

// Window waits for so long, and returns what became of the packets that were sent
// meanwhile. A packet has a second to come out.
func (m *Meter) Window(d time.Duration) (r Result, err error) {
	if err := json.NewEncoder(m.in).Encode(order{Window: d}); err != nil {
		return r, err
	}
	return r, m.read(&r)
}

func (m *Meter) read(into any) error {
	if !m.lines.Scan() {
		return fmt.Errorf("meter: it has ended: %w", errors.Join(m.lines.Err(), io.ErrUnexpectedEOF))
	}
	return json.Unmarshal(m.lines.Bytes(), into)
}

// Close ends the process.
func (m *Meter) Close() error {
	return errors.Join(m.in.Close(), m.cmd.Wait())
}

// Drops is how many datagrams the kernel has dropped, by /proc/net/udp, at the sockets
// whose addresses match, because nobody read them in time; -1 where the kernel does not
// tell. It takes the kernel some 100 ms where thousands of sockets are open.
func Drops(match func(netip.AddrPort) bool) int {
	f, err := os.Open("/proc/net/udp")
	if err != nil {
		return -1
	}
	defer f.Close()
	n := 0
	for sc := bufio.NewScanner(f); sc.Scan(); {
		w := strings.Fields(sc.Text())
		if len(w) < 13 {
			continue
		}
		if a, ok := hexAddr(w[1]); ok && match(a) {
			k, _ := strconv.Atoi(w[12])
			n += k
		}
	}
	return n
}

// hexAddr reads 0100007F:1F90, whose address is in the machine's order: little-endian
// wherever this runs.
func hexAddr(s string) (netip.AddrPort, bool) {
	ip, port, ok := strings.Cut(s, ":")
	a, err := strconv.ParseUint(ip, 16, 32)
	p, perr := strconv.ParseUint(port, 16, 16)
	if !ok || err != nil || perr != nil {
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{byte(a), byte(a >> 8), byte(a >> 16), byte(a >> 24)}), uint16(p)), true
}
