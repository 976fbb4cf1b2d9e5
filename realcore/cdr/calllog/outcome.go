package calllog

import (
	"fmt"
	"strings"

	"callwright/realcore"

	"golang.org/x/text/unicode/norm"
)

// ignore is the fate of rows that are no calls.
const ignore = realcore.NumOutcomes

// outcomeMap is a fate by folded word.
type outcomeMap map[string]realcore.Outcome

// defaultWords are the words known without being told, by fate.
var defaultWords = []struct {
	fate  realcore.Outcome
	words string
}{
	{realcore.Answered, "agent answered answer handled connected completed complete served success ans completeagent completecaller 応答 応答済 応答済み 対応 対応済 対応済み 完了 通話 成立"},
	{realcore.Abandoned, "hang abandoned abandon aband abn hangup hungup lost missed cancel cancelled canceled customerhangup contactabandoned 放棄 放棄呼 途中放棄 途中切断 切断 未応答 不在 noanswer exitempty"},
	{realcore.LeftInFlow, "abandonedinivr ivrabandon ivrabandoned leftinflow ivr放棄 ガイダンス放棄 ガイダンス中放棄 ivr切断"},
	{realcore.Contained, "contained selfservice selfservicecompleted ivrcompleted 自動応答 自動応答完結 ivr完結 ガイダンス完了"},
	{realcore.Blocked, "blocked busy congestion congested あふれ あふれ呼 話中 輻輳 溢れ"},
	{realcore.Overflowed, "overflow overflowed transferredout redirected flowout exitwithkey オーバーフロー あふれ転送 転送"},
	{realcore.CalledBack, "callback callbackrequested コールバック 折り返し 折返し"},
	{realcore.Voicemailed, "voicemail message 留守電 留守番電話 伝言"},
	{realcore.OutOfHours, "closed outofhours afterhours 時間外 営業時間外 受付時間外"},
	{realcore.Disconnected, "disconnected timeout exitwithtimeout forceddisconnect 強制切断 タイムアウト"},
	{ignore, "phantom ignore test invalid テスト 試験 無効"},
}

// fateNames are what a word may be mapped to.
func fateNames() []string {
	var names []string
	for o := realcore.Blocked; o <= realcore.Disconnected; o++ {
		names = append(names, o.String())
	}
	return append(names, "ignore")
}

// outcomeWords returns the default words with the caller's own over them.
// Fates of own are "answered", "abandoned" and so on, or "ignore".
func outcomeWords(own map[string]string) (outcomeMap, error) {
	m := outcomeMap{}
	for _, d := range defaultWords {
		for w := range strings.FieldsSeq(d.words) {
			m[w] = d.fate
		}
	}
	var f faults
	for _, w := range sorted(own) {
		fate := own[w]
		found := false
		for o := realcore.Blocked; o <= realcore.Disconnected && !found; o++ {
			if found = o.String() == fate; found {
				m[foldWord(w)] = o
			}
		}
		if fate == "ignore" {
			m[foldWord(w)], found = ignore, true
		}
		if !found && !f.add(fmt.Errorf("outcomes: %q is to mean %q; want one of %s", w, fate, strings.Join(fateNames(), ", "))) {
			break
		}
	}
	return m, f.err()
}

func foldWord(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '_', '-', '.', '　':
			return -1
		}
		return r
	}, strings.ToLower(norm.NFKC.String(s)))
}

func (m outcomeMap) knows(s string) bool {
	if len(s) > 64 {
		return false
	}
	_, ok := m[foldWord(s)]
	return ok
}
