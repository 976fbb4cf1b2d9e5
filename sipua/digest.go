package sipua

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"callwright/sipua/digest"
)

// digests checks and makes digest credentials (RFC 8760, 7616, 2617) with qop=auth. A
// nonce needs no memory: it is a time and an HMAC of it, the source and the listener.
// What is remembered is how far the count of each nonce in use has come.
type digests struct {
	key   [32]byte
	life  time.Duration
	used  map[string]*nonceCount
	lock  map[string]*lockOut // by user and source
	dummy string
}

// nonceCount is the counts of a nonce that have been used: the highest, and the 64
// below it, since messages overtake each other.
type nonceCount struct {
	highest uint64
	seen    uint64 // bit k: highest-k was used
	until   time.Time
}

// lockOut is after wrong passwords: each doubles the time in which nothing is checked.
type lockOut struct {
	wrong int
	until time.Time
}

const (
	mostNonces   = 50_000
	mostLockOuts = 50_000
	freeTries    = 3
	longestLock  = 5 * time.Minute
)

func newDigests(random func() uint64) *digests {
	d := &digests{life: 5 * time.Minute, used: map[string]*nonceCount{}, lock: map[string]*lockOut{}}
	for i := 0; i < len(d.key); i += 8 {
		binary.LittleEndian.PutUint64(d.key[i:], random())
	}
	d.dummy = hex.EncodeToString(d.key[:16])
	return d
}

// nonce makes one for a source at a listener.
func (d *digests) nonce(now time.Time, from netip.Addr, listener int) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(now.UnixNano()))
	return base64.RawURLEncoding.EncodeToString(append(b[:], d.sign(b[:], from, listener)...))
}

func (d *digests) sign(at []byte, from netip.Addr, listener int) []byte {
	h := hmac.New(sha256.New, d.key[:])
	h.Write(at)
	a := from.As16()
	h.Write(a[:])
	h.Write([]byte{byte(listener)})
	return h.Sum(nil)[:16]
}

// ours reports whether a nonce is one of ours for this source, and whether it is
// still good.
func (d *digests) ours(nonce string, now time.Time, from netip.Addr, listener int) (ours, fresh bool) {
	b, err := base64.RawURLEncoding.DecodeString(nonce)
	if err != nil || len(b) != 24 || !hmac.Equal(b[8:], d.sign(b[:8], from, listener)) {
		return false, false
	}
	at := time.Unix(0, int64(binary.BigEndian.Uint64(b[:8])))
	return true, now.Sub(at) < d.life && now.Sub(at) > -time.Second
}

// count uses a count of a nonce, once.
func (d *digests) count(nonce string, nc uint64, now time.Time) bool {
	n := d.used[nonce]
	if n == nil {
		if len(d.used) >= mostNonces {
			for k, old := range d.used {
				if now.After(old.until) {
					delete(d.used, k)
				}
			}
			if len(d.used) >= mostNonces {
				return false
			}
		}
		n = &nonceCount{until: now.Add(d.life)}
		d.used[nonce] = n
	}
	switch {
	case nc == 0:
		return false
	case nc > n.highest:
		if shift := nc - n.highest; shift < 64 {
			n.seen = n.seen<<shift | 1
		} else {
			n.seen = 1
		}
		n.highest = nc
		return true
	case n.highest-nc >= 64 || n.seen&(1<<(n.highest-nc)) != 0:
		return false
	}
	n.seen |= 1 << (n.highest - nc)
	return true
}

// answer is what became of credentials.
type answer uint8

const (
	wrong answer = iota
	stale        // right, but with an old nonce: try again with a new one, without asking the user
	right
)

// check judges an Authorization header for a request. An unknown user takes as long
// as a known one with a wrong password, and so does one who is locked out.
func (d *digests) check(h, method string, account *Account, algorithms []string, realm string, now time.Time, from netip.Addr, listener int) answer {
	p, ok := digest.Params(h)
	if !ok || p["realm"] != realm || p["qop"] != "auth" || len(p["nc"]) != 8 || len(p["cnonce"]) == 0 || len(p["cnonce"]) > 256 {
		return wrong
	}
	alg := strings.ToUpper(p["algorithm"])
	if alg == "" {
		alg = "MD5"
	}
	hash := digest.Hash(alg, algorithms)
	if hash == nil {
		return wrong
	}
	ours, fresh := d.ours(p["nonce"], now, from, listener)
	nc, err := strconv.ParseUint(p["nc"], 16, 32)
	if !ours || err != nil {
		return wrong
	}
	ha1 := d.dummy
	if account != nil && account.HA1[alg] != "" {
		ha1 = account.HA1[alg]
	}
	want := digest.Response(hash, ha1, p, method)
	good := subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(p["response"]))) == 1
	who := p["username"] + "\x00" + from.String()
	locked := d.locked(who, now)
	switch {
	case !good || account == nil || locked:
		if !locked {
			d.failed(who, now)
		}
		return wrong
	case !fresh || !d.count(p["nonce"], nc, now):
		return stale
	}
	delete(d.lock, who)
	return right
}

func (d *digests) locked(who string, now time.Time) bool {
	l := d.lock[who]
	return l != nil && now.Before(l.until)
}

func (d *digests) failed(who string, now time.Time) {
	l := d.lock[who]
	if l == nil {
		if len(d.lock) >= mostLockOuts {
			clear(d.lock) // somebody makes up names: the admission limits him
		}
		l = &lockOut{}
		d.lock[who] = l
	}
	if l.wrong++; l.wrong > freeTries {
		l.until = now.Add(min(time.Second<<min(l.wrong-freeTries-1, 20), longestLock))
	}
}

// challenge writes one WWW-Authenticate value for each algorithm, the preferred first.
func (d *digests) challenge(realm string, algorithms []string, stale bool, now time.Time, from netip.Addr, listener int) (out []string) {
	nonce := d.nonce(now, from, listener)
	for _, alg := range algorithms {
		v := fmt.Sprintf(`Digest realm="%s", nonce="%s", algorithm=%s, qop="auth"`, realm, nonce, alg)
		if stale {
			v += ", stale=true"
		}
		out = append(out, v)
	}
	return out
}
