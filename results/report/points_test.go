package report

import (
	"bytes"
	"strings"
	"testing"

	"satsim/results/query"
)

// Two points that failed alike, and one otherwise: two texts below the table, whole, and numbers in it; programs read them in their rows.
func TestLongTextsStandBelowTheTable(t *testing.T) {
	long, other := strings.Repeat("a tile does not fit ", 6), strings.Repeat("the footprint does not fit ", 6)
	l := &PointList{Rows: 4, Columns: []query.Column{{Source: "network", Values: []any{"a", "b", "c", "d"}}, {Source: "error", Values: []any{long, other, "", long}}}}
	var text, csv bytes.Buffer
	if err := l.Text(&text); err != nil {
		t.Fatal(err)
	}
	if err := l.Table().CSV(&csv); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(text.String(), "\n")
	for _, line := range lines {
		if n := len([]rune(line)); n > 40 && !strings.HasPrefix(line, "[") {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if got := strings.Join(lines[len(lines)-4:len(lines)-2], "|"); got != "[1] "+long+"|[2] "+other || strings.Count(text.String(), "│ [1]") != 2 {
		t.Errorf("%s", text.String())
	}
	if strings.Count(csv.String(), long) != 2 || strings.Count(csv.String(), other) != 1 {
		t.Errorf("%s", csv.String())
	}
}
