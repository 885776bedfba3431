package query

import (
	"strings"
	"testing"
)

// Loops are bounded for each row: 1,000 x 1,000 steps and the 1,000 around them are within 2^20 = 1,048,576, three loops are not. Nor may a value
// double sixty times.
func TestLoopsAreBounded(t *testing.T) {
	row := NamedPoint{Values: map[string]any{"n": 3, "stce.rows": 32}}
	for source, want := range map[string]any{
		"any(1..n, # == 3)":                         true,
		"count(1..10, # > n)":                       7,
		"len(filter(1..stce.rows, # % 2 == 0))":     16,
		"reduce(1..4, #acc + #, 0)":                 10,
		"sum(map(1..4, # * stce.rows))":             320,
		"all(1..900, all(1..900, true))":            true,
		"let a = 1..1000; count(a, all(a, # > 0))":  1000,
		"findIndex(sortBy(1..4, -#), # == 4)":       0,
		"len(groupBy(1..9, # % 3)[0])":              3,
		"one(1..9, # == 2) and none(1..9, # == 10)": true,
		"map(filter(1..9, # > 7), # * 2)[1]":        18,
	} {
		if testing.Short() && strings.Contains(source, "all(1..900, all(1..900") {
			continue // nearly a budget
		}
		e, err := Compile(source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		for range 2 { // the second row has a budget of its own
			if got, err := e.Eval(&row); err != nil || got != want {
				t.Errorf("%s: %v, %v; want %v", source, got, err, want)
			}
		}
		if err := e.Check([]string{"n", "stce.rows"}); err != nil {
			t.Errorf("%s: %v", source, err)
		}
	}
	exhausting := map[string]string{
		"let a = 1..1000; all(a, all(a, count(a, # > 0) == 1000))": "more than 1048576 steps",
		"reduce(1..60, #acc + #acc, \"x\")":                        "more than 1048576 values",
	}
	for source, want := range exhausting {
		if testing.Short() {
			break // each takes its budget, a million steps
		}
		e, err := Compile(source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if v, err := e.Eval(&row); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v; want an error that says %q", source, v, err, want)
		}
	}
	if len(row.Values) != 2 {
		t.Errorf("the row has %v", row.Values)
	}
}
