package calllog

import (
	"bytes"
	"compress/gzip"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/measure"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

func all(t *testing.T, in string, opt Options) ([]Call, Summary) {
	t.Helper()
	var calls []Call
	sum, err := Read(strings.NewReader(in), opt, func(c *Call) error { calls = append(calls, *c); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return calls, sum
}

const japaneseLog = "着信日時,キュー,待ち時間(秒),通話時間,後処理時間(秒),結果,オペレーター\r\n" +
	"2026/11/25 13:05:09,注文,12,0:02:05,30,応答,佐藤\r\n" +
	"2026/11/25 13:06:00,注文,45,,,放棄,\r\n" +
	"2026/11/25 13:07:10,解約,3.5,1分30秒,20,応答,ﾔﾏﾀﾞ\r\n"

func TestEncodings(t *testing.T) {
	sjis, err := japanese.ShiftJIS.NewEncoder().String(japaneseLog)
	if err != nil {
		t.Fatal(err)
	}
	euc, _ := japanese.EUCJP.NewEncoder().String(japaneseLog)
	u16le, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(japaneseLog)
	u16be, _ := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(japaneseLog)
	var zip bytes.Buffer
	z := gzip.NewWriter(&zip)
	z.Write([]byte(sjis))
	z.Close()
	for _, c := range []struct {
		name, in, enc, want string
	}{
		{"utf-8", japaneseLog, "", "utf-8"},
		{"utf-8 with mark", "\ufeff" + japaneseLog, "", "utf-8"},
		{"shift_jis", sjis, "", "shift_jis"},
		{"shift_jis named", sjis, "cp932", "shift_jis"},
		{"shift_jis in gzip", zip.String(), "", "shift_jis"},
		{"utf-16le", u16le, "", "utf-16le"},
		{"utf-16be", u16be, "", "utf-16be"},
		{"euc-jp named", euc, "euc-jp", "euc-jp"},
		{"lf", strings.ReplaceAll(japaneseLog, "\r\n", "\n"), "", "utf-8"},
		{"cr", strings.ReplaceAll(japaneseLog, "\r\n", "\r"), "", "utf-8"},
		{"tab", strings.ReplaceAll(japaneseLog, ",", "\t"), "", "utf-8"},
		{"semicolon", strings.ReplaceAll(japaneseLog, ",", ";"), "", "utf-8"},
		{"title above", "呼詳細レポート\r\n\r\n期間,2026/11/25\r\n" + japaneseLog, "", "utf-8"},
		{"late japanese", "arrival,queue,wait,talk,acw,result,agent\r\n" + japaneseLog[strings.Index(japaneseLog, "2026"):], "", "utf-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			calls, sum := all(t, c.in, Options{Encoding: c.enc})
			if sum.Encoding != c.want || len(calls) != 3 {
				t.Fatalf("encoding %s, %d calls; want %s and 3", sum.Encoding, len(calls), c.want)
			}
			a, b, d := calls[0], calls[1], calls[2]
			if a.Queue != "注文" || a.Agent != "佐藤" || a.Wait != 12*time.Second || a.Talk != 125*time.Second || a.WrapUp != 30*time.Second || a.Outcome != realcore.Answered {
				t.Errorf("first call %+v", a)
			}
			if b.Outcome != realcore.Abandoned || b.Wait != 45*time.Second || d.Wait != 3500*time.Millisecond || d.Talk != 90*time.Second || d.Agent != "ﾔﾏﾀﾞ" {
				t.Errorf("second %+v, third %+v", b, d)
			}
			if want := time.Date(2026, 11, 25, 13, 5, 9, 0, time.UTC); !a.At.Equal(want) || !a.Queued.Equal(want) {
				t.Errorf("at %v, queued %v; want %v", a.At, a.Queued, want)
			}
		})
	}
	bad := strings.Replace(sjis, "\r\n2026/11/25 13:07", "\x81\r\n2026/11/25 13:07", 1)
	_, err = Read(strings.NewReader(bad), Options{}, func(*Call) error { return nil })
	var e *Error
	if !errors.As(err, &e) || e.Row != 3 || !strings.Contains(err.Error(), "shift_jis") {
		t.Errorf("half a character in row 3: %v", err)
	}
}

func TestGuess(t *testing.T) {
	for _, c := range []struct {
		name   string
		kind   Kind
		header string
		rows   []string
		want   []string
	}{
		{"japanese intervals", IntervalReport, "日付,時間帯,着信,応答,放棄,平均処理時間,平均通話時間,平均後処理時間,20秒以内応答率", []string{"2026/11/25,09:00-09:30,10,9,1,240,200,40,80%"},
			[]string{"date=日付", "start=時間帯", "offered=着信", "answered=応答", "abandoned=放棄", "aht=平均処理時間", "talk=平均通話時間", "wrap-up=平均後処理時間", "sl=20秒以内応答率"}},
		{"english intervals", IntervalReport, "Interval Start,Skill,Calls Offered,Calls Handled,Calls Abandoned,Avg Handle Time,Service Level %", []string{"2026-11-25 09:00,Sales,10,9,1,240,80"},
			[]string{"queue=Skill", "start=Interval Start", "offered=Calls Offered", "answered=Calls Handled", "abandoned=Calls Abandoned", "aht=Avg Handle Time", "sl=Service Level %"}},
		{"japanese calls", CallLog, "着信日時,スキル,待ち時間,通話時間,保留時間,後処理,応答放棄,担当者", []string{"2026/11/25 13:05:09,A,1,2,0,3,応答,x"},
			[]string{"queue=スキル", "arrival=着信日時", "wait=待ち時間", "talk=通話時間", "hold=保留時間", "wrap-up=後処理", "outcome=応答放棄", "agent=担当者"}},
		{"asterisk", CallLog, "calldate,src,dst,channel,duration,billsec,disposition,uniqueid", []string{"2026-11-25 13:05:09,0312345678,100,SIP/1,70,60,ANSWERED,1.1"},
			[]string{"arrival=calldate", "talk=billsec", "outcome=disposition", "caller=src", "trunk=channel", "call-id=uniqueid"}},
		{"by value", CallLog, "x1,x2", []string{"2026-11-25 13:05:09,answered", "2026-11-25 13:06:09,abandoned"}, []string{"arrival=x1", "outcome=x2"}},
		{"answer as instant or word", CallLog, "着信時刻,日付,応答,結果", []string{"13:05:09,2026/11/25,13:05:20,応答"}, []string{"date=日付", "arrival=着信時刻", "answered=応答", "outcome=結果"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Sample{Header: strings.Split(c.header, ",")}
			for _, r := range c.rows {
				s.Rows = append(s.Rows, strings.Split(r, ","))
			}
			m, reasons := Guess(c.kind, s)
			got := m.Specs(s.Header)
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			for i, r := range reasons {
				if r.Why == "" || r.Index != i {
					t.Errorf("column %d has no reason: %+v", i, r)
				}
			}
			var again Mapping
			again.Kind = c.kind
			for _, spec := range got {
				if err := again.Set(spec, s.Header); err != nil {
					t.Error(err)
				}
			}
			if again.column != m.column {
				t.Errorf("Specs read back: %v, want %v", again.column, m.column)
			}
		})
	}
}

func TestSetErrors(t *testing.T) {
	h := []string{"Wait Time", "Talk Time", "Result", "Result"}
	m := Mapping{Kind: CallLog}
	for _, c := range []struct{ spec, want string }{
		{"wiat=Wait Time", "did you mean wait"},
		{"wait=Wait Tme", `the nearest are "Wait Time"`},
		{"outcome=Result", "#3 and #4"},
		{"outcome=#9", "want #1 to #4"},
		{"wait", "want role=column"},
	} {
		if err := m.Set(c.spec, h); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Set(%q): %v; want %q in it", c.spec, err, c.want)
		}
	}
	if m != (Mapping{Kind: CallLog}) {
		t.Errorf("errors changed the mapping: %+v", m)
	}
	if err := m.Set("outcome=#4", h); err != nil || m.column[RoleOutcome] != 4 {
		t.Errorf("Set(outcome=#4): %v, %v", err, m)
	}
	_, err := Read(strings.NewReader("Wait Time,Result\n1,x\n"), Options{Columns: []string{"arrivel=Wait Time", "wait=Wiat Time"}}, func(*Call) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "arrival") || !strings.Contains(err.Error(), `"Wait Time"`) {
		t.Errorf("both overrides at once: %v", err)
	}
}

func TestCivil(t *testing.T) {
	at := func(y, mo, d, h, mi, s, ns int) string {
		return time.Date(y, time.Month(mo), d, h, mi, s, ns, time.UTC).Format(time.RFC3339Nano)
	}
	k := clockwork{loc: time.UTC}
	for _, c := range []struct {
		in    string
		order dateOrder
		want  string
	}{
		{"2026/11/25 13:05:09", 0, at(2026, 11, 25, 13, 5, 9, 0)},
		{"2026-11-25T13:05:09.25Z", 0, at(2026, 11, 25, 13, 5, 9, 250e6)},
		{"2026-11-25T13:05:09+09:00", 0, at(2026, 11, 25, 4, 5, 9, 0)},
		{"2026-11-25T13:05+0900", 0, at(2026, 11, 25, 4, 5, 0, 0)},
		{"2026年11月25日(水) 13時05分", 0, at(2026, 11, 25, 13, 5, 0, 0)},
		{"2026年11月25日午後1時5分9秒", 0, at(2026, 11, 25, 13, 5, 9, 0)},
		{"２０２６／１１／２５ １３：０５", 0, at(2026, 11, 25, 13, 5, 0, 0)},
		{"20261125130509", 0, at(2026, 11, 25, 13, 5, 9, 0)},
		{"25.11.2026 13:05", 0, at(2026, 11, 25, 13, 5, 0, 0)},
		{"05.04.2026 13:05", 0, at(2026, 4, 5, 13, 5, 0, 0)},
		{"25/11/2026 1:05 PM", 0, at(2026, 11, 25, 13, 5, 0, 0)},
		{"11/25/2026 12:05:00 am", 0, at(2026, 11, 25, 0, 5, 0, 0)},
		{"05/04/2026", dayFirst, at(2026, 4, 5, 0, 0, 0, 0)},
		{"05/04/2026", monthFirst, at(2026, 5, 4, 0, 0, 0, 0)},
		{"2026/11/25 25:10", 0, at(2026, 11, 26, 1, 10, 0, 0)},
	} {
		v, needs, ok := parseCivil(c.in, c.order)
		got, _, _ := k.at(v)
		if !ok || needs || got.Format(time.RFC3339Nano) != c.want {
			t.Errorf("%q: %v ok=%v needs=%v; want %v", c.in, got, ok, needs, c.want)
		}
	}
	for _, in := range []string{"", "x", "2026-02-29", "2026-11-25 24:60", "2026-11-25 13", "13:5", "13:05:99", "2026-11-25 13:05 xx", "26/11/25", "2026-11-25T", "12345", "48:00"} {
		if v, _, ok := parseCivil(in, 0); ok {
			t.Errorf("%q: read as %+v; want a refusal", in, v)
		}
	}
	if _, needs, ok := parseCivil("05/04/2026", 0); !ok || !needs {
		t.Errorf("05/04/2026: needs=%v ok=%v; want the order asked for", needs, ok)
	}
}

func TestLength(t *testing.T) {
	for _, c := range []struct {
		in   string
		want time.Duration
	}{
		{"125", 125 * time.Second}, {"125.5", 125500 * time.Millisecond}, {"0:02:05", 125 * time.Second}, {"2:05", 125 * time.Second}, {"1:00:00", time.Hour},
		{"1時間2分5秒", 3725 * time.Second}, {"90s", 90 * time.Second}, {"1m30s", 90 * time.Second}, {"-5", -5 * time.Second}, {"-0:05", -5 * time.Second}, {"１２", 12 * time.Second},
		{"0:02:05.5", 125500 * time.Millisecond},
	} {
		if got, err := length(c.in, time.Second); err != nil || got != c.want {
			t.Errorf("%q: %v, %v; want %v", c.in, got, err, c.want)
		}
	}
	for _, in := range []string{"", "NaN", "Inf", "12,5", "1:2:3:4", "1:75", "1e30", "0x10", "x", "1_000", ":", "1:"} {
		if got, err := length(in, time.Second); err == nil {
			t.Errorf("%q: read as %v; want a refusal", in, got)
		}
	}
}

// berlin is a zone that ends summer time on 2026-10-25 at 01:00 UTC and began
// it on 2026-03-29 at 01:00 UTC, from the system's zone files.
func berlin(t *testing.T) *time.Location {
	z, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skipf("SKIPPED, NOT CHECKED: no time zone files: %v", err)
	}
	return z
}

