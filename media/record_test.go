package media

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"callwright/media/rtp"
)

// sides reads both channels of a recording by the length its head says.
func sides(t testing.TB, file string) (left, right []int16) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	size := int(b[40]) | int(b[41])<<8 | int(b[42])<<16 | int(b[43])<<24
	if string(b[:4]) != "RIFF" || b[22] != 2 || rtp.WAVHeaderSize+size > len(b) {
		t.Fatalf("%s: head % x of %d bytes", file, b[:44], len(b))
	}
	for i := rtp.WAVHeaderSize; i+4 <= rtp.WAVHeaderSize+size; i += 4 {
		left = append(left, int16(uint16(b[i])|uint16(b[i+1])<<8))
		right = append(right, int16(uint16(b[i+2])|uint16(b[i+3])<<8))
	}
	return left, right
}

// TestRecord follows a customer from hold music to one agent and another. Left has the
// customer's tone throughout but for a pause, right what he heard.
func TestRecord(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := engine(t, Config{Workers: 2, RecordDir: dir})
	c, a, b := newPhone(t, rtp.PCMU, 440), newPhone(t, rtp.PCMU, 1000), newPhone(t, rtp.PCMA, 1800)
	lc, la, lb := c.leg(e), a.leg(e), b.leg(e)
	keys := make(chan byte, 100)
	lc.On(func(ev Event) {
		if ev.Kind == Digit {
			keys <- ev.Key
		}
	})
	start := time.Now()
	rec, err := e.Record(lc)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Record(lc); err == nil {
		t.Error("a second recording of one leg")
	}
	at := func() int { return int(time.Since(start) * rtp.Rate / time.Second) }
	// hear waits until a phone hears a tone, and 400 ms more, of which the middle is judged.
	type part struct{ from, to int }
	hear := func(p *phone, hz float64) part {
		p.only(hz)
		from := at()
		time.Sleep(400 * time.Millisecond)
		return part{from, at() - 1600}
	}
	lc.Loop(toneClip(t, 700, time.Second))
	music := hear(c, 700)
	br := e.Join(lc, la)
	lc.Stop()
	first := hear(c, 1000)
	rec.Pause()
	pausedFrom := at() + 800
	c.with(func() { c.keys.Push("4111") })
	eventually(t, "the keys are sent", func() (ok bool) { c.with(func() { ok = !c.keys.Busy() }); return ok })
	pausedTo := at() - 800
	rec.Resume()
	br.Part()
	e.Join(lc, lb)
	second := hear(c, 1800)
	file, length, err := rec.Close()
	if err != nil {
		t.Fatal(err)
	}
	elapsed := time.Since(start)
	steady(t, e)
	if d := elapsed - length; d < -50*time.Millisecond || d > 250*time.Millisecond {
		t.Errorf("length %v after %v", length, elapsed)
	}
	left, right := sides(t, file)
	if len(left) != int(length/rtp.FrameTime)*rtp.FrameSize {
		t.Errorf("%d samples for %v", len(left), length)
	}
	for _, x := range []struct {
		name string
		part part
		hz   float64
	}{{"music", music, 700}, {"first agent", first, 1000}, {"second agent", second, 1800}} {
		l, r := left[x.part.from:x.part.to], right[x.part.from:x.part.to]
		if rtp.Tone(l, 440) < 5000 || rtp.Tone(r, x.hz) < 5000 || rtp.Tone(r, 440) > 300 || rtp.Tone(l, x.hz) > 300 {
			t.Errorf("%s: left 440 Hz %.0f, right %v Hz %.0f, crosstalk %.0f %.0f", x.name,
				rtp.Tone(l, 440), x.hz, rtp.Tone(r, x.hz), rtp.Tone(r, 440), rtp.Tone(l, x.hz))
		}
	}
	if rtp.RMS(left[pausedFrom:pausedTo]) != 0 || rtp.RMS(right[pausedFrom:pausedTo]) != 0 {
		t.Error("the pause is not silent")
	}
	a.with(func() {
		if a.digits != "" || len(keys) != 0 {
			t.Errorf("%d keys became events, the agent got %q", len(keys), a.digits)
		}
	})
	info, err := os.Stat(file)
	if err != nil || info.Mode() != 0o600 || len(filepath.Base(file)) != 36 {
		t.Errorf("%v, mode %v, name %s", err, info.Mode(), filepath.Base(file))
	}
}

// A leg that is closed ends its recording; what was heard until then is in the file.
func TestRecordLegClosed(t *testing.T) {
	t.Parallel()
	e := engine(t, Config{Workers: 1, RecordDir: t.TempDir()})
	c := newPhone(t, rtp.PCMU, 440)
	l := c.leg(e)
	rec, err := e.Record(l)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	l.Close()
	file, length, err := rec.Close()
	if left, _ := sides(t, file); err != nil || length < 200*time.Millisecond || rtp.Tone(left[len(left)-800:], 440) < 5000 {
		t.Errorf("%v long, %v", length, err)
	}
}

const childEnv = "CALLWRIGHT_MEDIA_CHILD"

// childRecords is the process that TestKill kills: it records until then.
func childRecords() bool {
	dir := os.Getenv(childEnv)
	if dir == "" {
		return false
	}
	e, err := New(Config{Bind: loopback, RecordDir: dir})
	if err != nil {
		panic(err)
	}
	l, err := e.Open()
	if err != nil {
		panic(err)
	}
	l.Set(Params{Codec: rtp.PCMU, Send: true, Receive: true})
	l.Loop(HoldMusic())
	if _, err := e.Record(l); err != nil {
		panic(err)
	}
	os.Stdout.WriteString("recording\n")
	select {}
}

// TestKill: a process killed with SIGKILL leaves a recording that plays, but for the
// last second of it.
func TestKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 100)
	if n, err := pipe.Read(said); string(said[:n]) != "recording\n" {
		t.Errorf("the child said %q, %v", said[:n], err)
	}
	start := time.Now()
	time.Sleep(1800 * time.Millisecond)
	ran := time.Since(start)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed: an error, of course
	files, _ := fs.Glob(os.DirFS(dir), "*.wav")
	if len(files) != 1 {
		t.Fatalf("files %v", files)
	}
	_, right := sides(t, filepath.Join(dir, files[0]))
	if d := time.Duration(len(right)) * time.Second / rtp.Rate; d < ran-time.Second || rtp.RMS(right) < 300 {
		t.Errorf("%v of %v are there, level %.0f", d, ran, rtp.RMS(right))
	}
}
