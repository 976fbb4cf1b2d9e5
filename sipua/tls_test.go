package sipua_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callwright/sipua"
	"callwright/sipua/dialog"
)

func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// On TLS both algorithms are offered, SHA-256 first, and a phone registers with that; on
// UDP MD5 alone is.
func TestTLSAndAlgorithms(t *testing.T) {
	c := newCentre(t, func(cfg *sipua.Config) {
		cfg.Listeners = append(cfg.Listeners, sipua.Listener{Transport: dialog.TLS, Addr: netip.MustParseAddrPort("127.0.0.1:0"),
			TLS: &tls.Config{Certificates: []tls.Certificate{certificate(t)}}})
		x := sha256.Sum256([]byte("anna:centre:a1"))
		cfg.Accounts[0].HA1["SHA-256"] = hex.EncodeToString(x[:])
	})
	conn, err := tls.Dial("tcp", c.server.Addrs()[2].String(), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	ask := func(seq int, auth string) (status string, challenges []string) {
		fmt.Fprintf(conn, "REGISTER sip:centre SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:1;branch=z9hG4bKt%d\r\nFrom: <sip:anna@centre>;tag=1\r\nTo: <sip:anna@centre>\r\nCall-ID: tls\r\nCSeq: %d REGISTER\r\nContact: <sip:anna@127.0.0.1:1;transport=tls>\r\nExpires: 600\r\n%sContent-Length: 0\r\n\r\n", seq, seq, auth)
		conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			line = strings.TrimSpace(line)
			if status == "" {
				status = line
			}
			if v, ok := strings.CutPrefix(line, "WWW-Authenticate: "); ok {
				challenges = append(challenges, v)
			}
			if line == "" {
				return status, challenges
			}
		}
	}
	status, challenges := ask(1, "")
	if !strings.Contains(status, "401") || len(challenges) != 2 || !strings.Contains(challenges[0], "SHA-256") || !strings.Contains(challenges[1], "MD5") {
		t.Fatalf("%s, %q", status, challenges)
	}
	v := map[string]string{}
	for _, m := range quoted.FindAllStringSubmatch(challenges[0], -1) {
		v[m[1]] = m[2]
	}
	h := func(s string) string { x := sha256.Sum256([]byte(s)); return hex.EncodeToString(x[:]) }
	res := h(h("anna:centre:a1") + ":" + v["nonce"] + ":00000001:c:auth:" + h("REGISTER:sip:centre"))
	status, _ = ask(2, fmt.Sprintf("Authorization: Digest username=\"anna\", realm=\"centre\", nonce=\"%s\", uri=\"sip:centre\", algorithm=SHA-256, qop=auth, nc=00000001, cnonce=\"c\", response=\"%s\"\r\n", v["nonce"], res))
	if !strings.Contains(status, "200") {
		t.Errorf("with SHA-256: %s", status)
	}
	anna := c.phone("anna", "a1") // takes MD5 alone
	if code := anna.register(600); code != 200 {
		t.Errorf("with MD5 on UDP: %d", code)
	}
}

// A centre registers with another, which challenges it, as it would with a provider.
func TestTrunkRegisters(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bindings")
	provider := newCentre(t, func(cfg *sipua.Config) { cfg.Bindings = file })
	newCentre(t, func(cfg *sipua.Config) {
		cfg.Trunks[0].Target = sipua.Target{Host: "127.0.0.1", Port: int(provider.addr.Port())}
		cfg.Trunks[0].User, cfg.Trunks[0].Secret, cfg.Trunks[0].Realms, cfg.Trunks[0].Register = "carl", "c3", []string{"centre"}, time.Minute
	})
	for range 100 {
		if b, err := os.ReadFile(file); err == nil && strings.Contains(string(b), `"carl"`) && strings.Contains(string(b), "sip:carl@127.0.0.1") {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("the trunk does not register")
}
