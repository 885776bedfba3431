package config

import (
	"fmt"
	"strings"
	"testing"
)

// Each text has maxEntries entries in one list or mapping, and is taken; with one entry more it is refused, on that entry's line.
func TestAListOrMappingIsBoundedBeforeItIsMade(t *testing.T) {
	for name, c := range map[string]struct {
		head, entry, tail string
		line              func(n int) int // of the last of n entries
	}{
		"a block list":                {"kind: a\nlayers:\n", "  - {op: relu, k: [1, 3]} # one, two [\n", "", func(n int) int { return 2 + n }},
		"a list at its key":           {"layers:\n", "- 'it''s, [x'\n", "a: 1\nb: 2\n", func(n int) int { return 1 + n }},
		"a list of mappings":          {"layers:\n", "- name: don't, [\n  op: relu\n\n", "", func(n int) int { return 3*n - 1 }},
		"a mapping":                   {"a:\n", "  a: 1\n  # b: 2\n", "", func(n int) int { return 2 * n }},
		"a flow list on one line":     {"x: [", "{op: relu, note: \"a, [\\\", b\"}, ", "1]", func(int) int { return 1 }},
		"a flow list, a line a value": {"x: [\n", "[1, 2],\n", "1]\n", func(n int) int { return 1 + n }},
	} {
		n := maxEntries
		if strings.HasPrefix(c.head, "x") {
			n-- // the tail is one
		}
		text := func(n int) []byte { return []byte(c.head + strings.Repeat(c.entry, n) + c.tail) }
		if at, what, _ := tooMany(text(n)); what != "" {
			line, _ := lineCol(text(n), at)
			t.Errorf("%s of %d: %s at line %d", name, n, what, line)
		}
		at, what, accepted := tooMany(text(n + 1))
		line, _ := lineCol(text(n+1), at)
		want := c.line(n + 1)
		if line != want || what != "a list or mapping has too many entries" || accepted != "at most 100000" {
			t.Errorf("%s of %d: %q, %q at line %d, want line %d", name, n+1, what, accepted, line, want)
		}
	}
}

// 1001 lists of 1000 numbers: 1001 * 999 commas within them, 1000 between, and a line of each, is 1 002 000 and the line of the key's list.
func TestAFileIsBoundedBeforeItIsMade(t *testing.T) {
	row := "[" + strings.Repeat("1,", 999) + "1],\n"
	whole := func(n int) Source {
		return Source{Name: "a.yaml", Data: []byte("kind: a\nx: [\n" + strings.Repeat(row, n) + "]\n")}
	}
	if _, what, _ := tooMany(whole(990).Data); what != "" {
		t.Error(what)
	}
	_, errs := parse(whole(1001), "the file")
	// The 999th row brings the marks to 2 + 999 * (999 + 1 + 1) = 1 000 001.
	want := fmt.Sprintf("a.yaml:%d:1: the file has too many values; accepted: at most 1000000 lines and commas", 2+999)
	if errs.Err() == nil || errs.Err().Error() != want {
		t.Errorf("%v, want %s", errs.Err(), want)
	}
}
