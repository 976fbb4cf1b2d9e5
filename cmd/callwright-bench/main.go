// Command callwright-bench measures the simulator beside the yardstick, an
// event loop with no features at all (yardstick/refsim.go), on the workloads
// W1 and W2: calls per second of user CPU, in pairs that alternate (ABBA), and
// memory. `make bench` runs it; results go to BENCH.md by hand, with machine
// and date.
//
// Each run is a process of its own, so that nothing warms up for another.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"callwright/realcore/cdr"
	"callwright/realcore/journal"
	"callwright/realcore/measure"
	"callwright/sim/workload"
	"callwright/sim/world"
)

func main() {
	child := flag.String("child", "", "run one workload and print what it took (used by the command itself)")
	calls := flag.Int64("calls", 3_000_000, "calls a run")
	pairs := flag.Int("pairs", 6, "pairs of runs a workload")
	full := flag.Bool("journal", false, "with -child: write a journal and hash the effects")
	yard := flag.String("yardstick", "bin/refsim", "the yardstick's program")
	w2 := flag.String("w2", "sim/workload/w2.json", "the yardstick's W2")
	flag.Parse()
	if *child != "" {
		if err := runChild(*child, *calls, *full); err != nil {
			fail(err)
		}
		return
	}
	b := bench{calls: *calls, pairs: *pairs, yard: *yard, w2: *w2}
	if err := b.all(); err != nil {
		fail(err)
	}
	if b.missed {
		os.Exit(3)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "callwright-bench:", err)
	os.Exit(1)
}

// runChild plays one workload: offers answered through Offer -> Answered in
// zero time, a no-answer timer armed on each, luck by address, records folded
// to intervals and agent spans.
func runChild(name string, calls int64, full bool) error {
	runtime.GOMAXPROCS(1)
	p, d := workload.W1(calls)
	if name == "w2" {
		p, d = workload.W2(calls)
	}
	w, err := world.New(p, d, 1, 0)
	if err != nil {
		return err
	}
	t := measure.NewTable(p, measure.Config{Interval: 30 * time.Minute, Period: 24 * time.Hour})
	w.Fold = cdr.NewFold(t)
	if full {
		if w.Journal, err = journal.NewWriter(io.Discard, p); err != nil {
			return err
		}
		w.Digest = &journal.Digest{}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := w.Run(); err != nil {
		return err
	}
	runtime.ReadMemStats(&after)
	_, q, _ := t.Sum()
	fmt.Printf("mallocs %d offered %d sl %.5f\n", after.Mallocs-before.Mallocs, q.Offered, float64(q.AnsweredInT)/float64(q.Offered))
	return nil
}

type bench struct {
	calls  int64
	pairs  int
	yard   string
	w2     string
	missed bool
}

// sample is what one process took.
type sample struct {
	user    time.Duration
	rssKB   int64
	mallocs int64
}

func (b *bench) all() error {
	info, _ := debug.ReadBuildInfo()
	fmt.Printf("callwright-bench: %s/%s, %s, %d CPUs, %d calls a run, %d pairs\n", runtime.GOOS, runtime.GOARCH, runtime.Version(), runtime.NumCPU(), b.calls, b.pairs)
	_ = info
	for _, w := range []struct {
		name       string
		floor, aim float64
	}{{"w1", 0.35, 0.5}, {"w2", 0.45, 0.6}} {
		if err := b.pair(w.name, w.floor, w.aim); err != nil {
			return err
		}
	}
	return b.memory()
}

// pair runs ours and the yardstick in turn, ABBA, and prints medians.
func (b *bench) pair(name string, floor, aim float64) error {
	var ours, theirs, ratios, journalled []float64
	for i := range b.pairs {
		a, err := b.ours(name, b.calls, false)
		if err != nil {
			return err
		}
		y, err := b.yardstick(name)
		if err != nil {
			return err
		}
		if i%2 == 1 { // the other order: first the yardstick
			if a, err = b.ours(name, b.calls, false); err != nil {
				return err
			}
		}
		rate := float64(b.calls) / a.user.Seconds()
		yrate := float64(b.calls) / y.user.Seconds()
		ours, theirs, ratios = append(ours, rate), append(theirs, yrate), append(ratios, rate/yrate)
	}
	for range 2 {
		a, err := b.ours(name, b.calls, true)
		if err != nil {
			return err
		}
		journalled = append(journalled, float64(b.calls)/a.user.Seconds())
	}
	r := median(ratios)
	verdict := "reaches the aim"
	switch {
	case r < floor:
		verdict = "BELOW THE FLOOR"
		b.missed = true
	case r < aim:
		verdict = "above the floor"
	}
	fmt.Printf("%s  %.3g M calls/s of user CPU, yardstick %.3g M: ratio %.3f (%.3f to %.3f; floor %.2f, aim %.2f: %s); with journal and hash %.3g M\n",
		name, median(ours)/1e6, median(theirs)/1e6, r, slices.Min(ratios), slices.Max(ratios), floor, aim, verdict, median(journalled)/1e6)
	return nil
}

// memory compares a short run with one ten times as long.
func (b *bench) memory() error {
	for _, name := range []string{"w1", "w2"} {
		short, err := b.ours(name, 1_000_000, false)
		if err != nil {
			return err
		}
		long, err := b.ours(name, 10_000_000, false)
		if err != nil {
			return err
		}
		more := long.mallocs - short.mallocs
		fmt.Printf("%s  mallocs(10 M calls) - mallocs(1 M calls) = %d (under 1,000), peak RSS %.1f MB (under 50)\n", name, more, float64(long.rssKB)/1024)
		b.missed = b.missed || more >= 1000 || long.rssKB >= 50*1024
	}
	return nil
}

func (b *bench) ours(name string, calls int64, full bool) (sample, error) {
	self, err := os.Executable()
	if err != nil {
		return sample{}, err
	}
	return run(self, "-child", name, "-calls", strconv.FormatInt(calls, 10), "-journal="+strconv.FormatBool(full))
}

func (b *bench) yardstick(name string) (sample, error) {
	mode := map[string]string{"w1": "full", "w2": "w2"}[name]
	return run(b.yard, "-m", mode, "-n", strconv.FormatInt(b.calls, 10), "-s", "1", "-f", b.w2)
}

func run(name string, args ...string) (sample, error) {
	var out bytes.Buffer
	c := exec.Command(name, args...)
	c.Stdout, c.Stderr = &out, os.Stderr
	if err := c.Run(); err != nil {
		return sample{}, fmt.Errorf("%s: %w", name, err)
	}
	s := sample{user: c.ProcessState.UserTime(), rssKB: maxRSS(c)}
	fmt.Sscanf(out.String(), "mallocs %d", &s.mallocs)
	return s, nil
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
