package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"callwright/media"
	"callwright/media/rtp"
)

func TestAnnouncementText(t *testing.T) {
	for _, c := range []struct {
		lang           string
		position, wait int
		callback       bool
		want           string
	}{
		{"en", 1, 0, false, "You are number 1 in line."},
		{"en", 2, 59, false, "You are number 2 in line. The wait is about one minute."},
		{"en", 3, 61, true, "You are number 3 in line. The wait is about 2 minutes. Press 1 to hang up and be called back."},
		{"ja", 3, 61, true, "ただいま 3 ばんめ です。あと およそ 2 ぷん です。おりかえしの でんわを ごきぼうの かたは 1 を おしてください。"},
	} {
		if got := announcementText(c.lang, c.position, c.wait, c.callback); got != c.want {
			t.Errorf("%s: %s, want %s", c.lang, got, c.want)
		}
	}
}

// What is spoken is sound, the same the second time, and without the program an error
// that says what to do.
func TestSpeaker(t *testing.T) {
	if _, err := (&speaker{}).say("en", "hello"); err == nil {
		t.Error("nobody speaks, and no error")
	}
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		t.Skip("SKIPPED: espeak-ng is not installed; run make peers")
	}
	s := newSpeaker("en")
	one, err := s.say("en", "Please wait.")
	if err != nil {
		t.Fatal(err)
	}
	if d := one.Length().Seconds(); d < 0.3 || d > 5 {
		t.Errorf("two words take %.1f s", d)
	}
	if two, _ := s.say("en", "Please wait."); two != one {
		t.Error("spoken anew")
	}
}

// Many who are to hear the same have it spoken once; more than can wait hear nothing.
func TestSpeakerHerd(t *testing.T) {
	dir := t.TempDir()
	head := rtp.WAVHeader(1, 320)
	if err := os.WriteFile(filepath.Join(dir, "wav"), append(head[:], make([]byte, 320)...), 0o600); err != nil {
		t.Fatal(err)
	}
	voice := filepath.Join(dir, "voice")
	if err := os.WriteFile(voice, []byte("#!/bin/sh\ncat >/dev/null\necho x >>"+dir+"/spoken\nsleep 0.3\ncat "+dir+"/wav\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := newSpeaker("en")
	s.path = voice
	heard := make(chan *media.Clip, 1000)
	for range 3 * mostWaiting {
		s.announcement(1, 60, false, func(c *media.Clip) { heard <- c })
	}
	for range mostWaiting {
		select {
		case c := <-heard:
			if c.Length() != 20*time.Millisecond {
				t.Fatalf("heard %v", c.Length())
			}
		case <-time.After(10 * time.Second):
			t.Fatal("somebody waits for ever")
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "spoken"))
	if err != nil || len(b) != 2 || len(heard) != 0 {
		t.Errorf("spoken %d times, %d more heard, %v", len(b)/2, len(heard), err)
	}
}
