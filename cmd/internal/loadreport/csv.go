package loadreport

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

// CSV writes a row a second, RFC 4180 with a head; what is undefined is empty. Columns:
//
//	at_s, length_s            when the second began, since the run did; how long it was
//	rate_calls_per_s          what the profile wanted; empty where it has none
//	open_calls                at its end
//	wanted ... keys_wrong     counts in that second; an attempt counts where it ended, its start where it started
//	M_n, M_p50_U, M_p95_U, M_p99_U   of each measure M: how many values, and quantiles in its unit U
//	mos_p5                    in place of p99: the bad end of MOS is the low one
//
// U is s (seconds) or fraction (in [0, 1]); MOS has none. Measures are named as in
// thresholds, with _ for -.
func CSV(w io.Writer, s *loadstats.Story) error {
	c := csv.NewWriter(w)
	if err := c.Write(columns()); err != nil {
		return err
	}
	for i := range s.Seconds {
		if err := c.Write(record(&s.Seconds[i])); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// columnsOf are the measures of a row.
var columnsOf = []loadstats.Measure{loadstats.SRD, loadstats.SRDFailed, loadstats.SetUp, loadstats.PostDial, loadstats.SetUpIntended, loadstats.SDD, loadstats.RRD, loadstats.FirstRTP,
	loadstats.Lateness, loadstats.Jitter, loadstats.Loss, loadstats.MOS}

// counted are the counts of an interval with their names in files.
func counted(c *loadstats.Counts) []struct {
	name string
	n    int64
} {
	return []struct {
		name string
		n    int64
	}{
		{"wanted", c.Wanted}, {"started", c.Started}, {"held", c.Held}, {"redials", c.Redials}, {"ended", c.Ended}, {"answered", c.Answered}, {"redirected", c.Redirected},
		{"completed", c.Completed}, {"abandoned", c.Abandoned}, {"hurried", c.Hurried}, {"failed", c.Failed}, {"registrations", c.Registrations}, {"unregistered", c.Unregistered},
		{"mine_repeated", c.MineRepeated}, {"theirs_repeated", c.TheirsRepeated}, {"packets_sent", c.PacketsSent}, {"packets_received", c.PacketsReceived}, {"packets_lost", c.PacketsLost},
		{"one_way", c.OneWay}, {"keys_sent", c.KeysSent}, {"keys_expected", c.KeysExpected}, {"keys_wrong", c.KeysWrong},
	}
}

// fileName is a measure's name in files and metrics.
func fileName(m loadstats.Measure) string { return strings.ReplaceAll(m.String(), "-", "_") }

// unitOf is a measure's unit in files.
func unitOf(m loadstats.Measure) string {
	switch {
	case m.Length():
		return "s"
	case m == loadstats.MOS:
		return ""
	}
	return "fraction"
}

// quantilesOf are those that matter of a measure: the bad end, and the middle.
func quantilesOf(m loadstats.Measure) (names []string, ps []float64) {
	if m == loadstats.MOS {
		return []string{"p5", "p50", "p95"}, []float64{0.05, 0.5, 0.95}
	}
	return []string{"p50", "p95", "p99"}, []float64{0.5, 0.95, 0.99}
}

func columns() []string {
	out := []string{"at_s", "length_s", "rate_calls_per_s", "open_calls"}
	for _, x := range counted(&loadstats.Counts{}) {
		out = append(out, x.name)
	}
	for _, m := range columnsOf {
		out = append(out, fileName(m)+"_n")
		names, _ := quantilesOf(m)
		for _, p := range names {
			name := fileName(m) + "_" + p
			if u := unitOf(m); u != "" {
				name += "_" + u
			}
			out = append(out, name)
		}
	}
	return out
}

func record(v *loadstats.Interval) []string {
	rate := ""
	if v.Rate > 0 {
		rate = page.Number(v.Rate)
	}
	out := []string{page.Number(v.At.Seconds()), page.Number(v.Length.Seconds()), rate, strconv.FormatInt(v.Open, 10)}
	for _, x := range counted(&v.Counts) {
		out = append(out, strconv.FormatInt(x.n, 10))
	}
	for _, m := range columnsOf {
		out = append(out, strconv.FormatInt(v.N(m), 10))
		_, ps := quantilesOf(m)
		for _, p := range ps {
			out = append(out, page.Number(v.Quantile(m, p)))
		}
	}
	return out
}
