package loadreport

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"callwright/traffic/preflight"
)

// asked is a plan with everything that a sheet can answer.
func askedPlan() preflight.Plan {
	p := preflight.Default()
	p.CallsPerHour, p.Lines, p.Holding = 600, 60, preflight.Holding{Ring: 6 * time.Second, IVR: 25 * time.Second, Queue: 30 * time.Second, Talk: 4 * time.Minute}
	p.Observed = &preflight.Observed{Failed: 12, Calls: 20_000}
	p.Generator = &preflight.Generator{Rate: 2.5, Hold: 100 * time.Second, At: []time.Duration{40 * time.Second}}
	p.Agents = &preflight.Agents{Servers: 45, HandleTime: 3 * time.Minute, Patience: 90 * time.Second}
	return p
}

func sheetOf(t *testing.T, p preflight.Plan, lang string) string {
	t.Helper()
	s, err := p.Sheet()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Sheet(&b, &p, s, lang); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Both languages say the same with the same numbers, all of which they are given; nothing of
// the catalogue is left unsaid.
func TestSheetCatalogue(t *testing.T) {
	verbs := regexp.MustCompile(`%(?:\[(\d)\])?s`)
	same := func(key, en, ja string) {
		if en == "" || ja == "" {
			t.Errorf("%s: en %q, ja %q; want both", key, en, ja)
		}
		sets := [2][]string{verbs.FindAllString(en, -1), verbs.FindAllString(ja, -1)}
		for i := range sets {
			slices.Sort(sets[i])
			sets[i] = slices.Compact(sets[i])
		}
		if !slices.Equal(sets[0], sets[1]) {
			t.Errorf("%s: arguments %v in en, %v in ja", key, sets[0], sets[1])
		}
	}
	seen := map[string]bool{}
	var code string
	for _, name := range []string{"sheet.go", "sheet_parts.go", "../../../traffic/preflight/sheet.go"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		code += string(b)
	}
	once := func(key string) {
		if seen[key] {
			t.Errorf("%s is there twice", key)
		}
		seen[key] = true
		if !strings.Contains(code, `"`+key+`"`) {
			t.Errorf("%s is there and not used", key)
		}
	}
	for _, f := range sheetFigures {
		same(f.id, f.en, f.ja)
		same(f.id, f.how, f.howJa)
		once(f.id)
	}
	for _, e := range sheetWords {
		same(e.Key, e.En, e.Ja)
		once(e.Key)
	}
	p := askedPlan()
	few := p // the rest of the warnings, and what is not there
	few.Observed = &preflight.Observed{Failed: 3, Calls: 20}
	few.Agents = &preflight.Agents{Servers: 45, HandleTime: 5 * time.Minute}
	few.Voice.Bpl = 4.3
	bare := preflight.Default()
	bare.CallsPerHour, bare.Lines, bare.Holding.Talk, bare.Proof.Rate, bare.Voice.Paths = 60, 10, time.Minute, 0.1, nil
	for _, lang := range Languages() {
		for _, p := range []preflight.Plan{p, few, bare} {
			text := sheetOf(t, p, lang)
			if strings.Contains(text, "%!") || strings.Contains(text, "NaN") || strings.Contains(text, "%%") {
				t.Errorf("%s: an argument is missing, or a number:\n%s", lang, text)
			}
			s, _ := p.Sheet()
			b, err := newSheet(&p, s, lang)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range b.parts {
				for i := range part.Figures {
					if f := &part.Figures[i]; !strings.Contains(text, f.Definition) || !strings.Contains(text, f.Formula) || !strings.Contains(text, b.shown(f)) {
						t.Errorf("%s: %s is not in the text", lang, f.ID)
					}
				}
			}
			none := b.say("none")
			if strings.Contains(text, none) != (len(s.Warnings) == 0) {
				t.Errorf("%s: %d warnings, and %q", lang, len(s.Warnings), none)
			}
		}
		if text := sheetOf(t, few, lang); !strings.Contains(text, words{lang}.pick("proved: NO", "証明:不成立")) {
			t.Errorf("%s: 3 of 20 is not said to prove nothing", lang)
		}
	}
}

func TestSheetJSON(t *testing.T) {
	p := askedPlan()
	p.Voice.Bpl = 4.3
	s, err := p.Sheet()
	if err != nil {
		t.Fatal(err)
	}
	var read [2]struct {
		Sections []struct {
			ID      string
			Figures []struct {
				ID    string
				Of    map[string]float64
				Value any
				Unit  string
			}
		}
	}
	for i, lang := range Languages() {
		var b bytes.Buffer
		if err := SheetJSON(&b, "1", map[string]any{"channels": 60}, &p, s, lang); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b.Bytes(), &read[i]); err != nil {
			t.Fatal(err)
		}
	}
	en, _ := json.Marshal(read[0])
	ja, _ := json.Marshal(read[1])
	if !bytes.Equal(en, ja) || len(read[0].Sections) != 10 {
		t.Errorf("names and numbers are not the same in both languages, or no 10 sections:\n%s\n%s", en, ja)
	}
	if err := SheetJSON(&bytes.Buffer{}, "1", nil, &p, s, "fr"); err == nil {
		t.Error("fr is taken")
	}
}

func TestExact(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 50.1666666667: "50.166667", 12000: "12,000", 1505: "1,505", 0.06813: "0.06813", 1e-7: "1e-07", 87.2: "87.2", 1234567.5: "1,234,567.5", -0.5: "-0.5", math.Inf(1): "-"} {
		if got := exact(x); got != want {
			t.Errorf("%v is %q, want %q", x, got, want)
		}
	}
}
