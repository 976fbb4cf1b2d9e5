package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"time"

	"callwright/media"
)

// speaker speaks by espeak-ng, a program of its own, where that is installed. What has
// been spoken once is kept: there are few positions and few waits.
type speaker struct {
	path string // "": it is not installed
	lang string

	mu   sync.Mutex
	kept map[string]*media.Clip
	busy chan struct{} // one voice at a time is enough
	wait chan struct{} // capacity: announcements that wait for it; further ones are left out
}

var errNoSpeech = errors.New("is a text to speak, and espeak-ng is not installed; want that, or a WAV file")

const (
	mostKept    = 500 // texts
	mostWaiting = 64  // a voice needs some 30 ms: who would wait for longer than two seconds hears the next announcement
)

func newSpeaker(lang string) *speaker {
	path, _ := exec.LookPath("espeak-ng")
	return &speaker{path: path, lang: lang, kept: map[string]*media.Clip{}, busy: make(chan struct{}, 1), wait: make(chan struct{}, mostWaiting)}
}

// say returns a text as sound.
func (s *speaker) say(lang, text string) (*media.Clip, error) {
	if s.path == "" {
		return nil, errNoSpeech
	}
	key := lang + "\x00" + text
	if clip := s.spoken(key); clip != nil {
		return clip, nil
	}
	s.busy <- struct{}{}
	defer func() { <-s.busy }()
	if clip := s.spoken(key); clip != nil { // meanwhile: many hear the same at once
		return clip, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.path, "-v", lang, "--stdout", "--stdin")
	cmd.Stdin = strings.NewReader(text)
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("espeak-ng: %w", err)
	}
	clip, err := media.LoadWAV(bytes.NewReader(out))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	if len(s.kept) < mostKept {
		s.kept[key] = clip
	}
	s.mu.Unlock()
	return clip, nil
}

func (s *speaker) spoken(key string) *media.Clip {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[key]
}

// announcement speaks a position and an estimated wait, without holding up who asks. If too
// many wait for theirs, it says nothing.
func (s *speaker) announcement(position, waitSeconds int, callback bool, then func(*media.Clip)) {
	if s.path == "" {
		return
	}
	select {
	case s.wait <- struct{}{}:
	default:
		return
	}
	go func() {
		defer func() { <-s.wait }()
		if clip, err := s.say(s.lang, announcementText(s.lang, position, waitSeconds, callback)); err == nil {
			then(clip)
		}
	}()
}

// announcementText is in kana for Japanese: espeak-ng does not read kanji.
func announcementText(lang string, position, waitSeconds int, callback bool) string {
	minutes := (waitSeconds + 59) / 60
	var b strings.Builder
	if lang == "ja" {
		fmt.Fprintf(&b, "ただいま %d ばんめ です。", position)
		if minutes > 0 {
			fmt.Fprintf(&b, "あと およそ %d ぷん です。", minutes)
		}
		if callback {
			b.WriteString("おりかえしの でんわを ごきぼうの かたは 1 を おしてください。")
		}
		return b.String()
	}
	fmt.Fprintf(&b, "You are number %d in line.", position)
	switch {
	case minutes == 1:
		b.WriteString(" The wait is about one minute.")
	case minutes > 1:
		fmt.Fprintf(&b, " The wait is about %d minutes.", minutes)
	}
	if callback {
		b.WriteString(" Press 1 to hang up and be called back.")
	}
	return b.String()
}
