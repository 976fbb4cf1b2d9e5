package main

import (
	"os/exec"
	"testing"
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
