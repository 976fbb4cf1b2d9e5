package measure

// ID names a measure in files and flags. It never changes its meaning.
type ID string

// Unit is what a measure is counted in.
type Unit string

// The units. Fractions are in [0, 1]; a percent sign is for people only.
const (
	Fraction Unit = "fraction"
	Seconds  Unit = "seconds"
	Contacts Unit = "contacts"
	Erlangs  Unit = "erlangs"
)

// Cell is everything counted of one queue (or all) in one interval (or all),
// as definitions read it.
type Cell struct {
	Line   Line   // contacts of the centre; only in cells of the whole centre
	Counts Counts // visits to the queue
	Legs   Work   // handled contacts of the queue: Handled, Talk, Hold, Wrap
	Agents Work   // agents' time, of the group or of all
}

// Definition is one measure: a ratio of two sums, so that intervals, days and
// replications add up before the division.
type Definition struct {
	ID        ID
	Unit      Unit
	En, Ja    string // its name
	FormulaEn string // what is divided by what
	FormulaJa string
	Of        func(c *Cell) (num, den float64)
}

// Definitions returns every measure, in the order in which reports show them.
func Definitions() []Definition { return definitions }

// Find returns the definition with an ID, or nil.
func Find(id ID) *Definition {
	for i := range definitions {
		if definitions[i].ID == id {
			return &definitions[i]
		}
	}
	return nil
}

// Value returns the measure of a cell, and false where it is undefined: no
// contacts, no time.
func (d *Definition) Value(c *Cell) (float64, bool) {
	n, den := d.Of(c)
	if den == 0 {
		return 0, false
	}
	return n / den, true
}

func count(n int64) (float64, float64)     { return float64(n), 1 }
func share(n, of int64) (float64, float64) { return float64(n), float64(of) }
func mean(ns, n int64) (float64, float64)  { return float64(ns) / 1e9, float64(n) }

