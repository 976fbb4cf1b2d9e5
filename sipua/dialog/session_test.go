package dialog

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callwright/internal/shared"
)

var here = netip.MustParseAddrPort("127.0.0.1:4000")

// sdpOffer writes an offer of lines, with what every description has before them.
func sdpOffer(lines ...string) []byte {
	return []byte("v=0\r\no=x 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\n" + strings.Join(lines, "\r\n") + "\r\n")
}

// What an offer's lines are answered with, and what is agreed.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		name  string
		offer []string
		want  Direction
		lines []string // of the answer, from m= on
		media Media
		err   error
	}{
		{"both laws: the offerer's first", []string{"m=audio 5000 RTP/AVP 8 0 96", "a=rtpmap:96 telephone-event/8000"}, SendRecv,
			[]string{"m=audio 4000 RTP/AVP 8 96", "a=rtpmap:8 PCMA/8000", "a=rtpmap:96 telephone-event/8000", "a=fmtp:96 0-15", "a=ptime:20", "a=sendrecv"},
			Media{Send: Codec{PCMA, 8, 96}, ToPeer: true, FromPeer: true}, nil},
		{"dynamic number for PCMU", []string{"m=audio 5000 RTP/AVP 9 100", "a=rtpmap:100 pcmu/8000/1"}, SendRecv,
			[]string{"m=audio 4000 RTP/AVP 100", "a=rtpmap:100 PCMU/8000", "a=ptime:20", "a=sendrecv"},
			Media{Send: Codec{PCMU, 100, 0}, ToPeer: true, FromPeer: true}, nil},
		{"video and T.38 refused in their places", []string{"m=video 5002 RTP/AVP 31", "m=audio 5000 RTP/AVP 0", "m=image 5004 udptl t38", "m=audio 5006 RTP/AVP 0"}, SendRecv,
			[]string{"m=video 0 RTP/AVP 31", "m=audio 4000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=ptime:20", "a=sendrecv", "m=image 0 udptl t38", "m=audio 0 RTP/AVP 0"},
			Media{Send: Codec{PCMU, 0, 0}, ToPeer: true, FromPeer: true}, nil},
		{"hold, new notation", []string{"m=audio 5000 RTP/AVP 0", "a=sendonly"}, SendRecv,
			[]string{"m=audio 4000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=ptime:20", "a=recvonly"},
			Media{Send: Codec{PCMU, 0, 0}, FromPeer: true, Hold: true}, nil},
		{"hold, both silent", []string{"m=audio 5000 RTP/AVP 0", "a=inactive"}, SendRecv,
			[]string{"m=audio 4000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=ptime:20", "a=inactive"},
			Media{Send: Codec{PCMU, 0, 0}, Hold: true}, nil},
		{"hold, old notation", []string{"m=audio 5000 RTP/AVP 0", "c=IN IP4 0.0.0.0"}, SendRecv,
			[]string{"m=audio 4000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=ptime:20", "a=recvonly"},
			Media{Send: Codec{PCMU, 0, 0}, FromPeer: true, Hold: true}, nil},
		{"only T.38", []string{"m=image 5004 udptl t38"}, SendRecv, nil, Media{}, ErrNoAudio},
		{"only SRTP", []string{"m=audio 5000 RTP/SAVP 0", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x"}, SendRecv, nil, Media{}, ErrNoAudio},
		{"port 0", []string{"m=audio 0 RTP/AVP 0"}, SendRecv, nil, Media{}, ErrNoAudio},
		{"multicast", []string{"m=audio 5000 RTP/AVP 0", "c=IN IP4 224.1.1.1/3"}, SendRecv, nil, Media{}, ErrNoAudio},
		{"0 called otherwise", []string{"m=audio 5000 RTP/AVP 0", "a=rtpmap:0 G729/8000"}, SendRecv, nil, Media{}, ErrNoAudio},
		{"nothing", nil, SendRecv, nil, Media{}, ErrBadSDP},
	} {
		s := NewSession(7)
		b, m, err := s.Answer(sdpOffer(c.offer...), here, c.want)
		if !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", c.name, err, c.err)
			continue
		}
		if err != nil {
			continue
		}
		_, after, _ := strings.Cut(string(b), "t=0 0\r\n")
		if got := strings.Split(strings.TrimSuffix(after, "\r\n"), "\r\n"); strings.Join(got, "|") != strings.Join(c.lines, "|") {
			t.Errorf("%s: answered\n%s\nwant\n%s", c.name, strings.Join(got, "\n"), strings.Join(c.lines, "\n"))
		}
		if m.Remote.IsValid() && m.Remote.String() != "127.0.0.2:5000" || m.Remote.IsValid() && m.RTCP.Port() != 5001 {
			t.Errorf("%s: audio to %v, reports to %v", c.name, m.Remote, m.RTCP)
		}
		m.Remote, m.RTCP, m.Receive = netip.AddrPort{}, netip.AddrPort{}, Codec{}
		if m != c.media {
			t.Errorf("%s: agreed %+v, want %+v", c.name, m, c.media)
		}
	}
}

