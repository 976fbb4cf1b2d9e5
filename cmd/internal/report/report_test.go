package report

import (
	"bytes"
	"encoding/csv"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"callwright/sim/beside"
)

var update = flag.Bool("update", false, "rewrite testdata")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || g[i] != w[i] {
			t.Fatalf("%s differs at line %d; -update rewrites it\ngot:  %q\nwant: %q", name, i+1, g[min(i, len(g)-1)], w[min(i, len(w)-1)])
		}
	}
}

func textOf(t *testing.T, s *beside.Study, lang string, opt TextOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := Text(&b, s, lang, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func htmlOf(t *testing.T, s *beside.Study, lang string) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, s, lang); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for _, lang := range Languages() {
		golden(t, "small-"+lang+".txt", []byte(textOf(t, small(), lang, TextOptions{})))
	}
	golden(t, "days-en.txt", []byte(textOf(t, days(), "en", TextOptions{NoIntervals: true, NoDefinitions: true})))
	golden(t, "many-en.txt", []byte(textOf(t, many(4, 2), "en", TextOptions{NoDefinitions: true})))
	var b bytes.Buffer
	if err := CSV(&b, small()); err != nil {
		t.Fatal(err)
	}
	golden(t, "small.csv", b.Bytes())
}

func TestTextOptions(t *testing.T) {
	s := many(2, 4)
	got := textOf(t, s, "en", TextOptions{Queue: "queue 1", NoIntervals: true, NoDefinitions: true})
	for _, not := range []string{"queue 0", "10:30", "M/M/n"} {
		if strings.Contains(got, not) {
			t.Errorf("%q is not left out:\n%s", not, got)
		}
	}
	if !strings.Contains(got, "unsourced") || !strings.Contains(got, "T = 20 s") {
		t.Errorf("assumptions or the rule are missing:\n%s", got)
	}
	if err := Text(&bytes.Buffer{}, s, "en", TextOptions{Queue: "nobody"}); err == nil || !strings.Contains(err.Error(), `"queue 0" "queue 1"`) {
		t.Errorf("unknown queue: error %v does not name the queues", err)
	}
	for _, f := range []func() error{
		func() error { return Text(&bytes.Buffer{}, s, "fr", TextOptions{}) },
		func() error { return HTML(&bytes.Buffer{}, s, "fr") },
		func() error { _, err := QueuePictures(s, &s.Queues[0], "fr"); return err },
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), `"fr"`) {
			t.Errorf("language fr: error %v", err)
		}
	}
}

// A Japanese column begins in the same cell of every line.
func TestJapaneseWidths(t *testing.T) {
	s := many(2, 4)
	s.Queues[0].Name, s.Queues[1].Name = "ご注文・変更", "sales"
	w := words{"ja"}
	p := &printer{w: w}
	p.grid(w.queueTable(s))
	cells := func(s string) (n int) {
		for _, r := range s {
			n++
			if r > 0x2fff {
				n++
			}
		}
		return n
	}
	at := -1
	for line := range strings.Lines(p.b.String()) {
		i := strings.Index(line, "80.0")
		if i < 0 {
			continue
		}
		if n := cells(line[:i]); at < 0 {
			at = n
		} else if n != at {
			t.Errorf("the target begins at %d and %d:\n%s", at, n, p.b.String())
		}
	}
	if at < 0 {
		t.Errorf("no target:\n%s", p.b.String())
	}
}

func TestEscape(t *testing.T) {
	const bad = `<script>alert("x")</script>'&`
	s := small()
	s.Queues[0].Name, s.Groups[0].Name, s.Scenario, s.Program, s.Plan, s.Epoch = bad, bad, bad, bad, bad, bad
	s.Title["en"], s.Title["ja"] = bad, bad
	s.Warnings, s.Assumptions = []string{bad}, []string{bad}
	s.Bridge[1].En, s.Bridge[1].Ja = bad, bad
	for i := range s.Queues[0].Rows {
		s.Queues[0].Rows[i].Label = bad
	}
	for _, lang := range Languages() {
		got := htmlOf(t, s, lang)
		if strings.Contains(got, "<script") || strings.Contains(got, "alert(\"") {
			t.Errorf("%s: the page has a script", lang)
		}
	}
	list, err := QueuePictures(s, &s.Queues[0], "en")
	if err != nil {
		t.Fatal(err)
	}
	more, err := CenterPictures(s, "en")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(list, more...) {
		svg, err := p.SVG()
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(svg, []byte("<script")) {
			t.Errorf("%s: the picture has a script", p.Name)
		}
	}
	s.Queues[0].Name = "\x1b[31mred\u009b"
	if got := textOf(t, s, "en", TextOptions{}); strings.ContainsAny(got, "\x1b\u009b") {
		t.Error("the text moves a terminal's cursor")
	}
	var b bytes.Buffer
	s.Queues[0].Name = "=1+1"
	if err := CSV(&b, s); err != nil || !strings.Contains(b.String(), "\n'=1+1,") {
		t.Errorf("CSV has a formula (%v):\n%s", err, b.String())
	}
}

