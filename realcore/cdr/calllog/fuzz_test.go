package calllog

import (
	"bytes"
	"testing"
	"time"
)

// Whatever the bytes, reading ends without a panic and accounts for its rows.
func FuzzRead(f *testing.F) {
	f.Add([]byte(japaneseLog), uint8(0))
	f.Add([]byte("date,slot,calls\n1999-01-01,1,2\n1999-01-01,2,0\n"), uint8(1))
	f.Add([]byte("start;offered;sl\r2026-01-05T09:00;12;80%\r\"x"), uint8(2))
	f.Add([]byte("\xff\xfea\x00,\x00b\x00\n\x00"), uint8(3))
	f.Add([]byte("a,a,start,offered\n1,2,09:00-09:30,3\n"), uint8(4))
	f.Add([]byte("\x1f\x8b\x08"), uint8(5))
	f.Add([]byte("arrival,outcome\n1764000000,\x95\xfa\x8a\xfc\n"), uint8(6))
	f.Fuzz(func(t *testing.T, in []byte, how uint8) {
		opt := Options{Zone: time.FixedZone("x", 9*3600)}
		if how&1 != 0 {
			opt.Day = time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC)
			opt.DateOrder = "dmy"
		}
		if how&2 != 0 {
			opt.Columns = []string{"date=#1"}
		}
		opt.Encoding = []string{"", "shift_jis", "euc-jp", "utf-16le", "latin1"}[int(how>>2)%5]
		names := NewNames(ByAny)
		n := 0
		sum, err := Read(bytes.NewReader(in), opt, func(c *Call) error {
			n++
			if c.At.IsZero() || c.Wait < 0 || c.Talk < 0 || c.Hold < 0 || c.WrapUp < 0 || c.Ring < 0 {
				t.Errorf("call %+v", c)
			}
			return names.Add(c)
		})
		ignored := 0
		for _, g := range sum.Ignored {
			ignored += g.Rows
		}
		if err == nil && (sum.Rows != sum.Used+ignored || sum.Used != n) {
			t.Errorf("rows %d used %d ignored %d handed over %d", sum.Rows, sum.Used, ignored, n)
		}
		if err == nil {
			if err := names.Plan("fuzz", Midnight(sum.First)).Validate(); err != nil {
				t.Error(err)
			}
		}
		list, _, err := ReadIntervals(bytes.NewReader(in), opt)
		for i := range list {
			v := &list[i]
			if err != nil || !(v.Offered >= 0) || v.AHT < 0 || v.ServiceLevel < 0 || v.ServiceLevel > 1 || i > 0 && v.Start.Before(list[i-1].Start) {
				t.Errorf("%v, interval %+v", err, v)
			}
		}
	})
}
