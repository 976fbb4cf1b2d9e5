package page

import "strings"

// Grid is a table before it is text or HTML. Columns before Left are text and
// aligned to the left; the others are numbers.
type Grid struct {
	Title string
	Note  string
	Head  []string
	Unit  []string // second line of the head; may be empty
	Rows  [][]string
	Total []string
	Left  int
	Tail  bool // the last column is text too
}

// Together keeps a number and its percent sign on one line.
func Together(s string) string { return strings.ReplaceAll(s, " %", "\u00a0%") }

// Cell is one cell of a table: its text, and whether it is text or a number.
type Cell struct {
	Text string
	Word bool
}

// Cells gives a row's cells their kind.
func (g Grid) Cells(row []string) []Cell {
	out := make([]Cell, len(row))
	for i, x := range row {
		out[i] = Cell{Together(x), i < g.Left || g.Tail && i == len(g.Head)-1}
	}
	return out
}

// Long reports whether the first column holds names, which need room to wrap in.
func (g Grid) Long() bool {
	for _, r := range g.Rows {
		if len(r) > 0 && len(r[0]) > 12 {
			return true
		}
	}
	return false
}

// HeadCells joins the two lines of the head.
func (g Grid) HeadCells() []Cell {
	head := make([]string, len(g.Head))
	for i, h := range g.Head {
		head[i] = h
		if len(h) <= 10 {
			head[i] = strings.ReplaceAll(h, " ", "\u00a0")
		}
		if g.Unit != nil && g.Unit[i] != "" {
			head[i] += "\n" + g.Unit[i]
		}
	}
	return g.Cells(head)
}
