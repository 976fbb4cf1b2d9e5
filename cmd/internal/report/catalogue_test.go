package report

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestCatalogue(t *testing.T) {
	for _, f := range catalogue.Faults() {
		t.Error(f)
	}
	seen := map[string]bool{}
	for _, k := range catalogue.Keys() {
		seen[k] = true
	}
	used := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`\.s\("([^"]+)"`)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(text), -1) {
			used[m[1]] = true
		}
	}
	list := regexp.MustCompile(`range \[\]string\{"conclusion"([^}]*)\}`)
	text, _ := os.ReadFile("html.go")
	m := list.FindString(string(text))
	for _, k := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(m, -1) {
		used[k[1]] = true
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

// The warnings known here are those that are made.
func TestWarnings(t *testing.T) {
	for _, x := range warnings {
		text, err := os.ReadFile(filepath.Join("../../..", x.source))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), `"`+said(x.en)+`"`) {
			t.Errorf("%s no longer says %q", x.source, x.en)
		}
	}
	for _, x := range []struct{ in, want string }{
		{"3 replications: intervals are wide and rest on normality", "反復3回:区間が広く、正規近似に依存しています"},
		{"sl_offered: the wanted precision of 1 % is not reached after 99 replications", "sl_offered:反復99回では目標精度1%に達していません"},
		{"queue a: b: in 2 intervals (first 09:30) the load is at least the agents: Erlang C has no steady state there and says 0", "キュー「a: b」:2個の時間帯(最初は09:30)で呼量が人数以上です。アーランCに定常状態はなく、0としています"},
		{"groups.desk.ring: at once (no ring time given: waits are those of the formulas)", "groups.desk.ring:at once(呼出時間の指定なし。待ち時間は計算式と同じ定義)"},
		{"measured: ignored: row of totals, 3 rows, first row 9", "実績:無視した行 3行(row of totals。最初は9行目)"},
		{"today: group desk has no agents at any time", "today:グループ「desk」にはどの時間帯にも担当者がいません"},
		{"Time between calls after services that ended while nobody waited: mean 49.4 [42.5, 56.3] s.", "待ち呼がないときに終わった応対の後の呼間時間:平均49.4 [42.5, 56.3]秒。"},
		{"odd but used: answered, agent blank, 490 rows, first row 303", "不審だが使った行 490行(answered, agent blank。最初は303行目)"},
		{"unknown", "unknown"},
	} {
		if got := (words{"ja"}).warning(x.in); got != x.want {
			t.Errorf("%q is %q, want %q", x.in, got, x.want)
		}
	}
}
