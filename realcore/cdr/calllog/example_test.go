package calllog_test

import (
	"fmt"
	"strings"
	"time"

	"callwright/realcore/cdr/calllog"
	"callwright/realcore/measure"
)

// A call log becomes records, and a Table measures them.
func Example() {
	const log = `着信日時,待ち時間(秒),通話時間,結果,オペレーター
2026/11/25 13:05:09,12,0:02:05,応答,佐藤
2026/11/25 13:06:00,45,,放棄,
2026/11/25 13:07:10,31,0:01:30,応答,鈴木
`
	open := func() *calllog.File {
		f, err := calllog.Open(strings.NewReader(log), calllog.CallLog, calllog.Options{Name: "log.csv", Zone: time.FixedZone("JST", 9*3600)})
		if err != nil {
			panic(err)
		}
		return f
	}
	f := open()
	fmt.Println(f.Reasons()[1])

	names := calllog.NewNames(calllog.ByAny)
	sum, err := f.Calls(names.Add) // once for the names
	if err != nil {
		panic(err)
	}
	epoch := calllog.Midnight(sum.First)
	table := measure.NewTable(names.Plan("log", epoch), measure.Config{AWT: []time.Duration{20 * time.Second}})
	if _, err := open().Calls(calllog.NewRecorder(names, epoch, table).Add); err != nil { // once for the records
		panic(err)
	}
	_, q, _ := table.Sum()
	fmt.Printf("offered %d, answered %d, within %v %d\n", q.Offered, q.Answered, table.AWT(0), q.AnsweredInT)
	// Output:
	// wait = column 2 "待ち時間(秒)": name has "待ち時間" (wait); lengths of time, bare numbers are seconds
	// offered 3, answered 2, within 20s 1
}

// What a file says wrongly comes back with its place and a remedy.
func ExampleReadIntervals() {
	const report = "interval_start,offered,aht\n2026-01-05T09:00,-3,180\n2026-01-05T09:30,12,NaN\n"
	_, _, err := calllog.ReadIntervals(strings.NewReader(report), calllog.Options{Name: "day.csv"})
	fmt.Println(err)
	// Output:
	// day.csv:2:2: row 2, column "offered" is "-3"; want a number of 0 or more, such as 12 or 12.5
	// day.csv:3:3: row 3, column "aht" is "NaN"; want a length of time: seconds such as 125 or 125.5, or 0:02:05 (2:05 is two minutes five)
}