var definitions = []Definition{
	{"attempts", Contacts, "attempts", "発呼(総着信)", "calls that reached the centre's lines, blocked ones included", "回線に到達した呼の数(話中を含む)",
		func(c *Cell) (float64, float64) { return count(c.Line.Attempts) }},
	{"blocked", Contacts, "blocked", "あふれ呼(話中)", "attempts that found no line", "回線がなく話中になった呼の数",
		func(c *Cell) (float64, float64) { return count(c.Line.Blocked) }},
	{"offered", Contacts, "offered", "着信(入電)", "visits to the queue, by the instant of queue entry", "キューに入った呼の数(キュー到着時刻の時間帯)",
		func(c *Cell) (float64, float64) { return count(c.Counts.Offered) }},
	{"answered", Contacts, "answered", "応答", "of the offered, those an agent answered", "着信のうちオペレーターが応答した数",
		func(c *Cell) (float64, float64) { return count(c.Counts.Answered) }},
	{"abandoned", Contacts, "abandoned", "放棄呼", "of the offered, those who hung up while waiting or ringing", "着信のうち待ち中(呼出中を含む)に切断した数",
		func(c *Cell) (float64, float64) { return count(c.Counts.Abandoned) }},
	{"disconnected", Contacts, "disconnected", "切断(案内終了)", "of the offered, those whom the centre hung up on: queue full, or as the queue's steps say", "着信のうちセンター側から切断した数(満杯・手順による)",
		func(c *Cell) (float64, float64) { return count(c.Counts.Disconnected) }},
	{"voicemail", Contacts, "voicemail", "留守録", "of the offered, those who left a message", "着信のうち留守録に回った数",
		func(c *Cell) (float64, float64) { return count(c.Counts.Voicemailed) }},
	{"open", Contacts, "still waiting", "終了時待ち呼", "of the offered, those still waiting when the run ended", "着信のうち集計終了時にまだ待っていた数",
		func(c *Cell) (float64, float64) { return count(c.Counts.Open) }},
	{"out_of_hours", Contacts, "out of hours", "時間外", "attempts that came while closed, and went no further; the centre's alone", "時間外に着信し、そこで終了した数(センター全体)",
		func(c *Cell) (float64, float64) { return count(c.Line.OutOfHours) }},
	{"contained", Contacts, "ended in the flow", "IVR完結", "attempts that ended in a menu or announcement as it says, never queued; the centre's alone", "メニュー・案内で完結し、キューに入らなかった数(センター全体)",
		func(c *Cell) (float64, float64) { return count(c.Line.Contained) }},
	{"left_in_flow", Contacts, "left in the flow", "IVR途中離脱", "attempts whose callers hung up in a menu or announcement; the centre's alone", "メニュー・案内の途中で切断した数(センター全体)",
		func(c *Cell) (float64, float64) { return count(c.Line.LeftInFlow) }},
	{"sl_offered", Fraction, "service level (of offered)", "サービスレベル(着信基準)", "answered within T / offered", "T秒以内応答 ÷ 着信",
		func(c *Cell) (float64, float64) { return share(c.Counts.AnsweredInT, c.Counts.Offered) }},
	{"sl_answered", Fraction, "service level (of answered)", "サービスレベル(応答基準)", "answered within T / answered", "T秒以内応答 ÷ 応答",
		func(c *Cell) (float64, float64) { return share(c.Counts.AnsweredInT, c.Counts.Answered) }},
	{"sl_exclude_within", Fraction, "service level (early abandons left out)", "サービスレベル(T秒以内放棄を除外)", "answered within T / (offered - abandoned within T)", "T秒以内応答 ÷(着信 - T秒以内放棄)",
		func(c *Cell) (float64, float64) {
			return share(c.Counts.AnsweredInT, c.Counts.Offered-c.Counts.AbandonedInT)
		}},
	{"sl_exclude_short", Fraction, "service level (short abandons left out)", "サービスレベル(短時間放棄を除外)", "answered within T / (offered - abandoned within tau)", "T秒以内応答 ÷(着信 - τ秒以内放棄)",
		func(c *Cell) (float64, float64) {
			return share(c.Counts.AnsweredInT, c.Counts.Offered-c.Counts.AbandonedTau)
		}},
	{"sl_count_within", Fraction, "service level (early abandons count as good)", "サービスレベル(T秒以内放棄を達成に算入)", "(answered + abandoned within T) / offered", "(T秒以内応答 + T秒以内放棄)÷ 着信",
		func(c *Cell) (float64, float64) {
			return share(c.Counts.AnsweredInT+c.Counts.AbandonedInT, c.Counts.Offered)
		}},
	{"sl_attempts", Fraction, "service level (of attempts)", "サービスレベル(発呼基準)", "answered within T / (offered + blocked)", "T秒以内応答 ÷(着信 + 話中)",
		func(c *Cell) (float64, float64) {
			return share(c.Counts.AnsweredInT, c.Counts.Offered+c.Line.Blocked)
		}},
	{"abandonment", Fraction, "abandonment", "放棄率", "abandoned / offered", "放棄 ÷ 着信",
		func(c *Cell) (float64, float64) { return share(c.Counts.Abandoned, c.Counts.Offered) }},
	{"answer_rate", Fraction, "answer rate", "応答率(応対率)", "answered / offered", "応答 ÷ 着信",
		func(c *Cell) (float64, float64) { return share(c.Counts.Answered, c.Counts.Offered) }},
	{"answer_rate_center", Fraction, "answer rate, vendors included", "応答率(委託先を含む)", "offered contacts that an agent or a vendor answered / offered contacts, over all queues", "オペレーターまたは委託先が応答した件数 ÷ キューに入った件数(全キュー)",
		func(c *Cell) (float64, float64) { return share(c.Line.Answered+c.Line.VendorAnswered, c.Line.Offered) }},
	{"asa", Seconds, "ASA", "平均応答時間(平均応答速度)", "mean wait of the answered, queue entry to answer, ringing included", "応答呼の平均待ち時間(キュー到着から応答まで、呼出を含む)",
		func(c *Cell) (float64, float64) { return mean(c.Counts.WaitAnswered, c.Counts.Answered) }},
	{"wait_all", Seconds, "mean wait of all", "平均待ち時間(全着信)", "mean time in the queue of all offered, whatever became of them", "全着信の平均待ち時間",
		func(c *Cell) (float64, float64) { return mean(c.Counts.WaitAll, c.Counts.Offered) }},
	{"wait_abandoned", Seconds, "mean wait of the abandoned", "平均放棄時間", "mean wait of those who hung up", "放棄呼の平均待ち時間",
		func(c *Cell) (float64, float64) { return mean(c.Counts.WaitAbandoned, c.Counts.Abandoned) }},
	{"p_wait", Fraction, "share that waits", "待ち発生率", "offered that waited longer than 0 / offered", "待ちが発生した呼 ÷ 着信",
		func(c *Cell) (float64, float64) { return share(c.Counts.Offered-c.Counts.NotWaited, c.Counts.Offered) }},
	{"overflow", Fraction, "overflow", "オーバーフロー率", "overflowed to another queue or a vendor / offered", "他キュー・委託先への転送 ÷ 着信",
		func(c *Cell) (float64, float64) { return share(c.Counts.Overflowed, c.Counts.Offered) }},
	{"callback", Fraction, "callback taken", "折り返し率", "took the callback / offered", "折り返し受付 ÷ 着信",
		func(c *Cell) (float64, float64) { return share(c.Counts.CalledBack, c.Counts.Offered) }},
	{"callback_delay", Seconds, "callback delay", "折り返しまでの時間", "from taking the callback to being reached, of those reached", "折り返し受付から通話までの平均時間",
		func(c *Cell) (float64, float64) { return mean(c.Line.CallbackDelay, c.Line.CallbackDone) }},
	{"blocking", Fraction, "blocking", "話中率(呼損率)", "blocked / attempts", "話中 ÷ 発呼",
		func(c *Cell) (float64, float64) { return share(c.Line.Blocked, c.Line.Attempts) }},
	{"aht", Seconds, "AHT", "平均処理時間", "talk + hold + wrap-up / handled contacts, by the answer's interval; customers rung and not reached are none", "(通話 + 保留 + 後処理)÷ 処理件数(応答時刻の時間帯)",
		func(c *Cell) (float64, float64) {
			return mean(c.Legs.Talk+c.Legs.Hold+c.Legs.Wrap, c.Legs.Handled)
		}},
	{"att", Seconds, "ATT", "平均通話時間", "talk / handled contacts", "通話 ÷ 処理件数",
		func(c *Cell) (float64, float64) { return mean(c.Legs.Talk, c.Legs.Handled) }},
	{"acw", Seconds, "ACW", "平均後処理時間", "wrap-up / handled contacts", "後処理 ÷ 処理件数",
		func(c *Cell) (float64, float64) { return mean(c.Legs.Wrap, c.Legs.Handled) }},
	{"occupancy", Fraction, "occupancy", "占有率", "(handling + reserved) / (handling + reserved + ready), handling with wrap-up", "(処理 + 呼出)÷(処理 + 呼出 + 待機)",
		func(c *Cell) (float64, float64) {
			r := c.Agents.Reserved()
			return share(c.Agents.Handling()+r, c.Agents.Staffed())
		}},
	{"occupancy_handling", Fraction, "occupancy without ringing", "占有率(呼出を除く)", "handling / (handling + reserved + ready)", "処理 ÷(処理 + 呼出 + 待機)",
		func(c *Cell) (float64, float64) { return share(c.Agents.Handling(), c.Agents.Staffed()) }},
	{"utilisation", Fraction, "utilisation", "稼働率(処理÷就業)", "handling / paid time (staffed + not ready)", "処理 ÷ 就業時間(離席を含む)",
		func(c *Cell) (float64, float64) { return share(c.Agents.Handling(), c.Agents.Paid()) }},
}