func TestDaylightSaving(t *testing.T) {
	z := berlin(t)
	in := "start,offered\n2026-10-25 01:30,1\n2026-10-25 02:00,2\n2026-10-25 02:30,3\n2026-10-25 02:00,4\n2026-10-25 02:30,5\n2026-10-25 03:00,6\n"
	list, sum, err := ReadIntervals(strings.NewReader(in), Options{Zone: z})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range list {
		if v.Offered != float64(i+1) || i > 0 && v.Start.Sub(list[i-1].Start) != 30*time.Minute {
			t.Errorf("interval %d: %v offered %v", i, v.Start, v.Offered)
		}
	}
	if sum.Repeated != 2 || sum.NumGaps != 0 || sum.Length != 30*time.Minute {
		t.Errorf("repeated %d gaps %d length %v; want 2, 0, 30m", sum.Repeated, sum.NumGaps, sum.Length)
	}
	for _, c := range []struct{ rows, want string }{
		{in + "2026-10-25 02:00,7\n", "row 8"}, // a third time
		{"start,offered\n2026-03-29 02:30,7\n", "daylight saving skips"},
	} {
		if _, _, err := ReadIntervals(strings.NewReader(c.rows), Options{Zone: z}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v; want %q in it", err, c.want)
		}
	}
	list, sum, err = ReadIntervals(strings.NewReader("start,offered\n2026-03-29 01:00,1\n2026-03-29 02:00,0\n2026-03-29 03:00,2\n2026-03-29 04:00,2\n"), Options{Zone: z})
	if err != nil || len(list) != 3 || len(sum.Ignored) != 1 || sum.NumGaps != 0 || sum.Length != time.Hour {
		t.Errorf("spring: %v, %d intervals, ignored %v, gaps %v, length %v", err, len(list), sum.Ignored, sum.Gaps, sum.Length)
	}
	list, _, err = ReadIntervals(strings.NewReader("date,offered\n2026-10-24,1\n2026-10-25,2\n2026-10-26,3\n"), Options{Zone: z})
	if err != nil || list[1].Length != 25*time.Hour || list[2].Length != 24*time.Hour {
		t.Errorf("days: %v %+v", err, list)
	}
	// A call after the change is 25 hours after the first midnight.
	calls, _ := all(t, "arrival,outcome,talk\n2026-10-26 00:00:00,answered,5\n2026-10-25 02:30:00,answered,5\n", Options{Zone: z})
	if d := calls[0].At.Sub(Midnight(calls[1].At)); d != 25*time.Hour {
		t.Errorf("midnight after the change is %v after midnight before; want 25h", d)
	}
}

