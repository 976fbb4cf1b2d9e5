// Package digest is the arithmetic of digest authentication (RFC 7616, RFC 2617 where peers are
// older): the parameters of a header, the hash a secret becomes, and the answer to a
// challenge. It keeps no nonce and decides about nobody. sipua, which asks for credentials
// and gives them to trunks, and traffic/sipload, which gives them, import it.
package digest

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Hash returns the hash of an algorithm, in hex, if it is one of those allowed; else nil.
func Hash(alg string, allowed []string) func(string) string {
	for _, a := range allowed {
		if a != alg {
			continue
		}
		switch alg {
		case "MD5":
			return func(s string) string { h := md5.Sum([]byte(s)); return hex.EncodeToString(h[:]) }
		case "SHA-256":
			return func(s string) string { h := sha256.Sum256([]byte(s)); return hex.EncodeToString(h[:]) }
		}
	}
	return nil
}

// Response computes what proves the secret (RFC 7616 3.4.1), of a header's parameters.
func Response(hash func(string) string, ha1 string, p map[string]string, method string) string {
	ha2 := hash(method + ":" + p["uri"])
	return hash(strings.Join([]string{ha1, p["nonce"], p["nc"], p["cnonce"], p["qop"], ha2}, ":"))
}

// Authorize answers a challenge as a client, if it is for one of the realms (nil: any)
// and in an algorithm that we know. uri is what the request is addressed to.
func Authorize(challenge, method, uri, user, secret string, realms []string, cnonce string, nc int) (string, bool) {
	p, ok := Params(challenge)
	if !ok {
		return "", false
	}
	known := realms == nil
	for _, r := range realms {
		known = known || r == p["realm"]
	}
	alg := strings.ToUpper(p["algorithm"])
	if alg == "" {
		alg = "MD5"
	}
	hash := Hash(alg, []string{"SHA-256", "MD5"})
	if !known || hash == nil {
		return "", false
	}
	ha1 := hash(user + ":" + p["realm"] + ":" + secret)
	out := fmt.Sprintf(`Digest username="%s", realm="%s", nonce="%s", uri="%s", algorithm=%s`, user, p["realm"], p["nonce"], uri, alg)
	if !strings.Contains(","+strings.ReplaceAll(p["qop"], " ", "")+",", ",auth,") { // RFC 2069's way, of old registrars
		if p["qop"] != "" {
			return "", false
		}
		out += fmt.Sprintf(`, response="%s"`, hash(ha1+":"+p["nonce"]+":"+hash(method+":"+uri)))
	} else {
		q := map[string]string{"nonce": p["nonce"], "nc": fmt.Sprintf("%08x", nc), "cnonce": cnonce, "qop": "auth", "uri": uri}
		out += fmt.Sprintf(`, qop=auth, nc=%s, cnonce="%s", response="%s"`, q["nc"], cnonce, Response(hash, ha1, q, method))
	}
	if p["opaque"] != "" {
		out += fmt.Sprintf(`, opaque="%s"`, p["opaque"])
	}
	return out, true
}

// Params reads the parameters of a Digest header; names are in lower case.
func Params(h string) (map[string]string, bool) {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(h), " ")
	if !ok || !strings.EqualFold(scheme, "digest") || len(h) > 4096 {
		return nil, false
	}
	p := map[string]string{}
	for rest = strings.TrimLeft(rest, ", \t"); rest != ""; rest = strings.TrimLeft(rest, ", \t") {
		name, after, ok := strings.Cut(rest, "=")
		if !ok {
			return nil, false
		}
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := p[name]; twice {
			return nil, false
		}
		after = strings.TrimLeft(after, " \t")
		if strings.HasPrefix(after, `"`) {
			v, tail, ok := unquote(after[1:])
			if !ok {
				return nil, false
			}
			p[name], rest = v, tail
			continue
		}
		v, tail, _ := strings.Cut(after, ",")
		p[name], rest = strings.TrimSpace(v), tail
	}
	return p, true
}

// unquote reads up to the closing quote.
func unquote(s string) (v, tail string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
			if i < len(s) {
				b.WriteByte(s[i])
			}
		case '"':
			return b.String(), s[i+1:], true
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", false
}
