package calllog

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Kind is what a row of a file is: a call or an interval.
type Kind uint8

// The kinds.
const (
	CallLog Kind = iota
	IntervalReport
)

// Role is what a column means. Its String is the name to use in role=column.
type Role uint8

// The roles. Those of times hold an instant or a time of day, those of lengths
// a duration.
const (
	RoleNone Role = iota
	RoleDate
	RoleQueue

	RoleArrival // of call logs, from here
	RoleIVREnd
	RoleIVRTime
	RoleQueued
	RoleDequeued
	RoleWait
	RoleRing
	RoleAnswered
	RoleEnded
	RoleTalk
	RoleHold
	RoleWrapUp
	RoleHandle
	RoleOutcome
	RoleType
	RolePriority
	RoleAgent
	RoleCaller
	RoleTrunk
	RoleCallID

	RoleStart // of interval reports, from here
	RoleSlot
	RoleOfferedCount
	RoleAnsweredCount
	RoleAbandonedCount
	RoleAnsweredIn
	RoleAHT
	RoleMeanTalk
	RoleMeanHold
	RoleMeanWrapUp
	RoleServiceLevel
	NumRoles
)

// valueKind is what the values of a role look like.
type valueKind uint8

const (
	anyText valueKind = iota
	instantValue
	dateValue
	lengthValue
	outcomeValue
	countValue
	fractionValue
)

// roleInfo is a role's name, what it holds, and the header words for it, as
// normalise leaves them. Words are tried as a whole first, then, the longest
// first, as part of a header.
type roleInfo struct {
	name  string
	kind  valueKind
	calls bool
	ivals bool
	means string
	words string
}

