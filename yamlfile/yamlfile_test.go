package yamlfile_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"callwright/yamlfile"
)

// What no format has is refused here, with its place.
func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "1:1: the menu is empty",
		"# nothing\n":                      "1:1: the menu is empty",
		strings.Repeat("# x\n", 2000):      "1:1: the file has more than 4096 bytes",
		"a: \xff\n":                        "1:4: byte 0xff is not UTF-8",
		"a: &x 1\n":                        "1:4: an anchor or alias (&)",
		"a:\n  - *x\n":                     "2:5: an anchor or alias (*)",
		"? a\n":                            "1:1: a complex key (?)",
		"a: [[[[[1]]]]]\n":                 "1:8: more than 4 brackets deep",
		"a: ]\n":                           "1:4: ] closes nothing",
		"<<: {a: 1}\n":                     "1:1: a merge key (<<)",
		"a: 1\nb: 2\na: 3\n":               "3:1: key a stands here a second time, first in line 1",
		"a: !!int 1\n":                     "tag has no place in a menu",
		"a: 1\n---\nb: 2\n":                "the file has 2 documents; want one",
		"dishes: [1]\n":                    "1:9: dishes is a list; want a mapping from names",
		"dishes:\n":                        "1:1: dishes is empty; want a value, or no key",
		"dishes: {a/b: {kind: soup}}\n":    "1:10: dishes.a/b is no good name",
		"dishes: {a: soup}\n":              "1:13: dishes.a is soup; want a mapping with keys kind, hot, with",
		"dishes: {a: {kind: \"x\\ty\"}}\n": `dishes.a.kind is "x\ty"; want one of soup, noodles`,
		"- 1\n":                            "is a list; want a mapping with keys dishes",
	} {
		_, err := read(text)
		var e *yamlfile.Error
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v; want %s", text, err, want)
		} else if !errors.As(err, &e) || e.Line < 1 || e.Column < 1 || e.File != "menu.yaml" {
			t.Errorf("%.40q: no place in %v", text, err)
		}
	}
}

// In quotes, comments and plain words nothing has a meaning; a text with colons is one
// in brackets too.
func TestTaken(t *testing.T) {
	for text, want := range map[string]string{
		"dishes: {a: {kind: soup, with: '&x *y [[[[['}} # &z\n":       "&x *y [[[[[",
		"\xef\xbb\xbfdishes: {a: {kind: soup, with: \"a\\\"]\"}}\r\n": `a"]`,
		"dishes: {a: {kind: soup, with: 'it''s'}}\n":                  "it's",
		"dishes:\n  a:\n    kind: soup\n    with: a&b[c\n":            "a&b[c",
		"---\ndishes: {a: {kind: soup, with: [09:30, x]}}\n":          "09:30,x",
		"dishes: {a: {kind: soup, with: [09:30:15]}}\n":               "09:30:15",
	} {
		c, err := read(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if got := strings.Join(c.Dishes.Find("a").With, ","); got != want {
			t.Errorf("%q: %q; want %q", text, got, want)
		}
	}
}

// Mistakes come in the order of the text, control characters of theirs do nothing, and
// beyond 50 they are counted.
func TestFaults(t *testing.T) {
	f := yamlfile.Faults{File: "f"}
	for i := 60; i > 0; i-- {
		f.Add(yamlfile.Pos{Line: i, Column: 1}, "a\x1b[2Jb", "is line %d", i)
	}
	lines := strings.Split(f.Err().Error(), "\n")
	if len(lines) != 51 || lines[0] != "f:1:1: a?[2Jb is line 1" || lines[50] != "f: and 10 more mistakes" {
		t.Errorf("%d lines: %q ... %q", len(lines), lines[0], lines[len(lines)-1])
	}
	if err := (&yamlfile.Faults{}).Err(); err != nil {
		t.Errorf("no mistakes: %v", err)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"agents", "queues", "calls", "日本"}
	for name, want := range map[string]string{"agnets": "agents", "Queue": "queues", "x": "", "call": "calls", "日木": "日本", "": "", strings.Repeat("a", 100): ""} {
		if got := yamlfile.Nearest(name, known); got != want {
			t.Errorf("%.10s: %q; want %q", name, got, want)
		}
	}
	for want, known := range map[string][]string{"there are none": nil, "want one of a, b": {"a", "b"}} {
		if got := yamlfile.DidYouMean("zzzz", known); got != want {
			t.Errorf("%v: %s; want %s", known, got, want)
		}
	}
	var many []string
	for i := range 20 {
		many = append(many, fmt.Sprint("name-", i))
	}
	if got := yamlfile.DidYouMean("zzzz", many); !strings.HasSuffix(got, "name-11, ...") || many[12] != "name-12" {
		t.Errorf("of many: %s", got)
	}
}

// FuzzRead: whatever comes, it comes back soon, and mistakes have places. How long a
// text may take is the Guards' business; here it has 4 KiB.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"dishes:\n  ramen: {kind: noodles, hot: true, with: [a, 09:30]}\n", "a: [b: [c: [d\n", "? \"x\n", "---\n- - 'a''b'\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		begun := time.Now()
		if _, err := read(text); err != nil && !strings.Contains(err.Error(), "menu.yaml:") {
			t.Errorf("a mistake without a place: %v", err)
		}
		if d := time.Since(begun); d > 2*time.Second {
			t.Errorf("took %v", d)
		}
	})
}
