package media

import (
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"callwright/media/rtp"
	"callwright/netio"
)

// fullDisk has room for so many bytes.
type fullDisk struct{ room atomic.Int64 }

type fullFile struct {
	tapeFile
	disk *fullDisk
}

func (d *fullDisk) create(path string) (tapeFile, error) {
	if d.room.Load() <= 0 {
		return nil, &fs.PathError{Op: "open", Path: path, Err: syscall.ENOSPC}
	}
	f, err := createTape(path)
	return &fullFile{f, d}, err
}

// WriteAt writes as much as there is room for, as a disk does.
func (f *fullFile) WriteAt(b []byte, at int64) (int, error) {
	if at == 0 { // the head's place is there
		return f.tapeFile.WriteAt(b, at)
	}
	left := f.disk.room.Add(-int64(len(b))) + int64(len(b))
	if left >= int64(len(b)) {
		return f.tapeFile.WriteAt(b, at)
	}
	n, _ := f.tapeFile.WriteAt(b[:max(0, left)], at)
	return n, syscall.ENOSPC
}

// A disk that fills up ends the recording and not the call: what was written plays, whose
// it was is told, and once there is room the next recording is whole.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	type failure struct {
		file string
		kept time.Duration
		err  error
	}
	var disk fullDisk
	failed := make(chan failure, 10)
	e := engine(t, Config{Workers: 1, RecordDir: t.TempDir(), create: disk.create,
		Failed: func(file string, kept time.Duration, err error) { failed <- failure{file, kept, err} }})
	a, b := newPhone(t, rtp.PCMU, 440), newPhone(t, rtp.PCMU, 1000)
	la, lb := a.leg(e), b.leg(e)
	e.Join(la, lb)
	record := func() *Recording {
		t.Helper()
		r, err := e.Record(la)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	one := func(r *Recording) failure {
		t.Helper()
		select {
		case f := <-failed:
			if f.file != r.File() || !errors.Is(f.err, syscall.ENOSPC) {
				t.Errorf("told %+v, want %s", f, r.File())
			}
			return f
		case <-time.After(10 * time.Second):
			t.Fatal("nobody is told")
		}
		return failure{}
	}

	r := record() // no room for the file itself
	if f := one(r); f.kept != 0 {
		t.Errorf("kept %v of nothing", f.kept)
	}
	a.only(1000)
	file, length, err := r.Close()
	if _, serr := os.Stat(file); !errors.Is(err, syscall.ENOSPC) || !errors.Is(serr, fs.ErrNotExist) || length <= 0 {
		t.Errorf("%v, %v, length %v", err, serr, length)
	}

	disk.room.Store(chunkBytes + chunkBytes/2) // half of the second write
	r = record()
	if f := one(r); f.kept != chunkFrames*rtp.FrameTime {
		t.Errorf("kept %v, want half a second", f.kept)
	}
	a.only(1000)
	b.only(440)
	if file, _, err = r.Close(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v", err)
	}
	if left, _ := sides(t, file); len(left) != chunkFrames*rtp.FrameSize {
		t.Errorf("%d samples play, want %d", len(left), chunkFrames*rtp.FrameSize)
	}
	if st, err := os.Stat(file); err != nil || st.Size() != rtp.WAVHeaderSize+chunkBytes {
		t.Errorf("%v, %v: what no head speaks of is still there", st, err)
	}

	disk.room.Store(1 << 30)
	r = record()
	time.Sleep(700 * time.Millisecond)
	file, length, err = r.Close()
	if left, _ := sides(t, file); err != nil || time.Duration(len(left))*time.Second/rtp.Rate != length {
		t.Errorf("%v: %d samples for %v", err, len(left), length)
	}
	if n := e.Stats().Unwritten; n != 2 || len(failed) != 0 {
		t.Errorf("%d counted, %d more told", n, len(failed))
	}
}

// An address that is not this machine's is told at the start.
func TestNotOurAddress(t *testing.T) {
	t.Parallel()
	if e, err := New(Config{Bind: netip.MustParseAddr("192.0.2.1"), PortMin: 20000, PortMax: 20009}); err == nil || !strings.Contains(err.Error(), "192.0.2.1") {
		t.Errorf("%v, %v", e, err)
	}
}

// A port that somebody else holds is passed over; another trouble is told as what it is.
func TestPortsTrouble(t *testing.T) {
	t.Parallel()
	held, err := netio.ListenPair(loopback, 0, netio.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	at := held.RTP.Port()
	p := newPorts(Config{Bind: loopback, PortMin: at, PortMax: at + 1, PortRest: time.Hour})
	if _, err := p.open(0); err != ErrPorts {
		t.Errorf("held by somebody else: %v", err)
	}
	p = newPorts(Config{Bind: netip.MustParseAddr("192.0.2.1"), PortMin: at, PortMax: at + 1, PortRest: time.Hour})
	for range 2 { // nothing is worn out by it
		if _, err := p.open(0); !errors.Is(err, syscall.EADDRNOTAVAIL) {
			t.Errorf("not our address: %v", err)
		}
	}
}
