package yamlfile

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Decoder reads trees into Go values and remembers where each path stands.
type Decoder struct {
	*Faults
	Places map[string]Pos
	// Own reads a value of a type that is the format's own into v, which is
	// addressable, and returns true; false leaves it to the Decoder.
	Own func(v reflect.Value, t *Tree, path string, tag reflect.StructTag) bool

	form *Format
}

// NewDecoder returns a decoder that reports to f and knows no place yet.
func NewDecoder(f *Faults, form *Format) *Decoder {
	return &Decoder{Faults: f, Places: map[string]Pos{}, form: form}
}

// shown is a text as messages quote it.
func (form *Format) shown(text string) string {
	if form.Show != nil {
		return form.Show(text)
	}
	return Shown(text)
}

// Call is a value as messages call it.
func (d *Decoder) Call(t *Tree) string {
	switch t.Kind {
	case List:
		return "a list"
	case Mapping:
		return "a mapping"
	case Nothing:
		return "empty"
	}
	return d.form.shown(t.Text)
}

// Wrong reports a value that does not fit.
func (d *Decoder) Wrong(t *Tree, path, want string) {
	d.Add(t.At, path, "is %s; want %s", d.Call(t), want)
}

// Unknown reports a word that is none of the known ones.
func (d *Decoder) Unknown(t *Tree, path, word string, known []string) {
	d.Add(t.At, path, "is %s; %s", d.Call(t), DidYouMean(word, known))
}

// Value reads t into v, which is addressable. The tag is that of the field which holds
// it, perhaps in a list.
func (d *Decoder) Value(v reflect.Value, t *Tree, path string, tag reflect.StructTag) {
	d.Places[path] = t.At
	if t.Kind == Nothing {
		d.Add(t.At, path, "is empty; want a value, or no key")
		return
	}
	if d.Own != nil && d.Own(v, t, path, tag) {
		return
	}
	if m, ok := v.Addr().Interface().(interface{ Read(*Decoder, *Tree, string) }); ok {
		m.Read(d, t, path)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.Value(v.Elem(), t, path, tag)
	case reflect.Struct:
		d.Structure(v, t, path)
	case reflect.Slice:
		d.slice(v, t, path, tag)
	default:
		d.scalar(v, t, path, tag)
	}
}

// Structure reads a mapping with known keys into a structure.
func (d *Decoder) Structure(v reflect.Value, t *Tree, path string) {
	fields := Fields(v.Type())
	if t.Kind != Mapping {
		what := d.Call(t)
		if d.form.Secrets && t.Kind == Scalar {
			what = "a single value"
		}
		d.Add(t.At, path, "is %s; want a mapping with keys %s", what, strings.Join(keysOf(fields), ", "))
		return
	}
	for i, k := range t.Keys {
		at := Join(path, k.Text)
		n := slices.IndexFunc(fields, func(f reflect.StructField) bool { return f.Tag.Get("key") == k.Text })
		if n < 0 {
			d.Add(k.At, at, "is no key here; %s", DidYouMean(k.Text, keysOf(fields)))
			continue
		}
		d.Value(v.FieldByIndex(fields[n].Index), t.Items[i], at, fields[n].Tag)
	}
	for _, f := range fields {
		must := f.Tag.Get("must")
		if must == "" {
			continue
		}
		at := Join(path, f.Tag.Get("key"))
		if _, ok := d.Places[at]; !ok {
			d.Add(t.At, at, "is missing; want %s", must)
		}
	}
}

// slice reads a list; where the tag or the format allows, a single value is a list of
// one.
func (d *Decoder) slice(v reflect.Value, t *Tree, path string, tag reflect.StructTag) {
	items := t.Items
	if t.Kind != List {
		if !d.form.Singles && tag.Get("one") == "" {
			d.Wrong(t, path, "a list")
			return
		}
		items = []*Tree{t}
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", path, i)
		if t.Kind != List && !d.form.Singles {
			at = path
		}
		d.Value(v.Index(i), item, at, tag)
	}
}

func (d *Decoder) scalar(v reflect.Value, t *Tree, path string, tag reflect.StructTag) {
	switch v.Interface().(type) {
	case string:
		s, ok := d.Text(t, path)
		if known := strings.Split(tag.Get("of"), ","); ok && known[0] != "" && !slices.Contains(known, s) {
			d.Unknown(t, path, s, known)
		}
		v.SetString(s)
	case bool:
		if t.Kind != Scalar || t.Quoted || t.Text != "true" && t.Text != "false" {
			d.Wrong(t, path, "true or false")
			return
		}
		v.SetBool(t.Text == "true")
	default:
		panic("yamlfile: no reader for " + v.Type().String())
	}
}

// Text reads a text; false, and a mistake, if there is none.
func (d *Decoder) Text(t *Tree, path string) (string, bool) {
	if t.Kind != Scalar || t.Text == "" {
		d.Wrong(t, path, "a text")
		return "", false
	}
	return t.Text, true
}

// Bounds returns what a number may be by its field's tag: lo and hi where the tag says
// nothing.
func Bounds(tag reflect.StructTag, lo, hi float64) (float64, float64) {
	if s := tag.Get("min"); s != "" {
		lo, _ = strconv.ParseFloat(s, 64)
	}
	if s := tag.Get("max"); s != "" {
		hi, _ = strconv.ParseFloat(s, 64)
	}
	return lo, hi
}

// Map is a mapping from names of the author's to things of one kind, in the order of
// the file.
type Map[T any] struct {
	Names []string
	Items []*T
}

// Read is how a Decoder reads a Map.
func (m *Map[T]) Read(d *Decoder, t *Tree, path string) {
	if t.Kind != Mapping {
		d.Wrong(t, path, "a mapping from names")
		return
	}
	for i, k := range t.Keys {
		at := Join(path, k.Text)
		if !nameForm.MatchString(k.Text) {
			d.Add(k.At, at, "is no good name; want letters, digits, spaces, - and _")
			continue
		}
		item := new(T)
		bare := d.form.Bare && t.Items[i].Kind == Nothing
		if !bare {
			d.Value(reflect.ValueOf(item).Elem(), t.Items[i], at, "")
		}
		if bare || !d.form.Bare {
			d.Places[at] = k.At
		}
		m.Names, m.Items = append(m.Names, k.Text), append(m.Items, item)
	}
}

var nameForm = regexp.MustCompile(`^[\pL\pN][-\pL\pN\pM_+ ]{0,63}$`)

// Index returns where a name stands, or -1.
func (m *Map[T]) Index(name string) int { return slices.Index(m.Names, name) }

// Find returns the thing of a name, or nil.
func (m *Map[T]) Find(name string) *T {
	if i := m.Index(name); i >= 0 {
		return m.Items[i]
	}
	return nil
}

// Join is the path of a key in what stands at a path.
func Join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// Fields returns the fields of a structure that have keys. A field with key "-" lends
// those of its own structure.
func Fields(t reflect.Type) (fields []reflect.StructField) {
	for i := range t.NumField() {
		f := t.Field(i)
		switch f.Tag.Get("key") {
		case "":
		case "-":
			for _, g := range Fields(f.Type) {
				g.Index = append([]int{i}, g.Index...)
				fields = append(fields, g)
			}
		default:
			fields = append(fields, f)
		}
	}
	return fields
}

func keysOf(fields []reflect.StructField) []string {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.Tag.Get("key")
	}
	return keys
}
