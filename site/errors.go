package site

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Error is one mistake in a site file: where, what stands there, and what is wanted
// instead.
type Error struct {
	File         string
	Line, Column int    // from 1 on; columns count characters
	Path         string // the key, as trunks.carrier.target; empty for mistakes of the text
	What         string
}

// Error prints file:line:column: path.to.field is VALUE; want ...
func (e *Error) Error() string {
	what := e.What
	if e.Path != "" {
		what = e.Path + " " + what
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, plain(what))
}

// plain keeps a name from moving a terminal's cursor or making lines of its own.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '?'
		}
		return r
	}, text)
}

// mostErrors is how many mistakes are told at once.
const mostErrors = 50

// faults collects mistakes and tells them in the order of the text.
type faults struct {
	file string
	list []*Error
}

func (f *faults) add(at pos, path, format string, args ...any) {
	f.list = append(f.list, &Error{f.file, max(at.line, 1), max(at.column, 1), path, fmt.Sprintf(format, args...)})
}

func (f *faults) err() error {
	slices.SortStableFunc(f.list, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	var errs []error
	for i, e := range f.list {
		if i == mostErrors {
			errs = append(errs, fmt.Errorf("%s: and %d more mistakes", f.file, len(f.list)-i))
			break
		}
		errs = append(errs, e)
	}
	return errors.Join(errs...)
}

// shown is a value as messages quote it: on one line and not too long.
func shown(text string) string {
	r := []rune(text)
	if len(r) > 40 {
		return fmt.Sprintf("%q...", string(r[:40]))
	}
	if text == "" {
		return "empty"
	}
	return text
}
