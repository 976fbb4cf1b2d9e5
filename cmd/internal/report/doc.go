// Package report turns a beside.Study into what people and programs read: text
// tables, CSV, JSON, one HTML file and its pictures, in English and Japanese.
// The one idea: a number never stands without its definition, its interval and
// what its model assumes; a percent sign appears in text for people only, and
// what is undefined is empty or null, never 0.
//
// It computes nothing but totals of what the study holds, opens no file, reads
// no clock and needs no network: the same study gives the same bytes. The
// commands of cmd/callwright import it.
//
//	err := report.Text(os.Stdout, study, "ja", report.TextOptions{})
//	err = report.HTML(file, study, "en")
package report
