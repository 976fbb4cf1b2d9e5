package scenarios

import (
	"bytes"
	"fmt"
	"io"
)

// File is a scenario file that reads well by itself. Whether names fit together
// and laws exist is known after Compile.
type File struct {
	Name   string // as given to Parse
	Format Format

	tree   *tree
	places map[string]pos
}

// Parse reads a scenario file and checks its form. The error joins all mistakes
// found, each an *Error. name stands in messages; r is read to its end, or to
// the largest size that is allowed.
func Parse(name string, r io.Reader) (*File, error) {
	text, err := io.ReadAll(io.LimitReader(r, mostBytes+8))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	d := &decoder{faults: &faults{file: name}, places: map[string]pos{}}
	t := parse(d.faults, text)
	if t == nil {
		return nil, d.err()
	}
	f := &File{Name: name, tree: t, places: d.places}
	d.value(valueOf(&f.Format), t, "", "")
	if t.kind == mapping && f.Format.Version == 0 {
		d.add(t.at, "callwright", "is missing; want callwright: 1")
	}
	if err := d.err(); err != nil {
		return nil, err
	}
	return f, nil
}

// canonical appends a form of the tree in which texts that mean the same are
// the same, whatever their comments and layout.
func (t *tree) canonical(b *bytes.Buffer) {
	switch t.kind {
	case mapping:
		b.WriteByte('{')
		for i, k := range t.keys {
			fmt.Fprintf(b, "%q:", k.text)
			t.items[i].canonical(b)
			b.WriteByte(',')
		}
		b.WriteByte('}')
	case list:
		b.WriteByte('[')
		for _, x := range t.items {
			x.canonical(b)
			b.WriteByte(',')
		}
		b.WriteByte(']')
	default:
		fmt.Fprintf(b, "%q", t.text)
	}
}