var roles = [NumRoles]roleInfo{
	RoleNone:  {name: "none"},
	RoleDate:  {"date", dateValue, true, true, "day", "date day 日付 年月日 日 営業日 対象日 受信日 着信日"},
	RoleQueue: {"queue", anyText, true, true, "queue", "queue queuename skill skillname skillset splitskill split hunt huntgroup workgroup vdn csq キュー キュー名 スキル スキル名 スキルグループ 窓口 業務 業務名 受付窓口 着信グループ グループ"},

	RoleArrival:  {"arrival", instantValue, true, false, "arrival", "arrival arrivaltime arrived calltime callstart callstarttime starttime start time timestamp datetime received receivedat receivedtime offeredtime vruentry ivrentry ivrstart initiationtimestamp calldate created 着信日時 着信時刻 着信時間 入電日時 入電時刻 入電時間 受信日時 受信時刻 受付日時 受付時刻 開始日時 開始時刻 日時 時刻 呼発生時刻 発生日時 着信 入電 時間"},
	RoleIVREnd:   {"ivr-end", instantValue, true, false, "end of the voice menu", "vruexit ivrexit ivrend vruend ivr終了 ivr終了時刻"},
	RoleIVRTime:  {"ivr-time", lengthValue, true, false, "time in the voice menu", "vrutime ivrtime ivrduration vruduration ivr時間 ガイダンス時間"},
	RoleQueued:   {"queued", instantValue, true, false, "queue entry", "qstart queuestart queueentry queued queuedat enqueued enqueuedat enqueuetimestamp queueentertime queuetimestamp enteredqueue enterqueue キュー開始 キュー開始時刻 キュー投入時刻 待機開始 待機開始時刻 待ち開始時刻 キューイン 待呼開始"},
	RoleDequeued: {"dequeued", instantValue, true, false, "queue exit", "qexit queueexit queueend dequeued dequeuedat dequeuetimestamp leftqueue キュー終了 キュー終了時刻 待機終了 待機終了時刻 キューアウト"},
	RoleWait:     {"wait", lengthValue, true, false, "wait", "wait waittime waiting waitingtime qtime queuetime queueduration timeinqueue waitduration speedofanswer answerspeed holdtimeinqueue 待ち時間 待時間 待機時間 キュー時間 待ち 応答待ち時間 待ち秒数 応答速度 応答時間"},
	RoleRing:     {"ring", lengthValue, true, false, "ring time", "ring ringtime ringing ringduration alerttime 呼出時間 呼び出し時間 鳴動時間 リンギング時間 呼出"},
	RoleAnswered: {"answered", instantValue, true, false, "answer by an agent", "serstart servicestart answered answertime answeredat answerat answer connected connectedtoagenttimestamp connecttime connectedat talkstart 応答日時 応答時刻 応答 通話開始 通話開始時刻 通話開始日時 対応開始時刻 対応開始"},
	RoleEnded:    {"ended", instantValue, true, false, "end of the call", "serexit serviceexit serviceend ended endedat endtime end callend callendtime hangup hanguptime disconnected disconnecttimestamp disconnecttime finished 終了日時 終了時刻 通話終了 通話終了時刻 通話終了日時 切断時刻 切断日時 終話時刻 終話 終了"},
	RoleTalk:     {"talk", lengthValue, true, false, "talk time", "talk talktime sertime servicetime talkduration billsec agentinteractionduration conversation conversationtime callduration duration 通話時間 通話秒数 会話時間 通話"},
	RoleHold:     {"hold", lengthValue, true, false, "hold time", "hold holdtime onhold holdduration customerholdduration 保留時間 保留 保留秒数"},
	RoleWrapUp:   {"wrap-up", lengthValue, true, false, "wrap-up", "wrapup wrap wrapuptime wraptime acw acwtime aftercallwork aftercallworktime aftercallworkduration postcall 後処理時間 後処理 後処理秒数 事後処理時間"},
	RoleHandle:   {"handle", lengthValue, true, false, "talk, hold and wrap-up together", "handle handletime handlingtime handleduration handledtime 処理時間 対応時間"},
	RoleOutcome:  {"outcome", outcomeValue, true, false, "outcome", "outcome disposition result callresult status callstatus disconnectreason contactdisposition event 結果 対応結果 応答結果 状態 応答区分 応答放棄 ステータス 終了区分 区分 呼結果"},
	RoleType:     {"type", anyText, true, false, "type of call", "type calltype servicetype contacttype category reason 種別 呼種別 種類 問合せ種別 カテゴリ 用件"},
	RolePriority: {"priority", anyText, true, false, "priority", "priority prio 優先度 優先順位 優先"},
	RoleAgent:    {"agent", anyText, true, false, "agent", "agent agentname agentid agentlogin server operator operatorname operatorid user username representative csr answeredby オペレーター オペレータ オペレーター名 オペレータ名 オペレーターid エージェント エージェント名 担当者 担当 担当者名 コミュニケーター 対応者"},
	RoleCaller:   {"caller", anyText, true, false, "caller's number", "caller callerid callernumber ani clid src from phone phonenumber customerendpoint 発信者番号 発信番号 発番号 電話番号 発信元 お客様番号 発信者"},
	RoleTrunk:    {"trunk", anyText, true, false, "trunk or line", "trunk trunkgroup trunkname line vruline channel 回線 回線番号 トランク 回線グループ"},
	RoleCallID:   {"call-id", anyText, true, false, "the call's own number", "callid id uniqueid contactid ucid sessionid 呼id コールid 通番 通話id 受付番号 呼番号 no"},

	RoleStart:          {"start", instantValue, false, true, "start of the interval", "intervalstart interval start starttime time timestamp datetime period periodstart halfhour from timeslot intervalbegin 時間帯 時刻 日時 開始時刻 開始日時 開始 時間 集計開始 集計時間帯 時間帯開始"},
	RoleSlot:           {"slot", countValue, false, true, "number of the interval in the day, from 1", "slot slotnumber intervalnumber intervalno スロット 時間帯番号"},
	RoleOfferedCount:   {"offered", countValue, false, true, "calls offered", "offered calls callsoffered offeredcalls volume callvolume contacts contactsoffered arrivals acdcallsoffered entered received callsreceived inbound incoming 着信 着信数 着信件数 着信呼数 着信呼 入電 入電数 入電件数 総着信数 総着信 呼数 受信件数 コール数 呼量 件数"},
	RoleAnsweredCount:  {"answered", countValue, false, true, "calls answered", "answered callsanswered answeredcalls handled callshandled contactshandled acdcalls 応答 応答数 応答件数 応答呼数 応答呼 対応件数 対応数 処理件数"},
	RoleAbandonedCount: {"abandoned", countValue, false, true, "calls abandoned", "abandoned abandon abandons abn abncalls callsabandoned abandonedcalls lost 放棄 放棄数 放棄件数 放棄呼 放棄呼数 途中放棄"},
	RoleAnsweredIn:     {"answered-in", countValue, false, true, "calls answered within the threshold", "answeredwithin answeredin answeredinsl answeredinsla acceptable withinsl 秒以内応答 秒以内応答数 秒以内応答件数 以内応答数 以内応答件数 sl内応答数"},
	RoleAHT:            {"aht", lengthValue, false, true, "mean handle time", "aht avghandletime averagehandletime averagehandlingtime avghandlingtime avghandle meanhandletime handletime 平均処理時間 平均対応時間 平均ハンドリングタイム"},
	RoleMeanTalk:       {"talk", lengthValue, false, true, "mean talk time", "att avgtalktime averagetalktime avgtalk avgacdtime talktime talk 平均通話時間 平均通話 平均会話時間"},
	RoleMeanHold:       {"hold", lengthValue, false, true, "mean hold time", "avgholdtime averageholdtime avghold holdtime 平均保留時間 平均保留"},
	RoleMeanWrapUp:     {"wrap-up", lengthValue, false, true, "mean wrap-up", "acw avgacw avgacwtime averageacw avgwrapup averagewrapup averagewrapuptime wrapup wrap aftercallwork 平均後処理時間 平均後処理 後処理 後処理時間 acw平均"},
	RoleServiceLevel:   {"sl", fractionValue, false, true, "service level", "sl servicelevel svclevel svl sla slpercent tsf サービスレベル sl達成率 秒以内応答率 以内応答率"},
}

