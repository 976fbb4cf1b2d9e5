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

// BenchmarkHighestRate climbs by a quarter until a run of 3 s is not clean: calls fail, fewer
// than 95 % of the rate is reached, or ours is INVALID. Both call SIPp's endpoint on core
// 0, which may be what ends the climb; an endpoint of ours there is tried as well.
func BenchmarkHighestRate(b *testing.B) {
	climb := func(try func(rate float64) bool) float64 {
		best := 0.0
		for rate := 2000.0; rate < 60_000; rate *= 1.25 {
			clean := try(rate)
			if !clean { // once more: the machine may have been busy
				clean = try(rate)
			}
			if !clean {
				break
			}
			best = rate
		}
		return best
	}
	sippUAS := sippAt(b, "127.0.0.5", "-sn", "uas").String()
	for b.Loop() {
		calls, rate0 := *benchCalls, *benchRate
		defer func() { *benchCalls, *benchRate = calls, rate0 }()
		ours := func(at string) func(float64) bool {
			return func(rate float64) bool {
				*benchRate, *benchCalls = rate, int64(3*rate)
				out, err := childOf(at).CombinedOutput()
				return err == nil && strings.Contains(string(out), fmt.Sprintf("completed %d, PASS", *benchCalls))
			}
		}
		b.ReportMetric(climb(ours(sippUAS)), "ours-calls/s")
		b.ReportMetric(climb(func(rate float64) bool {
			*benchRate, *benchCalls = rate, int64(3*rate)
			begin := time.Now()
			good, _ := sippRun(b, sippUAS)
			return good == *benchCalls && time.Since(begin).Seconds() < 3/0.95+1
		}), "sipp-calls/s")
		end := exec.Command("taskset", "-c", "0", os.Args[0], "-test.run", "^TestAnswerChild$", "-test.timeout", "30m")
		end.Env = append(os.Environ(), "SIPLOAD_ANSWER=127.0.0.7:15071")
		if err := end.Start(); err != nil {
			b.Fatal(err)
		}
		time.Sleep(time.Second)
		b.ReportMetric(climb(ours("127.0.0.7:15071")), "ours-to-ours-calls/s")
		end.Process.Kill()
		end.Wait()
	}
}

// TestAnswerChild is an endpoint of ours as a process of its own.
func TestAnswerChild(t *testing.T) {
	at := os.Getenv("SIPLOAD_ANSWER")
	if at == "" {
		t.Skip("a part of BenchmarkHighestRate")
	}
	a := netip.MustParseAddrPort(at)
	answerer(t, a.Addr().String(), answersAtOnce, func(c *Config) { c.Port, c.Traced = a.Port(), 1 })
	time.Sleep(30 * time.Minute) // it is killed
}

// ourChild runs BenchChild as a process of its own.
func ourChild(b *testing.B, at string) float64 {
	b.Helper()
	cmd := childOf(at)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), fmt.Sprint("completed ", *benchCalls)) {
		b.Fatalf("ours: %v\n%s", err, out)
	}
	return 1000 * used(cmd) / float64(*benchCalls)
}

func childOf(at string) *exec.Cmd {
	cmd := exec.Command("taskset", "-c", "1", os.Args[0], "-test.run", "^TestBenchChild$", "-rate", fmt.Sprint(*benchRate), "-calls", fmt.Sprint(*benchCalls))
	cmd.Env = append(os.Environ(), "SIPLOAD_BENCH="+at)
	return cmd
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
	good, cpu := sippRun(b, at)
	if good < *benchCalls*99/100 { // on a shared core it gives up a few calls now and then
		b.Fatalf("sipp completed %d of %d", good, *benchCalls)
	}
	return 1000 * cpu / float64(good)
}

// sippRun has SIPp call, and returns how many calls went well and the CPU seconds of it. A
// call that failed is no failure of the run.
func sippRun(b *testing.B, at string) (good int64, cpu float64) {
	b.Helper()
	dir := b.TempDir()
	stat := filepath.Join(dir, "stat.csv")
	cmd := exec.Command("taskset", "-c", "1", "sipp", at, "-sn", "uac", "-i", "127.0.0.6", "-mi", "127.0.0.6", "-p", strconv.Itoa(freePort(b, "127.0.0.6")), "-r", fmt.Sprint(*benchRate), "-m", fmt.Sprint(*benchCalls), "-l", "100000", "-nostdin",
		"-trace_stat", "-stf", stat, "-fd", "1", "-timeout", "20s")
	cmd.Dir = dir
	out, _ := cmd.CombinedOutput() // its exit code tells of failed calls
	f, err := os.Open(stat)
	if err != nil {
		b.Fatalf("sipp: %v\n%.500s", err, out)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord = ';', -1
	rows, _ := r.ReadAll()
	i := slices.Index(rows[0], "SuccessfulCall(C)")
	good, _ = strconv.ParseInt(rows[len(rows)-1][i], 10, 64)
	return good, used(cmd)
}

func used(cmd *exec.Cmd) float64 {
	u := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return (time.Duration(u.Utime.Nano()) + time.Duration(u.Stime.Nano())).Seconds()
}