// The page needs nothing from outside.
func TestNoOutside(t *testing.T) {
	for _, lang := range Languages() {
		got := htmlOf(t, small(), lang)
		for _, not := range []string{"http://", "https://", "//cdn", "url(", "@import", "<link", "<img", "<iframe", "<script", "src="} {
			if strings.Contains(got, not) {
				t.Errorf("%s: the page has %q", lang, not)
			}
		}
		for _, want := range []string{"viewport", "prefers-color-scheme:dark", "@media print", `lang="` + lang + `"`, "0123456789abcdef", "<title>"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: the page lacks %q", lang, want)
			}
		}
	}
}

// What has no value is never shown as 0.
func TestUndefined(t *testing.T) {
	var b bytes.Buffer
	if err := CSV(&b, small()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range rows[0] {
		if got := rows[3][i]; got != "" && strings.HasPrefix(name, "service_level") || got != "" && strings.HasPrefix(name, "erlang") {
			t.Errorf("10:00 has no calls, but %s is %q", name, got)
		}
	}
	if got := rows[2][14]; rows[0][14] != "erlang_c_fraction" || got != "0" {
		t.Errorf("Erlang C at 09:30 is %q, want 0", got)
	}
	row := regexp.MustCompile(`(?m)^10:00 .*$`).FindString(textOf(t, small(), "en", TextOptions{}))
	if got := strings.Join(strings.Fields(row), " "); got != "10:00 0.0 2.0 0.00 - - - - - - - - - 0.0" {
		t.Errorf("10:00 is %q", got)
	}
}

func TestEmpty(t *testing.T) {
	bare := small()
	bare.Queues[0] = beside.Queue{Name: "new", Rule: "sl_offered", AWT: 20}
	bare.Groups, bare.Center, bare.Bridge, bare.Warnings, bare.Assumptions = nil, nil, nil, nil, nil
	for _, s := range []*beside.Study{{}, {Version: 1, Level: 0.95}, bare} {
		for _, lang := range Languages() {
			if len(textOf(t, s, lang, TextOptions{})) == 0 || len(htmlOf(t, s, lang)) == 0 {
				t.Error("nothing is said of an empty study")
			}
		}
		if err := CSV(&bytes.Buffer{}, s); err != nil {
			t.Error(err)
		}
	}
}

func TestThousandIntervals(t *testing.T) {
	s := many(1, 1000)
	for i := range 1000 {
		s.Groups[0].Rows = append(s.Groups[0].Rows, s.Groups[0].Rows[i%4])
	}
	start := time.Now()
	page := htmlOf(t, s, "ja")
	took := time.Since(start)
	t.Logf("%d kB in %v", len(page)>>10, took)
	if took > 2*time.Second {
		t.Errorf("1,000 intervals take %v, want under 2 s", took)
	}
}

func TestPictures(t *testing.T) {
	s := small()
	for len(s.Groups) < 5 { // more than three: the heat map
		g := s.Groups[0]
		g.Name += "+"
		s.Groups = append(s.Groups, g)
	}
	var list []Picture
	for _, x := range []*beside.Study{small(), s} {
		for _, lang := range Languages() {
			a, err1 := QueuePictures(x, &x.Queues[0], lang)
			b, err2 := CenterPictures(x, lang)
			if err1 != nil || err2 != nil || len(a) != 3 || len(b) != 2 {
				t.Fatalf("%d and %d pictures (%v, %v), want 3 and 2", len(a), len(b), err1, err2)
			}
			list = append(append(list, a...), b...)
		}
	}
	for _, p := range list {
		svg, err := p.SVG()
		if err != nil || !bytes.Contains(svg, []byte("<title>"+p.Title)) || bytes.Contains(svg, []byte("NaN")) {
			t.Errorf("%s: SVG (%v) of %d bytes without title or with NaN", p.Name, err, len(svg))
		}
		data, err := p.Sized(360, 300).PNG(1)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil || img.Bounds().Dx() != 360 {
			t.Errorf("%s: PNG %v wide (%v), want 360", p.Name, img.Bounds(), err)
		}
	}
	if _, err := (Picture{Name: "x"}).SVG(); err == nil {
		t.Error("an empty picture is drawn")
	}
	if _, err := list[0].Sized(5, 1e9).PNG(1); err == nil {
		t.Error("a picture of 5 x 1e9 points is drawn")
	}
}
