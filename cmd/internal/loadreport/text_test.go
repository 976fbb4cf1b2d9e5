package loadreport

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callwright/traffic/loadstats"
)

var update = flag.Bool("update", false, "rewrite testdata")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || g[i] != w[i] {
			t.Fatalf("%s differs at line %d; -update rewrites it\ngot:  %q\nwant: %q", name, i+1, g[min(i, len(g)-1)], w[min(i, len(w)-1)])
		}
	}
}

func textOf(t *testing.T, s *loadstats.Story, lang string) string {
	t.Helper()
	var b bytes.Buffer
	if err := Text(&b, s, lang); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextGolden(t *testing.T) {
	for _, lang := range Languages() {
		golden(t, "small-"+lang+".txt", []byte(textOf(t, small(), lang)))
		golden(t, "invalid-"+lang+".txt", []byte(textOf(t, flooded(), lang)))
	}
	golden(t, "registrations-en.txt", []byte(textOf(t, registrations(), "en")))
}