// The version in o= rises only when something has changed (RFC 3264 8), and lines once
// agreed keep number and order in our own offers.
func TestVersions(t *testing.T) {
	s := NewSession(14)
	one, _, err := s.Answer(sdpOffer("m=video 5002 RTP/AVP 31", "m=audio 5000 RTP/AVP 8"), here, SendRecv)
	if err != nil {
		t.Fatal(err)
	}
	same, _, _ := s.Answer(sdpOffer("m=video 5002 RTP/AVP 31", "m=audio 5000 RTP/AVP 8"), here, SendRecv)
	if string(one) != string(same) {
		t.Errorf("the same answer differs:\n%s\n%s", one, same)
	}
	hold := string(s.Offer(here, SendOnly))
	for _, want := range []string{"o=callwright 7 2 IN IP4 127.0.0.1", "m=video 0 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 8 101", "a=sendonly"} {
		if !strings.Contains(hold, want) {
			t.Errorf("no %q in\n%s", want, hold)
		}
	}
	m, err := s.Accept(sdpOffer("m=video 0 RTP/AVP 31", "m=audio 5000 RTP/AVP 8 97", "a=rtpmap:97 telephone-event/8000", "a=recvonly"))
	if err != nil || !m.ToPeer || m.FromPeer || m.Send.Event != 97 || m.Receive.Event != 101 {
		t.Errorf("accepted %+v, %v", m, err)
	}
}

// Every malformed description of ../shared/torture ends as its verdict says: refused
// where it is invalid, and without harm everywhere.
func TestTortureSDP(t *testing.T) {
	dir := shared.Path(t, "torture/sdp")
	files, _ := filepath.Glob(filepath.Join(dir, "*.sdp"))
	if len(files) < 60 {
		t.Fatalf("%d files", len(files))
	}
	refuse := map[string]bool{"own-m-x1000": true, "own-port-65536": true, "own-port-negative": true, "own-c-loop-multicast": true, "own-c-missing": true,
		"own-version-1": true, "own-crypto-weak": true, "own-fingerprint-bad": true, "own-nul-byte": true, "own-order-wrong": true, "own-empty": true,
		"pjsendto-155_err_sdp_bad_syntax": true, "pjsendto-152_err_sdp_no_media": true, "pjsendto-157_err_sdp_bad_addr_type": true}
	take := map[string]bool{"own-c-hold-zero": true, "own-dtmf-no-rtpmap": true, "own-codecs-x500": true, "own-ptime-zero": true, "own-ptime-huge": true,
		"own-direction-x3": true, "own-lf-only": true, "pjsendto-100_simplecall": true, "pjsendto-120_sdp_with_video_dynamic_2": true}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		base := strings.TrimSuffix(filepath.Base(name), ".sdp")
		answer, _, err := NewSession(1).Answer(b, here, SendRecv)
		if refuse[base] && err == nil {
			t.Errorf("%s: accepted with\n%s", base, answer)
		}
		if take[base] && err != nil {
			t.Errorf("%s: %v", base, err)
		}
		if err == nil {
			if _, err := parse(answer); err != nil {
				t.Errorf("%s: our answer: %v\n%s", base, err, answer)
			}
		}
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(sdpOffer("m=audio 5000 RTP/AVP 0", "a=sendonly"))
	f.Add(sdpOffer("m=video 5002 RTP/AVP 31", "m=audio 5000 RTP/AVP 8 0 96", "a=rtpmap:96 telephone-event/8000", "a=rtcp:7000 IN IP4 1.2.3.4"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := NewSession(3)
		answer, m, err := s.Answer(b, here, SendRecv)
		if err != nil {
			return
		}
		if m.Remote.IsValid() && (m.Remote.Addr().IsMulticast() || m.Remote.Port() == 0) {
			t.Errorf("audio to %v", m.Remote)
		}
		d, err := parse(answer)
		if err != nil {
			t.Fatalf("our answer: %v\n%s", err, answer)
		}
		if o, _ := parse(b); len(o.media) != len(d.media) {
			t.Errorf("%d lines answered with %d", len(o.media), len(d.media))
		}
		if n := strings.Count(string(answer), "m=audio 4000 "); n != 1 {
			t.Errorf("%d audio lines in\n%s", n, answer)
		}
	})
}
