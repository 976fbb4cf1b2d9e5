package site

import (
	"bytes"
	"strings"
	"unicode/utf8"
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

// guard refuses what the parser shall never see: what is too large or too deep, and the
// parts of YAML that the format leaves out. It looks at one line after the other:
// texts in quotes end in the line where they begin. It returns the text without its
// byte order mark, or nil.
func guard(f *faults, text []byte) []byte {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	switch {
	case len(text) > mostBytes:
		f.add(pos{1, 1}, "", "the file has more than %d bytes", mostBytes)
		return nil
	case !utf8.Valid(text):
		f.add(pos{1, 1}, "", "the file is not UTF-8")
		return nil
	}
	g := guardian{faults: f}
	for line := range strings.Lines(string(text)) {
		g.at.line++
		g.line(strings.TrimRight(line, "\r\n"))
		if len(f.list) > 0 {
			return nil
		}
	}
	if g.brackets > 0 {
		f.add(g.opened, "", "this bracket is never closed")
		return nil
	}
	if !g.content {
		f.add(pos{1, 1}, "", "the file is empty; want one that begins with callwright-site: 1")
		return nil
	}
	return text
}

// guardian is what is known between two lines.
type guardian struct {
	*faults
	at       pos
	brackets int
	opened   pos // the outermost
	pairs    int
	content  bool
}

// refuse reports a mistake and returns true.
func (g *guardian) refuse(format string, args ...any) bool {
	g.add(g.at, "", format, args...)
	return true
}

func (g *guardian) line(line string) {
	runes := []rune(line)
	g.at.column = 1
	if len(runes) > mostLine {
		g.refuse("the line has more than %d characters", mostLine)
		return
	}
	for i, r := range runes {
		if g.at.column = i + 1; r < ' ' || r == 0x7f || r == '\ufeff' {
			g.refuse("character U+%04X has no place here; want spaces", r)
			return
		}
	}
	indent := len(line) - len(strings.TrimLeft(line, " "))
	g.at.column = 1
	switch rest := line[indent:]; {
	case rest == "" || rest[0] == '#':
		return
	case indent > mostIndent:
		g.refuse("indented more than %d columns", mostIndent)
		return
	case indent == 0 && (strings.HasPrefix(rest, "---") && g.content || strings.HasPrefix(rest, "...") || rest[0] == '%'):
		g.refuse("%s begins a directive or another document; want neither", rest[:min(3, len(rest))])
		return
	case rest == "---" && indent == 0:
		return
	}
	g.content = true
	g.tokens(runes, indent)
}

// tokens looks at a line from column i on. A token is fresh where a new one may begin:
// there, and only there, &, *, ! and | have a meaning.
func (g *guardian) tokens(line []rune, i int) {
	fresh, last, dashes := true, ' ', 0
	for ; i < len(line); i++ {
		r, blank := line[i], i+1 == len(line) || line[i+1] == ' '
		g.at.column = i + 1
		begins := fresh && r != ' '
		switch {
		case r == ' ':
		case r == '#' && last == ' ':
			return
		case begins && (r == '"' || r == '\''):
			end := closing(line, i)
			if end < 0 {
				g.refuse("this quote is not closed in its line")
				return
			}
			i, fresh = end, false
		case begins && g.indicator(r, blank):
			return
		case r == '-' && begins && blank:
			if dashes++; dashes > 2 {
				g.refuse("a list in a list in a list; want none")
				return
			}
		case (r == '[' || r == '{') && (begins || g.brackets > 0):
			if g.brackets++; g.brackets == 1 {
				g.opened = g.at
			}
			if fresh = true; g.brackets > mostBrackets {
				g.refuse("more than %d brackets deep", mostBrackets)
				return
			}
		case (r == ']' || r == '}') && (g.brackets > 0 || begins):
			if g.brackets--; g.brackets < 0 {
				g.refuse("%c closes nothing", r)
				return
			}
			fresh = false
		case r == ',':
			fresh = g.brackets > 0
		case r == ':':
			if g.pairs++; g.pairs > mostPairs {
				g.refuse("more than %d keys", mostPairs)
				return
			}
			fresh = blank
		default:
			fresh = false
		}
		last = r
	}
}

// closing returns where the quote that opens at i is closed, or -1.
func closing(line []rune, i int) int {
	quote := line[i]
	for i++; i < len(line); i++ {
		switch {
		case line[i] == '\\' && quote == '"':
			i++
		case line[i] == quote && quote == '\'' && i+1 < len(line) && line[i+1] == quote:
			i++
		case line[i] == quote:
			return i
		}
	}
	return -1
}

// indicator refuses what begins a token of the YAML that is left out.
func (g *guardian) indicator(r rune, blank bool) bool {
	switch {
	case r == '&' || r == '*' && !blank:
		return g.refuse("an anchor or alias (%c); want the value written out, or in quotes", r)
	case r == '*' || r == '!' || r == '|' || r == '>' || r == '@' || r == '`' || r == '%':
		return g.refuse("%c begins a kind of value that has no place here; want it in quotes", r)
	case r == '?' && blank:
		return g.refuse("a complex key (?); want a plain one")
	}
	return false
}
