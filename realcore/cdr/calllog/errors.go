package calllog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// MaxErrors is how many faults are gathered before reading gives up.
const MaxErrors = 20

// Error is one fault of a file: where it is, what stands there and what is
// wanted.
type Error struct {
	File   string
	Row    int    // from 1, the header and blank lines included; 0: the file as a whole
	Line   int    // from 1; differs from Row once a quoted field holds a line break
	Col    int    // number of the column, from 1; 0: the row as a whole
	Column string // its name in the header
	Value  string // what stands there, shortened
	Want   string // what is wrong, what is wanted, and the remedy
}

// Error prints file:line:column, the row, the column's name, the value and the
// remedy.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Row > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
		if e.Col > 0 {
			fmt.Fprintf(&b, ":%d", e.Col)
		}
		fmt.Fprintf(&b, ": row %d", e.Row)
	}
	if e.Column != "" {
		fmt.Fprintf(&b, ", column %s", strconv.Quote(e.Column))
	}
	if e.Col > 0 {
		fmt.Fprintf(&b, " is %s", strconv.Quote(e.Value))
	}
	if e.Col > 0 {
		b.WriteString("; ")
	} else {
		b.WriteString(": ")
	}
	b.WriteString(e.Want)
	return b.String()
}

// short cuts a value to what fits into a message.
func short(s string) string {
	n := 0
	for i := range s {
		if n++; n > 40 {
			return s[:i] + "..."
		}
	}
	return s
}

// faults gathers errors up to MaxErrors.
type faults struct {
	list []error
}

var errTooMany = fmt.Errorf("gave up after %d errors; there may be more", MaxErrors)

// add reports whether reading may go on.
func (f *faults) add(err error) bool {
	f.list = append(f.list, err)
	if len(f.list) < MaxErrors {
		return true
	}
	f.list = append(f.list, errTooMany)
	return false
}

func (f *faults) err() error { return errors.Join(f.list...) }
