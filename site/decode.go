package site

import (
	"fmt"
	"net/netip"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"callwright/yamlfile"
)

// tree is a value of the file.
type tree = yamlfile.Tree

// Map is a mapping from names of the author's to things of one kind, in the order of
// the file.
type Map[T any] = yamlfile.Map[T]

// decoder reads trees into the types of format.go and remembers where each path stands.
type decoder struct{ *yamlfile.Decoder }

func newDecoder(shared *yamlfile.Decoder) *decoder {
	d := &decoder{shared}
	d.Own = d.own
	return d
}

// shown is a value as messages quote it. What would move a cursor is a question mark in
// a short one.
func shown(text string) string {
	if len([]rune(text)) <= yamlfile.MostShown {
		text = yamlfile.Plain(text)
	}
	return yamlfile.Shown(text)
}

// reads is what types that read themselves have.
type reads interface {
	read(d *decoder, t *tree, path string)
}

// own reads what is read in site alone.
func (d *decoder) own(v reflect.Value, t *tree, path string, tag reflect.StructTag) bool {
	switch x := v.Addr().Interface().(type) {
	case reads:
		x.read(d, t, path)
	case *netip.AddrPort:
		d.form(t, path, "an address with a port, as 127.0.0.1:5060", func(s string) (err error) { *x, err = netip.ParseAddrPort(s); return })
	case *netip.Addr:
		d.form(t, path, "an address, as 203.0.113.5", func(s string) (err error) { *x, err = netip.ParseAddr(s); return })
	case *netip.Prefix:
		d.form(t, path, "a network or an address, as 10.0.0.0/8", func(s string) (err error) { *x, err = prefixOf(s); return })
	case *string, *int, *bool, *time.Duration:
		if t.Kind != yamlfile.Scalar {
			d.Wrong(t, path, "one value")
			return true
		}
		return d.scalar(x, t, path, tag)
	default:
		return false
	}
	return true
}

// scalar reads what a single value is in site alone; false leaves it to be read as
// everywhere.
func (d *decoder) scalar(to any, t *tree, path string, tag reflect.StructTag) bool {
	switch x := to.(type) {
	case *int:
		*x = d.whole(t, path, tag)
		return true
	case *time.Duration:
		var err error
		if *x, err = time.ParseDuration(t.Text); err != nil || *x <= 0 {
			d.Wrong(t, path, "a length of time with its unit, as 90s, 5m or 1h30m")
		}
		return true
	case *string:
		form, ok := forms[tag.Get("form")]
		if !ok || t.Text == "" {
			return false
		}
		if *x = t.Text; !form.is.MatchString(*x) {
			d.Wrong(t, path, form.want)
		}
		return true
	}
	return false
}

// whole reads a whole number.
func (d *decoder) whole(t *tree, path string, tag reflect.StructTag) int {
	least, most := yamlfile.Bounds(tag, 0, 1_000_000)
	lo, hi := int(least), int(most)
	n, err := strconv.Atoi(t.Text)
	if t.Quoted || err != nil || n < lo || n > hi || strconv.Itoa(n) != t.Text {
		want := fmt.Sprintf("a whole number in [%d, %d]", lo, hi)
		if lo == hi {
			want = strconv.Itoa(lo)
		}
		d.Wrong(t, path, want)
		return lo
	}
	return n
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
	if t.Kind != yamlfile.Scalar || parse(t.Text) != nil {
		d.Wrong(t, path, want)
	}
}

// forms are what texts look like, by the name in a field's tag.
var forms = map[string]struct {
	is   *regexp.Regexp
	want string
}{
	"number":      {regexp.MustCompile(`^\+?[0-9]{1,20}$`), "a telephone number: digits, perhaps a + before them"},
	"prefix":      {regexp.MustCompile(`^(\+|\+?[0-9]{1,20})$`), "the beginning of a telephone number: digits, perhaps a + before them"},
	"code":        {regexp.MustCompile(`^[0-9*#]{1,8}$`), "what is dialled: 1 to 8 of 0-9, * and #"},
	"user":        {regexp.MustCompile(`^[A-Za-z0-9][-A-Za-z0-9._+]{0,63}$`), "a SIP user: letters, digits, - . _ +, up to 64"},
	"realm":       {regexp.MustCompile(`^[A-Za-z0-9][-A-Za-z0-9._]{0,63}$`), "a realm: letters, digits, - . _, as a domain has"},
	"host":        {regexp.MustCompile(`^([A-Za-z0-9]([-A-Za-z0-9.]{0,252})|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$`), "a host name or an address"},
	"date":        {regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`), "a date, as 2027-03-31"},
	"sha256":      {regexp.MustCompile(`^[0-9a-f]{64}$`), "the SHA-256 of the token in 64 hexadecimal digits"},
	"disposition": {regexp.MustCompile(`^[^\s\pC]([^\n\pC]{0,58}[^\s\pC])?$`), "a text of 1 to 60 characters in one line"},
	"path":        {regexp.MustCompile(`^[^\x00]+$`), "a path"},
}
