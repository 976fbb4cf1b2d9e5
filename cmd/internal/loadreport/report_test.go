package loadreport

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

// outputs are all that a story can become.
func outputs(t *testing.T, s *loadstats.Story) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, f := range map[string]func(io.Writer) error{
		"text en": func(w io.Writer) error { return Text(w, s, "en") }, "text ja": func(w io.Writer) error { return Text(w, s, "ja") },
		"html en": func(w io.Writer) error { return HTML(w, s, "en") }, "html ja": func(w io.Writer) error { return HTML(w, s, "ja") },
		"json": func(w io.Writer) error { return JSON(w, s) }, "csv": func(w io.Writer) error { return CSV(w, s) }, "junit": func(w io.Writer) error { return JUnit(w, s) },
		"prometheus": func(w io.Writer) error { return Prometheus(w, &s.Total) },
	} {
		var b bytes.Buffer
		if err := f(&b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		out[name] = b.String()
	}
	return out
}

// Whatever the story, nothing undefined is printed as a number, nothing is left without
// words, and each output is well formed.
func TestOutputs(t *testing.T) {
	nan := regexp.MustCompile(`NaN|[+-]Inf|%!|<nil>|no words`)
	for name, s := range stories() {
		out := outputs(t, s)
		for kind, text := range out {
			if m := nan.FindString(text); m != "" {
				t.Errorf("%s, %s: has %q", name, kind, m)
			}
		}
		readCSV(t, name, out["csv"], len(s.Seconds))
		readJUnit(t, name, s, out["junit"])
		var x summary
		if err := json.Unmarshal([]byte(out["json"]), &x); err != nil {
			t.Errorf("%s: json: %v", name, err)
		}
		if _, v, _ := s.Judge(nil); x.Verdict != v.String() || x.Exit != v.Exit() {
			t.Errorf("%s: json says %s, %d", name, x.Verdict, x.Exit)
		}
		if first, _, _ := strings.Cut(out["text en"], "\n"); !strings.HasPrefix(first, x.Verdict) {
			t.Errorf("%s: text begins with %q, want %s", name, first, x.Verdict)
		}
		for _, kind := range []string{"html en", "html ja"} {
			if regexp.MustCompile(`(?:src|href)="[^#]|<script|url\(|@import`).MatchString(out[kind]) {
				t.Errorf("%s: %s reaches outside", name, kind)
			}
		}
	}
}

func readCSV(t *testing.T, name, text string, seconds int) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll() // all rows must be as long as the first
	if err != nil || len(rows) != seconds+1 {
		t.Fatalf("%s: %d rows of CSV for %d seconds, %v", name, len(rows), seconds, err)
	}
	for i, r := range rows[1:] {
		for k, x := range r {
			if _, err := strconv.ParseFloat(x, 64); x != "" && err != nil {
				t.Errorf("%s: row %d, %s is %q", name, i, rows[0][k], x)
			}
		}
	}
	sorted := slices.Clone(rows[0])
	slices.Sort(sorted)
	if len(slices.Compact(sorted)) != len(rows[0]) {
		t.Errorf("%s: a column is there twice: %v", name, rows[0])
	}
}

func readJUnit(t *testing.T, name string, s *loadstats.Story, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%s: JUnit: %v", name, err)
		}
	}
	var all junitSuites
	if err := xml.Unmarshal([]byte(text), &all); err != nil || len(all.Suites) != 1 {
		t.Fatalf("%s: %d suites, %v", name, len(all.Suites), err)
	}
	suite := all.Suites[0]
	failures, errs, skipped := 0, 0, 0
	for _, c := range suite.Cases {
		switch {
		case c.Failure != nil:
			failures++
		case c.Error != nil:
			errs++
		case c.Skipped != nil:
			skipped++
		}
	}
	_, verdict, _ := s.Judge(nil)
	want := 2 + len(s.Run.Thresholds)
	if suite.Tests != want || len(suite.Cases) != want || suite.Failures != failures || suite.Errors != errs || suite.Skipped != skipped {
		t.Errorf("%s: counts %+v do not agree with %d, %d, %d of %d", name, suite, failures, errs, skipped, want)
	}
	broken := failures+errs > 0
	if broken != (verdict != loadstats.Pass) || (errs > 0) != (verdict == loadstats.Invalid || verdict == loadstats.Interrupted) {
		t.Errorf("%s: verdict %v, %d failures, %d errors", name, verdict, failures, errs)
	}
	if errs > 0 && failures > 0 {
		t.Errorf("%s: the target is blamed for a run that says nothing of it", name)
	}
}

