package yamlfile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Error is one mistake in a file: where, what stands there, and what is wanted
// instead.
type Error struct {
	File         string
	Line, Column int    // from 1 on; columns count characters
	Path         string // the key, as calls.tel.patience; empty for mistakes of the text
	What         string
}

// Error prints file:line:column: path.to.field is VALUE; want ...
func (e *Error) Error() string {
	what := e.What
	if e.Path != "" {
		what = e.Path + " " + what
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, Plain(what))
}

// Plain keeps a name from moving a terminal's cursor or making lines of its own:
// control characters become question marks.
func Plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '?'
		}
		return r
	}, text)
}

// mostErrors is how many mistakes are told at once.
const mostErrors = 50

// Faults collects mistakes and tells them in the order of the text.
type Faults struct {
	File string
	List []*Error
}

// Add reports a mistake at a place; path is empty for mistakes of the text.
func (f *Faults) Add(at Pos, path, format string, args ...any) {
	f.List = append(f.List, &Error{f.File, at.Line, at.Column, path, fmt.Sprintf(format, args...)})
}

// Err joins the mistakes, each an *Error; nil if there are none.
func (f *Faults) Err() error {
	slices.SortStableFunc(f.List, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	var errs []error
	for i, e := range f.List {
		if i == mostErrors {
			errs = append(errs, fmt.Errorf("%s: and %d more mistakes", f.File, len(f.List)-i))
			break
		}
		errs = append(errs, e)
	}
	return errors.Join(errs...)
}

// MostShown is how many characters of a value messages quote.
const MostShown = 40

// Shown is a value as messages quote it: on one line and not too long.
func Shown(text string) string {
	r := []rune(text)
	if len(r) > MostShown {
		return fmt.Sprintf("%q...", string(r[:MostShown]))
	}
	if text == "" {
		return "empty"
	}
	for _, c := range r {
		if c < ' ' {
			return fmt.Sprintf("%q", text)
		}
	}
	return text
}
