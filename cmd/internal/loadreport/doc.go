// Package loadreport says what a load run measured, to people and to programs: text, one
// HTML file, JUnit, CSV, JSON, Prometheus' text format, a view while it runs; two runs
// beside each other, and the knee of several. The one idea in it: the verdict comes first,
// and no number stands without its unit, its n and what it is of; what is undefined is "-"
// in text, null in JSON and empty in CSV, never 0.
//
// It judges nothing itself (that is traffic/loadstats), makes no calls, reads no clock and
// needs no network: the same story gives the same bytes. cmd/callwright imports it.
//
//	story, err := loadstats.Read(file)
//	err = loadreport.Text(os.Stdout, story, "ja")
//	err = loadreport.HTML(page, story, "en")
package loadreport
