package report

import (
	"fmt"

	"callwright/cmd/internal/page"
)

// Languages returns the languages of reports.
func Languages() []string { return page.Languages() }

// words says everything in one language.
type words struct{ lang string }

func wordsOf(lang string) (words, error) {
	if err := page.Known(lang); err != nil {
		return words{}, fmt.Errorf("report: %w", err)
	}
	return words{lang}, nil
}

func (w words) s(key string, args ...any) string { return catalogue.Say(w.lang, key, args...) }

func (w words) pick(en, ja string) string { return page.Pick(w.lang, en, ja) }

type entry struct{ Key, En, Ja string }

// catalogue is all the prose of reports. Names and formulas of measures are not here but
// in realcore/measure.
var catalogue = page.NewCatalogue(headWords, tableWords, pictureWords, definitionWords, fitWords)

var headWords = []entry{
	{"title", "Formulas and simulation side by side", "計算式とシミュレーションの比較"},
	{"scenario", "Scenario: %s", "シナリオ:%s"},
	{"conclusion", "Conclusion", "結論"},
	{"queue", "Queue %s", "キュー「%s」"},
	{"empty", "The study has no queues: there is nothing to compare.", "キューがないため、比較できる結果がありません。"},
	{"no_intervals", "No intervals.", "時間帯別の結果はありません。"},

	// The sentence a planner can forward.
	{"say.head", "Queue %[1]s, %[2]s, T = %[3]s:", "キュー「%[1]s」の%[2]s(T=%[3]s)は、次のとおりです。"},
	{"say.c", "Erlang C says %s; it assumes nobody hangs up.", "アーランCでは%s(途中で切る人はいないと仮定)。"},
	{"say.c.full", "In %[1]d of %[2]d intervals the load is at least the agents, and it says 0.", "%[2]d個の時間帯のうち%[1]d個は呼量が人数以上のため、アーランCの値は0です。"},
	{"say.a", "Erlang A says %s; callers hang up, but every interval stands alone in a steady state.", "アーランAでは%s(放棄を考慮。ただし各時間帯を独立した定常状態とみなす)。"},
	{"say.sim", "The simulation says %[1]s (%[2]s to %[3]s, %[4]s confidence); it plays the routing, the shifts and the callers' patience as they are.", "シミュレーションでは%[1]s(%[4]s信頼区間 %[2]s〜%[3]s。ルーティング・シフト・我慢時間をそのまま再現)。"},
	{"say.sim.bare", "The simulation says %s; too few replications for an interval.", "シミュレーションでは%s(反復回数が少なく、信頼区間は出せません)。"},
	{"say.sim.none", "The simulation has no value: no contacts.", "シミュレーションでは着信がなく、値は定義されません。"},
	{"say.measured", "Measured was %[1]s, over the %[2]s contacts of the log.", "実績はログの%[2]s件で%[1]sでした。"},
	{"say.meets", "A day meets the target of %[1]s with probability %[2]s (%[3]s to %[4]s).", "1日単位で目標%[1]sを達成する確率は%[2]s(%[3]s〜%[4]s)です。"},
	{"say.meets.bare", "A day meets the target of %[1]s with probability %[2]s.", "1日単位で目標%[1]sを達成する確率は%[2]sです。"},
	{"say.need", "To reach the target in every interval, Erlang C asks for %[1]s agent-hours, Erlang A for %[2]s; %[3]s are staffed.", "全時間帯で目標を満たすのに必要な延べ人時は、アーランCで%[1]s、アーランAで%[2]s、配置は%[3]sです。"},
	{"say.shared", "Its agents also serve other queues: the formulas get a share of them, by load.", "担当者は他のキューと兼務のため、計算式には呼量で按分した人数を与えています。"},
	{"say.judged", "Of %[2]d measures of the log, %[1]d lie inside the simulation's prediction interval.", "ログの%[2]d指標のうち、シミュレーションの予測区間に入ったのは%[1]d個です。"},
	{"say.warnings", "Warnings: %d, see below.", "注意事項が%d件あります(後述)。"},
	{"say.many", "%[1]d queues. The service level of each is by its own rule; see the table.", "キューは%[1]d個です。サービスレベルはキューごとの定義によります(下表)。"},
	{"say.meet.count", "Of %[2]d queues with a target, the simulation's mean reaches it in %[1]d.", "目標のある%[2]d個のうち、シミュレーションの平均が目標に達するのは%[1]d個です。"},
}

