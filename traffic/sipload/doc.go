// Package sipload plays demand as real SIP calls with real sound against any endpoint,
// measures them, and judges itself.
//
// The one idea in it: the model is open. When a caller starts is fixed by a draw before the
// run begins, whether or not earlier calls have ended, and every delay is given from that
// intended start too: a target, or a generator, that holds callers up cannot hide it.
// What a caller does is a script (traffic/callscript), what he is like is his luck
// (traffic), what is on the wire is the machine that answers calls in sipua (sipua/dialog),
// or its faster twin for UDP (wire), what he hears comes from sound.
//
//	run, err := sipload.New(sipload.Config{Target: target, Arrivals: arrivals, Script: script})
//	end, total := run.Play(ctx)
//
// Where to look: arrivals.go with rates.go, users.go and day.go for who calls when, run.go for
// the loop, starts.go, dues.go and ending.go for its parts, call.go for one call, calls_out.go
// and calls_in.go for its two beginnings, settle.go for what comes of it, socket.go and
// stream.go for the wire, signaller.go for its two machines, watch.go for how the
// generator watches itself, trace.go for the calls that are told in full, limit.go for
// the highest rate.
package sipload
