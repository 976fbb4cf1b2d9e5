package cti

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"callwright/realcore"
)

// Every text is there in both languages, and every key used exists.
func TestCatalogue(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range catalogue {
		if e.en == "" || e.ja == "" {
			t.Errorf("%s: en %q, ja %q; want both", e.key, e.en, e.ja)
		}
		if seen[e.key] {
			t.Errorf("%s is there twice", e.key)
		}
		seen[e.key] = true
		if a, b := strings.Count(e.en, "%s"), strings.Count(e.ja, "%s"); a != b {
			t.Errorf("%s: %d arguments in en, %d in ja", e.key, a, b)
		}
	}
	used := map[string]bool{}
	for pattern, call := range map[string]string{
		"static/*.js":  `\bt\('([a-z.-]+[a-z])'|'((?:desk|board|line)\.[a-z.-]+[a-z])'`,
		"pages/*.html": `\.T "([a-z.-]+)"`,
	} {
		files, _ := filepath.Glob(pattern)
		if len(files) == 0 {
			t.Fatalf("no %s", pattern)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(call).FindAllStringSubmatch(string(text), -1) {
				used[strings.Join(m[1:], "")] = true
			}
		}
	}
	for _, list := range []struct {
		prefix string
		of     []string
	}{{"stage.", stageNames[:]}, {"disposition.", DefaultDispositions}, {"title.", []string{"login", "agent", "wallboard"}},
		{"desk.idle.", []string{"device", "rona"}}} {
		for _, x := range list.of {
			used[list.prefix+x] = true
		}
	}
	for s := range realcore.NumAgentStates {
		used["state."+s.String()] = true
	}
	for r := realcore.ReasonRONA; r <= realcore.ReasonDrain; r++ {
		used["reason."+r.String()] = true
	}
	for o := range realcore.NumOutcomes {
		used["outcome."+o.String()] = true
	}
	source, _ := os.ReadFile("answer.go")
	for _, m := range regexp.MustCompile(`&failure\{http\.Status\w+, "([a-z-]+)"\}`).FindAllStringSubmatch(string(source), -1) {
		used["err."+m[1]] = true
	}
	for k := range used {
		if !seen[k] {
			t.Errorf("%s is used and not there", k)
		}
	}
	for k := range seen {
		if !used[k] {
			t.Errorf("%s is there and not used", k)
		}
	}
}

// The language is what was chosen, or the site's, or the browser's.
func TestLang(t *testing.T) {
	for _, x := range []struct{ site, asks, chosen, want string }{
		{"", "", "", "en"}, {"", "fr, ja-JP;q=0.8, en;q=0.5", "", "ja"}, {"ja", "en", "", "ja"}, {"ja", "en", "en", "en"}, {"", "ja", "xx", "ja"}} {
		s := &Server{cfg: Config{Lang: x.site}}
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Language", x.asks)
		r.Header.Set("Cookie", langCookie+"="+x.chosen)
		if got := s.lang(r); got != x.want {
			t.Errorf("%+v: %s", x, got)
		}
	}
}

// Nothing on the pages comes from elsewhere, and no script makes markup of a text.
func TestPagesAreOurOwn(t *testing.T) {
	for _, dir := range []string{"static", "pages"} {
		list, _ := os.ReadDir(dir)
		for _, e := range list {
			b, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			text := strings.ReplaceAll(string(b), "http://www.w3.org/2000/svg", "")
			for _, bad := range []string{"http://", "https://", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "style=", "onclick="} {
				if strings.Contains(text, bad) {
					t.Errorf("%s/%s has %s", dir, e.Name(), bad)
				}
			}
		}
	}
}
