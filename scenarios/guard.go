package scenarios

import (
	"bytes"
	"strings"

	"callwright/yamlfile"
)

// What a scenario file may be at most. They bound what the YAML parser behind
// can be made to do.
const (
	mostBytes    = 256 << 10
	mostLine     = 4 << 10 // characters
	mostBrackets = 16      // open at once
	mostIndents  = 24      // levels
	mostPairs    = 5000    // keys with values: the parser's time grows with their square
)

// tables is what messages say about files that are too large.
const tables = "; put long tables into a CSV file"

// form is how scenario files are read.
var form = yamlfile.Format{
	Name:         "a scenario",
	Empty:        "the file has 0 documents; want one",
	MostBytes:    mostBytes,
	Instead:      tables,
	MostLine:     mostLine,
	MostBrackets: mostBrackets,
	Deepest:      mostIndents + mostBrackets,
	Guard:        guard,
	TightColons:  true,
	Bare:         true,
}

// guard looks at the whole text.
func guard(f *yamlfile.Faults, text []byte) yamlfile.Guard {
	at := yamlfile.Pos{Line: 1, Column: 1}
	switch {
	case bytes.HasPrefix(text, []byte{0xfe, 0xff}) || bytes.HasPrefix(text, []byte{0xff, 0xfe}):
		f.Add(at, "", "the file is UTF-16; want UTF-8")
		return nil
	case len(bytes.TrimSpace(text)) == 0:
		f.Add(at, "", "the scenario is empty; want a file that begins with callwright: 1")
		return nil
	}
	return &guardian{}
}

// guardian refuses what is too large or too deep, and the parts of YAML that
// the format leaves out.
type guardian struct {
	indents []int
	started bool // a document has begun
	pairs   int
}

// Line looks at the beginning of a line: documents and directives.
func (g *guardian) Line(w *yamlfile.Walk, text []byte) {
	if w.Quote != 0 {
		return
	}
	at := func(s string) bool {
		return bytes.HasPrefix(text, []byte(s)) && (len(text) == 3 || text[3] == ' ' || text[3] == '\n' || text[3] == '\r')
	}
	switch {
	case text[0] == '%':
		w.Refuse("a directive; want none")
	case at("---") && (g.started || len(w.Brackets) > 0):
		w.Refuse("a second document; want one in a file")
	case at("---"):
		w.Skip, g.started = 3, true
	case at("..."):
		w.Refuse("an end of document; want one document that ends with the file")
	}
}

// Control allows tabs, which have no place as tokens only, and CR LF.
func (g *guardian) Control(w *yamlfile.Walk, r rune) {
	if r != '\t' && r != '\r' {
		w.Refuse("character U+%04X has no place in a text", r)
	}
}

// indent counts how deep the text stands.
func (g *guardian) indent(w *yamlfile.Walk, column int) {
	for len(g.indents) > 0 && g.indents[len(g.indents)-1] >= column {
		g.indents = g.indents[:len(g.indents)-1]
	}
	g.indents = append(g.indents, column)
	if len(g.indents) > mostIndents {
		w.Refuse("indented more than %d levels deep", mostIndents)
	}
}

// Token looks at a character outside quotes, comments and blanks.
func (g *guardian) Token(w *yamlfile.Walk, r rune) bool {
	if r == '\t' {
		return w.Refuse("a tab; want spaces")
	}
	if r == '#' && strings.ContainsRune("]}\"'", w.Last) {
		return w.Refuse("a comment without a space before it")
	}
	if w.First && len(w.Brackets) == 0 {
		g.indent(w, w.At.Column)
	}
	if w.Skip > 0 {
		return false
	}
	g.started = true
	switch {
	case r == ':':
		if g.pairs++; g.pairs > mostPairs {
			w.Refuse("the file has more than %d keys%s", mostPairs, tables)
		}
	case !w.Begins:
	case r == '-':
		if len(w.Brackets) > 0 && len(w.Rest) > 0 && strings.IndexByte(",]} \n", w.Rest[0]) >= 0 {
			w.Refuse("- begins a list of lines, and stands in brackets; want a value")
		}
		if w.Blank && len(w.Brackets) == 0 { // "- - - x" nests within a line
			g.indent(w, w.At.Column+1)
		}
	case r == '!':
		w.Refuse("a tag (!); want none, or the value in quotes")
	case r == '|' || r == '>':
		w.Refuse("a block scalar (%c); want the text on one line, or in quotes", r)
	case r == '@' || r == '`' || r == '%':
		w.Refuse("%c begins nothing in YAML; want the value in quotes", r)
	}
	return false
}

// End looks for what is still open.
func (g *guardian) End(w *yamlfile.Walk) {
	if w.Quote != 0 {
		w.RefuseAt(w.QuoteAt, "this quote is never closed")
	} else if n := len(w.Brackets); n > 0 {
		w.RefuseAt(w.Brackets[n-1], "this bracket is never closed")
	}
}