func TestIntervals(t *testing.T) {
	in := "日付,時間帯,キュー,着信,応答,放棄,平均通話時間,平均後処理時間,20秒以内応答率\n" +
		"2026/11/25,09:00-09:29,A,\"1,200\",1100,90,200,40,80%\n" +
		"2026/11/25,09:30-09:59,A,5,5,0,200,40,100%\n" +
		"2026/11/25,10:30-10:59,A,0,0,0,-,-,-\n" +
		"2026/11/25,09:00-09:29,B,5,5,0,200,40,100%\n" +
		"合計,,,1210,1110,90,,,\n"
	list, sum, err := ReadIntervals(strings.NewReader(in), Options{})
	if err != nil {
		t.Fatal(err)
	}
	v := list[0]
	if len(list) != 4 || v.Offered != 1200 || v.AHT != 240*time.Second || v.ServiceLevel != 0.8 || v.Length != 30*time.Minute || sum.AWT != 20*time.Second {
		t.Errorf("%+v, AWT %v", v, sum.AWT)
	}
	last := list[3]
	if last.Queue != "A" || last.Known(RoleAHT) || last.Known(RoleServiceLevel) || !last.Known(RoleOfferedCount) {
		t.Errorf("empty interval: %+v", last)
	}
	want := []Gap{{"A", time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC), time.Date(2026, 11, 25, 10, 30, 0, 0, time.UTC)}}
	if sum.NumGaps != 1 || !reflect.DeepEqual(sum.Gaps, want) || len(sum.Ignored) != 1 || sum.Ignored[0] != (Tally{"row of totals", 1, 6}) {
		t.Errorf("gaps %v, ignored %v", sum.Gaps, sum.Ignored)
	}
	for _, c := range []struct{ in, want string }{
		{"start,offered\n2026-11-25 09:00,1\n2026-11-25 09:30,1\n2026-11-25 10:00,1\n2026-11-25 10:15,1\n", "without overlap"},
		{"start,offered,sl\n2026-11-25 09:00,1,0.8\n2026-11-25 09:30,1,180%\n", "fraction"},
		{"start,offered\n09:00,1\n", "which day"},
	} {
		if _, _, err := ReadIntervals(strings.NewReader(c.in), Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v; want %q in it", err, c.want)
		}
	}
	list, sum, err = ReadIntervals(strings.NewReader("time,calls,aht\n0900,1,180\n0930,2,180\n"), Options{Day: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)})
	if err != nil || len(list) != 2 || sum.Length != 30*time.Minute || list[1].Start.Hour() != 9 {
		t.Errorf("a typical day: %v %+v", err, list)
	}
}

