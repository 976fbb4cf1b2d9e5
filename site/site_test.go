package site

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"callwright/yamlfile"
)

var update = flag.Bool("update", false, "write the golden files anew")

// known is the scenario that testdata's files are for.
var known = Known{Agents: []string{"sales-1", "sales-2"}, Queues: []string{"sales", "service"}, Entries: []string{"main"},
	Vendors: []string{"agency"}, Prompts: []string{"welcome", "sorry"}}

func testdata(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// All mistakes are told at once, each with its place, what stands there and what is
// wanted, in the order of the text; and none shows a secret.
func TestMistakes(t *testing.T) {
	for _, name := range []string{"mistakes", "judged", "names"} {
		f, err := Parse(name+".yaml", strings.NewReader(testdata(t, name+".yaml")))
		var warnings []string
		if err == nil {
			warnings, err = f.Check(known)
		}
		if err == nil {
			t.Fatalf("%s: no mistakes", name)
		}
		got := err.Error() + "\n"
		for _, w := range warnings {
			got += "warning: " + w + "\n"
		}
		golden := "testdata/" + name + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want := testdata(t, name+".golden"); got != want {
			t.Errorf("%s.yaml:\n%s\nwant:\n%s", name, got, want)
		}
		if strings.Contains(got, "hunter2") {
			t.Errorf("%s.yaml: a secret is shown:\n%s", name, got)
		}
		var e *Error
		if !errors.As(err, &e) || e.File != name+".yaml" || e.Line == 0 {
			t.Errorf("%s: %#v", name, e)
		}
	}
}

// testdata/every.yaml has every key, and every key says what it means.
func TestEvery(t *testing.T) {
	f, err := Parse("every.yaml", strings.NewReader(testdata(t, "every.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	warnings, err := f.Check(known)
	if err != nil || len(warnings) != 1 {
		t.Errorf("%v, warnings %q", err, warnings)
	}
	said := map[string]bool{} // paths without names and numbers
	for path := range f.places {
		said[path] = true
	}
	visited := map[reflect.Type]bool{} // an account of a device is one of a person
	var visit func(reflect.Type, []string)
	visit = func(typ reflect.Type, at []string) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || visited[typ] {
			return
		}
		visited[typ] = true
		if items, ok := typ.FieldByName("Items"); ok && typ != reflect.TypeFor[Pairs]() {
			visit(items.Type, append(at, "*"))
			return
		}
		for _, fd := range yamlfile.Fields(typ) {
			path := append(append([]string(nil), at...), fd.Tag.Get("key"))
			if fd.Tag.Get("doc") == "" {
				t.Errorf("%s has no doc", strings.Join(path, "."))
			}
			found := false
			for p := range said {
				found = found || matches(path, p)
			}
			if !found {
				t.Errorf("every.yaml says nothing of %s", strings.Join(path, "."))
			}
			visit(fd.Type, path)
		}
	}
	visit(reflect.TypeFor[Site](), nil)
}

// matches reports whether a path of the file is one of keys, * being any name.
func matches(keys []string, path string) bool {
	parts := strings.Split(path, ".")
	if len(parts) != len(keys) {
		return false
	}
	for i, k := range keys {
		part, _, _ := strings.Cut(parts[i], "[")
		if k != "*" && k != part {
			return false
		}
	}
	return true
}

// The smallest file is a centre that only this machine reaches and that dials nothing but
// emergency numbers.
func TestDefaults(t *testing.T) {
	f, err := Parse("s.yaml", strings.NewReader("callwright-site: 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := &f.Site
	for i := range s.SIP.Listen {
		if transport, at := s.SIP.Listen[i].At(); !at.Addr().IsLoopback() || s.SIP.Listen[i].Digest[0] != "MD5" {
			t.Errorf("listens at %s %v with %v", transport, at, s.SIP.Listen[i].Digest)
		}
	}
	if !s.HTTP.Listen.Addr().IsLoopback() || !s.RTP.Address.IsLoopback() || s.SIP.Insecure || s.HTTP.Insecure {
		t.Errorf("others reach %+v", s.HTTP)
	}
	if len(s.Dial.Allowed) != 0 || s.Dial.PremiumOn || s.Dial.InternationalOn || len(s.Dial.Emergency) == 0 {
		t.Errorf("dials %+v", s.Dial)
	}
	if len(s.Roles.Names) != 3 {
		t.Errorf("roles %v", s.Roles.Names)
	}
}

// What is YAML but has no place here is refused with its place.
func TestOdd(t *testing.T) {
	for text, want := range map[string]string{
		"":                                                 "the file is empty",
		"# nothing\n":                                      "the file is empty",
		"callwright-site: 1\na: &x 1\n":                    "2:4: an anchor or alias",
		"callwright-site: 1\na: *x\n":                      "2:4: an anchor or alias",
		"callwright-site: 1\n<<: {a: 1}\n":                 "a merge key",
		"callwright-site: 1\nrealm: !!str x\n":             "2:8: ! begins",
		"callwright-site: 1\nrealm: |\n  x\n":              "2:8: | begins",
		"callwright-site: 1\nrealm: \"x\n  y\"\n":          "2:8: this quote is not closed",
		"callwright-site: 1\n--- \na: 1\n":                 "another document",
		"%YAML 1.2\n":                                      "a directive",
		"callwright-site: 1\n\trealm: x\n":                 "U+0009",
		"callwright-site: 1\nrealm: a\nrealm: b\n":         "key realm stands here a second time, first in line 2",
		"callwright-site: 1\nsip: {listen: [\n":            "2:6: this bracket is never closed",
		"callwright-site: 1\nsip: }\n":                     "} closes nothing",
		"\xff\xfe":                                         "not UTF-8",
		"a: " + strings.Repeat("x", 3000):                  "more than 2048 characters",
		strings.Repeat("a: b\n", 300_000):                  "more than 1048576 bytes",
		strings.Repeat("- ", 50) + "a":                     "a list in a list",
		"a: " + strings.Repeat("[", 50):                    "brackets deep",
		"- 1\n":                                            "want a mapping with keys callwright-site",
		"sip: {}\n":                                        "callwright-site is missing; want callwright-site: 1",
		"callwright-site: 1\nrealm:\n":                     "2:1: realm is empty; want a value, or no key",
		"callwright-site: 1\nhttp: {insecure: \"true\"}\n": "want true or false",
	} {
		if _, err := Parse("s.yaml", strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v; want %s", text, err, want)
		}
	}
	for _, text := range []string{"---\ncallwright-site: 1\n", "\xef\xbb\xbfcallwright-site: 1\r\nrealm: x # why\r\n",
		"callwright-site: 1\nsip: {local: [10.0.0.1,\n  10.0.0.2]}\n", "callwright-site: 1\nmusic: 'it''s.wav'\n"} {
		if _, err := Parse("s.yaml", strings.NewReader(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A new file is right as it is, its passwords are those told, and everybody has others.
func TestCreate(t *testing.T) {
	k := Known{Agents: []string{"sales-1", "営業-2", "on"}, Queues: []string{"sales", "no"}, Entries: []string{"main"}, Prompts: []string{"hello there"}}
	text, logins, err := Create(rand.NewChaCha8([32]byte{1}), "day", k)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse("new.yaml", bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if _, err := f.Check(k); err != nil {
		t.Error(err)
	}
	if len(logins) != 4 {
		t.Fatalf("%d logins", len(logins))
	}
	seen := map[string]bool{}
	for _, l := range logins {
		p := f.Site.People.Find(l.Name)
		if p == nil || !p.Password.Is(l.Screen) || p.Password.Is(l.Phone+"x") {
			t.Fatalf("%+v: not the screen's password", l)
		}
		if l.User == "" {
			continue
		}
		m, s := HA1(l.User, f.Site.Realm, l.Phone)
		if p.SIP.MD5 != m || p.SIP.SHA256 != s || p.Extension != l.Extension || p.Agent != l.Name {
			t.Errorf("%+v: not the telephone's password", l)
		}
		if seen[l.Phone] || seen[l.Screen] || l.Phone == l.Screen {
			t.Error("a password twice")
		}
		seen[l.Phone], seen[l.Screen] = true, true
		if bytes.Contains(text, []byte(l.Phone)) || bytes.Contains(text, []byte(l.Screen)) {
			t.Error("a password is in the file")
		}
	}
	if _, _, err := Create(strings.NewReader("short"), "day", k); err == nil {
		t.Error("made passwords without randomness")
	}
	if _, _, err := Create(rand.NewChaCha8([32]byte{}), "day", Known{Agents: make([]string, 3000)}); err == nil {
		t.Error("made 3000 people")
	}
	// With the comments taken from what is shown as an example it is right too.
	var out strings.Builder
	example := false
	for line := range strings.Lines(string(text)) {
		if example = example && strings.HasPrefix(line, "#") || strings.HasPrefix(line, "#  carrier:"); example {
			line = line[1:]
		}
		out.WriteString(line)
	}
	if f, err = Parse("new.yaml", strings.NewReader(out.String())); err != nil || f.Site.Trunks.Find("carrier") == nil {
		t.Errorf("the example of a trunk: %v", err)
	}
	pages := strings.NewReplacer("#  language:", "  language:", "#dispositions:", "dispositions:").Replace(string(text))
	if f, err = Parse("new.yaml", strings.NewReader(pages)); err != nil || f.Site.HTTP.Language != "ja" || len(f.Site.Dispositions) != 6 {
		t.Errorf("the examples of pages: %v", err)
	}
}

// The HA1 of RFC 7616 section 3.9.1 and RFC 2617 section 3.5.
func TestHA1(t *testing.T) {
	m, s := HA1("Mufasa", "http-auth@example.org", "Circle of Life")
	if m != "3d78807defe7de2157e2b0b6573a855f" || s != "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232" {
		t.Errorf("%s %s", string(m), string(s))
	}
	if m, _ = HA1("Mufasa", "testrealm@host.com", "Circle Of Life"); m != "939e7578ed9e3c518a452acee763bce9" {
		t.Errorf("RFC 2617: %s", string(m))
	}
}

// Nothing that prints a site shows a secret of it.
func TestHidden(t *testing.T) {
	f, err := Parse("s.yaml", strings.NewReader(testdata(t, "every.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	js, err := json.Marshal(f.Site)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprintf("%v %+v %#v %s", f.Site.Trunks.Items[0], *f.Site.Trunks.Items[0], f.Site.Trunks.Items[0], f.Site.Trunks.Items[0].Password),
		fmt.Sprintf("%+v %#v", *f.Site.People.Items[0], f.Site.People.Items[0]), fmt.Sprintf("%+v", *f.Site.People.Items[0].SIP), string(js)} {
		for _, secret := range []string{"kept as it is", "0123456789abcdef", "argon2id"} {
			if strings.Contains(shown, secret) {
				t.Errorf("%s is in %s", secret, shown)
			}
		}
	}
}

// Passwords' costs are bounded, and what is no argon2id is nobody's password.
func TestPassword(t *testing.T) {
	p, err := NewPassword(rand.NewChaCha8([32]byte{2}), "日本")
	if err != nil || !p.Is("日本") || p.Is("") || Nobody.Is("") || Password("").Is("") {
		t.Errorf("%v %v", p.Is("日本"), err)
	}
	for _, bad := range []string{"$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=99999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=19456,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=19456,t=2,p=1$AA$AA", "x"} {
		if Password(bad).Is("") {
			t.Errorf("%s is a password", bad)
		}
	}
	if h := TokenHash("t"); !h.Is("t") || h.Is("u") {
		t.Error("tokens")
	}
}

// FuzzParse: whatever comes, Parse and Check come back soon, with a site or with
// mistakes that have places.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"every", "mistakes", "judged", "names"} {
		f.Add(testdata(f, name+".yaml"))
	}
	f.Add("callwright-site: 1\nsip: {listen: [udp: 127.0.0.1:5060, tcp: '[::1]:5060']}\n")
	f.Add("a: [b: [c: [d\n")
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		file, err := Parse("f.yaml", strings.NewReader(text))
		if err == nil {
			_, err = file.Check(known)
		}
		if err != nil && !strings.Contains(err.Error(), "f.yaml:") {
			t.Errorf("a mistake without a place: %v", err)
		}
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("took %v", d)
		}
	})
}

// Texts made to cost time are refused, or read, soon.
func TestCostly(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	many := func(n int) string {
		var b strings.Builder
		b.WriteString("callwright-site: 1\npeople:\n")
		for i := range n {
			fmt.Fprintf(&b, "  p%d:\n    extension: %d\n    sip: {user: u%d, md5: 0123456789abcdef0123456789abcdef}\n", i, 10000+i, i)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"people":      many(mostPeople),
		"keys":        strings.Repeat("a: 1\n", mostPairs),
		"other keys":  flat(mostPairs),
		"long list":   "a: [" + strings.Repeat("1,", 1000) + strings.Repeat("\n1,", 200_000) + "]",
		"colons":      strings.Repeat("a: ", 600),
		"flow colons": "[" + strings.Repeat("a:", 1000) + "]",
		"questions":   strings.Repeat("? ", 1000),
		"plain lines": "a: b\n" + strings.Repeat("  c\n", 200_000),
		"comments":    strings.Repeat("#\n", 500_000) + "callwright-site: 1\n",
		"indents":     strings.Repeat(strings.Repeat(" ", 39)+"a:\n"+"b:\n", 9_000),
	} {
		start := time.Now()
		_, err := Parse("c.yaml", strings.NewReader(text))
		d := time.Since(start)
		t.Logf("%-12s %v %.100v", name, d, err)
		if d > 10*time.Second { // a second or less without the race detector
			t.Errorf("%s: took %v", name, d)
		}
	}
}

func flat(keys int) string {
	var b strings.Builder
	for i := range keys {
		fmt.Fprintf(&b, "k%d: 1\n", i)
	}
	return b.String()
}
