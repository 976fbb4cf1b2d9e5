package sipload

import (
	"encoding/csv"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

var (
	benchRate  = flag.Float64("rate", 4000, "calls a second of BenchmarkBesideSipp")
	benchCalls = flag.Int64("calls", 40_000, "and how many")
	benchPairs = flag.Int("pairs", 4, "ABBA pairs of ours and SIPp's runs")
)

// benchRun is a run against an endpoint as SIPp's uac is: no sound, BYE at once.
func benchConfig(tb testing.TB, to string, rate float64, calls int64) Config {
	at := netip.MustParseAddrPort(to)
	cfg := callers(at, callStep, hangUp)
	cfg.Fast, cfg.Traced, cfg.Agent = true, 1, ""
	cfg.Arrivals = rates(tb, rate, calls)
	return cfg
}

// BenchmarkCalls is one run in this process, for profiles.
func BenchmarkCalls(b *testing.B) {
	at := sippAt(b, "127.0.0.5", "-sn", "uas")
	for b.Loop() {
		before := cpuTime()
		e, total := play(b, benchConfig(b, at.String(), *benchRate, *benchCalls))
		if total.Completed != *benchCalls {
			b.Errorf("%+v %v", total.Counts, total.FailedBy())
		}
		b.ReportMetric(1000*(cpuTime()-before).Seconds()/float64(total.Ended), "cpu-s/1000calls")
		b.ReportMetric(float64(e.Check.LateP99.Microseconds())/1000, "late-p99-ms")
	}
}

// BenchmarkBesideSipp has SIPp and ours call the same SIPp endpoint in turn, ABBA, each a
// process on core 1, the endpoint on core 0: CPU seconds per 1,000 calls of each, and
// their ratio.
//
//	go test ./traffic/sipload -run XXX -bench BesideSipp -benchtime 1x
func BenchmarkBesideSipp(b *testing.B) {
	at := sippAt(b, "127.0.0.5", "-sn", "uas").String()
	for b.Loop() {
		var ours, theirs, ratio []float64
		for i := range *benchPairs {
			a, s := 0.0, 0.0
			for k := range 2 {
				if (i+k)%2 == 0 {
					a = ourChild(b, at)
				} else {
					s = sippChild(b, at)
				}
			}
			ours, theirs, ratio = append(ours, a), append(theirs, s), append(ratio, a/s)
		}
		b.ReportMetric(median(ours), "ours-cpu-s/1000calls")
		b.ReportMetric(median(theirs), "sipp-cpu-s/1000calls")
		b.ReportMetric(median(ratio), "ratio")
		b.ReportMetric(slices.Min(ratio), "ratio-min")
		b.ReportMetric(slices.Max(ratio), "ratio-max")
	}
}

func median(x []float64) float64 {
	s := slices.Sorted(slices.Values(x))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// ourChild runs BenchChild as a process of its own.
func ourChild(b *testing.B, at string) float64 {
	b.Helper()
	cmd := exec.Command("taskset", "-c", "1", os.Args[0], "-test.run", "^TestBenchChild$", "-rate", fmt.Sprint(*benchRate), "-calls", fmt.Sprint(*benchCalls))
	cmd.Env = append(os.Environ(), "SIPLOAD_BENCH="+at)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), fmt.Sprint("completed ", *benchCalls)) {
		b.Fatalf("ours: %v\n%s", err, out)
	}
	return 1000 * used(cmd) / float64(*benchCalls)
}

// TestBenchChild is one run of BenchmarkBesideSipp.
func TestBenchChild(t *testing.T) {
	at := os.Getenv("SIPLOAD_BENCH")
	if at == "" {
		t.Skip("a part of BenchmarkBesideSipp")
	}
	e, total := play(t, benchConfig(t, at, *benchRate, *benchCalls))
	fmt.Printf("completed %d, %s %v\n", total.Completed, e.Verdict, e.Check.Faults())
}

func sippChild(b *testing.B, at string) float64 {
	b.Helper()
	dir := b.TempDir()
	stat := filepath.Join(dir, "stat.csv")
	cmd := exec.Command("taskset", "-c", "1", "sipp", at, "-sn", "uac", "-i", "127.0.0.6", "-mi", "127.0.0.6", "-p", strconv.Itoa(freePort(b, "127.0.0.6")), "-r", fmt.Sprint(*benchRate), "-m", fmt.Sprint(*benchCalls), "-l", "100000", "-nostdin",
		"-trace_stat", "-stf", stat, "-fd", "1")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	f, ferr := os.Open(stat)
	if err != nil || ferr != nil {
		b.Fatalf("sipp: %v %v\n%.500s", err, ferr, out)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord = ';', -1
	rows, _ := r.ReadAll()
	if i := slices.Index(rows[0], "SuccessfulCall(C)"); rows[len(rows)-1][i] != fmt.Sprint(*benchCalls) {
		b.Fatalf("sipp completed %s of %d", rows[len(rows)-1][i], *benchCalls)
	}
	return 1000 * used(cmd) / float64(*benchCalls)
}

func used(cmd *exec.Cmd) float64 {
	u := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return (time.Duration(u.Utime.Nano()) + time.Duration(u.Stime.Nano())).Seconds()
}
