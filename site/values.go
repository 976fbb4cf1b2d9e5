package site

import (
	"encoding/hex"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"callwright/yamlfile"
)

// Ports is a range of ports, both ends in it.
type Ports struct{ From, To int }

func (p *Ports) read(d *decoder, t *tree, path string) {
	from, to, ok := strings.Cut(t.Text, "-")
	a, err1 := strconv.Atoi(from)
	b, err2 := strconv.Atoi(to)
	if t.Kind != yamlfile.Scalar || !ok || err1 != nil || err2 != nil || a < 1024 || b > 65535 || a%2 != 0 || b-a < 3 {
		d.Wrong(t, path, "ports from an even one to another, as 16384-32767, in [1024, 65535]")
		return
	}
	p.From, p.To = a, b
}

// Pairs is a mapping from numbers to names, in the order of the file.
type Pairs struct {
	Numbers []string
	Names   []string
}

var digitsForm = regexp.MustCompile(`^[+0-9*#][0-9*#]{0,20}$`)

func (p *Pairs) read(d *decoder, t *tree, path string) {
	if t.Kind != yamlfile.Mapping {
		d.Wrong(t, path, "a mapping from numbers to names, as {0312345678: main}")
		return
	}
	for i, k := range t.Keys {
		at, item := yamlfile.Join(path, k.Text), t.Items[i]
		d.Places[at] = k.At
		switch {
		case !digitsForm.MatchString(k.Text):
			d.Add(k.At, at, "is no number; want digits, perhaps a + before them")
		case item.Kind != yamlfile.Scalar || item.Text == "":
			d.Wrong(item, at, "a name")
		default:
			d.Places[at] = item.At
			p.Numbers, p.Names = append(p.Numbers, k.Text), append(p.Names, item.Text)
		}
	}
}

var targetForm = regexp.MustCompile(`^(?:sip:)?(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[-A-Za-z0-9.]{0,252}))(?::([0-9]{1,5}))?(?:;transport=(udp|tcp|tls))?$`)

func (x *Target) read(d *decoder, t *tree, path string) {
	m := targetForm.FindStringSubmatch(t.Text)
	if t.Kind != yamlfile.Scalar || m == nil {
		d.Wrong(t, path, "a server, as sip.carrier.example:5061;transport=tls")
		return
	}
	x.Host, x.Transport = strings.Trim(m[1], "[]"), m[3]
	if x.Transport == "" {
		x.Transport = "udp"
	}
	if m[2] != "" {
		if x.Port, _ = strconv.Atoi(m[2]); x.Port < 1 || x.Port > 65535 {
			d.Wrong(t, path, "a port in [1, 65535]")
		}
	}
}

// String is the target as it is written in the file.
func (x Target) String() string {
	if x.Host == "" {
		return ""
	}
	host := x.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if x.Port != 0 {
		host += ":" + strconv.Itoa(x.Port)
	}
	return host + ";transport=" + x.Transport
}

func (s *Sound) read(d *decoder, t *tree, path string) {
	if t.Kind == yamlfile.Scalar { // a file alone
		s.File = t.Text
		return
	}
	type parts Sound
	d.Structure(reflect.ValueOf((*parts)(s)).Elem(), t, path)
	if (s.File == "") == (s.Say == "") && t.Kind == yamlfile.Mapping {
		d.Add(t.At, path, "wants one of file and say")
	}
}

// hidden is what stands for a secret wherever it would be shown.
const hidden = "(hidden)"

// Secret is a password as it is. It prints as (hidden).
type Secret string

// String hides the secret.
func (Secret) String() string { return hidden }

// GoString hides it from %#v.
func (Secret) GoString() string { return hidden }

// MarshalText hides it from logs and JSON.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

func (s *Secret) read(d *decoder, t *tree, path string) {
	if t.Kind != yamlfile.Scalar || t.Text == "" || len(t.Text) > 256 {
		d.Add(t.At, path, "is not shown; want a text of 1 to 256 bytes")
		return
	}
	*s = Secret(t.Text)
}

// MD5 and SHA256 are hashes in lower-case hexadecimal. What they are of cannot be read
// from them, but a telephone's may be used as its password is: they print as (hidden).
type (
	MD5    string
	SHA256 string
)

// String hides the hash.
func (MD5) String() string { return hidden }

// GoString hides it from %#v.
func (MD5) GoString() string { return hidden }

// MarshalText hides it from logs and JSON.
func (MD5) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// String hides the hash.
func (SHA256) String() string { return hidden }

// GoString hides it from %#v.
func (SHA256) GoString() string { return hidden }

// MarshalText hides it from logs and JSON.
func (SHA256) MarshalText() ([]byte, error) { return []byte(hidden), nil }

func (h *MD5) read(d *decoder, t *tree, path string) { *h = MD5(d.hash(t, path, "an MD5", 32)) }
func (h *SHA256) read(d *decoder, t *tree, path string) {
	*h = SHA256(d.hash(t, path, "a SHA-256", 64))
}

// hash reads hexadecimal digits, and does not show what else stands there: some will
// write a password.
func (d *decoder) hash(t *tree, path, name string, digits int) string {
	if _, err := hex.DecodeString(t.Text); t.Kind != yamlfile.Scalar || err != nil || len(t.Text) != digits {
		d.Add(t.At, path, "is no hash; want %s, %d hexadecimal digits", name, digits)
		return ""
	}
	return strings.ToLower(t.Text)
}