func TestSuspicions(t *testing.T) {
	in := "date,arrival,q_start,q_exit,ser_start,ser_exit,ser_time,outcome,agent\n" +
		"2026-11-25,23:59:50,23:59:55,00:00:05,00:00:05,00:01:05,60,answered,a1\n" + // wraps
		"2026-11-25,10:00:00,10:00:10,10:00:05,10:00:20,10:01:20,60,answered,a1\n" + // exit before entry, out of order
		"2026-11-25,10:01:00,10:01:00,10:01:10,10:01:10,10:02:10,-60,answered,\n" + // negative, blank
		"2026-11-25,10:01:00,10:01:00,10:01:10,10:01:10,10:02:10,30,answered,a1\n" + // overlap, mismatch
		"2026-11-25,10:01:00,,,,,,hang,\n"
	calls, sum := all(t, in, Options{})
	for k, n := range map[Suspicion]int{MidnightWrap: 1, ExitBeforeEntry: 1, OutOfOrder: 1, NegativeLength: 1, BlankAgent: 1, AgentOverlap: 1, LengthMismatch: 1} {
		if got := sum.Count(k); got != n {
			t.Errorf("%v: %d rows, want %d", k, got, n)
		}
	}
	if calls[0].Wait != 10*time.Second || calls[0].ServiceStart.Day() != 26 || calls[2].Talk != time.Minute || calls[4].Outcome != realcore.LeftInFlow {
		t.Errorf("calls %+v", calls)
	}
}

