package fit

import (
	"strconv"
	"strings"
	"unicode"
)

// streamNames names the stream of each queue's tiers: as the queue if it has one,
// else queue-tier, with a number where a queue is called so.
func (m *Model) streamNames() [][]string {
	seen := map[string]bool{}
	for q := range m.Queues {
		seen[m.Queues[q].Name] = true
	}
	out := make([][]string, len(m.Queues))
	for q := range m.Queues {
		x := &m.Queues[q]
		for k := range x.Streams {
			name := x.Name
			if len(x.Streams) > 1 {
				name += "-" + x.Streams[k].Tier
				for n, whole := 2, name; seen[name]; n++ {
					name = whole + "-" + strconv.Itoa(n)
				}
				seen[name] = true
			}
			out[q] = append(out[q], name)
		}
	}
	return out
}

// rename gives queues names that a scenario file may have: letters, digits, spaces,
// - and _, at most 64 of them; other characters become -.
func (m *Model) rename() {
	seen := map[string]bool{}
	for q := range m.Queues {
		x := &m.Queues[q]
		x.Log = x.Name
		name := strings.TrimSpace(strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ' || r == '_' || r == '-' {
				return r
			}
			return '-'
		}, x.Name))
		name = strings.TrimLeft(name, " -_")
		if r := []rune(name); len(r) > 40 {
			name = strings.TrimSpace(string(r[:40]))
		}
		if name == "" {
			name = "queue"
		}
		for n := 2; seen[name]; n++ {
			name = strings.TrimRight(name, "0123456789") + strconv.Itoa(n)
		}
		seen[name] = true
		x.Name = name
	}
}
