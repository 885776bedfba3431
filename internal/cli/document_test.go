package cli_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// elided stands in a document for lines that it leaves out.
const elided = "..."

// volatile is what a host, not a model, decides in a line: times of the simulator itself.
var volatile = regexp.MustCompile(`\b(in|about) [0-9.]+ ?(ms|s|m)\b|\([0-9.]+ points/s\)|\bon [0-9]+ workers\b`)

// remade is what a document shows below a command, of what the command printed now. The lines that it leaves out stay left out: a part between two of
// them begins at the line of the same words as its first one and ends at that of its last one. Lines that differ in times of the host alone stay.
func remade(shown, printed []string) ([]string, error) {
	var out []string
	at := 0
	for rest, first := shown, true; ; first = false {
		n := slices.Index(rest, elided)
		part, last := rest, n < 0
		if !last {
			part = rest[:n]
		}
		from, to := at, len(printed)
		if len(part) == 0 {
			to = from
		}
		if !first && len(part) > 0 {
			if from = find(printed, at, part[0]); from < 0 {
				return nil, fmt.Errorf("nothing printed is like %q", part[0])
			}
		}
		if !last && len(part) > 0 {
			end := part[len(part)-1]
			if to = from + len(part); to > len(printed) || skeleton(printed[to-1]) != skeleton(end) {
				if to = find(printed, from, end) + 1; to == 0 {
					return nil, fmt.Errorf("nothing printed is like %q", end)
				}
			}
		}
		out = append(out, printed[from:to]...)
		if last {
			break
		}
		out, at, rest = append(out, elided), to, rest[n+1:]
	}
	if len(out) == len(shown) {
		for i := range out {
			if volatile.ReplaceAllString(out[i], "") == volatile.ReplaceAllString(shown[i], "") {
				out[i] = shown[i]
			}
		}
	}
	return out, nil
}

var (
	number = regexp.MustCompile(`[0-9][0-9,.e+-]*`)
	rule   = regexp.MustCompile(`─+`)
)

// skeleton is what a line is known by: the first cell of a table's row, if that is words, else all of it without its numbers and without the widths
// that come of them.
func skeleton(line string) string {
	if cells := strings.Split(line, "│"); len(cells) > 2 {
		for _, c := range cells {
			if c = strings.TrimSpace(c); c != "" && strings.ContainsFunc(c, unicode.IsLetter) {
				return c
			} else if c != "" {
				break
			}
		}
	}
	return strings.Join(strings.Fields(rule.ReplaceAllString(number.ReplaceAllString(line, "0"), "─")), " ")
}

// find is the first line from one on that has the words of another; -1 if none has.
func find(lines []string, from int, like string) int {
	for i := from; i < len(lines); i++ {
		if skeleton(lines[i]) == skeleton(like) {
			return i
		}
	}
	return -1
}

// By hand: a table that grew by a row and whose column became wider, with its head and its end left out, and a line of which the host decides a part.
func TestWhatADocumentShowsIsMadeAnew(t *testing.T) {
	for _, c := range []struct{ name, shown, printed, want string }{
		{"all of it", "a 1\nb 2", "a 3\nb 4\nc 5", "a 3\nb 4\nc 5"},
		{"a part", "...\n│ rows │ 9 │\n└────┘\n...\nend 7", "head\n│ rows │ 10 │\n│ cols │ 10 │\n└─────┘\nmore\nend 8", "...\n│ rows │ 10 │\n│ cols │ 10 │\n└─────┘\n...\nend 8"},
		{"the beginning", "a 1\n...", "a 2\nb", "a 2\n..."},
		{"the host's time", "16 points: 16 simulated in 1.2s (13.7 points/s), 0 before", "16 points: 16 simulated in 850ms (18.8 points/s), 0 before", "16 points: 16 simulated in 1.2s (13.7 points/s), 0 before"},
		{"the host's time and a figure", "16 points in 1.2s", "17 points in 1.3s", "17 points in 1.3s"},
	} {
		got, err := remade(strings.Split(c.shown, "\n"), strings.Split(c.printed, "\n"))
		if err != nil || strings.Join(got, "\n") != c.want {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
	if _, err := remade([]string{elided, "gone 1"}, []string{"here 1"}); err == nil {
		t.Error("a part that is not printed any more was made")
	}
}
