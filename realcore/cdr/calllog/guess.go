package calllog

import (
	"fmt"
	"slices"
	"strings"
)

// Sample is the beginning of a file: what guessing looks at.
type Sample struct {
	Header []string
	Rows   [][]string
}

// Reason says why a column was given a role, or none.
type Reason struct {
	Role   Role   // RoleNone: the column is not used
	Column string // its name
	Index  int    // from 0
	Why    string
}

// String prints the reason as a line.
func (r Reason) String() string {
	if r.Role == RoleNone {
		return fmt.Sprintf("column %d %q is not used: %s", r.Index+1, r.Column, r.Why)
	}
	return fmt.Sprintf("%s = column %d %q: %s", r.Role, r.Index+1, r.Column, r.Why)
}

// Guess finds out which column has which role: by the header's words in
// English and Japanese where values do not contradict, and by values where the
// words do not settle it. There is a Reason for every column, in their order.
func Guess(k Kind, s Sample) (Mapping, []Reason) {
	out, _ := outcomeWords(nil)
	m, reasons, _ := guess(k, s, unknownOrder, out)
	return m, reasons
}

// bid is a role's claim to a column.
type bid struct {
	score int
	role  Role
	col   int
	why   string
}

func guess(k Kind, s Sample, order dateOrder, words outcomeMap) (Mapping, []Reason, []format) {
	m := Mapping{Kind: k}
	reasons := make([]Reason, len(s.Header))
	formats := make([]format, len(s.Header))
	dup := duplicates(s.Header)
	var bids []bid
	for i, h := range s.Header {
		reasons[i] = Reason{Column: h, Index: i, Why: "neither name nor values say what it is"}
		formats[i] = look(h, s.column(i), order, words.knows)
		if dup[i] {
			reasons[i].Why = fmt.Sprintf("another column has the same name; name it by number (role=#%d)", i+1)
			continue
		}
		b, not := bidsFor(k, h, i, &formats[i])
		bids = append(bids, b...)
		if not != "" {
			reasons[i].Why = not
		}
	}
	slices.SortStableFunc(bids, func(a, b bid) int { return b.score - a.score })
	taken := make([]bool, len(s.Header))
	for _, b := range bids {
		switch {
		case taken[b.col]:
		case m.Has(b.role):
			if o := m.column[b.role] - 1; reasons[b.col].Role == RoleNone {
				reasons[b.col].Why = fmt.Sprintf("%s, but column %q fits %s better", b.why, s.Header[o], b.role)
			}
		default:
			taken[b.col] = true
			m.column[b.role] = b.col + 1
			reasons[b.col].Role, reasons[b.col].Why = b.role, b.why
		}
	}
	return m, reasons, formats
}

// bidsFor returns the roles a column may have, and why its name's best role is
// out of the question.
func bidsFor(k Kind, header string, col int, f *format) (bids []bid, not string) {
	word, _ := normalise(header)
	for r := RoleNone + 1; r < NumRoles; r++ {
		if !r.of(k) {
			continue
		}
		score, hit := match(r, word)
		kind := roles[r].kind
		switch {
		case score > 0 && !f.fits[kind] && f.filled > 0 && !keep(r, score, f):
			not = fmt.Sprintf("the name has %q (%s), but the values are not %s", hit, roles[r].means, kindNames[kind])
		case score > 0:
			if r == RoleArrival || r == RoleStart {
				score += stampBonus(f)
			}
			bids = append(bids, bid{score, r, col, fmt.Sprintf("name has %q (%s); %s", hit, roles[r].means, f.says(kind))})
		default:
			if score, why := byValue(r, f); score > 0 {
				bids = append(bids, bid{score, r, col, why})
			}
		}
	}
	return bids, not
}

// keep holds on to a name although the sample's values are damaged: then
// reading says so. Names of instants are too general for that, except those
// that no file can do without, and as a whole.
func keep(r Role, score int, f *format) bool {
	strange := f.form == unknownForm && !f.fits[lengthValue] && !f.fits[outcomeValue]
	switch roles[r].kind {
	case countValue, lengthValue, fractionValue:
		return f.form != textForm
	case outcomeValue:
		return strange
	case instantValue, dateValue:
		return strange && score > 900 && (r == RoleArrival || r == RoleStart || r == RoleDate)
	}
	return false
}

func stampBonus(f *format) int {
	if f.dated && f.clocked {
		return 5
	}
	return 0
}

var kindNames = [...]string{"text", "instants", "dates", "lengths of time", "words for outcomes", "numbers", "fractions"}

// byValue is a claim without the help of a name.
func byValue(r Role, f *format) (int, string) {
	if f.filled == 0 {
		return 0, ""
	}
	switch r {
	case RoleArrival, RoleStart:
		if f.form == textForm && f.dated && f.clocked {
			return 30, "the name is unknown, but the values are dates with a time"
		}
		if f.form == textForm && f.ranged {
			return 25, "the name is unknown, but the values are ranges of clock times"
		}
	case RoleDate:
		if f.form == textForm && f.dated && !f.clocked {
			return 28, "the name is unknown, but the values are dates"
		}
	case RoleOutcome:
		if f.fits[outcomeValue] {
			return 35, "the name is unknown, but the values are words for outcomes"
		}
	}
	return 0, ""
}

// column returns a column's values in the sample.
func (s *Sample) column(i int) []string {
	var out []string
	for _, row := range s.Rows {
		if i < len(row) {
			out = append(out, row[i])
		}
	}
	return out
}

// duplicates marks the columns whose name another column has too. Columns
// without a name are not duplicates: nobody can mean them by name.
func duplicates(header []string) []bool {
	first := map[string]int{}
	dup := make([]bool, len(header))
	for i, h := range header {
		h = strings.ToLower(h)
		if j, ok := first[h]; ok && h != "" {
			dup[i], dup[j] = true, true
		} else {
			first[h] = i
		}
	}
	return dup
}
