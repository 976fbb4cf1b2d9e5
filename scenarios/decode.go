package scenarios

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// decoder reads trees into the types of format.go and remembers where each
// path stands.
type decoder struct {
	*faults
	places map[string]pos
}

// reads is what types that read themselves have. A scalar, list or mapping
// comes as it stands; nothing (no value) does not come.
type reads interface {
	read(d *decoder, t *tree, path string)
}

// wrong reports a value that does not fit.
func (d *decoder) wrong(t *tree, path, want string) {
	d.add(t.at, path, "is %v; want %s", t, want)
}

// unknown reports a word that is none of the known ones.
func (d *decoder) unknown(t *tree, path, word string, known []string) {
	d.add(t.at, path, "is %v; %s", t, didYouMean(word, known))
}

// value reads t into v, which is addressable.
func (d *decoder) value(v reflect.Value, t *tree, path string, tag reflect.StructTag) {
	d.places[path] = t.at
	if t.kind == nothing {
		d.add(t.at, path, "is empty; want a value, or no key")
		return
	}
	switch r := v.Addr().Interface().(type) {
	case *Law:
		r.read(d, t, path, tag.Get("bare"))
		return
	case reads:
		r.read(d, t, path)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(v.Elem(), t, path, tag)
	case reflect.Struct:
		d.structure(v, t, path)
	case reflect.Slice:
		d.slice(v, t, path, tag)
	default:
		d.scalar(v, t, path, tag)
	}
}

// structure reads a mapping with known keys.
func (d *decoder) structure(v reflect.Value, t *tree, path string) {
	if t.kind != mapping {
		d.wrong(t, path, "a mapping with keys "+strings.Join(keysOf(v.Type()), ", "))
		return
	}
	for i, k := range t.keys {
		f, ok := fieldOf(v.Type(), k.text)
		at := join(path, k.text)
		if !ok {
			d.add(k.at, at, "is no key here; %s", didYouMean(k.text, keysOf(v.Type())))
			continue
		}
		d.value(v.FieldByIndex(f.Index), t.items[i], at, f.Tag)
	}
}

// slice reads a list; where the tag allows, a single value is a list of one.
func (d *decoder) slice(v reflect.Value, t *tree, path string, tag reflect.StructTag) {
	items := t.items
	if t.kind != list {
		if tag.Get("one") == "" {
			d.wrong(t, path, "a list")
			return
		}
		items = []*tree{t}
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", path, i)
		if t.kind != list {
			at = path
		}
		d.value(v.Index(i), item, at, tag)
	}
}

func (d *decoder) scalar(v reflect.Value, t *tree, path string, tag reflect.StructTag) {
	switch v.Interface().(type) {
	case string:
		if s, ok := d.text(t, path); ok {
			if of := tag.Get("of"); of != "" {
				if known := strings.Split(of, ","); !slices.Contains(known, s) {
					d.unknown(t, path, s, known)
				}
			}
			v.SetString(s)
		}
	case int:
		lo, hi := bounds(tag, 0, 1_000_000)
		v.SetInt(int64(d.whole(t, path, int(lo), int(hi))))
	case float64:
		lo, hi := bounds(tag, 0, 1e12)
		v.SetFloat(d.number(t, path, lo, hi))
	case Fraction:
		v.SetFloat(float64(d.fraction(t, path)))
	case bool:
		if t.kind != scalar || t.quoted || t.text != "true" && t.text != "false" {
			d.wrong(t, path, "true or false")
			return
		}
		v.SetBool(t.text == "true")
	case time.Duration:
		v.SetInt(int64(d.length(t, path)))
	default:
		panic("scenarios: no reader for " + v.Type().String())
	}
}

func bounds(tag reflect.StructTag, lo, hi float64) (float64, float64) {
	if s := tag.Get("min"); s != "" {
		lo, _ = strconv.ParseFloat(s, 64)
	}
	if s := tag.Get("max"); s != "" {
		hi, _ = strconv.ParseFloat(s, 64)
	}
	return lo, hi
}

func (d *decoder) text(t *tree, path string) (string, bool) {
	if t.kind != scalar || t.text == "" {
		d.wrong(t, path, "a text")
		return "", false
	}
	return t.text, true
}

