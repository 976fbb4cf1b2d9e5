package callscript

import (
	"fmt"
	"strings"

	"callwright/realcore"
)

// Happened takes an event in. Events that the step has no use for change nothing but what
// is known of the call; an event after the end changes nothing.
func (p *Player) Happened(now realcore.Instant, e Event, out []Do) []Do {
	out = p.Expire(now, out)
	if p.end {
		return out
	}
	switch e.Kind {
	case Invited:
		return p.enter(now, out)
	case SoundOn, SoundOff, ToneOn, ToneOff, Key:
		return p.hear(now, e, out)
	case Broken:
		p.up = true // what there is of it is hung up
		return p.fail(now, e.Why, out)
	case NoPort:
		p.over = true
		return p.fail(now, "no port", out)
	case Cut:
		if !p.over {
			p.over = true
			out = append(out, Do{What: DoBye})
		}
		return p.finish(out)
	case Progressed:
		p.answer = e.Answer
		return out
	case Answered:
		return p.answered(now, e, out)
	case Refused:
		return p.refused(now, e, out)
	case Cancelled:
		p.over = true
		return p.wrapUp(now, out)
	case HungUp:
		return p.hungUp(now, out)
	case Replied:
		return p.replied(now, e, out)
	case Notified:
		return p.notified(now, e, out)
	}
	panic("callscript: unknown event")
}

// took says that the last answer is this one; what Expect reads of it must be read now.
func (p *Player) took(e Event) { p.code, p.answer = e.Code, e.Answer }

func (p *Player) answered(now realcore.Instant, e Event, out []Do) []Do {
	if p.up {
		return out
	}
	p.up = true
	p.took(e)
	defer func() { p.answer = nil }()
	if p.phase == asked && (p.step().Op == Call || p.step().Op == Answer) {
		return p.next(now, out)
	}
	return out
}

// refused: the call will not be. Where the script expects that, it has not failed.
func (p *Player) refused(now realcore.Instant, e Event, out []Do) []Do {
	p.over = true
	p.took(e)
	defer func() { p.answer = nil }()
	if p.phase == leaving {
		return p.finish(out)
	}
	if i := p.at + 1; p.step().Op == Call && i < len(p.script.Steps) && p.script.Steps[i].Op == Expect && len(p.script.Steps[i].Codes) > 0 {
		return p.next(now, out)
	}
	return p.fail(now, codeText(e.Code), out)
}

func codeText(code int) string {
	if code == 0 {
		return "no answer"
	}
	return fmt.Sprintf("code %d", code)
}

// hungUp: the other has. A caller does not expect that but where his script waits for it
// or has only its end left; who answers calls does.
func (p *Player) hungUp(now realcore.Instant, out []Do) []Do {
	p.over = true
	switch {
	case p.at < len(p.script.Steps) && p.step().Op == Until && p.step().Hears.What == HangUpHeard:
		p.at++
		return p.wrapUp(now, out)
	case p.script.Role != Caller:
		return p.wrapUp(now, out)
	case p.phase == coming: // handed on, and nobody waited for the NOTIFY
		return p.finish(out)
	}
	return p.fail(now, "hung up by the other side", out)
}

// wrapUp goes on after the call's end: with wrap-up, if there is any.
func (p *Player) wrapUp(now realcore.Instant, out []Do) []Do {
	for ; p.at < len(p.script.Steps); p.at++ {
		if p.step().Op == WrapUp && p.up {
			return p.enter(now, out)
		}
	}
	return p.finish(out)
}

func (p *Player) replied(now realcore.Instant, e Event, out []Do) []Do {
	if p.phase != asked {
		return out
	}
	st := p.step()
	switch st.Op {
	case Register, Hold, Reinvite, Refer:
	default:
		return out
	}
	p.took(e)
	defer func() { p.answer = nil }()
	switch {
	case st.Op == Register && p.at+1 < len(p.script.Steps) && p.script.Steps[p.at+1].Op == Expect && len(p.script.Steps[p.at+1].Codes) > 0:
		return p.next(now, out)
	case e.Code/100 != 2:
		return p.fail(now, codeText(e.Code), out)
	case st.Op == Refer:
		p.phase = coming
		return out
	case st.Op == Hold && !p.retrieving:
		p.last(st, now)
		return out
	}
	return p.next(now, out)
}

func (p *Player) notified(now realcore.Instant, e Event, out []Do) []Do {
	if p.phase != coming && !(p.phase == asked && p.step().Op == Refer) || e.Code < 200 {
		return out
	}
	p.took(e)
	if e.Code >= 300 {
		return p.fail(now, codeText(e.Code), out)
	}
	return p.next(now, out)
}

