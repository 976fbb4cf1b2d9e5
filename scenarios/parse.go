package scenarios

import (
	"bytes"
	"fmt"
	"io"

	"callwright/yamlfile"
)

// File is a scenario file that reads well by itself. Whether names fit together
// and laws exist is known after Compile.
type File struct {
	Name   string // as given to Parse
	Format Format

	tree   *tree
	places map[string]yamlfile.Pos
}

// Error is one mistake in a scenario file: where, what stands there, and what
// is wanted instead.
type Error = yamlfile.Error

// Parse reads a scenario file and checks its form. The error joins all mistakes
// found, each an *Error. name stands in messages; r is read to its end, or to
// the largest size that is allowed.
func Parse(name string, r io.Reader) (*File, error) {
	shared, t, err := form.Read(name, r)
	if err != nil {
		return nil, err
	}
	d := newDecoder(shared)
	f := &File{Name: name, tree: t, places: d.Places}
	d.Value(valueOf(&f.Format), t, "", "")
	if t.Kind == yamlfile.Mapping && f.Format.Version == 0 {
		d.Add(t.At, "callwright", "is missing; want callwright: 1")
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	return f, nil
}

// canonical appends a form of the tree in which texts that mean the same are
// the same, whatever their comments and layout.
func canonical(b *bytes.Buffer, t *tree) {
	switch t.Kind {
	case yamlfile.Mapping:
		b.WriteByte('{')
		for i, k := range t.Keys {
			fmt.Fprintf(b, "%q:", k.Text)
			canonical(b, t.Items[i])
			b.WriteByte(',')
		}
		b.WriteByte('}')
	case yamlfile.List:
		b.WriteByte('[')
		for _, x := range t.Items {
			canonical(b, x)
			b.WriteByte(',')
		}
		b.WriteByte(']')
	default:
		fmt.Fprintf(b, "%q", t.Text)
	}
}
