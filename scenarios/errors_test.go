package scenarios

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

// mistakes returns what is wrong with a file of testdata.
func mistakes(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(name, strings.NewReader(string(text)))
	if err == nil {
		_, err = f.Compile(Options{Zone: time.LoadLocation, Files: fstest.MapFS{"v.csv": {Data: []byte("time,mial\n09:00,1\n")}}})
	}
	if err == nil {
		t.Fatalf("%s: no mistakes", name)
	}
	return err.Error() + "\n"
}

// All mistakes are told at once, each with its place, what stands there and what
// is wanted, in the order of the text.
func TestMistakes(t *testing.T) {
	for _, name := range []string{"mistakes", "names", "fit", "circles", "every"} {
		got := mistakes(t, name+".yaml")
		golden := "testdata/" + name + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s.yaml:\n%s\nwant:\n%s", name, got, want)
		}
	}
}

const small = "callwright: 1\ngroups: {g: {agents: 1}}\nqueues: {q: {}}\ncalls: {c: {rate: 6/h, handle: exponential 60s}}\n"

// The project's hostile files have placeholders for field names; these are the
// same defects under the names of the format.
func TestHostileValues(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"agents: 1", "agents: 1\nagents: 2", ""}, // no longer in brackets
		{"agents: 1", "agents: 1, agents: 2", "2:25: key agents stands here a second time"},
		{"agents: 1", "agents: -5", "groups.g.agents is -5; want a whole number in [0, 100000]"},
		{"agents: 1", "agents: 10.5", "groups.g.agents is 10.5; want a whole number"},
		{"agents: 1", "agents: 1e1", "groups.g.agents is 1e1; want a whole number"},
		{"agents: 1", "agents: 0755", "groups.g.agents is 0755; want a whole number"},
		{"agents: 1", "agents: 0x10", "groups.g.agents is 0x10; want a whole number"},
		{"agents: 1", "agents: 1_000", "groups.g.agents is 1_000; want a whole number"},
		{"agents: 1", `agents: "1"`, "groups.g.agents is 1; want a whole number"},
		{"agents: 1", "agents: no", "groups.g.agents is no; want a whole number"},
		{"agents: 1", "agents: 99999999999999999999", "groups.g.agents is 99999999999999999999; want a whole number"},
		{"agents: 1", "agnets: 1", "groups.g.agnets is no key here; did you mean agents?"},
		{"rate: 6/h", "rate: .inf", "calls.c.rate is .inf; want a rate"},
		{"rate: 6/h", "rate: .nan/h", "calls.c.rate is .nan; want a number"},
		{"rate: 6/h", "rate: -1/h", "calls.c.rate is -1; want a number"},
		{"rate: 6/h", "volume: {csv: ../../../../etc/passwd}", "want a file in the scenario's own folder"},
		{"rate: 6/h", "volume: {csv: /etc/passwd}", "want a file in the scenario's own folder"},
		{"rate: 6/h", `volume: {csv: "a\\..\\b"}`, "want a file in the scenario's own folder"},
		{"rate: 6/h", "volume: {csv: a.csv}", "this scenario has no folder"},
		{"queues: {q: {}}", "queues: {q: {}}\nflows: {f: {split: [{share: 0.5, to: queue q}, {share: 0.6, to: queue q}]}}", "has shares that sum to 1.1; want 1"},
		{"queues: {q: {}}", "queues: {q: {hours: 8-17}}", "is 8-17, and no hours has that name"},
		{"queues: {q: {}}", "queues: {q: {target: 80/20}}", "want a target, as 0.80 within 20s"},
		{"exponential 60s", "never", "the talk would never end"},
		{"callwright: 1", "callwright: 1\nzone: Asia/Tokio", "zone is Asia/Tokio; want a zone's name"},
		{"callwright: 1", "callwright: 1\ninterval: 7s", "interval is 7s; want"},
		{"callwright: 1", "callwright: 1\ndays: 100000", "days is 100000; want a whole number in [1, 4000]"},
		{"callwright: 1\n", "", "callwright is missing"},
	} {
		text := strings.Replace(small, c.old, c.new, 1)
		f, err := Parse("x.yaml", strings.NewReader(text))
		if err == nil {
			_, err = f.Compile(Options{Zone: time.LoadLocation})
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v; want %s", c.new, err, c.want)
		}
	}
}

// What is odd is read as documented.
func TestOdd(t *testing.T) {
	for name, text := range map[string]string{
		"byte order mark": "\xef\xbb\xbf" + small,
		"CR LF":           strings.ReplaceAll(small, "\n", "\r\n"),
		"one document":    "---\n" + small,
		"no words":        strings.Replace(small, "callwright: 1", "callwright: 1\nname: no", 1),
		"instant service": strings.Replace(small, "exponential 60s", "always 0s", 1),
		"night":           strings.Replace(small, "q: {}", "q: {hours: 17:00-08:00}", 1),
	} {
		f, err := Parse("x.yaml", strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s, err := f.Compile(Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name == "no words" && s.Name != "no" {
			t.Errorf("name is %q; want no", s.Name)
		}
		if name == "night" {
			if o := s.Plan.Calendars[0].Open; len(o) < 2 || o[0].From != 0 || o[0].To.Seconds() != 8*3600 || o[1].From.Seconds() != 17*3600 {
				t.Errorf("open at %v; want to 08:00 and from 17:00", o)
			}
		}
	}
	if _, err := Parse("x", strings.NewReader("\xff\xfea\x00")); err == nil || !strings.Contains(err.Error(), "UTF-16") {
		t.Errorf("UTF-16: %v", err)
	}
	_, err := Parse("x", strings.NewReader("callwright: 1\nnam: 日本, x: 1\n"))
	var e *Error
	if !errors.As(err, &e) || e.Line != 2 {
		t.Errorf("colon in a plain text: %v", err)
	}
}
