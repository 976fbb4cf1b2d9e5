// Package callscript is what a test caller, answerer or agent does, step by step. It makes
// no calls: it is told what happens and says what to do.
//
// The one idea in it: a Player is a state machine without a clock, like the centre it calls.
// Happened takes an event with its instant and Expire runs what is due; both append what
// is to be done. A driver (traffic/sipload) owns the dialogs and the sound.
//
//	script:
//	  caller:
//	    - call: {patience: exponential 60s}
//	    - expect: 200
//	    - until: {silence: 1s, within: 10s}
//	    - keys: "1"
//	    - talk: {for: lognormal 120s cv 1, sound: speech}
//	    - hang up
//
// script.go has the words, player.go the machine. scenarios reads scripts from files.
// All that is drawn is drawn by the caller's luck, so the same caller does the same again.
package callscript
