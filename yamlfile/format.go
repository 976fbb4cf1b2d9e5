package yamlfile

import (
	"bytes"
	"fmt"
	"io"
)

// Format is in what one kind of file differs from others.
type Format struct {
	Name  string // as messages call a file: a scenario
	Empty string // the mistake of a file without a document

	MostBytes    int    // of a file
	Instead      string // what to do with more, at the end of the message; may be empty
	MostLine     int    // characters
	MostBrackets int    // open at once
	Deepest      int    // a value within values

	// Guard looks at the whole text and returns who looks at its characters; nil
	// after a mistake.
	Guard func(f *Faults, text []byte) Guard
	// TightColons: in brackets a token may begin after a colon without a blank.
	TightColons bool

	Singles bool // every list may be a single value, whose path is that of item 0
	Bare    bool // the names of a Map may stand without a value, and have their values' places
	Secrets bool // a text where a structure is wanted is not shown
	// Show is a text as messages quote it; nil: Shown.
	Show func(text string) string
}

// Read reads r to its end, or to the largest size that is allowed, and turns the text
// into a tree, with the decoder to read it by. The error is that of r, or joins the
// mistakes of the text, each an *Error. name stands in messages.
func (form *Format) Read(name string, r io.Reader) (*Decoder, *Tree, error) {
	text, err := io.ReadAll(io.LimitReader(r, int64(form.MostBytes)+8))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	f := &Faults{File: name}
	t := form.parse(f, text)
	if t == nil {
		return nil, nil, f.Err()
	}
	return NewDecoder(f, form), t, nil
}

// parse turns the text into a tree; nil if there were mistakes.
func (form *Format) parse(f *Faults, text []byte) *Tree {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if len(text) > form.MostBytes {
		f.Add(Pos{1, 1}, "", "the file has more than %d bytes%s", form.MostBytes, form.Instead)
		return nil
	}
	guard := form.Guard(f, text)
	if guard == nil {
		return nil
	}
	w := Walk{Faults: f, At: Pos{1, 0}, form: form, guard: guard, fresh: true}
	if w.run(text); w.stop {
		return nil
	}
	t := form.build(f, text)
	if len(f.List) > 0 {
		return nil
	}
	return t
}
