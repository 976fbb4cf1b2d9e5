// Package page is what reports share: tables as text and HTML, numbers as people and
// programs read them, and pictures that serve light and dark from one drawing. It knows
// what things look like, and nothing of what is reported; cmd/internal/report and
// cmd/internal/loadreport write with it.
//
//	g := page.Grid{Title: "Counts", Left: 1, Head: []string{"what", "n"}, Rows: [][]string{{"wanted", "12"}}}
//	g.Text(&buffer)
package page
