package nm

import (
	"strings"
	"testing"
)

func TestParseAcceptsRatiosInRangeOnly(t *testing.T) {
	for _, s := range []string{"1:1", "2:8", "32:32"} {
		r, err := Parse(s)
		if err != nil || r.String() != s {
			t.Errorf("Parse(%q) = %v, %v", s, r, err)
		}
	}
	for _, s := range []string{"", "2", "2/8", "a:8", "2:b", "0:4", "5:4", "1:33", "-1:4", "2:8:1"} {
		if r, err := Parse(s); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", s, r)
		}
	}
	if _, err := Parse("2/8"); err == nil || !strings.Contains(err.Error(), "2:8") {
		t.Errorf("the error does not show how to write a ratio: %v", err)
	}
}

func TestRunsOfChannels(t *testing.T) {
	for _, c := range []struct {
		r            Ratio
		channels     int
		groups, kept int
	}{
		{Ratio{2, 8}, 64, 8, 16},
		{Ratio{2, 8}, 0, 0, 0},
		{Ratio{2, 8}, 9, 2, 3},   // 8 keep 2, the last 1 keeps 1
		{Ratio{2, 8}, 10, 2, 4},  // the last 2 keep 2
		{Ratio{2, 8}, 15, 2, 4},  // the last 7 keep 2
		{Ratio{3, 4}, 6, 2, 5},   // 3 + min(3, 2)
		{Dense, 7, 7, 7},         // groups of one
		{Ratio{4, 4}, 6, 2, 6},   // nothing pruned
		{Ratio{1, 32}, 33, 2, 2}, // a group of 32 and one of 1
	} {
		if g, k := c.r.Groups(c.channels), c.r.Kept(c.channels); g != c.groups || k != c.kept {
			t.Errorf("%v over %d channels: %d groups keep %d, want %d and %d", c.r, c.channels, g, k, c.groups, c.kept)
		}
	}
}
