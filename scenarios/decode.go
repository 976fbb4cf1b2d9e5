package scenarios

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"time"

	"callwright/yamlfile"
)

// tree is a value of the file.
type tree = yamlfile.Tree

// Map is a mapping from names of the author's to things of one kind, in the
// order of the file.
type Map[T any] = yamlfile.Map[T]

// decoder reads trees into the types of format.go and remembers where each
// path stands.
type decoder struct{ *yamlfile.Decoder }

func newDecoder(shared *yamlfile.Decoder) *decoder {
	d := &decoder{shared}
	d.Own = d.own
	return d
}

// reads is what types that read themselves have. A scalar, list or mapping
// comes as it stands; nothing (no value) does not come.
type reads interface {
	read(d *decoder, t *tree, path string)
}

// own reads what is read in scenarios alone.
func (d *decoder) own(v reflect.Value, t *tree, path string, tag reflect.StructTag) bool {
	switch x := v.Addr().Interface().(type) {
	case *Law:
		x.read(d, t, path, tag.Get("bare"))
	case reads:
		x.read(d, t, path)
	case *int:
		lo, hi := yamlfile.Bounds(tag, 0, 1_000_000)
		*x = d.whole(t, path, int(lo), int(hi))
	case *float64:
		lo, hi := yamlfile.Bounds(tag, 0, 1e12)
		*x = d.number(t, path, lo, hi)
	case *Fraction:
		*x = d.fraction(t, path)
	case *time.Duration:
		*x = d.length(t, path)
	default:
		return false
	}
	return true
}

var (
	wholeForm  = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	numberForm = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)
)

// whole reads a whole number as people write it: digits, no leading zero.
func (d *decoder) whole(t *tree, path string, lo, hi int) int {
	n, err := strconv.Atoi(t.Text)
	if t.Kind != yamlfile.Scalar || t.Quoted || !wholeForm.MatchString(t.Text) || err != nil || n < lo || n > hi {
		d.Wrong(t, path, fmt.Sprintf("a whole number in [%d, %d]", lo, hi))
		return lo
	}
	return n
}

func (d *decoder) number(t *tree, path string, lo, hi float64) float64 {
	x, err := strconv.ParseFloat(t.Text, 64)
	if t.Kind != yamlfile.Scalar || t.Quoted || !numberForm.MatchString(t.Text) || err != nil || !(x >= lo && x <= hi) || math.IsInf(x, 0) {
		d.Wrong(t, path, fmt.Sprintf("a number in [%g, %g]", lo, hi))
		return lo
	}
	return x
}

// Fraction is a part of a whole, in [0, 1].
type Fraction float64

func (d *decoder) fraction(t *tree, path string) Fraction {
	x, err := strconv.ParseFloat(t.Text, 64)
	if t.Kind != yamlfile.Scalar || t.Quoted || !numberForm.MatchString(t.Text) || err != nil || !(x >= 0 && x <= 1) {
		d.Wrong(t, path, "a fraction in [0, 1], not a percentage")
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
	x, ok := parseLength(t.Text)
	if t.Kind != yamlfile.Scalar || !ok {
		d.Wrong(t, path, "a length of time with its unit, as 90s, 5m or 1h30m")
	}
	return x
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