// String returns the role's name.
func (r Role) String() string {
	if r < NumRoles {
		return roles[r].name
	}
	return "?"
}

func (r Role) of(k Kind) bool {
	if k == CallLog {
		return roles[r].calls
	}
	return roles[r].ivals
}

// Roles returns the names of the roles that files of kind k may have.
func Roles(k Kind) []string {
	var names []string
	for r := RoleNone + 1; r < NumRoles; r++ {
		if r.of(k) {
			names = append(names, roles[r].name)
		}
	}
	return names
}

// roleByName finds a role of kind k.
func roleByName(k Kind, s string) (Role, bool) {
	for r := RoleNone + 1; r < NumRoles; r++ {
		if r.of(k) && roles[r].name == s {
			return r, true
		}
	}
	return RoleNone, false
}

// normalise leaves of a header what counts: compatible forms folded (full
// width, half-width kana), lower case, letters and digits only. The unit at its
// end ("_s", "(秒)") is cut off and returned.
func normalise(header string) (word, unit string) {
	s := strings.ToLower(norm.NFKC.String(header))
	s = strings.TrimSpace(s)
	for _, u := range units {
		if cut, ok := strings.CutSuffix(s, u.suffix); ok && cut != "" {
			s, unit = cut, u.unit
			break
		}
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == 'ー' {
			return r
		}
		return -1
	}, s)
	return s, unit
}

// units are the endings of a header that say in what its numbers count.
var units = []struct{ suffix, unit string }{
	{"_s", "s"}, {" s", "s"}, {"(s)", "s"}, {"[s]", "s"}, {"_sec", "s"}, {" sec", "s"}, {"(sec)", "s"}, {"[sec]", "s"}, {"(secs)", "s"},
	{"_secs", "s"}, {"_seconds", "s"}, {" seconds", "s"}, {"(seconds)", "s"}, {"(秒)", "s"}, {"[秒]", "s"}, {"秒数", "s"}, {"_秒", "s"},
	{"_ms", "ms"}, {"(ms)", "ms"}, {"[ms]", "ms"}, {"(ミリ秒)", "ms"}, {" ms", "ms"},
	{"_min", "min"}, {" min", "min"}, {"(min)", "min"}, {"[min]", "min"}, {"_minutes", "min"}, {"(minutes)", "min"}, {"(分)", "min"}, {"[分]", "min"},
	{"(%)", "%"}, {"[%]", "%"}, {" %", "%"}, {"%", "%"}, {"_pct", "%"}, {"_percent", "%"}, {"(hh:mm:ss)", ""}, {"(h:mm:ss)", ""}, {"(件)", ""}, {"(件数)", ""},
}

// match scores how well a header word fits a role: near 1000 as a whole, more
// for the earlier of the role's words; less as a part; 0 not at all. hit is the
// word that fitted.
func match(r Role, word string) (score int, hit string) {
	i := 0
	for w := range strings.FieldsSeq(roles[r].words) {
		long := len([]rune(w))
		switch {
		case w == word:
			return 1000 - min(i, 99), w
		case !strings.Contains(word, w):
		case isCJK(w) && long >= 2, !isCJK(w) && long >= 4:
			if n := 400 + 10*min(long, 40); n > score {
				score, hit = n, w
			}
		}
		i++
	}
	return score, hit
}

func isCJK(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r >= 0x3000 }) >= 0 }

// nearest returns up to three of names, those least different from s first.
func nearest(s string, names []string) []string {
	type near struct {
		name string
		d    int
	}
	want, _ := normalise(s)
	var all []near
	for _, n := range names {
		w, _ := normalise(n)
		d := distance([]rune(want), []rune(w))
		if strings.Contains(w, want) || strings.Contains(want, w) && w != "" {
			d = min(d, 1)
		}
		all = append(all, near{n, d})
	}
	slices.SortStableFunc(all, func(a, b near) int { return a.d - b.d })
	var out []string
	for i := range min(3, len(all)) {
		out = append(out, all[i].name)
	}
	return out
}

// distance is the edit distance of a and b, of at most 64 characters each.
func distance(a, b []rune) int {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diag := row[0]
		row[0] = i + 1
		for j := range b {
			sub := diag
			if a[i] != b[j] {
				sub++
			}
			diag = row[j+1]
			row[j+1] = min(sub, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
