package calllog

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// Options says how a file is to be read. The zero Options reads UTC and
// guesses everything else.
type Options struct {
	Name      string            // of the file, for messages
	Zone      *time.Location    // whose clock wrote the file; nil: UTC
	Encoding  string            // "utf-8", "shift_jis", "utf-16le"...; "": detected
	Separator rune              // ',', '\t', ';' or '|'; 0: guessed
	Columns   []string          // role=column, over the guess (see Mapping.Set)
	Outcomes  map[string]string // word in the log to outcome ("answered", "abandoned"...) or "ignore", over the defaults
	DateOrder string            // "dmy" or "mdy" for dates such as 05/04/2026; "": told from the values, or an error
	Day       time.Time         // the day of a file that has times of day but no date
	Length    time.Duration     // of an interval; 0: told from the starts
	MaxField  int               // longest field in bytes; 0: 64 KiB, which is also the most
}

const sampleRows = 400

// File is a file whose beginning has been read: its dialect and the meaning of
// its columns are known. Read it once, with Calls or Intervals.
type File struct {
	opt     Options
	scan    scanner
	sample  Sample
	skip    int // records before the header
	mapping Mapping
	reasons []Reason
	formats []format
	words   outcomeMap
	notes   []string
	clock   clockwork
	spent   bool
}

// Open reads the beginning of r and decides on encoding, separator, header and
// columns, so that they can be shown before anything is counted.
func Open(r io.Reader, k Kind, opt Options) (*File, error) {
	if opt.Name == "" {
		opt.Name = "input"
	}
	if opt.Zone == nil {
		opt.Zone = time.UTC
	}
	f := &File{opt: opt, clock: clockwork{loc: opt.Zone}}
	order, err := f.options()
	if err != nil {
		return nil, err
	}
	if err := f.scan.open(r); err != nil {
		return nil, err
	}
	if f.scan.enc == shiftJIS && f.scan.sep == '|' {
		return nil, fmt.Errorf("%s: separator | is part of characters in Shift_JIS; save the file as UTF-8", opt.Name)
	}
	if err := f.look(k); err != nil {
		return nil, err
	}
	f.mapping, f.reasons, f.formats = guess(k, f.sample, order, f.words)
	if err := f.override(); err != nil {
		return nil, err
	}
	return f, f.usable()
}

func (f *File) options() (order dateOrder, err error) {
	var bad faults
	o, s := &f.opt, &f.scan
	s.file, s.maxField = o.Name, o.MaxField
	if s.maxField <= 0 || s.maxField > defaultField {
		s.maxField = defaultField
	}
	if s.enc, err = encodingByName(o.Encoding); err != nil {
		bad.add(err)
	}
	switch o.Separator {
	case 0, ',', '\t', ';', '|':
		s.sep = byte(o.Separator)
	default:
		bad.add(fmt.Errorf("separator is %q; want one of comma, tab, semicolon, |", o.Separator))
	}
	switch o.DateOrder {
	case "", "ymd":
	case "dmy":
		order = dayFirst
	case "mdy":
		order = monthFirst
	default:
		bad.add(fmt.Errorf("date order is %q; want dmy, mdy or ymd", o.DateOrder))
	}
	if o.Length < 0 || o.Length > 24*time.Hour {
		bad.add(fmt.Errorf("interval length is %v; want 0 to 24h", o.Length))
	}
	if f.words, err = outcomeWords(o.Outcomes); err != nil {
		bad.add(err)
	}
	return order, bad.err()
}

// peekRows parses the window without taking it.
func (f *File) peekRows(sep byte, limit int) (rows [][]string, s scanner, err error) {
	w := &f.scan
	s = scanner{win: w.win[:w.w:w.w], r: w.r, w: w.w, srcErr: io.EOF, partial: w.srcErr != io.EOF, file: w.file, enc: w.enc,
		wasUTF16: w.wasUTF16, sep: sep, maxField: w.maxField, line: 1}
	s.win = slices.Clone(s.win)
	for len(rows) < limit {
		fields, bad, err := s.next()
		if err != nil {
			return rows, s, err
		}
		if bad != nil && len(rows) == 0 {
			return rows, s, bad // nothing can be guessed from a header that cannot be read
		}
		rows = append(rows, slices.Clone(fields))
	}
	return rows, s, nil
}

