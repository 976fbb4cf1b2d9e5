package loadreport

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"callwright/traffic/loadstats"
)

// Steps and causes are made where a call fails, in English; they are also what counts are
// kept by. These are their Japanese; what is not known here stays as it is.
var steps = map[string]string{
	"register": "登録", "call": "発信", "ring": "呼出", "answer": "応答", "refuse": "拒否", "miss": "不応答", "until": "待機", "keys": "DTMF送出", "talk": "通話", "wait": "無音待ち",
	"hold": "保留", "re-invite": "re-INVITE", "refer": "転送", "expect": "確認", "hang up": "切断", "wrap up": "後処理", "end": "終了",
}

// step is a step's name with its number before it, if it has one.
func (w words) step(name string) string {
	if w.lang != "ja" {
		return name
	}
	number, op, ok := strings.Cut(name, " ")
	if ja := steps[name]; ja != "" {
		return ja
	}
	if ja := steps[op]; ok && ja != "" {
		return number + " " + ja
	}
	return name
}

// known is a cause as its maker writes it, with the Japanese for the same arguments. A
// test finds each in its source.
type known struct{ source, en, ja string }

var causes = []known{
	{"traffic/callscript/happened.go", "no answer", "応答なし"},
	{"traffic/callscript/happened.go", "code %d", "応答コード %s"},
	{"traffic/callscript/happened.go", "no port", "ポート不足"},
	{"traffic/callscript/happened.go", "hung up by the other side", "相手側が切断"},
	{"traffic/callscript/happened.go", "no answer in time", "時間内に応答なし"},
	{"traffic/callscript/happened.go", "no sound heard", "音が聞こえない"},
	{"traffic/callscript/happened.go", "no silence heard", "無音にならない"},
	{"traffic/callscript/happened.go", "tone of %g Hz not heard", "%s Hzの音が聞こえない"},
	{"traffic/callscript/happened.go", "keys %s not heard, but %q", "DTMF %sではなく%sを検出"},
	{"traffic/callscript/happened.go", "the other side did not hang up", "相手側が切断しない"},
	{"traffic/callscript/happened.go", "header %s is %q", "ヘッダー%sの値が%s"},
	{"traffic/callscript/happened.go", "keys heard are %q", "検出したDTMFは%s"},
	{"traffic/sipload/settle.go", "answered without audio that we can use", "使用できる音声のない応答"},
	{"traffic/sipload/settle.go", "answered with audio at an address that cannot be reached, or is not listed", "到達できない、または許可されていないアドレスの音声による応答"},
	{"traffic/sipload/settle.go", "the other side knows the call no more, or did not acknowledge it", "相手側に呼がない、またはACKなし"},
	{"traffic/sipload/settle.go", "BYE is not answered", "BYEに応答なし"},
	{"traffic/sipload/settle.go", "BYE: code ", "BYEへの応答コード %s"},
}

var verb = regexp.MustCompile(`%[a-z]`)

// pattern matches what a cause's maker makes.
func (k known) pattern() *regexp.Regexp {
	if strings.HasSuffix(k.en, " ") { // a number comes behind it
		return regexp.MustCompile("^" + regexp.QuoteMeta(k.en) + `(\d+)$`)
	}
	return regexp.MustCompile("^" + verb.ReplaceAllString(regexp.QuoteMeta(k.en), "(.*)") + "$")
}

// cause is why something failed.
func (w words) cause(en string) string {
	if w.lang != "ja" {
		return en
	}
	for _, k := range causes {
		if m := k.pattern().FindStringSubmatch(en); m != nil {
			out := k.ja
			for _, x := range m[1:] {
				out = strings.Replace(out, "%s", x, 1)
			}
			return out
		}
	}
	return en
}

// why says why a call is told in full.
func (w words) why(s *loadstats.Sample) string {
	switch {
	case s.Failed != nil:
		return w.s("why.failed", w.step(s.Failed.Step), w.cause(s.Failed.Cause))
	case s.Why == "slowest answer":
		return w.s("why.slowest")
	case s.Why == "worst MOS":
		return w.s("why.mos", w.value(loadstats.MOS, s.MOS))
	}
	return s.Why
}

// closed reports whether the callers waited for their calls to end. The stream says it in
// the words for its arrivals alone.
func closed(s *loadstats.Story) bool { return s.Run.Model == loadstats.Closed }

func keys(m map[int]int64) []int { return slices.Sorted(maps.Keys(m)) }

// phrases are those of RFC 3261 21 and later ones, for people.
var phrases = map[int]string{
	200: "OK", 202: "Accepted", 300: "Multiple Choices", 301: "Moved Permanently", 302: "Moved Temporarily", 305: "Use Proxy", 380: "Alternative Service",
	400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required",
	408: "Request Timeout", 410: "Gone", 413: "Request Entity Too Large", 415: "Unsupported Media Type", 420: "Bad Extension", 423: "Interval Too Brief", 480: "Temporarily Unavailable",
	481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 483: "Too Many Hops", 484: "Address Incomplete", 485: "Ambiguous", 486: "Busy Here", 487: "Request Terminated",
	488: "Not Acceptable Here", 491: "Request Pending", 500: "Server Internal Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Server Time-out",
	505: "Version Not Supported", 513: "Message Too Large", 600: "Busy Everywhere", 603: "Decline", 604: "Does Not Exist Anywhere", 606: "Not Acceptable",
}
