package calllog

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"callwright/internal/shared"
)

// Every file of the torture family csv, with its verdict in manifest.tsv. The
// files' field names are placeholders; roles name those that are not guessed.
func TestTorture(t *testing.T) {
	dir := shared.Path(t, "torture", "csv")
	cases := map[string]struct {
		columns []string
		want    []string // parts of the error; none: must be read
	}{
		"own-nan.csv":           {nil, []string{":2:2: row 2", `column "offered"`, `"NaN"`, "want a number"}},
		"own-neg.csv":           {nil, []string{":2:2: row 2", `column "offered"`, `"-3"`, "0 or more"}},
		"own-comma-decimal.csv": {nil, []string{":2:2: row 2", `column "offered"`, `"12,5"`, "written with a point"}},
		"own-ragged.csv":        {nil, []string{":2: row 2", "2 fields", "want 3"}},
		"own-quote-open.csv":    {nil, []string{":2:1: row 2", `"interval_start"`, "never closed"}},
		"own-dup-interval.csv":  {nil, []string{":3:1: row 3", `"interval_start"`, "row 2", "once"}},
		"own-latin1.csv":        {[]string{"date=name"}, []string{":2:1: row 2", `column "name"`, `Caf\\xE9`, "not valid utf-8"}},
		"own-header-only.csv":   {nil, []string{"no rows"}},
		"own-bom-crlf.csv":      {nil, nil},
		"own-huge-field.csv":    {[]string{"start=a", "offered=b"}, []string{":2:1: row 2", "too long"}},
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range files {
		t.Run(e.Name(), func(t *testing.T) {
			c, ok := cases[e.Name()]
			if !ok {
				t.Fatalf("no verdict for %s: add it to the table", e.Name())
			}
			f, err := os.Open(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			list, sum, err := ReadIntervals(f, Options{Name: e.Name(), Columns: c.columns})
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			if took > time.Second {
				t.Errorf("took %v; want at most 1 s", took)
			}
			if b := after.TotalAlloc - before.TotalAlloc; b > 100<<20 {
				t.Errorf("allocated %d bytes; want at most 100 MB", b)
			}
			if len(c.want) == 0 {
				if err != nil {
					t.Fatal(err)
				}
				if len(list) != 1 || list[0].Offered != 120 || list[0].AHT != 180*time.Second || sum.Used != 1 {
					t.Errorf("got %+v", list)
				}
				return
			}
			if err == nil {
				t.Fatalf("read without an error; want %q", c.want)
			}
			t.Log(err)
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error %q; want %q in it", err, w)
				}
			}
		})
	}
}

// The same defects in a call log.
func TestCallLogFaults(t *testing.T) {
	const head = "arrival,wait,talk,outcome,agent\n"
	for _, c := range []struct{ name, in, want string }{
		{"nan", head + "2026-11-25 13:05:09,NaN,60,answered,a1\n", `x.csv:2:2: row 2, column "wait" is "NaN"; want a length`},
		{"comma decimal", strings.ReplaceAll(head, ",", ";") + "2026-11-25 13:05:09;12,5;60;answered;a1\n", `x.csv:2:2: row 2, column "wait" is "12,5"; want`},
		{"ragged", head + "2026-11-25 13:05:09,1,60,answered\n", "x.csv:2: row 2: the row has 4 fields; want 5"},
		{"quote", head + "2026-11-25 13:05:09,1,60,answered,a1\n2026-11-25 13:06,1,\"60,answered,a1\n", `x.csv:3:3: row 3, column "talk"`},
		{"outcome", head + "2026-11-25 13:05:09,1,60,vanished,a1\n", `column "outcome" is "vanished"; not a known outcome; say what it means: one of blocked`},
		{"date", head + "2026-13-25 13:05:09,1,60,answered,a1\n", `column "arrival" is "2026-13-25 13:05:09"; want a time such as`},
		{"duplicate", "arrival,wait,wait,outcome\n2026-11-25 13:05:09,1,1,answered\n", "another column has the same name; want wait=#2"},
		{"header only", head, "no rows"},
		{"empty", "", "empty"},
		{"nul", head + "2026-11-25 13:05:09,1,60,ans\x00wered,a1\n", "NUL"},
		{"no day", "time,outcome\n13:05,answered\n", "no column has the date"},
		{"no outcome", "arrival,wait\n2026-11-25 13:05:09,1\n", "no column for how calls ended"},
		{"order", "arrival,outcome\n05/04/2026 13:05,answered\n", "want the date order dmy or mdy"},
		{"damaged gzip", "\x1f\x8b\x08\x00junk", "gzip"},
		{"long line break", head + "2026-11-25 13:05:09,1,60,answered,\"a\nb\"\n2026-11-25 13:05:09,x,60,answered,a\n", "x.csv:4:2: row 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.in), Options{Name: "x.csv"}, func(*Call) error { return nil })
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v; want %q in it", err, c.want)
			}
		})
	}
}

func TestTwentyErrors(t *testing.T) {
	in := "arrival,wait,outcome\n" + strings.Repeat("2026-11-25 13:05:09,1,answered\n", 2) + strings.Repeat("2026-11-25 13:05:09,x,answered\n", 50)
	called := 0
	_, err := Read(strings.NewReader(in), Options{}, func(*Call) error { called++; return nil })
	if n := strings.Count(err.Error(), `is "x"`); n != MaxErrors || called != 2 || !strings.Contains(err.Error(), "gave up after 20 errors") {
		t.Errorf("%d errors, %d calls before them; want 20 and 2: %v", n, called, err)
	}
	var e *Error
	if !errors.As(err, &e) || e.Row != 4 || e.Col != 2 || e.Column != "wait" {
		t.Errorf("first error is %+v; want row 4, column 2, wait", e)
	}
}
