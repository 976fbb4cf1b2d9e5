package sipua

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"callwright/sipua/digest"
)

var (
	phone   = netip.MustParseAddr("127.0.0.2")
	someday = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
)

func testDigests() *digests {
	n := uint64(0)
	return newDigests(func() uint64 { n++; return n * 0x9e3779b97f4a7c15 })
}

func ha1(alg, user, secret string) string {
	return digest.Hash(alg, []string{"MD5", "SHA-256"})(user + ":centre:" + secret)
}

// The worked examples of RFC 7616 3.9.1, both algorithms.
func TestResponseOfTheRFC(t *testing.T) {
	p := map[string]string{"nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "nc": "00000001", "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "qop": "auth", "uri": "/dir/index.html"}
	for alg, want := range map[string]string{"MD5": "8ca523f5e9506fed4657c9700eebdbec", "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"} {
		hash := digest.Hash(alg, []string{alg})
		if got := digest.Response(hash, hash("Mufasa:http-auth@example.org:Circle of Life"), p, "GET"); got != want {
			t.Errorf("%s: %s, want %s", alg, got, want)
		}
	}
}

// credentials makes what a phone with a password sends.
func credentials(d *digests, alg, user, secret string, nonce string, nc int) string {
	p := map[string]string{"nonce": nonce, "nc": fmt.Sprintf("%08x", nc), "cnonce": "c", "qop": "auth", "uri": "sip:centre"}
	hash := digest.Hash(alg, []string{"MD5", "SHA-256"})
	return fmt.Sprintf(`Digest username="%s", realm="centre", nonce="%s", uri="sip:centre", algorithm=%s, qop=auth, nc=%s, cnonce="c", response="%s"`,
		user, nonce, alg, p["nc"], digest.Response(hash, ha1(alg, user, secret), p, "REGISTER"))
}

func TestCredentials(t *testing.T) {
	d := testDigests()
	anna := &Account{User: "anna", HA1: map[string]string{"MD5": ha1("MD5", "anna", "right"), "SHA-256": ha1("SHA-256", "anna", "right")}}
	both, md := []string{"SHA-256", "MD5"}, []string{"MD5"}
	good := d.nonce(someday, phone, 0)
	check := func(h string, a *Account, algs []string, at time.Duration, from netip.Addr, listener int) answer {
		return d.check(h, "REGISTER", a, algs, "centre", someday.Add(at), from, listener)
	}
	for _, c := range []struct {
		what string
		got  answer
		want answer
	}{
		{"SHA-256", check(credentials(d, "SHA-256", "anna", "right", good, 1), anna, both, 0, phone, 0), right},
		{"MD5", check(credentials(d, "MD5", "anna", "right", good, 2), anna, both, 0, phone, 0), right},
		{"the same count again", check(credentials(d, "MD5", "anna", "right", good, 2), anna, both, 0, phone, 0), stale},
		{"an algorithm that is not offered here", check(credentials(d, "SHA-256", "anna", "right", good, 3), anna, md, 0, phone, 0), wrong},
		{"overtaken", check(credentials(d, "MD5", "anna", "right", good, 70), anna, both, 0, phone, 0), right},
		{"within the window of 64", check(credentials(d, "MD5", "anna", "right", good, 8), anna, both, 0, phone, 0), right},
		{"before the window", check(credentials(d, "MD5", "anna", "right", good, 6), anna, both, 0, phone, 0), stale},
		{"an old nonce", check(credentials(d, "MD5", "anna", "right", good, 71), anna, both, 6*time.Minute, phone, 0), stale},
		{"another source's nonce", check(credentials(d, "MD5", "anna", "right", d.nonce(someday, netip.MustParseAddr("127.0.0.3"), 0), 1), anna, both, 0, phone, 0), wrong},
		{"another listener's nonce", check(credentials(d, "MD5", "anna", "right", d.nonce(someday, phone, 1), 1), anna, both, 0, phone, 0), wrong},
		{"a nonce of nobody", check(credentials(d, "MD5", "anna", "right", "bm9uY2U", 1), anna, both, 0, phone, 0), wrong},
		{"an unknown user", check(credentials(d, "MD5", "otto", "right", good, 72), nil, both, 0, phone, 0), wrong},
		{"Basic", check("Basic YW5uYTpyaWdodA==", anna, both, 0, phone, 0), wrong},
		{"a parameter twice", check(credentials(d, "MD5", "anna", "right", good, 73)+`, qop=auth`, anna, both, 0, phone, 0), wrong},
		{"without qop", check(strings.Replace(credentials(d, "MD5", "anna", "right", good, 74), "qop=auth, ", "", 1), anna, both, 0, phone, 0), wrong},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.what, c.got, c.want)
		}
	}
}

// Wrong passwords lock a user out from that source, longer each time; elsewhere he gets in.
func TestLockOut(t *testing.T) {
	d := testDigests()
	anna := &Account{User: "anna", HA1: map[string]string{"MD5": ha1("MD5", "anna", "right")}}
	now := someday
	try := func(secret string, from netip.Addr, nc int) answer {
		return d.check(credentials(d, "MD5", "anna", secret, d.nonce(now, from, 0), nc), "REGISTER", anna, []string{"MD5"}, "centre", now, from, 0)
	}
	for i := range freeTries + 1 {
		if try("wrong", phone, i+1) != wrong {
			t.Fatal("a wrong password is right")
		}
	}
	if try("right", phone, 1) != wrong {
		t.Error("not locked out after wrong passwords")
	}
	if try("right", netip.MustParseAddr("127.0.0.9"), 1) != right {
		t.Error("locked out from elsewhere too")
	}
	now = now.Add(2 * time.Second)
	if try("wrong", phone, 1) != wrong || try("right", phone, 2) != wrong {
		t.Error("not locked out again")
	}
	now = now.Add(3 * time.Second)
	if try("right", phone, 3) != right {
		t.Error("locked out for ever")
	}
	if try("wrong", phone, 1) != wrong || try("right", phone, 2) != right {
		t.Error("one mistake after a success locks out")
	}
}

// As a client we answer challenges of our trunk's realms alone, in either way.
func TestAuthorize(t *testing.T) {
	h := func(s string) string { x := md5.Sum([]byte(s)); return hex.EncodeToString(x[:]) }
	got, ok := digest.Authorize(`Digest realm="pbx", nonce="n"`, "REGISTER", "sip:pbx", "u", "s", []string{"pbx"}, "c", 1)
	if want := h(h("u:pbx:s") + ":n:" + h("REGISTER:sip:pbx")); !ok || !strings.Contains(got, want) {
		t.Errorf("without qop: %s, want %s in it", got, want)
	}
	for _, c := range []string{`Digest realm="other", nonce="n", qop="auth"`, `Digest realm="pbx", nonce="n", qop="auth-int"`, `Digest realm="pbx", nonce="n", algorithm=SHA-512`, `Basic realm="pbx"`, `Digest realm="pbx`} {
		if got, ok := digest.Authorize(c, "INVITE", "sip:x", "u", "s", []string{"pbx"}, "c", 1); ok {
			t.Errorf("%s is answered %s", c, got)
		}
	}
}

func FuzzParams(f *testing.F) {
	f.Add(`Digest username="a\"b", realm=x, qop=auth`)
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := digest.Params(s)
		if ok && len(p) > len(s) {
			t.Errorf("%d parameters of %q", len(p), s)
		}
	})
}