// look finds separator and header, and takes the sample.
func (f *File) look(k Kind) error {
	if f.scan.sep == 0 {
		f.scan.sep = f.separator()
	}
	rows, _, err := f.peekRows(f.scan.sep, sampleRows)
	if e, ok := err.(*Error); ok && len(rows) > 0 {
		if h := rows[f.header(k, rows)]; e.Col > 0 && e.Col <= len(h) {
			e.Column = h[e.Col-1]
		}
	}
	if err != nil && err != io.EOF && err != errPartial {
		return err
	}
	if len(rows) == 0 {
		return fmt.Errorf("%s: the file is empty; want a header and rows", f.opt.Name)
	}
	f.skip = f.header(k, rows)
	f.sample = Sample{Header: rows[f.skip], Rows: rows[f.skip+1:]}
	if f.skip > 0 {
		f.notes = append(f.notes, fmt.Sprintf("%d rows before the header were passed over", f.skip))
	}
	if len(f.sample.Rows) == 0 && err == io.EOF {
		return fmt.Errorf("%s: there is a header but there are no rows; want at least one row", f.opt.Name)
	}
	return nil
}

// separator picks the one that splits most of the first rows into equally many
// fields, more than one; then the one that makes more fields; then the comma.
func (f *File) separator() byte {
	best, bestRows, bestFields := byte(','), 0, 0
	for _, sep := range []byte(",\t;") {
		rows, _, _ := f.peekRows(sep, 30)
		for _, row := range rows {
			n := len(row)
			same := 0
			for _, o := range rows {
				if len(o) == n {
					same++
				}
			}
			if n > 1 && (same > bestRows || same == bestRows && n > bestFields) {
				best, bestRows, bestFields = sep, same, n
			}
		}
	}
	return best
}

// header returns the index of the row that names the columns: the first, unless
// a later one among the first 20 has at least two words that mean something
// and the first has fewer. Reports like to begin with a title.
func (f *File) header(k Kind, rows [][]string) int {
	best, bestN := 0, 1
	for i, row := range rows[:min(20, len(rows))] {
		n := 0
		for _, h := range row {
			word, _ := normalise(h)
			known := slices.ContainsFunc(f.opt.Columns, func(spec string) bool {
				_, col, _ := strings.Cut(spec, "=")
				return col != "" && sameWord(col, h)
			})
			for r := RoleNone + 1; r < NumRoles && !known; r++ {
				s, _ := match(r, word)
				known = r.of(k) && s > 0
			}
			if known {
				n++
			}
		}
		if n > bestN {
			best, bestN = i, n
		}
		if bestN > 1 {
			break
		}
	}
	return best
}

// override applies the caller's role=column.
func (f *File) override() error {
	var bad faults
	for _, spec := range f.opt.Columns {
		if err := f.mapping.Set(spec, f.sample.Header); err != nil && !bad.add(fmt.Errorf("%s: %w", f.opt.Name, err)) {
			break
		}
	}
	for i := range f.reasons {
		r := &f.reasons[i]
		now := RoleNone
		for o := RoleNone + 1; o < NumRoles; o++ {
			if f.mapping.column[o] == i+1 {
				now = o
			}
		}
		switch {
		case now != RoleNone && f.mapping.given[now]:
			r.Role, r.Why = now, "as told; "+f.formats[i].says(roles[now].kind)
		case now != r.Role:
			r.Role, r.Why = now, "overruled"
		}
	}
	return bad.err()
}

// usable reports what the mapping lacks.
func (f *File) usable() error {
	m, h := &f.mapping, f.sample.Header
	var bad faults
	lack := func(what, roles string) {
		bad.add(fmt.Errorf("%s: no column for %s; name it with %s (the columns are %s)", f.opt.Name, what, roles, quoteAll(h[:min(len(h), 40)])))
	}
	dup := duplicates(h)
	for i := range h {
		if !dup[i] || slices.Contains(m.column[:], i+1) {
			continue
		}
		word, _ := normalise(h[i])
		for r := RoleNone + 1; r < NumRoles; r++ {
			if s, _ := match(r, word); s > 900 && r.of(m.Kind) && !m.Has(r) && !m.given[r] {
				bad.add(&Error{File: f.opt.Name, Row: f.skip + 1, Line: f.skip + 1, Col: i + 1, Value: h[i],
					Want: fmt.Sprintf("another column has the same name; want %s=#%d, or %s= to use neither", r, i+1, r)})
				break
			}
		}
	}
	switch m.Kind {
	case CallLog:
		if !m.Has(RoleArrival) && !m.Has(RoleQueued) && !m.Has(RoleAnswered) {
			lack("the time of arrival", "arrival=COLUMN (and date=COLUMN if the day stands apart)")
		}
		if !m.Has(RoleOutcome) && !m.Has(RoleAnswered) && !m.Has(RoleTalk) && !m.Has(RoleAgent) {
			lack("how calls ended", "outcome=COLUMN, answered=COLUMN, talk=COLUMN or agent=COLUMN")
		}
	case IntervalReport:
		if !m.Has(RoleStart) && !m.Has(RoleDate) {
			lack("the start of the interval", "start=COLUMN (and date=COLUMN if the day stands apart)")
		}
		if !m.Has(RoleOfferedCount) && !(m.Has(RoleAnsweredCount) && m.Has(RoleAbandonedCount)) {
			lack("the number of calls", "offered=COLUMN, or answered=COLUMN and abandoned=COLUMN")
		}
	}
	for r := RoleNone + 1; r < NumRoles; r++ {
		i, ok := m.Column(r)
		if !ok {
			continue
		}
		g := &f.formats[i]
		k := roles[r].kind
		if (k == instantValue || k == dateValue) && g.unclear {
			bad.add(fmt.Errorf("%s: column %q: day and month cannot be told apart; want the date order dmy or mdy", f.opt.Name, h[i]))
		}
		if k == instantValue && !g.has(f.opt.Day.IsZero(), m.Has(RoleDate)) {
			bad.add(fmt.Errorf("%s: column %q has times of day, and no column has the date; want date=COLUMN, or say which day it is", f.opt.Name, h[i]))
		}
	}
	return bad.err()
}

