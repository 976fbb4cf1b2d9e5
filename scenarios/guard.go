package scenarios

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// What a scenario file may be at most. They bound what the YAML parser behind
// can be made to do.
const (
	mostBytes    = 256 << 10
	mostLine     = 4 << 10 // bytes
	mostBrackets = 16      // open at once
	mostIndents  = 24      // levels
	mostPairs    = 5000    // keys with values: the parser's time grows with their square
)

// guard refuses, in one pass over the bytes, what the parser shall never see:
// what is too large or too deep, and the parts of YAML that the format leaves
// out. It returns the text without its byte order mark.
func guard(f *faults, text []byte) []byte {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	switch {
	case len(text) > mostBytes:
		f.add(pos{1, 1}, "", "the file has more than %d bytes; put long tables into a CSV file", mostBytes)
		return nil
	case bytes.HasPrefix(text, []byte{0xfe, 0xff}) || bytes.HasPrefix(text, []byte{0xff, 0xfe}):
		f.add(pos{1, 1}, "", "the file is UTF-16; want UTF-8")
		return nil
	case len(bytes.TrimSpace(text)) == 0:
		f.add(pos{1, 1}, "", "the scenario is empty; want a file that begins with callwright: 1")
		return nil
	}
	g := guardian{faults: f, at: pos{1, 0}, fresh: true}
	for i := 0; i < len(text) && !g.stop; {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			g.at.column++
			g.refuse("byte 0x%02x is not UTF-8", text[i])
			break
		}
		g.take(r, text[i+n:])
		i += n
	}
	if g.stop {
		return nil
	}
	if g.quote != 0 {
		g.at = g.quoteAt
		g.refuse("this quote is never closed")
	} else if len(g.brackets) > 0 {
		g.at = g.brackets[len(g.brackets)-1]
		g.refuse("this bracket is never closed")
	}
	if g.stop {
		return nil
	}
	return text
}

// guardian is the state of the pass. A token is fresh where a new one may
// begin: there, and only there, &, *, ! and | have a meaning.
type guardian struct {
	*faults
	at       pos
	bytes    int // in this line
	fresh    bool
	bol      bool // nothing but blanks in this line so far; false before the first character
	comment  bool
	escaped  bool
	quote    rune
	quoteAt  pos
	last     rune
	brackets []pos
	indents  []int
	started  bool // a document has begun
	pairs    int
	dashes   int // of the line that begins it, still to come
	stop     bool
}

func (g *guardian) refuse(format string, args ...any) {
	g.add(g.at, "", format, args...)
	g.stop = true
}

func (g *guardian) take(r rune, rest []byte) {
	g.at.column++
	if g.at.column == 1 {
		g.bol = true
		if g.quote == 0 && !g.comment && g.line(r, rest) {
			return
		}
	}
	if g.bytes++; g.bytes > mostLine {
		g.refuse("the line has more than %d characters", mostLine)
		return
	}
	switch {
	case r == '\n':
		g.at.line, g.at.column, g.bytes = g.at.line+1, 0, 0
		g.comment, g.fresh, g.escaped = false, true, false
		g.last = ' '
		return
	case r < ' ' && r != '\t' && r != '\r' || r == 0x7f || r == '\ufeff':
		g.refuse("character U+%04X has no place in a text", r)
		return
	case g.comment:
		return
	case g.quote != 0:
		g.inQuote(r, rest)
		return
	case r == '\r':
		return
	case r == '\t':
		g.refuse("a tab; want spaces")
		return
	case r == '#' && (g.bol || g.last == ' '):
		g.comment = true
		return
	case r == '#' && strings.ContainsRune("]}\"'", g.last):
		g.refuse("a comment without a space before it")
		return
	case r == ' ':
		g.last = r
		return
	}
	if g.bol {
		g.bol = false
		if len(g.brackets) == 0 {
			g.indent(g.at.column)
		}
	}
	g.token(r, rest)
	g.last = r
}