func TestJUnitEscapes(t *testing.T) {
	s := small()
	s.Run.Target = "sip:<\"&'\x00\x1b[2J>@h"
	s.Total.Failures = map[loadstats.Failure]int64{{Step: "1 call", Cause: "header X is \"]]>\x07\ufffe\""}: 10}
	readJUnit(t, "odd", s, outputs(t, s)["junit"])
	for kind, text := range outputs(t, s) {
		if kind != "csv" && kind != "json" && strings.ContainsAny(text, "\x00\x1b\x07") {
			t.Errorf("%s lets control characters through", kind)
		}
	}
}

func TestLanguage(t *testing.T) {
	if err := Text(io.Discard, small(), "fr"); err == nil || !strings.Contains(err.Error(), "fr") {
		t.Error(err)
	}
	s := small()
	s.Run.Thresholds = []string{"p99(srd) < 5"}
	if err := HTML(io.Discard, s, "en"); err == nil {
		t.Error("a threshold that cannot be read is no error")
	}
}

// Names in files are stable: other programs read them.
func TestNames(t *testing.T) {
	golden(t, "columns.txt", []byte(strings.Join(columns(), "\n")+"\n"))
	golden(t, "registrations.json", []byte(outputs(t, registrations())["json"]))
}

// Prometheus' text format: https://prometheus.io/docs/instrumenting/exposition_formats/
func TestPrometheus(t *testing.T) {
	s := small()
	s.Total.Failures[loadstats.Failure{Step: "1 call", Cause: "keys heard are \"1\\2\"\n"}] = 1
	text := outputs(t, s)["prometheus"]
	line := regexp.MustCompile(`^(?:# (?:HELP [a-z_]+ .+|TYPE [a-z_]+ (?:counter|gauge|summary))|[a-z_]+(?:\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*\})? -?[0-9.e+-]+)$`)
	seen := map[string]bool{}
	for l := range strings.Lines(text) {
		l = strings.TrimSuffix(l, "\n")
		if !line.MatchString(l) {
			t.Errorf("no line of the format: %q", l)
		}
		if strings.HasPrefix(l, "# TYPE ") {
			if name := strings.Fields(l)[2]; seen[name] {
				t.Errorf("%s is there twice", name)
			} else {
				seen[name] = true
			}
		}
	}
	for _, want := range []string{"callwright_load_started_total 400\n", `callwright_load_setup_seconds{quantile="0.95"} `, "callwright_load_setup_seconds_count 380\n", `callwright_load_mos{quantile="0.05"} `, `callwright_load_final_answers_total{code="none"} 4`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestLadder(t *testing.T) {
	var b bytes.Buffer
	s := ramp()
	for i := range s.Samples {
		if err := Ladder(&b, &s.Samples[i]); err != nil {
			t.Fatal(err)
		}
	}
	odd := loadstats.Sample{Number: 7, Why: "あ\x1b", MOS: 2.5, Sound: "7.wav", Packet: "7.pcap", Lines: []loadstats.Message{{Ours: true, First: strings.Repeat("x", 300)}}}
	if err := Ladder(&b, &odd); err != nil {
		t.Fatal(err)
	}
	for i, c := range b.Bytes() {
		if c >= 0x7f || c < ' ' && c != '\n' {
			t.Fatalf("byte %d is %#x", i, c)
		}
	}
	golden(t, "ladders.txt", b.Bytes())
}

func TestDiffAndKnee(t *testing.T) {
	slow := made{rate: func(time.Duration) float64 { return 20 }, length: 30 * time.Second, seed: 9, sound: true}.story()
	var b bytes.Buffer
	for _, lang := range Languages() {
		for _, list := range [][]loadstats.Difference{loadstats.Diff(small(), slow, 0.95), loadstats.Diff(small(), small(), 0.95)[:3], nil,
			{{Name: "p99(srd)", Measure: loadstats.SRD, A: 0.02, B: 0.05, Change: 2.5, Low: 2.1, Up: 2.9, Batches: 20, Conclude: "higher"}, {Name: "ser", IsRatio: true, A: 0.999, B: 0.98, Change: -0.019, Low: -0.025, Up: -0.013, Conclude: "lower"},
				{Name: "p50(mos)", Measure: loadstats.MOS, A: 4.2, B: math.NaN(), Change: math.NaN(), Low: math.NaN(), Up: math.NaN()}}} {
			if err := Diff(&b, list, lang); err != nil {
				t.Fatal(err)
			}
			b.WriteString("\n")
		}
		trials := []loadstats.Trial{{Rate: 10, Passed: true, Valid: true}, {Rate: 15, Passed: true, Valid: true}, {Rate: 22.5, Valid: true}, {Rate: 15.3, Valid: true}, {Rate: 15, Passed: true, Valid: true}}
		inf := math.Inf(1)
		for _, k := range []loadstats.Knee{{Low: 15, High: 15.3, Rate: 15.149, Sure: true, Trials: trials}, {Low: 0, High: 10, Rate: math.NaN(), Trials: trials[:1]}, {Low: 40, High: inf, Rate: math.NaN(), Sure: true, Trials: trials[:2]},
			{Low: 15, High: 22.5, Generator: true, Rate: 18.37, Trials: []loadstats.Trial{{Rate: 15, Passed: true, Valid: true}, {Rate: 22.5}}}, {High: 5, Generator: true, Trials: []loadstats.Trial{{Rate: 5}}}, {High: inf, Rate: math.NaN()}} {
			if err := Knee(&b, k, lang); err != nil {
				t.Fatal(err)
			}
			b.WriteString("\n")
		}
	}
	if m := regexp.MustCompile(`NaN|Inf|%!`).FindString(b.String()); m != "" {
		t.Errorf("has %q", m)
	}
	golden(t, "several.txt", b.Bytes())
}

// A terminal's lines fit into 80 cells in both languages, and the block is drawn over
// itself.
func TestLive(t *testing.T) {
	for _, lang := range Languages() {
		s := ramp()
		for i := range s.Seconds { // the widest that may come
			s.Seconds[i].MineRepeated, s.Seconds[i].TheirsRepeated, s.Seconds[i].Wanted = 12_345_678, 12_345_678, 123_456
		}
		var b bytes.Buffer
		l := NewLive(&b, true).In(lang).In("fr")
		var total loadstats.Interval
		for i := range s.Seconds {
			total.Merge(&s.Seconds[i])
			l.Second(&s.Seconds[i], &total)
		}
		l.Close()
		escape := regexp.MustCompile("\x1b\\[[0-9]*[AK]|\r")
		lines := strings.Split(escape.ReplaceAllString(b.String(), ""), "\n")
		for _, x := range lines {
			if w := page.Width(x); w > liveWidth {
				t.Errorf("%s: %d cells: %q", lang, w, x)
			}
		}
		block := 0
		for _, x := range lines {
			if strings.Contains(x, words{lang}.s("live.second")) {
				block++
			}
		}
		if block != len(s.Seconds) {
			t.Errorf("%d blocks for %d seconds", block, len(s.Seconds))
		}
		up := regexp.MustCompile("\x1b\\[([0-9]+)A").FindAllStringSubmatch(b.String(), -1)
		if n := len(up); n != len(s.Seconds) { // all but the first, and Close's
			t.Errorf("%d times up for %d seconds", n, len(s.Seconds))
		}
		var plain bytes.Buffer
		p := NewLive(&plain, false).In(lang)
		for i := range s.Seconds {
			p.Second(&s.Seconds[i], &total)
		}
		p.Close()
		if strings.ContainsRune(plain.String(), '\x1b') {
			t.Error("escapes where there is no terminal")
		}
		if n, want := strings.Count(plain.String(), "\n"), 9+len(s.Seconds)/10; n != want {
			t.Errorf("%d lines for %d seconds, want %d", n, len(s.Seconds), want)
		}
		if strings.Contains(plain.String()+b.String(), "NaN") {
			t.Error("NaN")
		}
	}
}

// Bounds are never printed nearer than they are.
func TestNumbers(t *testing.T) {
	w := words{"en"}
	for _, x := range []struct{ got, want string }{
		{w.outward(0.04241, true), "4.3 %"}, {w.outward(0.0424, false), "4.2 %"}, {w.outward(0.9996, true), "99.960 %"}, {w.outward(0.99961, false), "99.961 %"}, {w.outward(1, true), "100.0 %"}, {w.outward(0, false), "0.0 %"},
		{w.outward(0.0009719, true), "0.098 %"}, {w.outward(math.NaN(), true), "-"}, {w.outward(0.999999, true), "99.99990 %"},
		{w.percent(0.9996), "99.960 %"}, {w.percent(0.998), "99.80 %"}, {w.percent(0.5), "50.0 %"}, {w.percent(0), "0.0 %"}, {w.percent(1), "100.0 %"},
		{w.length(0.0308), "30.8 ms"}, {w.length(0.9999), "1.00 s"}, {w.length(0.00021), "0.210 ms"}, {w.length(65), "65.0 s"}, {w.length(0), "0 ms"}, {w.rate(20), "20 calls/s"}, {w.rate(4000), "4,000 calls/s"},
		{count(1_234_567), "1,234,567"}, {count(-1234), "-1,234"}, {count(999), "999"}, {clock(3_725 * time.Second), "1:02:05"}, {clock(59 * time.Second), "0:59"},
	} {
		if x.got != x.want {
			t.Errorf("%q, want %q", x.got, x.want)
		}
	}
}