// has reports whether an instant can be made of the column.
func (g *format) has(noDay, dateColumn bool) bool {
	if g.filled == 0 || dateColumn || !noDay {
		return true
	}
	return g.form == textForm && g.dated || g.form == epochForm || g.form == epochMSForm || g.form == unknownForm
}

// Sample returns the header and the first rows.
func (f *File) Sample() Sample { return f.sample }

// Mapping returns which column has which role.
func (f *File) Mapping() Mapping { return f.mapping }

// Reasons says why, column by column.
func (f *File) Reasons() []Reason { return f.reasons }

// Encoding returns the encoding as far as it is known.
func (f *File) Encoding() string { return f.scan.enc.String() }

// Separator returns the character between fields.
func (f *File) Separator() rune { return rune(f.scan.sep) }

// each hands every data row to fn, which reports whether to go on. It gathers
// the faults of rows, its own and fn's.
func (f *File) each(bad *faults, fn func(fields []string) bool) error {
	if f.spent {
		return fmt.Errorf("%s: already read; open it again", f.opt.Name)
	}
	f.spent = true
	for range f.skip + 1 {
		if _, _, err := f.scan.next(); err != nil {
			return err
		}
	}
	want := len(f.sample.Header)
	for {
		fields, wrong, err := f.scan.next()
		if err == io.EOF {
			return bad.err()
		}
		if err == nil && wrong == nil && len(fields) != want && !trailing(fields, want) {
			wrong = f.scan.fault(0, fmt.Sprintf("the row has %d fields; want %d as in the header: quote fields that contain the separator", len(fields), want))
		}
		if wrong != nil {
			if wrong.Col > 0 && wrong.Col <= want {
				wrong.Column = f.sample.Header[wrong.Col-1]
			}
			if !bad.add(wrong) {
				return bad.err()
			}
			continue
		}
		if err != nil {
			if e, ok := err.(*Error); ok && e.Col > 0 && e.Col <= want {
				e.Column = f.sample.Header[e.Col-1]
			}
			bad.add(err)
			return bad.err()
		}
		if !fn(fields) {
			return bad.err()
		}
	}
}

// trailing reports whether a row only has separators too many at its end.
func trailing(fields []string, want int) bool {
	if len(fields) < want {
		return false
	}
	for _, x := range fields[want:] {
		if x != "" {
			return false
		}
	}
	return true
}

// cell returns the role's field of a row, or "".
func (f *File) cell(fields []string, r Role) string {
	if i := f.mapping.column[r] - 1; i >= 0 && i < len(fields) {
		return fields[i]
	}
	return ""
}

// wrong makes an error at the role's field of the current row.
func (f *File) wrong(fields []string, r Role, want string) *Error {
	i := f.mapping.column[r] - 1
	e := f.scan.fault(i+1, want)
	e.Column, e.Value = f.sample.Header[i], short(fields[i])
	return e
}

// dayOf returns the date of a row, from its column or from Options.Day.
func (f *File) dayOf(fields []string) (civil, *Error) {
	if f.mapping.Has(RoleDate) {
		v, _, ok := parseCivil(f.cell(fields, RoleDate), f.formats[f.mapping.column[RoleDate]-1].order)
		if !ok || !v.date {
			return v, f.wrong(fields, RoleDate, "want a date such as 2026-11-25 or 2026/11/25")
		}
		return v, nil
	}
	if d := f.opt.Day; !d.IsZero() {
		return civil{y: d.Year(), m: int(d.Month()), d: d.Day(), date: true}, nil
	}
	return civil{}, nil
}

func sorted(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