var tableWords = []entry{
	{"col.queue", "queue", "キュー"},
	{"col.group", "group", "グループ"},
	{"col.interval", "interval", "時間帯"},
	{"col.measure", "measure", "指標"},
	{"col.value", "value", "値"},
	{"col.ci", "%s confidence", "%s信頼区間"},
	{"col.run", "one run, %s", "1回の運用(%s)"},
	{"col.definition", "definition", "定義"},
	{"col.offered", "offered", "着信"},
	{"col.agents", "agents", "配置人数"},
	{"col.load", "load, erl", "呼量(erl)"},
	{"col.need_c", "need, C", "必要(C)"},
	{"col.need_a", "need, A", "必要(A)"},
	{"col.need_hours", "agent-hours to reach the target", "目標達成に必要な延べ人時"},
	{"col.staffed_hours", "agent-hours staffed", "配置(延べ人時)"},
	{"col.late_hours", "agent-hours after closing", "閉店後の延べ人時"},
	{"col.work_hours", "workload, hours", "処理量(延べ時間)"},
	{"col.erlang_c", "Erlang C", "アーランC"},
	{"col.erlang_a", "Erlang A", "アーランA"},
	{"col.simulated", "simulated", "シミュレーション"},
	{"col.day", "one day", "1日の予測"},
	{"col.measured", "measured", "実績"},
	{"col.abandonment", "abandoned", "放棄率"},
	{"col.asa", "ASA, s", "ASA(秒)"},
	{"col.occupancy", "occupancy", "占有率"},
	{"col.target", "target", "目標"},
	{"col.meets", "P(day meets target)", "達成確率(1日)"},
	{"col.change", "change", "変化"},
	{"col.rung", "assumption relaxed", "見直した前提"},
	{"col.total", "total", "合計"},
	{"unit.percent", "%", "%"},
	{"unit.points", "%s points", "%sポイント"},
	{"unit.seconds", "%s s", "%s秒"},
	{"unit.hours", "%s h", "%s時間"},
	{"cell.contacts", "%s", "%s件"},
	{"table.key", "Key figures", "主な指標"},
	{"table.queues", "All queues", "キュー一覧"},
	{"table.intervals", "By interval", "時間帯別"},
	{"table.rule", "SL: %[1]s = %[2]s; T = %[3]s; confidence and prediction intervals at %[4]s; undefined: -", "SL:%[1]s = %[2]s、T=%[3]s。信頼区間・予測区間の水準は%[4]s。「-」は定義されない値"},
	{"table.rule.low", "; %[1]d replications are too few for that: prediction intervals are at %[2]s", "。反復%[1]d回では足りず、予測区間の水準は%[2]s"},
	{"table.rule.target", "target %s", "目標%s"},
	{"table.center", "The whole centre", "センター全体"},
	{"table.groups", "Agents by group", "グループ別の担当者"},
	{"table.bridge", "Why the numbers differ", "数値が異なる理由"},
	{"table.numbers", "The numbers of this picture", "この図の数値"},
	{"bridge.part", "%[1]s (%[2]s)", "%[1]s(%[2]s)"},
	{"bridge.largest", "The largest parts: %s.", "影響の大きい前提:%s。"},
	{"bridge.ci", " (%[1]s to %[2]s)", "(%[1]s〜%[2]s)"},
	{"bridge.rest", "Unexplained: %[1]s%[2]s.", "説明できない差:%[1]s%[2]s。"},
	{"table.days", "Day by day", "日別"},
	{"table.days.note", "a day begins when the first one does; intervals as above", "1日は初日の開始時刻を区切りとする。区間の水準は上記と同じ"},
	{"days.intervals", "%d intervals: --format csv or json, or --html, has them one by one.", "%d個の時間帯別の値は --format csv、json または --html で出力できます。"},
	{"table.judged", "Predicted and measured", "予測と実績"},
	{"table.judged.note", "a measured run is one run: the prediction interval judges it, not the confidence interval", "実績は1回の結果であるため、信頼区間ではなく予測区間で判断する"},
	{"col.from", "from", "開始"},
	{"col.predicted", "predicted", "予測"},
	{"col.pi", "%s prediction", "%s予測区間"},
	{"col.inside", "verdict", "判定"},
	{"inside", "inside", "範囲内"},
	{"outside", "outside", "範囲外"},
	{"diff.title", "%[1]s (A) and %[2]s (B)", "%[1]s(A)と %[2]s(B)の比較"},
	{"diff.how", "Streams of calls with the same name have the same callers in both (common random numbers), %[1]d replications; changes with their %[2]s confidence interval.", "同じ名前の着信系列は両案とも同じ発信者(共通乱数)。反復%[1]d回。変化には%[2]s信頼区間を付す。"},
	{"diff.how.none", "No stream of calls has the same name in both: the callers are not the same. %[1]d replications; changes with their %[2]s confidence interval.", "両案に同じ名前の着信系列がないため、発信者は同じではない。反復%[1]d回。変化には%[2]s信頼区間を付す。"},
	{"diff.part", "%[1]s %[2]s -> %[3]s (%[4]s, %[5]s)", "%[1]s %[2]s→%[3]s(%[4]s、%[5]s)"},
	{"diff.real", "more than chance", "偶然ではない"},
	{"diff.same", "the same in every run", "すべての反復で同じ"},
	{"diff.chance", "may be chance", "偶然の範囲内"},
	{"diff.unknown", "too few replications to tell", "反復不足で判定不可"},
	{"diff.only", "Only in %[1]s: %[2]s.", "%[1]sにのみ存在するキュー:%[2]s。"},
	{"diff.awt", "T = %[1]s in A and %[2]s in B: service levels are not the same measure", "TはAで%[1]s、Bで%[2]s。サービスレベルは同じ指標ではない"},
	{"bridge.say", "From %[1]s to %[2]s, one assumption relaxed at a time; the changes add up to the whole gap.", "前提を一つずつ見直すと%[1]sから%[2]sへ変わります。変化の合計は全体の差に一致します。"},
	{"section.definitions", "Definitions", "用語と定義"},
	{"section.assumptions", "Assumptions", "前提条件"},
	{"section.warnings", "Warnings", "注意事項"},
	{"section.repeat", "How to get the same numbers", "再現に必要な情報"},
	{"none.warnings", "No warnings.", "注意事項はありません。"},
	{"none.assumptions", "None stated.", "明示された前提条件はありません。"},
	{"none.pictures", "Pictures are left out beyond %d queues; the tables hold every number.", "キューが%d個を超えるため図は省略しました。数値はすべて表にあります。"},
	{"repeat.digest", "scenario digest", "シナリオのダイジェスト"},
	{"repeat.plan", "plan digest", "プランのダイジェスト"},
	{"repeat.seed", "seed", "乱数シード"},
	{"repeat.reps", "replications", "反復回数"},
	{"repeat.level", "level of all intervals", "区間の水準"},
	{"repeat.program", "program", "プログラム"},
	{"repeat.epoch", "first interval begins", "最初の時間帯の開始"},
	{"repeat.interval", "interval", "時間帯の長さ"},
}

