package rtp

import "time"

// keys are the sixteen of RFC 4733 3.2 in the order of their event codes.
const keys = "0123456789*#ABCD"

// eventOf returns the event code of a key; ok is false for what is no key.
func eventOf(key byte) (code byte, ok bool) {
	if key >= 'a' && key <= 'd' {
		key -= 'a' - 'A'
	}
	for i := range len(keys) {
		if keys[i] == key {
			return byte(i), true
		}
	}
	return 0, false
}

// IsKey reports whether key can be sent as DTMF: 0-9, *, #, A-D.
func IsKey(key byte) bool { _, ok := eventOf(key); return ok }

// event is the payload of a telephone-event, RFC 4733 2.3.
type event struct {
	code     byte
	end      bool
	duration uint16 // timestamp units so far
}

func parseEvent(b []byte) (e event, ok bool) {
	if len(b) < 4 || b[0] >= byte(len(keys)) { // flash, tones and trunk events are no keys
		return event{}, false
	}
	return event{code: b[0], end: b[1]&0x80 != 0, duration: uint16(b[2])<<8 | uint16(b[3])}, true
}

// longest is the length of a segment: an event that lasts longer goes on in another,
// whose timestamp is later by this (RFC 4733 2.5.1.3). 8.19 s.
const longest = 0xffff

// EventTime is the greatest length of one event's segment.
const EventTime = longest * time.Second / Rate
