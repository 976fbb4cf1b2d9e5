package coretest

import (
	"flag"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the stories' effects from what the Center does")

func TestStories(t *testing.T) { Stories(t, "testdata", *update) }

func TestStoryFails(t *testing.T) { // a story that cannot fail proves nothing
	const s = "group g\nagents g a1\nqueue q\nentry main -> q\n----\n0s      ready a1\n"
	got, err := Tell(s)
	if err != nil {
		t.Fatal(err)
	}
	if got == s {
		t.Error("a ready agent had no effect")
	}
}
