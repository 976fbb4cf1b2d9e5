// Package preflight works out what an acceptance test of a trunk, a B2BUA core and a
// recorder should find, before a call is made: what is fixed by standards or by arithmetic.
// It makes no calls, simulates nothing and fits nothing; cmd imports it.
//
// The one idea in it: each figure comes from where the rest of the program has it. Erlang's
// formulas are erlang's, exact bounds are loadstats', MOS is media/rtp's, and the times of
// an INVITE that nobody answers are those at which sipua/dialog sends it.
//
//	p := preflight.Default()
//	p.CallsPerHour, p.Lines, p.Holding.Talk = 600, 60, 4*time.Minute
//	s, err := p.Sheet()
//	fmt.Println(s.Trunk.Load, s.Trunk.Blocking)
//
// Where to look: plan.go for what is asked, sheet.go for what is answered, then trunk.go,
// media.go, voice.go, invite.go, proof.go and agents.go, a file a question.
package preflight
