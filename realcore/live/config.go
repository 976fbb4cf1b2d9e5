package live

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
)

// Door is one way in and out of the centre. Carry is called on the host's
// goroutine with the effects of one event, or of timers (ev is nil), in the order
// in which they hold. It must not block and must not keep ev or the slice; it may
// Post. Nothing has come of an event without effects, and no door is told, but for
// one: what an agent wants to be once his call is over (AgentReady, AgentNotReady,
// AgentLogout) is carried without any.
type Door interface {
	Carry(now realcore.Instant, ev *realcore.Event, effects []realcore.Effect)
}

// Config says what a Host runs and where it writes.
type Config struct {
	Plan *realcore.Plan

	// Journal is the path of the journal; "" for none. An existing one is
	// continued: its plan must have the same epoch and zone, and is changed to
	// Plan if it is another.
	Journal string

	// Records is the path of the records' file; "" for none. It needs a Journal.
	Records string

	// Speed is N: scenario time passes N times as fast as wall time. 0 means 1.
	Speed int

	// Anchor and Start set the scenario clock: at the wall time Anchor it shows
	// Start. A zero Anchor is the moment of Open. A centre that runs by the real
	// clock has its plan's epoch as Anchor and Start 0. The clock never begins
	// before the end of the journal.
	Anchor time.Time
	Start  realcore.Instant

	Doors []Door

	// Sink receives every record on the host's goroutine. Those of a continued
	// journal come again, first of all, during Open.
	Sink cdr.Sink

	// Queue is how many posted events may wait; 0 means 4096.
	Queue int

	Log *slog.Logger // nil: nothing is logged

	// OpenFile opens or creates a file for reading and writing, for this process
	// alone; nil: one of the file system. Tests put failing disks here. The clock
	// needs no such place: testing/synctest replaces it.
	OpenFile func(path string) (File, error)
}

// File is what the host needs of a file.
type File interface {
	io.ReadWriteSeeker
	io.Closer
	Truncate(size int64) error
	Sync() error
}

const (
	defaultQueue = 4096
	leastQueue   = 8
	batchMost    = 256 // events of one turn: the clock is read anew at least this often
	looksMost    = 16  // Do calls that wait: wallboards, a few
	syncEvery    = 100 * time.Millisecond
	markEvery    = time.Second // wall time: how exactly the journal knows when the process died
	linesMost    = 64 << 20    // bytes of records that wait for the disk before new calls are refused
)

// Validate reports what is wrong with the configuration.
func (c *Config) Validate() error {
	var errs []error
	if c.Plan == nil {
		errs = append(errs, errors.New("live: Plan is nil; want the scenario's plan"))
	} else if err := c.Plan.Validate(); err != nil {
		errs = append(errs, err)
	}
	if c.Records != "" && c.Journal == "" {
		errs = append(errs, fmt.Errorf("live: Records is %s and Journal is empty; want a journal too, from which records are made again after a crash", c.Records))
	}
	if c.Speed < 0 || c.Speed > MaxSpeed {
		errs = append(errs, fmt.Errorf("live: Speed is %d; want 1 to %d", c.Speed, MaxSpeed))
	}
	if c.Queue != 0 && c.Queue < leastQueue {
		errs = append(errs, fmt.Errorf("live: Queue is %d; want at least %d", c.Queue, leastQueue))
	}
	if c.Start < 0 {
		errs = append(errs, fmt.Errorf("live: Start is %v; want an instant not before the epoch", c.Start))
	}
	return errors.Join(errs...)
}

// filled returns the configuration with its defaults.
func (c Config) filled() Config {
	if c.Speed == 0 {
		c.Speed = 1
	}
	if c.Queue == 0 {
		c.Queue = defaultQueue
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.OpenFile == nil {
		c.OpenFile = openFile
	}
	return c
}

// openFile opens a file for this process alone. 0600: records name people.
func openFile(path string) (File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s is in use by another process: %w", path, err)
	}
	if err := syncFolder(filepath.Dir(path)); err != nil { // a new file's name is not on the disk by the file's own fsync
		f.Close()
		return nil, err
	}
	return f, nil
}
