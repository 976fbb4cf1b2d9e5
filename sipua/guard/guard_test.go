package guard

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/internal/shared"
)

// Every SIP message of ../shared/torture ends as its verdict says, as far as syntax
// goes: what is invalid becomes no message, what is valid does, each in good time.
// What the answers to good ones are is sipua's to show.
func TestTorture(t *testing.T) {
	dir := shared.Path(t, "torture")
	f, err := os.Open(filepath.Join(dir, "manifest.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = '\t', -1, true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	// Invalid by what they ask, not by how they are written, or liberal by the RFC's leave.
	later := map[string]bool{"baddate.dat": true, "badaspec.dat": true, "register-star-expires.sip": true, "multipart-nested-50.sip": true, "crlf-keepalive.sip": true, "response-unknown.sip": true, "test18.txt": true, "test26.txt": true}
	seen := 0
	for _, row := range rows[1:] {
		family, name, verdict := row[0], row[1], row[4]
		if family != "rfc4475" && family != "rfc5118" && family != "sip-own" && family != "sofia-sip" && family != "sip-seeds" || strings.HasSuffix(name, ".raw") {
			continue
		}
		seen++
		b, err := os.ReadFile(filepath.Join(dir, family, name))
		if err != nil {
			t.Fatal(err)
		}
		if family == "sofia-sip" && !bytes.Contains(b, []byte("\r\n")) {
			b = bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))
		}
		begin := time.Now()
		v := Datagram(b)
		if d := time.Since(begin); d > 50*time.Millisecond {
			t.Errorf("%s/%s took %v", family, name, d)
		}
		switch {
		case (verdict == "invalid" || verdict == "bad") && v.Message != nil && !later[name]:
			t.Errorf("%s/%s: taken; want %s (%s)", family, name, verdict, row[5])
		case verdict == "valid" && v.Message == nil:
			t.Errorf("%s/%s: %d %s; want %s (%s)", family, name, v.Code, v.Why, verdict, row[5])
		case verdict == "semantic" && v.Message == nil && v.Code == 0:
			t.Errorf("%s/%s: dropped, %s; want %s", family, name, v.Why, row[5])
		case v.Answer != nil:
			if !bytes.HasPrefix(v.Answer, []byte("SIP/2.0 ")) || !bytes.HasSuffix(v.Answer, []byte("\r\nContent-Length: 0\r\n\r\n")) {
				t.Errorf("%s/%s: our answer is\n%s", family, name, v.Answer)
			}
		}
	}
	if seen < 150 {
		t.Errorf("%d messages", seen)
	}
}

const good = "OPTIONS sip:us@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.2;branch=z9hG4bKa\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:us@c>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 3\r\n\r\nabc"

// A stream is cut the same, however it comes in pieces.
func TestFramer(t *testing.T) {
	stream := "\r\n\r\n" + good + "\r\n" + good + good
	for size := 1; size < len(stream); size += 7 {
		var f Framer
		messages, alive := 0, 0
		for i := 0; i < len(stream); i += size {
			f.Write([]byte(stream[i:min(i+size, len(stream))]))
			for {
				fr, ok := f.Next()
				if !ok {
					break
				}
				if fr.KeepAlive {
					alive++
				} else if fr.Message != nil && string(fr.Message.Body()) == "abc" {
					messages++
				} else {
					t.Fatalf("pieces of %d: %+v", size, fr)
				}
			}
		}
		if messages != 3 || alive != 1 || f.Waiting() {
			t.Errorf("pieces of %d: %d messages, %d keep-alives, %v", size, messages, alive, f.Waiting())
		}
	}
}

// A stream whose next message cannot be found is closed; nothing of what follows is read.
func TestFramerCloses(t *testing.T) {
	for what, s := range map[string]string{
		"two lengths":   strings.Replace(good, "Content-Length: 3", "Content-Length: 3\r\nl: 4", 1) + good,
		"no length":     strings.Replace(good, "Content-Length: 3\r\n", "", 1) + good,
		"4 GiB":         strings.Replace(good, "Content-Length: 3", "Content-Length: 4294967296", 1),
		"letters":       strings.Replace(good, "Content-Length: 3", "Content-Length: 3x", 1),
		"HTTP":          "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"TLS":           "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03abcdefgh",
		"header no end": "OPTIONS sip:a SIP/2.0\r\n" + strings.Repeat("X: y\r\n", 20000),
	} {
		var f Framer
		f.Write([]byte(s))
		fr, ok := f.Next()
		if !ok || !fr.Close || fr.Message != nil {
			t.Errorf("%s: %+v, %v", what, fr, ok)
		}
	}
}

func FuzzDatagram(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKa\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:us@c>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		v := Datagram(b)
		if v.Message == nil {
			return
		}
		// What we take is read the same when written anew.
		again, err := sip.ParseMessage([]byte(v.Message.String()))
		if err != nil {
			t.Skip() // sipgo writes less than it reads; what we send is written by dialog
		}
		if again.CallID().Value() != v.Message.CallID().Value() || again.CSeq().Value() != v.Message.CSeq().Value() {
			t.Errorf("read as %q, then as %q", v.Message, again)
		}
	})
}

func FuzzStream(f *testing.F) {
	f.Add([]byte(good+good), 5)
	f.Fuzz(func(t *testing.T, b []byte, size int) {
		size = max(1, min(size, 1000))
		var whole, pieces Framer
		whole.Write(b)
		count := func(f *Framer) (n int, closed bool) {
			for {
				fr, ok := f.Next()
				if !ok {
					return n, false
				}
				n++
				if fr.Close {
					return n, true
				}
			}
		}
		want, _ := count(&whole)
		got := 0
		for i := 0; i < len(b); i += size {
			pieces.Write(b[i:min(i+size, len(b))])
			n, closed := count(&pieces)
			got += n
			if closed {
				return // in pieces, what is no SIP may show sooner
			}
		}
		if got != want && len(b) < MaxMessage {
			t.Errorf("%d messages at once, %d in pieces of %d", want, got, size)
		}
	})
}
