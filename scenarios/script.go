package scenarios

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"callwright/traffic/callscript"
	"callwright/yamlfile"
)

// Scripts are what test callers, answerers and agents do: a key of a scenario, or a file
// of their own.
type Scripts struct {
	Caller   ScriptSteps `key:"caller" doc:"What a caller does: call, then until, keys, talk, wait, hold, re-invite, refer, expect, hang up; or register alone."`
	Answerer ScriptSteps `key:"answerer" doc:"What takes calls does: refuse, miss, ring, answer, then talk, wait, until, keys, hang up."`
	Agent    ScriptSteps `key:"agent" doc:"Like an answerer that registers first; wrap up comes after each call."`
}

// ScriptSteps is a list of steps: a word, or one key with what it needs.
type ScriptSteps []ScriptStep

// ScriptStep is one of them.
type ScriptStep struct{ callscript.Step }

// ReadScripts reads a file that holds scripts alone; name stands in messages. The error
// joins all mistakes, each an *Error.
func ReadScripts(name string, r io.Reader) (*Scripts, error) {
	shared, t, err := form.Read(name, r)
	if err != nil {
		return nil, err
	}
	d := newDecoder(shared)
	var s Scripts
	d.Value(valueOf(&s), t, "", "")
	if err := d.Err(); err != nil {
		return nil, err
	}
	if len(s.Caller)+len(s.Answerer)+len(s.Agent) == 0 {
		return nil, fmt.Errorf("%s: no script; want caller:, answerer: or agent: with a list of steps", name)
	}
	return &s, nil
}

func (s *Scripts) read(d *decoder, t *tree, path string) {
	type plain Scripts
	before := len(d.List)
	d.Value(valueOf((*plain)(s)), t, path, "")
	if len(d.List) > before || t.Kind != yamlfile.Mapping {
		return
	}
	for _, r := range []callscript.Role{callscript.Caller, callscript.Answerer, callscript.Agent} {
		x := s.Of(r)
		if x == nil {
			continue
		}
		at := yamlfile.Join(path, r.String())
		for _, p := range x.Problems() {
			if p.Step < 0 {
				d.Add(d.Places[at], at, "%s", p.What)
				continue
			}
			at := fmt.Sprintf("%s[%d]", at, p.Step)
			d.Add(d.Places[at], at, "%s", p.What)
		}
	}
}

// Of returns the script of a role, nil if there is none.
func (s *Scripts) Of(r callscript.Role) *callscript.Script {
	list := map[callscript.Role]ScriptSteps{callscript.Caller: s.Caller, callscript.Answerer: s.Answerer, callscript.Agent: s.Agent}[r]
	if len(list) == 0 {
		return nil
	}
	out := &callscript.Script{Name: r.String(), Role: r}
	for _, st := range list {
		out.Steps = append(out.Steps, st.Step)
	}
	return out
}

func (s *ScriptStep) read(d *decoder, t *tree, path string) {
	s.At = fmt.Sprintf("%s:%d:%d", d.File, t.At.Line, t.At.Column)
	word, value := t.Text, (*tree)(nil)
	if t.Kind == yamlfile.Mapping && len(t.Keys) == 1 {
		word, value = t.Keys[0].Text, t.Items[0]
		path = yamlfile.Join(path, word)
	} else if t.Kind != yamlfile.Scalar {
		d.Wrong(t, path, "one step: a word as hang up, or one key as talk: 20s")
		return
	}
	op, ok := callscript.OpOf(strings.ReplaceAll(word, "-", " "))
	if !ok {
		if op, ok = callscript.OpOf(word); !ok {
			d.Unknown(t, path, word, callscript.Ops())
			return
		}
	}
	s.Op = op
	if value == nil {
		s.bare(d, t, path)
		return
	}
	s.readValue(d, value, path)
}

// bare is a step that is only a word.
func (s *ScriptStep) bare(d *decoder, t *tree, path string) {
	switch s.Op {
	case callscript.Register, callscript.Call, callscript.Answer, callscript.Ring, callscript.HangUp, callscript.Reinvite:
		s.Law, s.HasLaw = lawOf("always 0s"), s.Op == callscript.Ring
	default:
		d.Add(t.At, path, "is only a word; %s needs a value: %s", s.Op, stepForms[s.Op])
	}
}

