package site

import (
	"fmt"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// decoder reads trees into the types of format.go and remembers where each path stands.
type decoder struct {
	*faults
	places map[string]pos
}

// reads is what types that read themselves have.
type reads interface {
	read(d *decoder, t *tree, path string)
}

// wrong reports a value that does not fit.
func (d *decoder) wrong(t *tree, path, want string) {
	d.add(t.at, path, "is %v; want %s", t, want)
}

// value reads t into v, which is addressable.
func (d *decoder) value(v reflect.Value, t *tree, path string, tag reflect.StructTag) {
	d.places[path] = t.at
	if t.kind == nothing {
		d.add(t.at, path, "is empty; want a value, or no key")
		return
	}
	if r, ok := v.Addr().Interface().(reads); ok {
		r.read(d, t, path)
		return
	}
	switch x := v.Addr().Interface().(type) {
	case *netip.AddrPort:
		d.form(t, path, "an address with a port, as 127.0.0.1:5060", func(s string) (err error) { *x, err = netip.ParseAddrPort(s); return })
		return
	case *netip.Addr:
		d.form(t, path, "an address, as 203.0.113.5", func(s string) (err error) { *x, err = netip.ParseAddr(s); return })
		return
	case *netip.Prefix:
		d.form(t, path, "a network or an address, as 10.0.0.0/8", func(s string) (err error) { *x, err = prefixOf(s); return })
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

// prefixOf reads a network; an address alone is a network of one.
func prefixOf(s string) (netip.Prefix, error) {
	if strings.Contains(s, "/") {
		p, err := netip.ParsePrefix(s)
		if err == nil && p != p.Masked() {
			err = fmt.Errorf("bits beyond the mask")
		}
		return p, err
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	return netip.PrefixFrom(a, a.BitLen()), nil
}

func (d *decoder) form(t *tree, path, want string, parse func(string) error) {
	if t.kind != scalar || parse(t.text) != nil {
		d.wrong(t, path, want)
	}
}

// structure reads a mapping with known keys.
func (d *decoder) structure(v reflect.Value, t *tree, path string) {
	if t.kind != mapping {
		what := "a list"
		if t.kind == scalar { // which may be a secret in the wrong place
			what = "a single value"
		}
		d.add(t.at, path, "is %s; want a mapping with keys %s", what, strings.Join(keysOf(v.Type()), ", "))
		return
	}
	for i, k := range t.keys {
		at := join(path, k.text)
		f, ok := fieldOf(v.Type(), k.text)
		if !ok {
			d.add(k.at, at, "is no key here; %s", didYouMean(k.text, keysOf(v.Type())))
			continue
		}
		d.value(v.FieldByIndex(f.Index), t.items[i], at, f.Tag)
	}
	for _, f := range fieldsOf(v.Type()) {
		at := join(path, f.Tag.Get("key"))
		if _, ok := d.places[at]; !ok && f.Tag.Get("must") != "" {
			d.add(t.at, at, "is missing; want %s", f.Tag.Get("must"))
		}
	}
}

// slice reads a list; a single value is a list of one.
func (d *decoder) slice(v reflect.Value, t *tree, path string, tag reflect.StructTag) {
	items := t.items
	if t.kind != list {
		items = []*tree{t}
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		d.value(v.Index(i), item, fmt.Sprintf("%s[%d]", path, i), tag)
	}
	d.places[path] = t.at
}

func (d *decoder) scalar(v reflect.Value, t *tree, path string, tag reflect.StructTag) {
	if t.kind != scalar {
		d.wrong(t, path, "one value")
		return
	}
	switch v.Interface().(type) {
	case string:
		d.string(v, t, path, tag)
	case int:
		lo, hi := bounds(tag)
		n, err := strconv.Atoi(t.text)
		if t.quoted || err != nil || n < lo || n > hi || strconv.Itoa(n) != t.text {
			want := fmt.Sprintf("a whole number in [%d, %d]", lo, hi)
			if lo == hi {
				want = strconv.Itoa(lo)
			}
			d.wrong(t, path, want)
			return
		}
		v.SetInt(int64(n))
	case bool:
		if t.quoted || t.text != "true" && t.text != "false" {
			d.wrong(t, path, "true or false")
			return
		}
		v.SetBool(t.text == "true")
	case time.Duration:
		x, err := time.ParseDuration(t.text)
		if err != nil || x <= 0 {
			d.wrong(t, path, "a length of time with its unit, as 90s, 5m or 1h30m")
			return
		}
		v.SetInt(int64(x))
	default:
		panic("site: no reader for " + v.Type().String())
	}
}

func (d *decoder) string(v reflect.Value, t *tree, path string, tag reflect.StructTag) {
	if t.text == "" {
		d.wrong(t, path, "a text")
		return
	}
	if of := tag.Get("of"); of != "" && !slices.Contains(strings.Split(of, ","), t.text) {
		d.add(t.at, path, "is %v; %s", t, didYouMean(t.text, strings.Split(of, ",")))
		return
	}
	if form := tag.Get("form"); form != "" && !forms[form].is.MatchString(t.text) {
		d.wrong(t, path, forms[form].want)
		return
	}
	v.SetString(t.text)
}

// forms are what texts look like, by the name in a field's tag.
var forms = map[string]struct {
	is   *regexp.Regexp
	want string
}{
	"number": {regexp.MustCompile(`^\+?[0-9]{1,20}$`), "a telephone number: digits, perhaps a + before them"},
	"prefix": {regexp.MustCompile(`^(\+|\+?[0-9]{1,20})$`), "the beginning of a telephone number: digits, perhaps a + before them"},
	"code":   {regexp.MustCompile(`^[0-9*#]{1,8}$`), "what is dialled: 1 to 8 of 0-9, * and #"},
	"user":   {regexp.MustCompile(`^[A-Za-z0-9][-A-Za-z0-9._+]{0,63}$`), "a SIP user: letters, digits, - . _ +, up to 64"},
	"realm":  {regexp.MustCompile(`^[A-Za-z0-9][-A-Za-z0-9._]{0,63}$`), "a realm: letters, digits, - . _, as a domain has"},
	"host":   {regexp.MustCompile(`^([A-Za-z0-9]([-A-Za-z0-9.]{0,252})|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$`), "a host name or an address"},
	"date":   {regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`), "a date, as 2027-03-31"},
	"sha256": {regexp.MustCompile(`^[0-9a-f]{64}$`), "the SHA-256 of the token in 64 hexadecimal digits"},
	"path":   {regexp.MustCompile(`^[^\x00]+$`), "a path"},
}

func bounds(tag reflect.StructTag) (lo, hi int) {
	lo, hi = 0, 1_000_000
	if s := tag.Get("min"); s != "" {
		lo, _ = strconv.Atoi(s)
	}
	if s := tag.Get("max"); s != "" {
		hi, _ = strconv.Atoi(s)
	}
	return lo, hi
}

// Map is a mapping from names of the author's to things of one kind, in the order of
// the file.
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
		d.value(reflect.ValueOf(item).Elem(), t.items[i], at, "")
		d.places[at] = k.at
		m.Names, m.Items = append(m.Names, k.text), append(m.Items, item)
	}
}

// Find returns the thing of a name, or nil.
func (m *Map[T]) Find(name string) *T {
	if i := slices.Index(m.Names, name); i >= 0 {
		return m.Items[i]
	}
	return nil
}

var nameForm = regexp.MustCompile(`^[\pL\pN][-\pL\pN\pM_+ ]{0,63}$`)

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
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

// fieldsOf returns the fields with keys.
func fieldsOf(t reflect.Type) (fields []reflect.StructField) {
	for i := range t.NumField() {
		if f := t.Field(i); f.Tag.Get("key") != "" {
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
