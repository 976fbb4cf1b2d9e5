package page

import (
	"slices"
	"strings"
	"testing"
)

func TestFaults(t *testing.T) {
	type entry struct{ Key, En, Ja string }
	got := NewCatalogue([]entry{
		{"good", "%s of %s", "%[2]sのうち%[1]s"},
		{"half", "here", ""},
		{"good", "again", "また"},
		{"other", "%d calls", "通話"},
		{"bare", "load", "稼働率"},
		{"formula", "load", "稼働率（通話÷在席）"},
	}).Faults()
	want := []string{"half", "good is there twice", "other: another number", "bare: 稼働率"}
	if !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("faults %q, want %q", got, want)
	}
}