// inQuote waits for the end of a quoted text.
func (g *guardian) inQuote(r rune, rest []byte) {
	switch {
	case g.escaped:
		g.escaped = false
	case r == '\\' && g.quote == '"':
		g.escaped = true
	case r == g.quote && r == '\'' && len(rest) > 0 && rest[0] == '\'':
		g.escaped = true
	case r == g.quote:
		g.quote = 0
		g.fresh = false
	}
	g.last, g.bol = r, false
}

// line looks at the beginning of a line: documents and directives.
func (g *guardian) line(r rune, rest []byte) bool {
	at := func(s string) bool {
		return string(r) == s[:1] && bytes.HasPrefix(rest, []byte(s[1:])) && (len(rest) == 2 || rest[2] == ' ' || rest[2] == '\n' || rest[2] == '\r')
	}
	switch {
	case r == '%':
		g.refuse("a directive; want none")
	case at("---") && (g.started || len(g.brackets) > 0):
		g.refuse("a second document; want one in a file")
	case at("---"):
		g.dashes, g.started = 3, true
	case at("..."):
		g.refuse("an end of document; want one document that ends with the file")
	}
	return g.stop
}

// indent counts how deep the text stands.
func (g *guardian) indent(column int) {
	for len(g.indents) > 0 && g.indents[len(g.indents)-1] >= column {
		g.indents = g.indents[:len(g.indents)-1]
	}
	g.indents = append(g.indents, column)
	if len(g.indents) > mostIndents {
		g.refuse("indented more than %d levels deep", mostIndents)
	}
}

// token looks at a character outside quotes, comments and blanks.
func (g *guardian) token(r rune, rest []byte) {
	if g.dashes > 0 {
		g.dashes--
		return
	}
	g.started = true
	blank := len(rest) == 0 || rest[0] == ' ' || rest[0] == '\n' || rest[0] == '\r'
	begins := g.fresh
	g.fresh = false
	switch r {
	case '[', '{':
		if !begins && len(g.brackets) == 0 {
			return // inside a plain word
		}
		g.fresh = true
		if g.brackets = append(g.brackets, g.at); len(g.brackets) > mostBrackets {
			g.refuse("more than %d brackets deep", mostBrackets)
		}
	case ']', '}':
		if len(g.brackets) == 0 {
			if begins {
				g.refuse("%c closes nothing", r)
			}
			return
		}
		g.brackets = g.brackets[:len(g.brackets)-1]
	case ',':
		g.fresh = len(g.brackets) > 0
	case ':':
		g.fresh = blank || len(g.brackets) > 0
		if g.pairs++; g.pairs > mostPairs {
			g.refuse("the file has more than %d keys; put long tables into a CSV file", mostPairs)
		}
	case '-':
		if begins && len(g.brackets) > 0 && len(rest) > 0 && strings.IndexByte(",]} \n", rest[0]) >= 0 {
			g.refuse("- begins a list of lines, and stands in brackets; want a value")
		}
		g.fresh = begins && blank
		if g.fresh && len(g.brackets) == 0 { // "- - - x" nests within a line
			g.indent(g.at.column + 1)
		}
	case '\'', '"':
		if begins {
			g.quote, g.quoteAt = r, g.at
		}
	default:
		if begins {
			g.indicator(r, blank)
		}
	}
}

// indicator refuses what begins a token of the YAML we leave out.
func (g *guardian) indicator(r rune, blank bool) {
	switch {
	case r == '&' || r == '*':
		g.refuse("an anchor or alias (%c); want the value written out, or in quotes", r)
	case r == '!':
		g.refuse("a tag (!); want none, or the value in quotes")
	case r == '|' || r == '>':
		g.refuse("a block scalar (%c); want the text on one line, or in quotes", r)
	case r == '?' && blank:
		g.refuse("a complex key (?); want a plain one")
	case r == '@' || r == '`' || r == '%':
		g.refuse("%c begins nothing in YAML; want the value in quotes", r)
	}
}
