package scenarios

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"callwright/realcore"
)

// Every scenario of the library but those with voicemail can be run by the wall clock:
// its hours reach LiveDays ahead, whatever days the file simulates.
func TestLive(t *testing.T) {
	for _, name := range List() {
		text, err := Text(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Parse(name, bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.Compile(Options{Zone: time.LoadLocation, Files: Library(), Live: Date{2026, 11, 25}})
		if strings.Contains(string(text), "voicemail") {
			if err == nil || !strings.Contains(err.Error(), "voicemail, which a live centre cannot do yet") {
				t.Errorf("%s: %v, want voicemail refused", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !strings.HasPrefix(s.Plan.Epoch, "2026-11-25") {
			t.Errorf("%s: begins %s", name, s.Plan.Epoch)
		}
		for _, c := range s.Plan.Calendars {
			if last := c.Open[len(c.Open)-1].To; last < realcore.Instant(LiveDays-10)*realcore.Instant(24*time.Hour) {
				t.Errorf("%s: the hours %s end after %v", name, c.Name, last)
			}
		}
	}
}
