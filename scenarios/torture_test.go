package scenarios

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

// Every torture file is refused, with a position, in less than a second and with
// less than 100 MB. The odd ones are too: they have no callwright: 1, and what
// makes them odd is in TestOdd.
func TestTorture(t *testing.T) {
	dir := shared.Path(t, "torture")
	manifest, err := os.ReadFile(filepath.Join(dir, "manifest.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for line := range strings.Lines(string(manifest)) {
		col := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if col[0] != "yaml" {
			continue
		}
		files++
		text, err := os.ReadFile(filepath.Join(dir, "yaml", col[1]))
		if err != nil {
			t.Fatal(err)
		}
		refuse(t, col[1], string(text))
	}
	if files < 70 {
		t.Errorf("%d files in the manifest; want 70 or more", files)
	}
}

// refuse parses a text that must be refused and returns the mistakes.
func refuse(t testing.TB, name, text string) string {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	_, err := Parse(name, strings.NewReader(text))
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if took > time.Second || after.TotalAlloc-before.TotalAlloc > 100e6 {
		t.Errorf("%s: took %v and %d MB; want less than 1 s and 100 MB", name, took, (after.TotalAlloc-before.TotalAlloc)/1e6)
	}
	if err == nil {
		t.Errorf("%s: accepted:\n%.200s", name, text)
		return ""
	}
	var e *Error
	if !errors.As(err, &e) || e.Line < 1 || e.Column < 1 || e.File != name {
		t.Errorf("%s: the mistake has no place: %v", name, err)
	}
	return err.Error()
}

// The YAML test suite's invalid texts are refused for what is wrong with them,
// not only because they are no scenarios: the guard and the parser see it. Those
// that are not, are refused by the form.
func TestTortureReasons(t *testing.T) {
	dir := shared.Path(t, "torture")
	for name, want := range map[string]string{
		"own-billion-laughs.yaml":   "1:5: an anchor or alias (&)",
		"own-deep-seq.yaml":         "brackets deep",
		"own-deep-block.yaml":       "more than 262144 bytes",
		"own-merge-bomb.yaml":       "more than 262144 bytes",
		"own-long-scalar.yaml":      "more than 262144 bytes",
		"own-dup-keys.yaml":         "2:1: key agents stands here a second time, first in line 1",
		"own-tabs.yaml":             "2:1: a tab",
		"own-nul.yaml":              "1:10: character U+0000",
		"own-bad-utf8.yaml":         "1:8: byte 0xff is not UTF-8",
		"own-multi-doc.yaml":        "2:1: a second document",
		"own-tag-exec.yaml":         "1:4: a tag (!)",
		"own-anchor-undefined.yaml": "1:4: an anchor or alias (*)",
		"own-empty.yaml":            "1:1: the scenario is empty",
		"own-bom-utf16.yaml":        "agents is no key here",
		"own-unknown-field.yaml":    "agnets is no key here",
	} {
		text, err := os.ReadFile(filepath.Join(dir, "yaml", name))
		if err != nil {
			t.Fatal(err)
		}
		if got := refuse(t, name, string(text)); !strings.Contains(got, want) {
			t.Errorf("%s: %s; want %q", name, got, want)
		}
	}
}