// elapsed: what lasted is over.
func (p *Player) elapsed(now realcore.Instant, out []Do) []Do {
	switch p.step().Op {
	case Hold:
		p.phase, p.retrieving = asked, true
		return append(out, Do{What: DoRetrieve})
	case Talk:
		out = append(out, Do{What: DoPlay})
	}
	return p.next(now, out)
}

// listen begins to wait for something to be heard.
func (p *Player) listen(st *Step, now realcore.Instant, out []Do) ([]Do, bool) {
	p.phase = hearing
	if st.HasLaw {
		p.patience = now.Add(st.Law.Draw(p.luck, forStep, p.laws))
		p.laws++
	}
	if st.Hears.What == ToneHeard {
		p.tone = realcore.Never // of another tone, so far
		out = append(out, Do{What: DoListen, Hears: st.Hears})
	}
	switch st.Hears.What {
	case KeysHeard:
		if p.keysHeard(st) {
			p.judgeKeys(st.Hears.Text)
			return out, false
		}
		return out, true
	case HangUpHeard:
		return out, true
	}
	p.hearBy(st, now)
	return out, true
}

// hearBy says when what is heard now will have been heard for long enough.
func (p *Player) hearBy(st *Step, now realcore.Instant) {
	since := realcore.Never
	switch st.Hears.What {
	case SoundHeard:
		since = p.sound
	case SilenceHeard:
		since = p.silence
	case ToneHeard:
		since = p.tone
	}
	p.due = realcore.Never
	if since != realcore.Never {
		p.due = max(now, since.Add(st.Hears.For))
	}
}

// hear keeps what is being heard.
func (p *Player) hear(now realcore.Instant, e Event, out []Do) []Do {
	switch e.Kind {
	case SoundOn:
		p.sound, p.silence = now, realcore.Never
	case SoundOff:
		p.sound, p.silence = realcore.Never, now
	case ToneOn:
		p.tone = now
	case ToneOff:
		p.tone = realcore.Never
	case Key:
		if p.heard < len(p.keys) {
			p.keys[p.heard] = byte(e.Code)
			p.heard++
		}
	}
	if p.phase != hearing {
		return out
	}
	st := p.step()
	if st.Hears.What == KeysHeard {
		if p.keysHeard(st) {
			p.judgeKeys(st.Hears.Text)
			return p.next(now, out)
		}
		return out
	}
	if st.Hears.What != HangUpHeard {
		p.hearBy(st, now)
	}
	return p.Expire(now, out)
}

func (p *Player) keysHeard(st *Step) bool {
	return strings.Contains(string(p.keys[:p.heard]), st.Hears.Text)
}

// missing says what Within was waited for in vain.
func (p *Player) missing() string {
	st := p.step()
	if st.Op != Until {
		return "no answer in time"
	}
	switch st.Hears.What {
	case SoundHeard:
		return "no sound heard"
	case SilenceHeard:
		return "no silence heard"
	case ToneHeard:
		return fmt.Sprintf("tone of %g Hz not heard", st.Hears.Hz)
	case KeysHeard:
		p.judgeKeys(st.Hears.Text)
		return fmt.Sprintf("keys %s not heard, but %q", st.Hears.Text, p.keys[:p.heard])
	}
	return "the other side did not hang up"
}

// expect looks at the last answer and at the keys; "" if they are as they should be.
func (p *Player) expect(st *Step) string {
	switch {
	case len(st.Codes) > 0:
		for _, r := range st.Codes {
			if p.code >= r.From && p.code <= r.To {
				return ""
			}
		}
		return codeText(p.code)
	case st.Header != "":
		got := ""
		if p.answer != nil {
			got = p.answer.Header(st.Header)
		}
		if !strings.Contains(got, st.Text) || got == "" {
			return fmt.Sprintf("header %s is %q", st.Header, got)
		}
	case st.Text != string(p.keys[:p.heard]):
		p.judgeKeys(st.Text)
		return fmt.Sprintf("keys heard are %q", p.keys[:p.heard])
	case p.judged < p.heard:
		p.judgeKeys(st.Text)
	}
	return ""
}

// judgeKeys holds the keys that have come since the last time against those to be heard.
func (p *Player) judgeKeys(text string) {
	p.expected += len(text)
	p.wrong += distance(string(p.keys[p.judged:p.heard]), text)
	p.judged = p.heard
}

// distance is Levenshtein's, of texts of at most 32 keys.
func distance(a, b string) int {
	var row [len(Player{}.keys) + 1]int
	b = b[:min(len(b), len(row)-1)]
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diagonal
			if a[i] != b[j] {
				d++
			}
			diagonal = row[j+1]
			row[j+1] = min(d, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
