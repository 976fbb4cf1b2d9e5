package loadreport

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

// Prometheus writes a run's total so far in Prometheus' text format, version 0.0.4:
// counters callwright_load_*_total, the gauge of open calls, and a summary of each measure
// that has values (callwright_load_setup_seconds and so on), of the run so far. Rates are
// for Prometheus to take: rate(callwright_load_started_total[10s]).
func Prometheus(w io.Writer, total *loadstats.Interval) error {
	var b bytes.Buffer
	for _, x := range counted(&total.Counts) {
		metric(&b, x.name+"_total", "counter", counterHelp[x.name])
		sample(&b, x.name+"_total", "", float64(x.n))
	}
	metric(&b, "open_calls", "gauge", "calls open now")
	sample(&b, "open_calls", "", float64(total.Open))
	answers(&b, "final_answers_total", "final answers to INVITE by code; none: no answer came", total.Codes)
	answers(&b, "registration_refusals_total", "final answers to REGISTER that refused it, by code; none: no answer came", total.Refusals)
	metric(&b, "failures_total", "counter", "attempts that failed, by the script's step and the cause")
	for _, f := range total.FailedBy() {
		sample(&b, "failures_total", labels("step", f.Step, "cause", f.Cause), float64(f.Count))
	}
	for m := range loadstats.NumMeasures {
		if n := total.N(m); n > 0 {
			summarise(&b, total, m, n)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

var counterHelp = map[string]string{
	"wanted": "starts that the draw wanted", "started": "calls whose first INVITE was sent", "held": "starts held back by a limit", "redials": "calls started as a redial", "ended": "calls that have ended",
	"answered": "calls answered with 2xx", "redirected": "calls answered with 3xx", "completed": "calls answered whose BYE was answered", "abandoned": "calls whose caller gave up",
	"hurried": "calls cut short by the run's end", "failed": "calls that did not go as their script wants", "registrations": "REGISTERs that have ended", "unregistered": "REGISTERs refused or unanswered",
	"mine_repeated": "SIP messages we sent again", "theirs_repeated": "SIP messages the target sent again", "packets_sent": "RTP packets sent", "packets_received": "RTP packets received",
	"packets_lost": "RTP packets lost or late", "one_way": "calls that heard nothing for a second while we sent", "keys_sent": "DTMF keys sent", "keys_expected": "DTMF keys that scripts were to hear", "keys_wrong": "of these, missing, another or too many",
}

func metric(b *bytes.Buffer, name, kind, help string) {
	fmt.Fprintf(b, "# HELP callwright_load_%s %s\n# TYPE callwright_load_%[1]s %[3]s\n", name, help, kind)
}

func sample(b *bytes.Buffer, name, labels string, v float64) {
	fmt.Fprintf(b, "callwright_load_%s%s %s\n", name, labels, page.Number(v))
}

// labels are pairs of a name and a value.
func labels(pairs ...string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		parts = append(parts, pairs[i]+`="`+escape.Replace(page.Clean(strings.ToValidUTF8(pairs[i+1], "?")))+`"`)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func answers(b *bytes.Buffer, name, help string, codes map[int]int64) {
	metric(b, name, "counter", help)
	for _, c := range keys(codes) {
		code := strconv.Itoa(c)
		if c == 0 {
			code = "none"
		}
		sample(b, name, labels("code", code), float64(codes[c]))
	}
}

// summarise writes a measure's quantiles, sum and count.
func summarise(b *bytes.Buffer, total *loadstats.Interval, m loadstats.Measure, n int64) {
	name := fileName(m)
	help := words{"en"}.measure(m)
	switch unitOf(m) {
	case "s":
		name += "_seconds"
	case "fraction":
		name += "_ratio"
	}
	metric(b, name, "summary", help)
	_, ps := quantilesOf(m)
	for _, p := range ps {
		sample(b, name, labels("quantile", page.Number(p)), total.Quantile(m, p))
	}
	sample(b, name+"_sum", "", total.Mean(m)*float64(n))
	sample(b, name+"_count", "", float64(n))
}

// measure says what a measure is.
func (w words) measure(m loadstats.Measure) string {
	switch m {
	case loadstats.SRDIntended, loadstats.SetUpIntended, loadstats.PostDialIntended:
		return w.s("measure.intended")
	}
	return w.s("measure." + m.String())
}