// Two agents, two queues, a caller who gave up: what a Table makes of it.
func TestRecords(t *testing.T) {
	calls, _ := all(t, japaneseLog, Options{Zone: time.FixedZone("JST", 9*3600)})
	names := NewNames(ByAny)
	for i := range calls {
		if err := names.Add(&calls[i]); err != nil {
			t.Fatal(err)
		}
	}
	epoch := Midnight(calls[0].At)
	plan := names.Plan("log", epoch)
	if err := plan.Validate(); err != nil {
		t.Fatal(err)
	}
	if len(plan.Queues) != 2 || len(plan.Agents) != 2 || len(plan.Groups) != 2 || plan.Queues[1].Name != "解約" || plan.Agents[0].Name != "佐藤" {
		t.Errorf("plan %+v", plan)
	}
	table := measure.NewTable(plan, measure.Config{})
	rec := NewRecorder(names, epoch, table)
	for i := range calls {
		if err := rec.Add(&calls[i]); err != nil {
			t.Fatal(err)
		}
	}
	_, q, w := table.Sum()
	if q.Offered != 3 || q.Answered != 2 || q.AnsweredInT != 2 || q.WaitAll != int64(60500*time.Millisecond) || w.Talk != int64(215*time.Second) || w.Wrap != int64(50*time.Second) {
		t.Errorf("counts %+v work %+v", q, w)
	}
	if err := NewRecorder(names, calls[2].At, table).Add(&calls[0]); err == nil {
		t.Error("a call before the epoch was taken; want an error")
	}
	stranger := calls[0]
	stranger.Queue = "?"
	if err := rec.Add(&stranger); err == nil || !strings.Contains(err.Error(), "not among the names") {
		t.Errorf("a queue nobody named: %v", err)
	}
}

func TestOutcomeWords(t *testing.T) {
	calls, sum := all(t, "arrival,result\n2026-11-25 10:00,done\n2026-11-25 10:01,junk\n", Options{Columns: []string{"outcome=result"}, Outcomes: map[string]string{"Done": "answered", "junk": "ignore"}})
	if len(calls) != 1 || calls[0].Outcome != realcore.Answered || sum.Ignored[0].What != "outcome junk" {
		t.Errorf("calls %+v, ignored %v", calls, sum.Ignored)
	}
	if _, err := outcomeWords(map[string]string{"x": "asnwered"}); err == nil || !strings.Contains(err.Error(), "want one of") {
		t.Errorf("unknown fate: %v", err)
	}
}

func TestEachStops(t *testing.T) {
	halt := errors.New("halt")
	sum, err := Read(strings.NewReader(japaneseLog), Options{}, func(*Call) error { return halt })
	if err != halt || sum.Used != 1 {
		t.Errorf("err %v, used %d; want halt and 1", err, sum.Used)
	}
}
