package site

import (
	"bytes"
	"unicode/utf8"

	"callwright/yamlfile"
)

// What a site file may be at most. They bound what the YAML parser behind can be made
// to do.
const (
	mostBytes    = 1 << 20
	mostLine     = 2 << 10 // characters
	mostIndent   = 40      // columns
	mostBrackets = 4       // open at once
	mostPairs    = 15_000  // keys with values: the parser's time grows with their square
)

const empty = "the file is empty; want one that begins with callwright-site: 1"

// form is how site files are read.
var form = yamlfile.Format{
	Name:         "a site file",
	Empty:        empty,
	MostBytes:    mostBytes,
	MostLine:     mostBytes, // guardian.Line has the limit
	MostBrackets: mostBrackets,
	Deepest:      2 * mostPairs, // the guard's limits come first
	Guard:        guard,
	Singles:      true,
	Secrets:      true,
	Show:         shown,
}

var (
	start    = yamlfile.Pos{Line: 1, Column: 1}
	docBegin = []byte("---")
	docEnd   = []byte("...")
)

// guard looks at the whole text.
func guard(f *yamlfile.Faults, text []byte) yamlfile.Guard {
	if !utf8.Valid(text) {
		f.Add(start, "", "the file is not UTF-8")
		return nil
	}
	return &guardian{}
}

// guardian refuses what is too large or too deep, and the parts of YAML that the format
// leaves out. Texts in quotes end in the line where they begin.
type guardian struct {
	pairs   int
	dashes  int // lists that begin in this line
	content bool
}

// Line looks at a whole line.
func (g *guardian) Line(w *yamlfile.Walk, text []byte) {
	if w.Quote != 0 {
		g.open(w)
		return
	}
	if end := bytes.IndexByte(text, '\n'); end >= 0 {
		text = text[:end]
	}
	line := bytes.TrimRight(text, "\r")
	if len(line) > mostLine && utf8.RuneCount(line) > mostLine {
		w.Refuse("the line has more than %d characters", mostLine)
		return
	}
	at := w.At
	for _, r := range string(line) {
		if r < ' ' || r == 0x7f || r == '\ufeff' {
			w.RefuseAt(at, "character U+%04X has no place here; want spaces", r)
			return
		}
		at.Column++
	}
	g.dashes = 0
	rest := bytes.TrimLeft(line, " ")
	indent := len(line) - len(rest)
	switch {
	case len(rest) == 0 || rest[0] == '#':
	case indent > mostIndent:
		w.Refuse("indented more than %d columns", mostIndent)
	case indent == 0 && (bytes.HasPrefix(rest, docBegin) && g.content || bytes.HasPrefix(rest, docEnd) || rest[0] == '%'):
		w.Refuse("%s begins a directive or another document; want neither", rest[:min(3, len(rest))])
	case indent == 0 && bytes.Equal(rest, docBegin):
		w.Skip = 3
	default:
		g.content = true
	}
}

// open refuses a quote that its line does not close.
func (g *guardian) open(w *yamlfile.Walk) {
	w.RefuseAt(w.QuoteAt, "this quote is not closed in its line")
}

// Control has nothing to add to Line.
func (g *guardian) Control(*yamlfile.Walk, rune) {}

// Token looks at a character outside quotes, comments and blanks.
func (g *guardian) Token(w *yamlfile.Walk, r rune) bool {
	if w.Skip > 0 {
		return false
	}
	switch r {
	case ':':
		if g.pairs++; g.pairs > mostPairs {
			return w.Refuse("more than %d keys", mostPairs)
		}
	case '-':
		if w.Begins && w.Blank {
			if g.dashes++; g.dashes > 2 {
				return w.Refuse("a list in a list in a list; want none")
			}
		}
	case '*', '!', '|', '>', '@', '`', '%':
		if w.Begins && (r != '*' || w.Blank) {
			return w.Refuse("%c begins a kind of value that has no place here; want it in quotes", r)
		}
	}
	return false
}

// End looks for what is still open, and whether there was anything.
func (g *guardian) End(w *yamlfile.Walk) {
	switch {
	case w.Quote != 0:
		g.open(w)
	case len(w.Brackets) > 0:
		w.RefuseAt(w.Brackets[0], "this bracket is never closed")
	case !g.content:
		w.RefuseAt(start, empty)
	}
}
