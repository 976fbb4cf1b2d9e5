package scenarios

import (
	"strings"
	"testing"

	"callwright/traffic/callscript"
)

func TestScripts(t *testing.T) {
	s, err := ReadScripts("calls.yaml", strings.NewReader(`
caller:
  - register
  - call: {patience: exponential 60s, within: 90s}
  - expect: [200, 180-189]
  - expect: {header: Server, has: callwright}
  - until: {silence: 1s, within: 10s}
  - keys: "12#"
  - talk: {for: lognormal 120s cv 1, sound: tone 440}
  - hold: 5s
  - re-invite
  - refer: {to: 501, within: 5s}
  - expect: {keys: "7"}
  - hang up
`))
	if err != nil {
		t.Fatal(err)
	}
	x := s.Of(callscript.Caller)
	if x == nil || len(x.Steps) != 12 || s.Of(callscript.Agent) != nil {
		t.Fatalf("%+v", x)
	}
	if st := x.Steps[1]; st.Op != callscript.Call || !st.HasLaw || st.Within.Seconds() != 90 || st.At != "calls.yaml:4:5" {
		t.Errorf("%+v", st)
	}
	if st := x.Steps[2]; len(st.Codes) != 2 || st.Codes[1] != (callscript.CodeRange{From: 180, To: 189}) {
		t.Errorf("%+v", st)
	}
	if st := x.Steps[6]; st.Sound != (callscript.Sound{Kind: callscript.Tone, Hz: 440}) {
		t.Errorf("%+v", st)
	}
}

// Every mistake says where it stands, what stands there and what is wanted.
func TestScriptMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"caller: [call, dance]":                           "x.yaml:1:16: caller[1] is dance; want one of register, call",
		"caller: [call, talk]":                            "x.yaml:1:16: caller[1] is only a word; talk needs a value",
		"caller: [hang up, call]":                         "caller[0] hang up comes before the call is there",
		"caller: [call, hang up, talk: 2s]":               "comes after the call's end",
		"caller: [call, answer]":                          "answer is no step of a script of kind caller",
		"caller: [call, call]":                            "a script makes one call",
		"caller: [wait: 2s]":                              "calls nobody",
		"answerer: [answer, ring: 2s]":                    "ring comes after the answer",
		"caller: [call, expect: ok]":                      "is ok; want a code",
		"caller: [call, keys: hello]":                     "want keys in quotes",
		"caller: [call, until: {sound: 1s, silence: 1s}]": "waits for 2 things",
		"caller: [call, talk: {for: 2s, sound: jazz}]":    "want speech, silence, tone 440",
		"caller: [call, talk: 5]":                         "caller[1].talk",
		"caller: [{call: {}, talk: 2s}]":                  "want one step",
		"answerer: [refuse: 200]":                         "want a whole number in [300, 699]",
		"callers: [call]":                                 "callers",
		"caller: [call, refer: {within: 5s}]":             "to",
		"caller: [call, until: {tone: 9000}]":             "[100, 3900]",
		"{}":                                              "no script",
	} {
		_, err := ReadScripts("x.yaml", strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n%v\nwant %s", text, err, want)
		}
	}
}
