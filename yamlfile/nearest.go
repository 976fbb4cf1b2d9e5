package yamlfile

import "strings"

// Nearest returns the known name most like a given one, or "" if none is
// within a third of its length in changed letters.
func Nearest(name string, known []string) string {
	best, most := "", max(1, len([]rune(name))/3)+1
	for _, k := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d < most {
			best, most = k, d
		}
	}
	return best
}

// DidYouMean is the end of a message about a name nobody knows.
func DidYouMean(name string, known []string) string {
	if n := Nearest(name, known); n != "" {
		return "did you mean " + n + "?"
	}
	if len(known) == 0 {
		return "there are none"
	}
	if len(known) > 12 {
		known = append(known[:12:12], "...")
	}
	return "want one of " + strings.Join(known, ", ")
}

// distance counts the letters inserted, left out, changed or swapped with a
// neighbour between two words (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return 64
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			change := 1
			if x[i] == y[j] {
				change = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+change)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
