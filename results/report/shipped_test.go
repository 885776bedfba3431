package report

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What pandas reads: ASCII heads, as many cells as heads, one value a cell, no sums or means among the data.
func TestShippedCSVIsData(t *testing.T) {
	several := regexp.MustCompile(`\d \(?[-\d.]+ to |\d × \d|^\S+ \d+:\d+$`)
	summary := regexp.MustCompile(`(?i)^((mean|sum|total|average|paper|fits|of it)\b|all$)`)
	n := 0
	err := filepath.WalkDir("../reference", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".csv" {
			return err
		}
		n++
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		for _, head := range rows[0] {
			if strings.ContainsFunc(head, func(r rune) bool { return r > 126 }) {
				t.Errorf("%s: the head %q is not ASCII", path, head)
			}
			if head == "mean" || head == "average" {
				t.Errorf("%s: the column %q is no data", path, head)
			}
		}
		for i, row := range rows[1:] {
			if summary.MatchString(row[0]) {
				t.Errorf("%s, row %d: %q is no data", path, i+1, row[0])
			}
			for _, cell := range row {
				if several.MatchString(cell) {
					t.Errorf("%s, row %d: several values in %q", path, i+1, cell)
				}
			}
		}
		return nil
	})
	if err != nil || n < 10 {
		t.Fatalf("%d files: %v", n, err)
	}
}
