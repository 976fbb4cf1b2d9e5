package callscript

import (
	"strconv"
	"time"

	"callwright/realcore"
	"callwright/traffic"
)

// Player plays a script once. Its zero value is of no use; Begin makes one ready. It is a
// value of fixed size, and playing allocates only what failures say.
type Player struct {
	script *Script
	luck   traffic.Luck
	at     int // the step it is in
	phase  phase

	due      realcore.Instant // end of what lasts; Never
	limit    realcore.Instant // Within
	patience realcore.Instant // gives up then

	up, over   bool // the call is answered; has ended
	code       int  // of the last answer
	answer     Message
	retrieving bool   // the hold has been ended
	talks      uint32 // drawn so far
	laws       uint32

	sound, tone realcore.Instant // since when it is heard; Never: not
	silence     realcore.Instant
	keys        [32]byte
	heard       int
	judged      int // of keys: those before have been held against what was to be heard
	expected    int // keys that the script was to hear, so far
	wrong       int // and how many were missing, other ones or too many

	out Outcome
	end bool
}

type phase uint8

const (
	entering phase = iota
	asked          // our request waits for its answer
	lasting        // until due
	hearing        // until something is heard
	coming         // Refer: until the NOTIFY
	leaving        // until the CANCEL has had its effect
)

// Message is an answer that Expect may look into.
type Message interface{ Header(name string) string }

// Outcome is what became of it.
type Outcome struct {
	Step      string // where it failed: the step's name and number; ""
	Cause     string // why; "": it has not
	Abandoned bool   // patience ended
}

// EventKind is a kind of event.
type EventKind uint8

// What may happen.
const (
	Invited    EventKind = iota // Answerer: a call is there
	Progressed                  // Code
	Answered                    // Caller: 2xx; Answerer: acknowledged
	Refused                     // Code; 0: nobody answered, or it could not be sent
	Cancelled                   // Answerer: the caller has given up
	HungUp                      // the other has
	Replied                     // Code: of REGISTER, re-INVITE or REFER; 0: none
	Notified                    // Code: what became of a REFER
	SoundOn                     // no silence any more
	SoundOff
	ToneOn // the tone listened for
	ToneOff
	Key    // Code: the key
	Broken // Why: the call cannot be used, for a reason that no step knows
	NoPort // there is nothing to make the call with: the generator's own fault
	Cut    // the run ends: hang up
)

// Event is something that happened.
type Event struct {
	Kind   EventKind
	Code   int
	Why    string
	Answer Message // of Progressed, Answered, Refused, Replied; good until Happened returns
}

// Do is one thing to be done.
type Do struct {
	What  Doing
	Text  string
	Code  int
	Sound Sound
	Hears Hearing
}

// Doing is a kind of thing to be done.
type Doing uint8

// What there is to be done.
const (
	DoRegister Doing = iota
	DoCall
	DoCancel
	DoRing
	DoAnswer
	DoRefuse // Code
	DoKeys   // Text
	DoPlay   // Sound
	DoListen // Hears: a tone to tell of
	DoHold
	DoRetrieve
	DoReinvite
	DoRefer // Text
	DoBye
	DoEnd // nothing more comes; Player.Outcome has what it came to
)

// Begin makes a player for somebody with his luck. Callers start at once: their first things
// to do are appended to out.
func (p *Player) Begin(s *Script, luck traffic.Luck, now realcore.Instant, out []Do) []Do {
	*p = Player{script: s, luck: luck, due: realcore.Never, limit: realcore.Never, patience: realcore.Never, sound: realcore.Never, tone: realcore.Never, silence: now}
	if s.Role == Caller {
		return p.enter(now, out)
	}
	for p.at < len(s.Steps) && s.Steps[p.at].Op == Register { // an agent has registered before
		p.at++
	}
	return out
}

// Outcome is what it came to, once DoEnd has been said.
func (p *Player) Outcome() Outcome { return p.out }

// Keys returns how many keys the script was to hear, and how many of these were missing,
// another or one too many: the least number of changes that make what was heard what was
// to be heard.
func (p *Player) Keys() (expected, wrong int) { return p.expected, p.wrong }

// Answers reports the code of the last final answer.
func (p *Player) Answers() int { return p.code }

// Deadline returns when Expire must be called; ok is false if nothing is due.
func (p *Player) Deadline() (at realcore.Instant, ok bool) {
	at = min(p.due, p.limit, p.patience)
	return at, at != realcore.Never && !p.end
}

// Expire does what is due at or before now.
func (p *Player) Expire(now realcore.Instant, out []Do) []Do {
	for !p.end {
		at, ok := p.Deadline()
		if !ok || at > now {
			break
		}
		switch at {
		case p.due:
			p.due = realcore.Never
			out = p.elapsed(at, out)
		case p.patience:
			p.patience = realcore.Never
			out = p.giveUp(at, out)
		default:
			p.limit = realcore.Never
			out = p.fail(at, p.missing(), out)
		}
	}
	return out
}

