package diag

import (
	"errors"
	"fmt"
	"testing"
)

func TestErrorText(t *testing.T) {
	tests := []struct {
		err  Error
		want string
	}{
		{Error{Pos{"a.yaml", 3, 7}, "stce.rowss", "unknown key", "rows, cols", "rows"},
			"a.yaml:3:7: stce.rowss: unknown key; accepted: rows, cols; nearest: rows"},
		{Error{Pos{"a.yaml", 3, 7}, "", "the file is empty", "", ""}, "a.yaml:3:7: the file is empty"},
		{Error{Pos{"a.yaml", 3, 0}, "", "p", "", ""}, "a.yaml:3: p"},
		{Error{Pos{"--set", 0, 0}, "rows", "p", "", ""}, "--set: rows: p"},
		{Error{Pos{"", 3, 7}, "rows", "p", "", ""}, "3:7: rows: p"},
		{Error{Pos{}, "rows", "p", "", "r"}, "rows: p; nearest: r"},
		{Error{Pos{}, "", "p", "", ""}, "p"},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestField(t *testing.T) {
	if got := Field("rows", "is 0", "1 or more").Error(); got != "rows: is 0; accepted: 1 or more" {
		t.Error(got)
	}
	if got := Field("", "is 0", "").Error(); got != "is 0" {
		t.Error(got)
	}
	var f *FieldError
	if !errors.As(fmt.Errorf("more: %w", Field("rows", "is 0", "")), &f) || f.Key != "rows" {
		t.Error("a wrapped field error is not found")
	}
}

func TestListSorted(t *testing.T) {
	if err := (List{}).Err(); err != nil {
		t.Errorf("an empty list is the error %v", err)
	}
	l := List{
		{Pos: Pos{"f", 10, 1}, Problem: "d"},
		{Pos: Pos{"f", 9, 20}, Problem: "c"},
		{Pos: Pos{"f", 9, 3}, Problem: "a"},
		{Pos: Pos{"f", 9, 3}, Problem: "b"},
		{Pos: Pos{"e", 99, 1}, Problem: "0"},
	}
	const want = "e:99:1: 0\nf:9:3: a\nf:9:3: b\nf:9:20: c\nf:10:1: d"
	err := l.Err()
	if err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	if l[0].Problem != "d" {
		t.Error("sorting changed the list")
	}
	var e *Error
	if !errors.As(err, &e) || e.Problem != "0" {
		t.Errorf("found %v in the list", e)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"rows", "cols", "max_interleave", "mul_latency", "add_latency", "memory.channels", "on"}
	for word, want := range map[string]string{
		"row":             "rows",
		"rosw":            "rows", // neighbours swapped: one edit
		"ROWS":            "rows",
		"clos":            "cols",
		"max-interleave":  "max_interleave",
		"mull_latency":    "mul_latency",
		"latency":         "mul_latency", // contained in two: the first
		"channels":        "memory.channels",
		"interleave":      "max_interleave",
		"no":              "on",
		"xy":              "", // two letters, two edits from "on"
		"frequency":       "",
		"":                "",
		"abcd":            "",
		"rows_and_others": "rows",
	} {
		if got := Nearest(word, names); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
	if got := Nearest("rows", nil); got != "" {
		t.Errorf("of no names %q is nearest", got)
	}
}

// The distances are worked by hand: optimal string alignment, in which a swapped pair is not edited again.
func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "abd", 1},
		{"kitten", "sitting", 3}, {"ca", "abc", 3}, {"abcdef", "badcfe", 3},
	} {
		if got := edits(tt.a, tt.b); got != tt.want {
			t.Errorf("%q, %q: got %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := edits(tt.b, tt.a); got != tt.want {
			t.Errorf("%q, %q: got %d, want %d", tt.b, tt.a, got, tt.want)
		}
	}
}
