package loadreport

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"callwright/traffic/loadstats"
)

func TestCatalogue(t *testing.T) {
	for _, f := range catalogue.Faults() {
		t.Error(f)
	}
	seen := map[string]bool{}
	for _, k := range catalogue.Keys() {
		seen[k] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, f := range files {
		if !strings.HasPrefix(f, "catalogue") && !strings.HasSuffix(f, "_test.go") {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(b)
		}
	}
	for _, m := range regexp.MustCompile(`\.(?:s|because)\("([^"]+)"[,)]`).FindAllStringSubmatch(code.String(), -1) {
		if !seen[m[1]] {
			t.Errorf("%s is used and not there", m[1])
		}
	}
	// keys are named whole, or with a name behind one of these
	made := map[string]bool{}
	for m := range loadstats.NumMeasures {
		made["measure."+m.String()] = true
	}
	for _, f := range faults() {
		made["fault."+string(f)] = true
	}
	for _, m := range regexp.MustCompile(`(?:add|judged|printed)\("([^"]+)"`).FindAllStringSubmatch(code.String(), -1) {
		made["count."+m[1]], made["count."+m[1]+".is"], made["check."+m[1]] = true, true, true
	}
	for k := range seen {
		if !made[k] && !strings.Contains(code.String(), `"`+k+`"`) {
			t.Errorf("%s is there and not used", k)
		}
	}
}

func faults() []loadstats.Fault {
	return []loadstats.Fault{loadstats.FaultStarts, loadstats.FaultReads, loadstats.FaultFrames, loadstats.FaultDrops, loadstats.FaultUnsent, loadstats.FaultPorts, loadstats.FaultBusy, loadstats.FaultCore, loadstats.FaultMedian}
}

// Causes known here are those that are made.
func TestCauses(t *testing.T) {
	for _, k := range causes {
		text, err := os.ReadFile(filepath.Join("../../..", k.source))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), `"`+k.en) {
			t.Errorf("%s no longer says %q", k.source, k.en)
		}
	}
	ja := words{"ja"}
	for in, want := range map[string]string{"no answer": "応答なし", "no answer in time": "時間内に応答なし", "code 503": "応答コード 503", "BYE: code 481": "BYEへの応答コード 481", `keys 12 not heard, but "1"`: `DTMF 12ではなく"1"を検出`, "new": "new"} {
		if got := ja.cause(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"1 call": "1 発信", "hang up": "切断", "12 hang up": "12 切断", "odd": "odd"} {
		if got := ja.step(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

// The limits that are printed are those that loadstats judges by.
func TestLimits(t *testing.T) {
	at := loadstats.SelfCheck{Starts: 100, StartsLate: 1, Read: 100, ReadLate: 1, Frames: 100, FramesLate: 1, Datagrams: 99_990, Dropped: 9, Busy: 0.95, Waited: 0.5, LateP50: 4 * time.Millisecond}
	if f := at.Faults(); len(f) > 0 {
		t.Errorf("at the limits: %v", f)
	}
	over := loadstats.SelfCheck{Starts: 10_000, StartsLate: 101, Read: 10_000, ReadLate: 101, Frames: 10_000, FramesLate: 101, Datagrams: 99_989, Dropped: 11, Unsent: 11, NoPort: 1, Busy: 0.951, Waited: 0.51, LateP50: 5 * time.Millisecond}
	if f := over.Faults(); len(f) != len(faults()) {
		t.Errorf("over all limits: %v", f)
	}
	s := small()
	s.End.Check = over
	for _, lang := range Languages() {
		text := textOf(t, s, lang)
		w := words{lang}
		for _, want := range []string{w.level(0.01), w.level(0.0001), w.level(0.95), w.s("check.bad")} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q", lang, want)
			}
		}
	}
	if loadstats.LateAt.Milliseconds() != 100 {
		t.Error("the catalogue says 100 ms")
	}
}
