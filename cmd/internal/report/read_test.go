package report

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"callwright/sim/beside"
)

func TestRoundTrip(t *testing.T) {
	for name, s := range map[string]*beside.Study{"small": small(), "many": many(3, 5)} {
		var a, b bytes.Buffer
		if err := JSON(&a, s); err != nil {
			t.Fatal(err)
		}
		back, err := Read(bytes.NewReader(a.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := JSON(&b, back); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: read and written again it is another", name)
		}
		if name == "small" && !reflect.DeepEqual(back.Queues[0], s.Queues[0]) {
			t.Errorf("%s: the queue changed:\ngot  %+v\nwant %+v", name, back.Queues[0], s.Queues[0])
		}
	}
}

func TestJSONUndefined(t *testing.T) {
	s := small()
	s.Queues[0].Day[0].Value = ptr(math.NaN())
	s.Queues[0].Rows[0].ErlangC.Value = ptr(math.Inf(1))
	var b bytes.Buffer
	if err := JSON(&b, s); err != nil {
		t.Fatal(err)
	}
	var v struct {
		Queues []struct{ Day []struct{ Value *float64 } }
	}
	if err := json.Unmarshal(b.Bytes(), &v); err != nil || v.Queues[0].Day[0].Value != nil {
		t.Errorf("NaN is %v (%v), want null", v.Queues[0].Day[0].Value, err)
	}
	if !math.IsNaN(*s.Queues[0].Day[0].Value) {
		t.Error("JSON changed the study")
	}
	s.Queues[0].Rows[1].Agents = math.NaN()
	if err := JSON(&b, s); err == nil || !strings.Contains(err.Error(), "Queues[0].Rows[1].Agents is NaN") {
		t.Errorf("error %v does not name the place", err)
	}
}

func TestReadRefuses(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, small()); err != nil {
		t.Fatal(err)
	}
	good := b.String()
	for _, x := range []struct{ old, new, want string }{
		{`"callwright": 1`, `"callwright": 2`, "want 1"},
		{`"level": 0.95`, `"level": 95`, "want a fraction in (0, 1)"},
		{`"target": 0.8`, `"target": 80`, "not a percentage"},
		{`"scenario"`, `"scenary"`, `unknown field "scenary"`},
		{`"rule": "sl_offered"`, `"rule": "asa"`, "want a service level"},
		{`"definition": "asa"`, `"definition": "asap"`, `"asap"`},
		{`"interval": "prediction"`, `"interval": "credible"`, `"credible"`},
		{`"value": 0.8051`, `"value": 80.51`, "queues[0].intervals[0].erlang_c is 80.51"},
		{`"seed": 7`, `"seed": -7`, "study:11:"},
		{`"seed": 7,`, `"seed": 7`, "study:12:"},
		{`"bin_s": 5`, `"bin_s": 0`, "bin_s is 0"},
		{`"agents": 12`, `"agents": -12`, "want at least 0"},
	} {
		text := strings.Replace(good, x.old, x.new, 1)
		if text == good {
			t.Errorf("%s is not in the file", x.old)
			continue
		}
		if _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s -> %s: error %v, want %q in it", x.old, x.new, err, x.want)
		}
	}
	if _, err := Read(strings.NewReader(good + "{}")); err == nil || !strings.Contains(err.Error(), "follows") {
		t.Errorf("something after the study: error %v", err)
	}
	if _, err := Read(strings.NewReader("")); err == nil {
		t.Error("nothing is read as a study")
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := JSON(&b, small()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"callwright":1,"level":0.9,"queues":[{"rule":"sl_offered","waits":{"bin_s":1e-300,"answered":[9223372036854775807]},"intervals":[{"offered":{"definition":"offered","value":1e308}}]}],"bridge":[{},{"value":1}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		if n := len(s.Queues); n > 5 {
			return
		}
		for _, err := range []error{Text(&bytes.Buffer{}, s, "ja", TextOptions{}), CSV(&bytes.Buffer{}, s), HTML(&bytes.Buffer{}, s, "en"), JSON(&bytes.Buffer{}, s)} {
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
