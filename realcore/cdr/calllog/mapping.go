package calllog

import (
	"fmt"
	"strconv"
	"strings"
)

// Mapping says which column has which role. The zero Mapping maps nothing of a
// call log.
type Mapping struct {
	Kind   Kind
	column [NumRoles]int // number of the column from 1; 0: none
	given  [NumRoles]bool
}

// Column returns the index of the role's column, from 0; ok is false if no
// column has the role.
func (m *Mapping) Column(r Role) (i int, ok bool) { return m.column[r] - 1, m.column[r] > 0 }

// Has reports whether a column has role r.
func (m *Mapping) Has(r Role) bool { return m.column[r] > 0 }

// Set gives a role to a column as spec says: role=column name, role=#3 for the
// third column, or role= to take the role away. What held the column before
// loses it. On an error nothing changes; the error lists the nearest names.
func (m *Mapping) Set(spec string, header []string) error {
	name, col, ok := strings.Cut(spec, "=")
	name, col = strings.TrimSpace(name), strings.TrimSpace(col)
	if !ok {
		return fmt.Errorf("columns: %q; want role=column, such as wait=%q", spec, "Wait Time")
	}
	r, ok := roleByName(m.Kind, name)
	if !ok {
		return fmt.Errorf("columns: no role is called %q; did you mean %s? the roles are %s",
			name, strings.Join(nearest(name, Roles(m.Kind)), ", "), strings.Join(Roles(m.Kind), ", "))
	}
	if col == "" {
		m.column[r], m.given[r] = 0, true
		return nil
	}
	i, err := findColumn(col, header)
	if err != nil {
		return fmt.Errorf("columns: %s: %w", spec, err)
	}
	m.give(r, i)
	m.given[r] = true
	return nil
}

func (m *Mapping) give(r Role, i int) {
	for o := range m.column {
		if m.column[o] == i+1 {
			m.column[o] = 0
		}
	}
	m.column[r] = i + 1
}

func findColumn(col string, header []string) (int, error) {
	if n, ok := strings.CutPrefix(col, "#"); ok {
		i, err := strconv.Atoi(n)
		if err != nil || i < 1 || i > len(header) {
			return 0, fmt.Errorf("want #1 to #%d", len(header))
		}
		return i - 1, nil
	}
	found := -1
	for exact := 0; exact < 2 && found < 0; exact++ {
		for i, h := range header {
			if h != col && (exact == 0 || !sameWord(h, col)) {
				continue
			}
			if found >= 0 {
				return 0, fmt.Errorf("columns %d and %d have this name; want one of #%d and #%d", found+1, i+1, found+1, i+1)
			}
			found = i
		}
	}
	if found < 0 {
		return 0, fmt.Errorf("no column has this name; the nearest are %s", quoteAll(nearest(col, header)))
	}
	return found, nil
}

func sameWord(a, b string) bool {
	wa, _ := normalise(a)
	wb, _ := normalise(b)
	return wa == wb && wa != ""
}

func quoteAll(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = strconv.Quote(short(n))
	}
	return strings.Join(q, ", ")
}

// Specs returns the mapping as role=column lines that Set reads back; a column
// whose name is empty or not unique is written by number.
func (m *Mapping) Specs(header []string) []string {
	var out []string
	for r := RoleNone + 1; r < NumRoles; r++ {
		i, ok := m.Column(r)
		if !ok || i >= len(header) {
			continue
		}
		col := header[i]
		if j, err := findColumn(col, header); col == "" || err != nil || j != i || strings.HasPrefix(col, "#") {
			col = "#" + strconv.Itoa(i+1)
		}
		out = append(out, r.String()+"="+col)
	}
	return out
}
