package main

import (
	"context"
	"os"
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
