package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"callwright": func() { os.Exit(run(context.Background(), os.Args[1:])) }})
}

// Each script is a user's command lines with what they print and how they exit.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata"})
}

// Every command shows an example.
func TestHelpHasExamples(t *testing.T) {
	for _, c := range newRootCmd().Commands() {
		if c.Example == "" {
			t.Errorf("callwright %s has no example", c.Name())
		}
	}
}

// What README shows of demo is what demo prints.
func TestREADME(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ = bytes.Cut(text, []byte("What `demo` prints"))
	text, _, ok := bytes.Cut(text, []byte("\n## "))
	var out bytes.Buffer
	c := newRootCmd()
	c.SetArgs([]string{"demo", "--html", filepath.Join(t.TempDir(), "demo.html")})
	c.SetOut(&out)
	if err := c.ExecuteContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	blanks := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	printed, lines := blanks(out.String()), 0
	for line := range strings.Lines(string(text)) {
		if shown, is := strings.CutPrefix(line, "    "); is {
			if lines++; !strings.Contains(printed, blanks(shown)) {
				t.Errorf("README shows %q, and demo does not print it", blanks(shown))
			}
		}
	}
	if !ok || lines < 12 {
		t.Errorf("%d lines of demo in README; want 12 or more", lines)
	}
}