var (
	wholeForm  = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	numberForm = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)
)

// whole reads a whole number as people write it: digits, no leading zero.
func (d *decoder) whole(t *tree, path string, lo, hi int) int {
	n, err := strconv.Atoi(t.text)
	if t.kind != scalar || t.quoted || !wholeForm.MatchString(t.text) || err != nil || n < lo || n > hi {
		d.wrong(t, path, fmt.Sprintf("a whole number in [%d, %d]", lo, hi))
		return lo
	}
	return n
}

func (d *decoder) number(t *tree, path string, lo, hi float64) float64 {
	x, err := strconv.ParseFloat(t.text, 64)
	if t.kind != scalar || t.quoted || !numberForm.MatchString(t.text) || err != nil || !(x >= lo && x <= hi) || math.IsInf(x, 0) {
		d.wrong(t, path, fmt.Sprintf("a number in [%g, %g]", lo, hi))
		return lo
	}
	return x
}

// Fraction is a part of a whole, in [0, 1].
type Fraction float64

func (d *decoder) fraction(t *tree, path string) Fraction {
	x, err := strconv.ParseFloat(t.text, 64)
	if t.kind != scalar || t.quoted || !numberForm.MatchString(t.text) || err != nil || !(x >= 0 && x <= 1) {
		d.wrong(t, path, "a fraction in [0, 1], not a percentage")
		return 0
	}
	return Fraction(x)
}

var lengthForm = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?(h|ms|m|s))+$`)

// parseLength reads 90s, 1.5s, 5m, 1h30m; false for anything else.
func parseLength(s string) (time.Duration, bool) {
	if !lengthForm.MatchString(s) {
		return 0, false
	}
	x, err := time.ParseDuration(s)
	return x, err == nil
}

func (d *decoder) length(t *tree, path string) time.Duration {
	x, ok := parseLength(t.text)
	if t.kind != scalar || !ok {
		d.wrong(t, path, "a length of time with its unit, as 90s, 5m or 1h30m")
	}
	return x
}

// Map is a mapping from names of the author's to things of one kind, in the
// order of the file.
type Map[T any] struct {
	Names []string
	Items []*T
}

func (m *Map[T]) read(d *decoder, t *tree, path string) {
	if t.kind != mapping {
		d.wrong(t, path, "a mapping from names")
		return
	}
	for i, k := range t.keys {
		at := join(path, k.text)
		if !nameForm.MatchString(k.text) {
			d.add(k.at, at, "is no good name; want letters, digits, spaces, - and _")
			continue
		}
		item := new(T)
		if t.items[i].kind == nothing {
			d.places[at] = k.at // a name with nothing to say about it
		} else {
			d.value(reflect.ValueOf(item).Elem(), t.items[i], at, "")
		}
		m.Names, m.Items = append(m.Names, k.text), append(m.Items, item)
	}
}

var nameForm = regexp.MustCompile(`^[\pL\pN][-\pL\pN\pM_+ ]{0,63}$`)

// find returns the index of a name, or -1.
func (m *Map[T]) find(name string) int32 {
	for i, n := range m.Names {
		if n == name {
			return int32(i)
		}
	}
	return -1
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// count returns how many of its arguments are true.
func count(on ...bool) (n int) {
	for _, x := range on {
		if x {
			n++
		}
	}
	return n
}

// fieldOf returns the field of a struct with a key.
func fieldOf(t reflect.Type, key string) (reflect.StructField, bool) {
	for _, f := range fieldsOf(t) {
		if f.Tag.Get("key") == key {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// fieldsOf returns the fields with keys. A struct field with key "-" lends its
// own.
func fieldsOf(t reflect.Type) (fields []reflect.StructField) {
	for i := range t.NumField() {
		f := t.Field(i)
		switch f.Tag.Get("key") {
		case "":
		case "-":
			for _, g := range fieldsOf(f.Type) {
				g.Index = append([]int{i}, g.Index...)
				fields = append(fields, g)
			}
		default:
			fields = append(fields, f)
		}
	}
	return fields
}

func keysOf(t reflect.Type) (keys []string) {
	for _, f := range fieldsOf(t) {
		keys = append(keys, f.Tag.Get("key"))
	}
	return keys
}
