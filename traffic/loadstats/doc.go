// Package loadstats is what a load run measured and what may be concluded from it: attempts
// go in, figures by RFC 6076, histograms, thresholds with exact bounds and a verdict come
// out. It makes no calls and reads no clock.
//
// The one idea in it: everything can be added. An Interval is what one second of a run
// saw: counts, and histograms that merge without loss (HDR). The sum of its seconds is the
// run, the sum of several machines' runs is one run, and a report made from a stored
// stream is the report of the run itself.
//
//	var second loadstats.Interval
//	second.Add(&attempt)
//	total.Merge(&second)
//	rules, err := loadstats.ParseThresholds([]string{"p99(srd) < 800ms", "failed < 0.5% at 95%"})
//	for _, j := range rules.Judge(&total) { fmt.Println(j) }
//
// Where to look: attempt.go for what is known of one call, delays.go for the histograms,
// ratios.go for RFC 6076, bound.go and threshold.go for what a run proves, check.go for
// whether it may be believed, stream.go for the file, knee.go and diff.go for what several
// runs say together. traffic/sipload and cmd import it.
package loadstats