var pictureWords = []entry{
	{"pic.sl", "Service level by interval", "時間帯別サービスレベル"},
	{"pic.sl.axis", "service level, %", "サービスレベル(%)"},
	{"pic.sl.offered", "offered contacts", "着信数"},
	{"pic.sl.alt", "Queue %[1]s: simulated service level from %[2]s to %[3]s over %[4]d intervals.", "キュー「%[1]s」:シミュレーションのサービスレベルは%[4]d個の時間帯で%[2]s〜%[3]s。"},
	{"pic.sl.ci", "simulated, %s confidence", "シミュレーション(%s信頼帯)"},
	{"pic.sl.pi", "one day, %s prediction", "1日の予測帯(%s)"},
	{"pic.sl.target", "target %s", "目標 %s"},
	{"pic.need", "Required and staffed agents", "必要人数と配置(過不足)"},
	{"pic.need.axis", "agents", "人数"},
	{"pic.need.c", "required, Erlang C (%s)", "必要(アーランC)%s"},
	{"pic.need.a", "required, Erlang A (%s)", "必要(アーランA)%s"},
	{"pic.need.staffed", "staffed (%s)", "配置 %s"},
	{"pic.need.under", "short of %[1]s (%[2]s)", "不足(対%[1]s)%[2]s"},
	{"pic.need.over", "above %[1]s (%[2]s)", "余剰(対%[1]s)%[2]s"},
	{"pic.need.alt", "Queue %[1]s: staffed %[2]s; %[3]s short and %[4]s above the requirement.", "キュー「%[1]s」:配置%[2]s、必要人数に対し不足%[3]s・余剰%[4]s。"},
	{"pic.waits", "Wait distribution", "待ち時間の分布"},
	{"pic.waits.axis", "share of contacts, %", "件数の割合(%)"},
	{"pic.waits.left", "still waiting after t, %", "t秒後も待っている割合(%)"},
	{"pic.waits.x", "wait, seconds", "待ち時間(秒)"},
	{"pic.waits.answered", "answered", "応答"},
	{"pic.waits.abandoned", "abandoned", "放棄"},
	{"pic.waits.alt", "Queue %[1]s: %[2]s answered within T = %[3]s, %[4]s abandoned.", "キュー「%[1]s」:T=%[3]s以内の応答%[2]s、放棄%[4]s。"},
	{"pic.occ", "Occupancy by group and interval", "グループ・時間帯別の占有率"},
	{"pic.occ.axis", "occupancy, %", "占有率(%)"},
	{"pic.occ.alt", "Occupancy of %[1]d groups, from %[2]s to %[3]s.", "%[1]dグループの占有率は%[2]s〜%[3]s。"},
	{"pic.occ.merged", "each column: %d intervals", "1列=%d個の時間帯"},
	{"pic.bridge", "From Erlang C to the last answer", "アーランCから最後の答えまで"},
	{"pic.bridge.x", "service level, %", "サービスレベル(%)"},
	{"pic.bridge.up", "raises", "押し上げ"},
	{"pic.bridge.down", "lowers", "押し下げ"},
	{"pic.bridge.value", "answer so far", "この段階の答え"},
	{"pic.rest", "%s+", "%s〜"},
}

