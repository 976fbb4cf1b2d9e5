package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"callwright/sim/beside"
)

// Warnings and assumptions are values made where the fact is known, in English.
// These are the ones known here, as their makers' format strings (a test finds each in its
// source), with the Japanese for the same arguments, all as strings.
var warnings = slices.Concat(planWarnings, fitWarnings)

type known struct{ source, en, ja string }

var planWarnings = []known{
	{"sim/run.go", "interrupted: %d replications are counted", "途中で中断:集計は反復%s回分です"},
	{"cmd/callwright/study.go", "interrupted: the bridge is left out", "途中で中断:差の要因分解は省略しました"},
	{"sim/run.go", "%d contacts had not left a day after the end, or never could: the plan goes in circles, or nobody serves them; they count as still waiting",
		"終了から1日たっても残った着信が%s件あります(手順が循環しているか、担当者がいない)。「終了時待ち呼」に数えています"},
	{"sim/run.go", "%d replications: intervals are wide and rest on normality", "反復%s回:区間が広く、正規近似に依存しています"},
	{"sim/run.go", "%s: the wanted precision of %g %% is not reached after %d replications", "%s:反復%[3]s回では目標精度%[2]s%%に達していません"},
	{"sim/run.go", "%.3g contacts a run: one more or less moves a service level by points", "1回の反復あたり着信%s件:1件の増減でサービスレベルが数ポイント動きます"},
	{"sim/beside/build.go", "queue %s: in %d intervals (first %s) the load is at least the agents: Erlang C has no steady state there and says 0",
		"キュー「%s」:%s個の時間帯(最初は%s)で呼量が人数以上です。アーランCに定常状態はなく、0としています"},
	{"sim/beside/measured.go", "the log has contacts on %d of the %d days simulated: these are judged; the bridge is about all",
		"ログに着信があるのは対象%[2]s日のうち%[1]s日です。判定はその日だけ、差の要因分解は全日が対象です"},
	{"cmd/callwright/compare.go", "the two runs do not cover the same stretch: %s is %d days from %s, %s is %d days from %s; counts differ by that too",
		"二案の期間が異なります:%[1]sは%[3]sから%[2]s日間、%[4]sは%[6]sから%[5]s日間。件数の差にはこれも含まれます"},
	{"scenarios/serves.go", "group %s serves no queue", "グループ「%s」はどのキューも担当していません"},
	{"scenarios/groups.go", "group %s lets every call ring for at least %v and its ring-limit is %v: nobody answers",
		"グループ「%s」の呼出は最短でも%sで、ring-limit(%s)を超えます。誰も応答できません"},
	{"scenarios/staff.go", "group %s has no agents at any time", "グループ「%s」にはどの時間帯にも担当者がいません"},

	// Assumptions: the path, the value, and why.
	{"scenarios/calls.go", "%s: %s (no patience given; measured means are 60 s to 180 s)", "%s:%s(我慢時間の指定なし。実測の平均は60〜180秒)"},
	{"scenarios/calls.go", "%s: %s (callbacks are offered, and no part that takes them is given)", "%s:%s(折り返しを受ける割合の指定なし)"},
	{"scenarios/calls.go", "%s: %s (customers are rung, and no part that answers is given)", "%s:%s(発信に応答する割合の指定なし)"},
	{"scenarios/groups.go", "%s: %s (no ring time given: waits are those of the formulas)", "%s:%s(呼出時間の指定なし。待ち時間は計算式と同じ定義)"},
	{"scenarios/groups.go", "%s: %s (neither groups nor needs given)", "%s:%s(担当グループ・必要スキルの指定なし)"},
	{"scenarios/queues.go", "%s: %s (no target given; the usual one)", "%s:%s(目標の指定なし。一般的な値)"},
	{"scenarios/staff.go", "%s: %s (how long agents stay after closing to serve who waits is not given)", "%s:%s(閉店後に待ち呼へ対応する時間の指定なし)"},
	{"scenarios/lines.go", "%s: %s (no handle time given for the vendor)", "%s:%s(委託先の処理時間の指定なし)"},
	{"cmd/callwright/measured.go", "measured: %s, %d of its %d calls lie on the scenario's days", "実績:%s、全%[3]s件のうち%[2]s件が対象日"},
	{"cmd/callwright/measured.go", "measured: %d more came at hours of these days that are not simulated, and are left out", "実績:対象日のうちシミュレーション対象外の時間帯に来た%s件は除外"},
	{"sim/bridge/simple.go", "groups that serve several queues: up to the rung of routing each queue has a share of their agents, by load, in whole agents",
		"複数キューを兼務するグループ:ルーティングの段階までは、呼量で按分した整数の人数を各キューに割り当てています"},
	{"sim/bridge/callers.go", "queue %s: up to the rung of routing, who comes through flows, overflow, transfers or by calling again is a stream of that volume with the manners of %s",
		"キュー「%s」:ルーティングの段階までは、フロー・オーバーフロー・転送・かけ直しによる着信を、同じ件数で「%s」と同じふるまいの発信者とみなしています"},
}

// said is the part of a sentence that stands in its maker's source: all of it,
// or of an assumption the reason.
func said(en string) string {
	if _, why, ok := strings.Cut(en, "%s: %s ("); ok {
		return strings.TrimSuffix(why, ")")
	}
	return en
}

var verb = regexp.MustCompile(`%[.0-9]*[dgsv]`)

// pattern matches what a format string makes.
func pattern(format string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)^`)
	rest := format
	for {
		at := verb.FindStringIndex(rest)
		if at == nil {
			break
		}
		b.WriteString(regexp.QuoteMeta(strings.ReplaceAll(rest[:at[0]], "%%", "%")))
		if rest[at[1]-1] == 'd' {
			b.WriteString(`(-?\d+)`)
		} else {
			b.WriteString(`(.*?)`)
		}
		rest = rest[at[1]:]
	}
	b.WriteString(regexp.QuoteMeta(strings.ReplaceAll(rest, "%%", "%")) + `$`)
	return regexp.MustCompile(b.String())
}

var patterns = func() []*regexp.Regexp {
	var out []*regexp.Regexp
	for _, x := range warnings {
		out = append(out, pattern(x.en))
	}
	return out
}()

// warning says a warning in the language, or as it is where that is not known. One
// that a name precedes, as a scenario's in a comparison, keeps the name.
func (w words) warning(text string) string {
	if w.lang != "ja" {
		return text
	}
	if ja, ok := translated(text); ok {
		return ja
	}
	if name, rest, ok := strings.Cut(text, ": "); ok {
		if ja, ok := translated(rest); ok {
			if name == "measured" {
				name = w.s("col.measured")
			}
			return name + ":" + ja
		}
	}
	return text
}

func translated(text string) (string, bool) {
	for i, p := range patterns {
		m := p.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		args := make([]any, len(m)-1)
		for k, a := range m[1:] {
			args[k] = a
		}
		return fmt.Sprintf(warnings[i].ja, args...), true
	}
	return "", false
}

func (w words) warnings(s *beside.Study) []string { return w.sentences(s.Warnings) }

// sentences says warnings or assumptions in the language.
func (w words) sentences(list []string) []string {
	var out []string
	for _, x := range list {
		out = append(out, w.warning(x))
	}
	return out
}