var stepForms = map[callscript.Op]string{
	callscript.Register: "register", callscript.Call: "call: {patience: exponential 60s}", callscript.Ring: "ring: 4s", callscript.Answer: "answer", callscript.Refuse: "refuse: 486, or refuse: {code: 486, share: 0.1}",
	callscript.Miss: "miss: 0.05", callscript.Until: "until: {silence: 1s, within: 10s}", callscript.Keys: `keys: "1"`, callscript.Talk: "talk: {for: lognormal 120s cv 1, sound: speech}", callscript.Wait: "wait: 2s", callscript.Hold: "hold: 5s",
	callscript.Reinvite: "re-invite", callscript.Refer: `refer: "501"`, callscript.Expect: "expect: 200, expect: [486, 600-606], expect: {header: X, has: text} or expect: {keys: \"12\"}", callscript.HangUp: "hang up", callscript.WrapUp: "wrap up: 10s",
}

func (s *ScriptStep) readValue(d *decoder, t *tree, path string) {
	switch s.Op {
	case callscript.Call, callscript.Register:
		var p struct {
			Patience *Law          `key:"patience" bare:"exponential"`
			Within   time.Duration `key:"within"`
		}
		d.Value(valueOf(&p), t, path, "")
		s.Within = p.Within
		s.law(p.Patience)
	case callscript.Ring, callscript.Wait, callscript.Hold, callscript.WrapUp:
		var l Law
		l.read(d, t, path, "always")
		s.law(&l)
	case callscript.Refuse:
		s.refuse(d, t, path)
	case callscript.Miss:
		s.Share = float64(d.fraction(t, path))
	case callscript.Until:
		s.until(d, t, path)
	case callscript.Keys:
		s.Text = keys(d, t, path)
	case callscript.Talk:
		s.talk(d, t, path)
	case callscript.Refer:
		s.refer(d, t, path)
	case callscript.Expect:
		s.expect(d, t, path)
	default:
		d.Wrong(t, path, "no value: "+stepForms[s.Op])
	}
}

func (s *ScriptStep) law(l *Law) {
	if l != nil {
		s.Law, s.HasLaw = l.Law, true
	}
}

func (s *ScriptStep) refuse(d *decoder, t *tree, path string) {
	p := struct {
		Code  int       `key:"code" min:"300" max:"699" must:"a code from 300 to 699"`
		Share *Fraction `key:"share"`
	}{}
	if t.Kind == yamlfile.Scalar {
		s.Code, s.Share = d.whole(t, path, 300, 699), 1
		return
	}
	d.Value(valueOf(&p), t, path, "")
	s.Code, s.Share = p.Code, 1
	if p.Share != nil {
		s.Share = float64(*p.Share)
	}
}

func (s *ScriptStep) until(d *decoder, t *tree, path string) {
	var p struct {
		Sound    *time.Duration `key:"sound"`
		Silence  *time.Duration `key:"silence"`
		Tone     *float64       `key:"tone" min:"100" max:"3900"`
		HangUp   bool           `key:"hang-up"`
		For      time.Duration  `key:"for"`
		Within   time.Duration  `key:"within"`
		Patience *Law           `key:"patience" bare:"exponential"`
	}
	if t.Kind == yamlfile.Scalar && t.Text == "hang up" {
		s.Hears.What = callscript.HangUpHeard
		return
	}
	// keys is read apart: it is a text of its own kind
	var pk *tree
	t, pk = without(t, "keys")
	d.Value(valueOf(&p), t, path, "")
	if n := count(p.Sound != nil, p.Silence != nil, p.Tone != nil, pk != nil, p.HangUp); n != 1 {
		d.Add(t.At, path, "waits for %d things; want one of sound, silence, tone, keys, hang-up", n)
		return
	}
	s.Within = p.Within
	s.law(p.Patience)
	switch {
	case p.Sound != nil:
		s.Hears = callscript.Hearing{What: callscript.SoundHeard, For: *p.Sound}
	case p.Silence != nil:
		s.Hears = callscript.Hearing{What: callscript.SilenceHeard, For: *p.Silence}
	case p.Tone != nil:
		s.Hears = callscript.Hearing{What: callscript.ToneHeard, Hz: *p.Tone, For: p.For}
	case pk != nil:
		s.Hears = callscript.Hearing{What: callscript.KeysHeard, Text: keys(d, pk, yamlfile.Join(path, "keys"))}
	default:
		s.Hears.What = callscript.HangUpHeard
	}
}

