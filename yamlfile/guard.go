package yamlfile

import "unicode/utf8"

// Guard refuses, before the YAML parser sees it, what a format leaves out of YAML and
// what would cost too much. It is told what a Walk comes across, and refuses with the
// Walk's Refuse. What no format has (anchors, aliases, complex keys, brackets that do
// not fit, bytes that are not UTF-8) the Walk refuses itself.
type Guard interface {
	// Line comes at the beginning of each line, also within a text in quotes; text
	// is what follows.
	Line(w *Walk, text []byte)
	// Control comes with each control character but the line feed, and with byte order
	// marks, wherever they stand.
	Control(w *Walk, r rune)
	// Token comes with each character outside of quotes, comments and blanks, before
	// the Walk looks at it; true if there is no more to say about it. It does not come
	// with letters and digits within a word, which mean nothing.
	Token(w *Walk, r rune) bool
	// End comes at the end of a text of which nothing was refused.
	End(w *Walk)
}

// Walk goes over a text once and knows of YAML what a Guard must: what is in quotes, in
// brackets or in a comment, and where a token may begin; there, and only there, &, *, !
// and | have a meaning.
type Walk struct {
	*Faults
	At       Pos
	Rest     []byte // of the text after this character
	First    bool   // nothing but blanks before it in its line
	Begins   bool   // a token may begin with it
	Blank    bool   // a blank or the end of the line follows
	Last     rune   // the character before; a blank at the beginning of a line
	Quote    rune   // the open quote, or 0
	QuoteAt  Pos
	Brackets []Pos // the open ones
	Skip     int   // characters that are no token; Line sets it for ---

	form    *Format
	guard   Guard
	fresh   bool
	comment bool
	escaped bool
	stop    bool
}

// Refuse reports a mistake at this character, ends the walk and returns true.
func (w *Walk) Refuse(format string, args ...any) bool { return w.RefuseAt(w.At, format, args...) }

// RefuseAt is Refuse at another place.
func (w *Walk) RefuseAt(at Pos, format string, args ...any) bool {
	w.Add(at, "", format, args...)
	w.stop = true
	return true
}

func (w *Walk) run(text []byte) {
	for i := 0; i < len(text) && !w.stop; {
		if n := w.idle(text[i:]); n > 0 {
			i += n
			continue
		}
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(text[i:])
		}
		w.At.Column++
		if r == utf8.RuneError && n == 1 {
			w.Refuse("byte 0x%02x is not UTF-8", text[i])
			return
		}
		w.take(r, text[i:], n)
		i += n
	}
	if !w.stop {
		w.guard.End(w)
	}
}

// take looks at a character; text begins with it, and it has n bytes.
func (w *Walk) take(r rune, text []byte, n int) {
	if w.At.Column == 1 {
		w.First = true
		if w.guard.Line(w, text); w.stop {
			return
		}
	}
	if w.At.Column > w.form.MostLine {
		w.Refuse("the line has more than %d characters", w.form.MostLine)
		return
	}
	if r < ' ' && r != '\n' || r == 0x7f || r == '\ufeff' {
		if w.guard.Control(w, r); w.stop {
			return
		}
	}
	w.Rest = text[n:]
	switch {
	case r == '\n':
		w.At.Line, w.At.Column = w.At.Line+1, 0
		w.comment, w.fresh, w.escaped = false, true, false
		w.Last = ' '
	case w.comment:
	case w.Quote != 0:
		w.inQuote(r)
	case r == '\r':
	case r == '#' && (w.First || w.Last == ' '):
		w.comment = true
	case r == ' ':
		w.Last = r
	default:
		w.token(r)
		w.First, w.Last = false, r
	}
}

// idle passes over what means nothing, within a comment, a text in quotes or a word, and
// returns how many bytes it was. Most of a text is that; a walk without it takes up to
// three times as long (measured with a file of comments).
func (w *Walk) idle(text []byte) (n int) {
	inside := w.comment || w.Quote != 0
	if w.At.Column == 0 || w.escaped || !inside && (w.fresh || w.First) {
		return 0
	}
	for most := min(len(text), w.form.MostLine-w.At.Column); n < most; n++ {
		c := text[n]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' {
			continue
		}
		if !inside || c < ' ' || c > '~' || c == '"' || c == '\'' || c == '\\' {
			break
		}
	}
	if n > 0 {
		w.At.Column += n
		w.First, w.Last = false, rune(text[n-1])
	}
	return n
}

// inQuote waits for the end of a text in quotes.
func (w *Walk) inQuote(r rune) {
	switch {
	case w.escaped:
		w.escaped = false
	case r == '\\' && w.Quote == '"':
		w.escaped = true
	case r == w.Quote && r == '\'' && len(w.Rest) > 0 && w.Rest[0] == '\'':
		w.escaped = true
	case r == w.Quote:
		w.Quote = 0
		w.fresh = false
	}
	w.Last, w.First = r, false
}

// token looks at a character outside of quotes, comments and blanks.
func (w *Walk) token(r rune) {
	w.Begins = w.fresh
	w.Blank = len(w.Rest) == 0 || w.Rest[0] == ' ' || w.Rest[0] == '\n' || w.Rest[0] == '\r'
	if w.guard.Token(w, r) {
		return
	}
	if w.Skip > 0 {
		w.Skip--
		return
	}
	w.fresh = false
	switch r {
	case '[', '{':
		if !w.Begins && len(w.Brackets) == 0 {
			return // inside a plain word
		}
		w.fresh = true
		if w.Brackets = append(w.Brackets, w.At); len(w.Brackets) > w.form.MostBrackets {
			w.Refuse("more than %d brackets deep", w.form.MostBrackets)
		}
	case ']', '}':
		if len(w.Brackets) > 0 {
			w.Brackets = w.Brackets[:len(w.Brackets)-1]
		} else if w.Begins {
			w.Refuse("%c closes nothing", r)
		}
	case ',':
		w.fresh = len(w.Brackets) > 0
	case ':':
		w.fresh = w.Blank || w.form.TightColons && len(w.Brackets) > 0
	case '-':
		w.fresh = w.Begins && w.Blank
	case '\'', '"':
		if w.Begins {
			w.Quote, w.QuoteAt = r, w.At
		}
	case '&', '*':
		if w.Begins {
			w.Refuse("an anchor or alias (%c); want the value written out, or in quotes", r)
		}
	case '?':
		if w.Begins && w.Blank {
			w.Refuse("a complex key (?); want a plain one")
		}
	}
}