var definitionWords = []entry{
	{"def.erlang_c", "Erlang C", "アーランC"},
	{"def.erlang_c.is", "M/M/n in each interval alone: Poisson arrivals, exponential handle times, n agents, nobody hangs up; no steady state, and service level 0, if load >= agents", "各時間帯を独立にM/M/nとみなす。到着はポアソン、処理時間は指数分布、担当者n人、放棄なし。呼量が人数以上なら定常状態がなくSLは0"},
	{"def.erlang_a", "Erlang A", "アーランA"},
	{"def.erlang_a.is", "M/M/n+M: as Erlang C, but callers hang up after exponential patience", "M/M/n+M。アーランCに、指数分布の我慢時間による放棄を加えたもの"},
	{"def.formula_day", "Erlang C, A over the day", "アーランC・Aの1日の値"},
	{"def.formula_day.is", "mean of the intervals' values, weighted by offered contacts", "時間帯別の値を着信数で加重平均"},
	{"def.load", "load (erl)", "呼量(erl)"},
	{"def.load.is", "offered contacts per second x AHT in seconds", "1秒あたりの着信数 × 平均処理時間(秒)"},
	{"def.agents", "agents", "配置人数"},
	{"def.agents.is", "mean number staffed in the interval; where groups serve several queues, the queue's share by load", "その時間帯の平均配置人数。兼務グループは呼量で按分"},
	{"def.need", "required agents (need)", "必要人数"},
	{"def.need.is", "fewest agents with whom the formula reaches the target in the interval alone", "その時間帯だけを見て、計算式で目標を満たす最少人数"},
	{"def.hours", "agent-hours", "延べ人時"},
	{"def.hours.is", "sum of agents x length of the interval", "人数 × 時間帯の長さ の合計"},
	{"def.confidence", "confidence interval", "信頼区間"},
	{"def.confidence.is", "where the long-run mean lies; it narrows with more replications", "長期平均がある範囲。反復を増やすと狭くなる"},
	{"def.crn", "common random numbers", "共通乱数"},
	{"def.crn.is", "a caller of the same stream and number has the same arrival, handle time and patience in both centres, so that the change's interval is that of the pairs", "同じ系列・同じ番号の発信者は、両案で到着・処理時間・我慢時間が同じ。変化の区間は対の差による"},
	{"def.prediction", "prediction interval (one day, one run)", "予測区間(1日・1回の運用)"},
	{"def.prediction.is", "where the value of one single day lies; it does not narrow with more replications; a measured day is judged by it", "ある1日の値が入る範囲。反復を増やしても狭くならない。実績の1日はこれで判断する"},
	{"def.meets", "P(day meets target)", "達成確率(1日)"},
	{"def.meets.is", "days whose own service level reaches the target / days with contacts, over all replications; Wilson's interval for runs of one day, over replications otherwise", "自身のSLが目標に達した日数 ÷ 着信のあった日数(全反復)。区間は、1日の反復ではウィルソン法、複数日では反復間のばらつきによる"},
	{"def.utilisation", "two ratios called utilisation", "「稼働率」について"},
	{"def.utilisation.is", "occupancy = (handling + reserved) / (handling + reserved + ready); utilisation = handling / paid time; others swap the names, so compare formulas", "占有率=(処理+呼出)÷(処理+呼出+待機)、稼働率=処理÷就業時間。現場では両方が「稼働率」と呼ばれるため、式で比べること"},
}
