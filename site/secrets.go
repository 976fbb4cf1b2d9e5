package site

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"

	"callwright/yamlfile"
)

// HA1 returns what a telephone's password is stored as (RFC 7616 section 3.4.2): the
// hashes of user:realm:password.
func HA1(user, realm, password string) (MD5, SHA256) {
	a1 := []byte(user + ":" + realm + ":" + password)
	m, s := md5.Sum(a1), sha256.Sum256(a1)
	return MD5(hex.EncodeToString(m[:])), SHA256(hex.EncodeToString(s[:]))
}

// TokenHash returns what an API token is stored as.
func TokenHash(token string) SHA256 {
	s := sha256.Sum256([]byte(token))
	return SHA256(hex.EncodeToString(s[:]))
}

// Is reports whether h is the hash of an API token, in constant time.
func (h SHA256) Is(token string) bool {
	return subtle.ConstantTimeCompare([]byte(TokenHash(token)), []byte(h)) == 1
}

// What argon2id costs: the memory and passes that OWASP's password storage cheat sheet
// recommends, about 20 ms. The most bounds what a file may ask of the server.
const (
	kibibytes     = 19 << 10
	passes        = 2
	mostKibibytes = 256 << 10
	mostPasses    = 16
	saltBytes     = 16
	keyBytes      = 32
)

// Password is a password of a screen as argon2id, in the usual form:
// $argon2id$v=19$m=19456,t=2,p=1$salt$hash. It prints as (hidden).
type Password string

// String hides the hash.
func (Password) String() string { return hidden }

// GoString hides it from %#v.
func (Password) GoString() string { return hidden }

// MarshalText hides it from logs and JSON.
func (Password) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// NewPassword hashes a password with a salt from random.
func NewPassword(random io.Reader, password string) (Password, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", err
	}
	key := argon2.IDKey([]byte(password), salt, passes, kibibytes, 1, keyBytes)
	b64 := base64.RawStdEncoding
	return Password(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, kibibytes, passes, b64.EncodeToString(salt), b64.EncodeToString(key))), nil
}

// Is reports whether p is the hash of a password. An empty p is of none, and takes no
// time: hide with Nobody who exists.
func (p Password) Is(password string) bool {
	h, err := p.parts()
	if err != nil {
		return false
	}
	key := argon2.IDKey([]byte(password), h.salt, h.passes, h.kibibytes, h.threads, uint32(len(h.key)))
	return subtle.ConstantTimeCompare(key, h.key) == 1
}

// Nobody is a password that nobody knows. Checking it takes as long as any: do so for
// users that do not exist.
const Nobody Password = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

type argonParts struct {
	kibibytes, passes uint32
	threads           uint8
	salt, key         []byte
}

var errArgon = errors.New("no argon2id")

func (p Password) parts() (h argonParts, err error) {
	f := strings.Split(string(p), "$")
	if len(f) != 6 || f[0] != "" || f[1] != "argon2id" || f[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, errArgon
	}
	if n, err := fmt.Sscanf(f[3], "m=%d,t=%d,p=%d", &h.kibibytes, &h.passes, &h.threads); n != 3 || err != nil {
		return h, errArgon
	}
	if h.salt, err = base64.RawStdEncoding.DecodeString(f[4]); err != nil {
		return h, errArgon
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(f[5]); err != nil {
		return h, errArgon
	}
	if h.kibibytes < 8 || h.kibibytes > mostKibibytes || h.passes < 1 || h.passes > mostPasses || h.threads < 1 || h.threads > 16 ||
		len(h.salt) < 8 || len(h.salt) > 64 || len(h.key) < 16 || len(h.key) > 64 {
		return h, errArgon
	}
	return h, nil
}

func (p *Password) read(d *decoder, t *tree, path string) {
	*p = Password(t.Text)
	if _, err := p.parts(); t.Kind != yamlfile.Scalar || err != nil {
		d.Add(t.At, path, "is not shown; want an argon2id hash, $argon2id$v=19$..., not the password: callwright site password makes one")
		*p = ""
	}
}

// letters are what random passwords are made of: none that are mistaken for another.
// There are 32, so that five bits choose one without favour.
const letters = "abcdefghijkmnpqrstuvwxyz23456789"

// Random returns a password of n letters from random, 5 bits each.
func Random(random io.Reader, n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", err
	}
	for i := range b {
		b[i] = letters[b[i]&31]
	}
	return string(b), nil
}
