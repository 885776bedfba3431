package diag

import "strings"

// Nearest is the name that was most likely meant by word, or "" if none is close: the fewest edits (insert, delete,
// replace, swap of neighbours; upper case and hyphens aside), at most one for every three letters; else a name that
// contains word or is contained in it. Of equally close names the first wins.
func Nearest(word string, names []string) string {
	w := fold(word)
	best, least := "", 1+(len(w)+2)/3
	for _, n := range names {
		if d := edits(w, fold(n)); d < least {
			best, least = n, d
		}
	}
	if best != "" || len(w) < 3 {
		return best
	}
	for _, n := range names {
		if f := fold(n); len(f) >= 3 && (strings.Contains(f, w) || strings.Contains(w, f)) {
			return n
		}
	}
	return ""
}

func fold(s string) string {
	if len(s) > 256 { // longer words are no misspelt names, and edits is quadratic
		s = s[:256]
	}
	return strings.ReplaceAll(strings.ToLower(s), "-", "_")
}

// edits is the optimal string alignment distance.
func edits(a, b string) int {
	prev2 := make([]int, len(b)+1)
	prev := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			d := prev[j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			d = min(d, prev[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, prev2[j-2]+1)
			}
			row[j] = d
		}
		prev2, prev, row = prev, row, prev2
	}
	return prev[len(b)]
}