func (p *Player) step() *Step { return &p.script.Steps[p.at] }

// next goes on to the following step.
func (p *Player) next(now realcore.Instant, out []Do) []Do {
	p.at++
	return p.enter(now, out)
}

// enter begins the step it is at, and goes on for as long as steps take no time.
func (p *Player) enter(now realcore.Instant, out []Do) []Do {
	for {
		p.due, p.limit, p.patience, p.phase, p.retrieving = realcore.Never, realcore.Never, realcore.Never, entering, false
		if p.at >= len(p.script.Steps) {
			return p.finish(out)
		}
		st := p.step()
		var stays bool
		if out, stays = p.begin(st, now, out); stays || p.end {
			return out
		}
		p.at++
	}
}

// begin begins a step; stays is false where it is done at once.
func (p *Player) begin(st *Step, now realcore.Instant, out []Do) (_ []Do, stays bool) {
	if st.Within > 0 {
		p.limit = now.Add(st.Within)
	}
	switch st.Op {
	case Register:
		p.phase = asked
		return append(out, Do{What: DoRegister}), true
	case Call:
		p.phase = asked
		if st.HasLaw {
			p.patience = now.Add(st.Law.Draw(p.luck, traffic.ForPatience, 0))
		}
		return append(out, Do{What: DoCall}), true
	case Ring:
		p.last(st, now)
		return append(out, Do{What: DoRing}), true
	case Answer:
		p.phase = asked
		return append(out, Do{What: DoAnswer}), true
	case Refuse:
		if p.chance() >= st.Share {
			return out, false
		}
		p.over = true
		return p.finish(append(out, Do{What: DoRefuse, Code: st.Code})), true
	case Miss:
		if p.chance() >= st.Share {
			return out, false
		}
		p.phase = lasting // without an end of its own
		return append(out, Do{What: DoRing}), true
	case Until:
		return p.listen(st, now, out)
	case Keys:
		return append(out, Do{What: DoKeys, Text: st.Text}), false
	case Talk:
		p.last(st, now)
		return append(out, Do{What: DoPlay, Sound: st.Sound}), true
	case Wait, WrapUp:
		p.last(st, now)
		return out, true
	case Hold:
		p.phase = asked
		return append(out, Do{What: DoHold}), true
	case Reinvite:
		p.phase = asked
		return append(out, Do{What: DoReinvite}), true
	case Refer:
		p.phase = asked
		return append(out, Do{What: DoRefer, Text: st.Text}), true
	case Expect:
		if why := p.expect(st); why != "" {
			return p.fail(now, why, out), true
		}
		more := p.at+1 < len(p.script.Steps) && p.script.Steps[p.at+1].Op == Expect
		if !p.up && p.code >= 300 && !more { // it was to be refused, and was
			p.at = len(p.script.Steps)
			return p.finish(out), true
		}
		return out, false
	case HangUp:
		p.over = true
		return append(out, Do{What: DoBye}), false
	}
	panic("callscript: unknown step")
}

// last begins what lasts as the step's law says.
func (p *Player) last(st *Step, now realcore.Instant) {
	p.phase = lasting
	var d time.Duration
	if st.Op == Talk {
		d = st.Law.Draw(p.luck, traffic.ForTalk, p.talks)
		p.talks++
	} else {
		d = st.Law.Draw(p.luck, forStep, p.laws)
		p.laws++
	}
	p.due = now.Add(d)
}

var (
	forStep   = traffic.PurposeOf("script-step")
	forChance = traffic.PurposeOf("script-chance")
)

func (p *Player) chance() float64 { return p.luck.Uniform(forChance, uint32(p.at)) }

// finish ends the script: with a BYE, if the call is still there.
func (p *Player) finish(out []Do) []Do {
	if p.end {
		return out
	}
	if p.up && !p.over {
		out = append(out, Do{What: DoBye})
	}
	p.end = true
	return append(out, Do{What: DoEnd})
}

// fail ends it at the step it is in.
func (p *Player) fail(now realcore.Instant, why string, out []Do) []Do {
	if p.end {
		return out
	}
	p.out = Outcome{Step: p.name(), Cause: why}
	if p.phase == asked && p.at < len(p.script.Steps) && p.step().Op == Call && !p.up && !p.over {
		out = append(out, Do{What: DoCancel}) // nobody waits for it any more
	}
	return p.finish(out)
}

// name is the step's, as reports have it.
func (p *Player) name() string {
	if p.at >= len(p.script.Steps) {
		return "end"
	}
	return strconv.Itoa(p.at+1) + " " + p.step().Op.String()
}

// giveUp: patience has ended.
func (p *Player) giveUp(now realcore.Instant, out []Do) []Do {
	p.out.Abandoned = true
	if !p.up {
		p.phase, p.due, p.limit = leaving, realcore.Never, realcore.Never
		return append(out, Do{What: DoCancel})
	}
	return p.finish(out)
}
