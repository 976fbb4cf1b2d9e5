package media

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"runtime"
	"time"

	"callwright/netio"
)

// Config says where an Engine listens and writes. Bind must be set; the rest may not.
type Config struct {
	Bind netip.Addr // the address legs listen at

	// Legs take an even port from PortMin on, and the odd one above it, up to PortMax.
	// Both 0: whatever the system has free, for tests; PortRest is the system's then.
	PortMin, PortMax int

	// A port given back rests for so long before it is used again, so that the late
	// packets of one call are not heard in the next. 0: 5 s.
	PortRest time.Duration

	RecordDir string // where recordings are made; "": there are none

	// Failed is told of each recording that cannot be written, once, as soon as that is
	// known, and before its Close returns: how much of it the file has, and plays. The
	// call goes on. It is called by the goroutine that writes, which it must not hold
	// up; nil: nobody is told, but the log.
	Failed func(file string, kept time.Duration, err error)

	Workers int // goroutines with a clock each; 0: one per CPU

	Log *slog.Logger // nil: nothing is logged

	Clock netio.Clock // zero: a new one

	// Generator makes it a load generator's. The frames of its legs are spread over the
	// 20 ms, each has its own step of 5; so it has neither bridges nor recordings. It
	// watches how it keeps time: Pace. And it goes on sending to who sends nothing back,
	// as a telephone does: whoever makes it sees to it that only those are sent to who
	// asked for it.
	Generator bool

	ReceiveBuffer int // bytes a socket; 0: 64 KiB

	create func(path string) (tapeFile, error) // tests put failing disks here
}

const portRest = 5 * time.Second

// Validate returns everything that is wrong with c.
func (c *Config) Validate() error {
	var bad []error
	if !c.Bind.IsValid() || c.Bind.IsMulticast() {
		bad = append(bad, fmt.Errorf("media: bind address is %v; want one of this machine's", c.Bind))
	}
	if (c.PortMin != 0 || c.PortMax != 0) && (c.PortMin < 1024 || c.PortMax > 65535 || c.PortMax < c.PortMin+1) {
		bad = append(bad, fmt.Errorf("media: ports are %d to %d; want a range in 1024 to 65535, two at least", c.PortMin, c.PortMax))
	}
	if c.Workers < 0 || c.PortRest < 0 {
		bad = append(bad, fmt.Errorf("media: %d workers, ports rest %v; want neither negative", c.Workers, c.PortRest))
	}
	return errors.Join(bad...)
}

func (c Config) withDefaults() Config {
	if c.PortRest == 0 {
		c.PortRest = portRest
	}
	if c.Workers == 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Clock == (netio.Clock{}) {
		c.Clock = netio.NewClock()
	}
	if c.create == nil {
		c.create = createTape
	}
	return c
}