// without returns a mapping without one of its keys, and what stood there.
func without(t *tree, key string) (*tree, *tree) {
	for i, k := range t.Keys {
		if k.Text == key {
			c := *t
			c.Keys, c.Items = slices.Delete(slices.Clone(t.Keys), i, i+1), slices.Delete(slices.Clone(t.Items), i, i+1)
			return &c, t.Items[i]
		}
	}
	return t, nil
}

var keysForm = regexp.MustCompile(`^[0-9*#A-D]{1,32}$`)

func keys(d *decoder, t *tree, path string) string {
	if t.Kind != yamlfile.Scalar || !keysForm.MatchString(t.Text) {
		d.Wrong(t, path, `keys in quotes, as "12#"`)
		return ""
	}
	return t.Text
}

func (s *ScriptStep) talk(d *decoder, t *tree, path string) {
	s.Sound = callscript.Sound{Kind: callscript.Speech}
	if t.Kind == yamlfile.Scalar {
		var l Law
		l.read(d, t, path, "always")
		s.law(&l)
		return
	}
	var p struct {
		For   *Law   `key:"for" bare:"always" must:"how long, as 20s"`
		Sound string `key:"sound"`
	}
	d.Value(valueOf(&p), t, path, "")
	s.law(p.For)
	x, err := ParseSound(p.Sound)
	if err != nil {
		d.Add(t.At, path+".sound", "%s", err)
		return
	}
	s.Sound = x
}

// ParseSound reads what is said: speech, silence, tone 440 or file NAME.wav; "" is speech.
func ParseSound(s string) (callscript.Sound, error) {
	kind, rest, _ := strings.Cut(s, " ")
	switch kind {
	case "", "speech":
		return callscript.Sound{Kind: callscript.Speech}, nil
	case "silence":
		return callscript.Sound{Kind: callscript.Quiet}, nil
	case "tone":
		if hz, err := strconv.ParseFloat(rest, 64); err == nil && hz >= 100 && hz <= 3900 {
			return callscript.Sound{Kind: callscript.Tone, Hz: hz}, nil
		}
	case "file":
		if name := strings.TrimSpace(rest); name != "" {
			return callscript.Sound{Kind: callscript.WAV, File: name}, nil
		}
	}
	return callscript.Sound{}, fmt.Errorf("is %q; want speech, silence, tone 440 (100 to 3900 Hz) or file NAME.wav", s)
}

func (s *ScriptStep) refer(d *decoder, t *tree, path string) {
	if t.Kind == yamlfile.Scalar {
		s.Text, _ = d.Text(t, path)
		return
	}
	var p struct {
		To     Name          `key:"to" must:"a number or an address"`
		Within time.Duration `key:"within"`
	}
	d.Value(valueOf(&p), t, path, "")
	s.Text, s.Within = string(p.To), p.Within
}

var codesForm = regexp.MustCompile(`^([1-6][0-9][0-9])(-([1-6][0-9][0-9]))?$`)

func (s *ScriptStep) expect(d *decoder, t *tree, path string) {
	code := func(t *tree) {
		m := codesForm.FindStringSubmatch(t.Text)
		if t.Kind != yamlfile.Scalar || m == nil {
			d.Wrong(t, path, "a code, as 200, a range, as 180-199, a list of them, or {header: NAME, has: TEXT} or {keys: \"12\"}")
			return
		}
		from, _ := strconv.Atoi(m[1])
		to := from
		if m[3] != "" {
			to, _ = strconv.Atoi(m[3])
		}
		s.Codes = append(s.Codes, callscript.CodeRange{From: from, To: to})
	}
	switch t.Kind {
	case yamlfile.Scalar:
		code(t)
	case yamlfile.List:
		for _, x := range t.Items {
			code(x)
		}
	default:
		var pk *tree
		t, pk = without(t, "keys")
		if pk != nil {
			s.Text = keys(d, pk, yamlfile.Join(path, "keys"))
			return
		}
		var p struct {
			Header string `key:"header" must:"a header's name"`
			Has    Name   `key:"has"`
		}
		d.Value(valueOf(&p), t, path, "")
		s.Header, s.Text = p.Header, string(p.Has)
	}
}
