package scenarios

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzParse: whatever comes, Parse and Compile come back soon, with a scenario
// whose plan holds or with mistakes that have places.
func FuzzParse(f *testing.F) {
	for _, name := range List() {
		text, err := Text(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(everything)
	f.Add(small)
	files, _ := filepath.Glob("testdata/*.yaml")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		file, err := Parse("f.yaml", strings.NewReader(text))
		if err == nil {
			if file.Format.Days > 40 || file.Format.Interval > 0 && file.Format.Interval < time.Minute {
				return // long, but not wrong
			}
			_, err = file.Compile(Options{Zone: time.LoadLocation, Files: table(24)})
		}
		if err != nil && !strings.Contains(err.Error(), "f.yaml:") {
			t.Errorf("a mistake without a place: %v", err)
		}
		if err != nil && strings.Contains(err.Error(), "does not hold") {
			t.Errorf("accepted, and the plan is wrong: %v", err)
		}
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("took %v", d)
		}
	})
}

// Texts made to cost time or memory are refused, or read, soon.
func TestCostly(t *testing.T) {
	for name, text := range map[string]string{
		"brackets":      strings.Repeat("[", 3000),
		"after a word":  "a" + strings.Repeat("[", 3000),
		"in a list":     "[a" + strings.Repeat("[", 3000),
		"after dashes":  "--- " + strings.Repeat("[", 3000),
		"dashes":        strings.Repeat("- ", 1500),
		"lines":         strings.Repeat("[\n", 100_000),
		"keys":          "a: {" + strings.Repeat("k: 1,\n", 40_000) + "}",
		"many keys":     manyKeys(20_000),
		"5000 keys":     manyKeys(4_999),
		"5000 again":    strings.Repeat("a: 1\n", 4_999),
		"long list":     "callwright: 1\ncalls: [" + strings.Repeat("1,", 1000) + strings.Repeat("\n1,", 60_000) + "]",
		"quotes":        strings.Repeat("\"a\": 'b'\n", 25_000),
		"open quote":    "a: \"" + strings.Repeat("x\n", 100_000),
		"colons":        strings.Repeat("a: ", 1000),
		"question":      strings.Repeat("? ", 1000),
		"comments":      strings.Repeat("#\n", 120_000) + small,
		"blank lines":   strings.Repeat("\n", 250_000),
		"anchors":       strings.Repeat("a: [&a b]\n", 20_000),
		"deep mappings": deep(2000),
		"plain lines":   "a: b\n" + strings.Repeat("  c\n", 50_000),
		"flow colons":   "[" + strings.Repeat("a:", 2000) + "]",
	} {
		start := time.Now()
		_, err := Parse("c.yaml", strings.NewReader(text))
		d := time.Since(start)
		t.Logf("%-14s %v", name, d)
		if d > time.Second {
			t.Errorf("%s: took %v", name, d)
		}
		if err == nil && name != "comments" {
			t.Errorf("%s: accepted", name)
		}
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("k" + itoa(i) + ": 1\n")
	}
	return b.String()
}

func deep(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i%100) + "k:\n")
	}
	return b.String()
}
