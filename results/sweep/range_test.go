package sweep

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"satsim/internal/config"
)

func TestRanges(t *testing.T) {
	for text, want := range map[string]string{
		"8..11":                   "8 9 10 11",
		"5..5":                    "5",
		"-1..1":                   "-1 0 1",
		"16..128 step 48":         "16 64 112",
		"7, 8..9, 16KiB, 12":      "7 8 9 16KiB 12",
		"../8..9.yaml, 8..a, 1.5": "../8..9.yaml 8..a 1.5", // names and numbers as they are
	} {
		var values []Value
		for _, v := range strings.Split(text, ", ") {
			values = append(values, Value(v))
		}
		got, err := each(values)
		if said := strings.Trim(fmt.Sprint(got), "[]"); err != nil || said != want {
			t.Errorf("%s: %s, %v; want %s", text, said, err, want)
		}
	}
}

// Ranges count as so many values, crossed and in lockstep; what is none is refused with its place.
func TestRangesOfAFile(t *testing.T) {
	read := func(axes string) ([]Selection, error) {
		path := filepath.Join(t.TempDir(), "ranges.yaml")
		if err := os.WriteFile(path, []byte("kind: sweep\nname: ranges\narch: sat-vcu1525\nnetworks: [resnet9]\nrecipes: [bdwp]\naxes:\n"+axes), 0o666); err != nil {
			t.Fatal(err)
		}
		f, err := Open(path)
		if err != nil {
			return nil, err
		}
		return f.Expand()
	}
	got, err := read("  - {path: vector.lanes, values: [8, 16..32 step 8]}\n  - zip:\n      - {path: stce.rows, values: [7..9]}\n      - {path: stce.cols, values: [32, 48, 64]}\n")
	if err != nil || len(got) != 12 {
		t.Fatalf("%d points, %v; 4 x 3 are there", len(got), err)
	}
	if last := got[11].Set; fmt.Sprint(last) != fmt.Sprint([]config.Override{{Path: "vector.lanes", Value: "32", Origin: "sweep ranges"}, {Path: "stce.rows", Value: "9", Origin: "sweep ranges"}, {Path: "stce.cols", Value: "64", Origin: "sweep ranges"}}) {
		t.Errorf("the last point is %v", last)
	}
	for axes, want := range map[string]string{
		"  - {path: stce.rows, values: [4, 9..8]}\n":                                                        "axes[0].values: value 2, 9..8: it goes down",
		"  - {path: stce.rows, values: [1..9 step 0]}\n":                                                    "axes[0].values: value 1, 1..9 step 0: the step is 0",
		"  - {path: stce.rows, values: [0..1000000]}\n":                                                     "more than 1000000 numbers",
		"  - {path: stce.rows, values: [1..999999, 7, 9..9]}\n":                                             "axes[0].values: value 3, 9..9: with those before it there are more than 1000000",
		"  - {path: stce.rows, values: [1..99999999999]}\n":                                                 "99999999999 is too large a number",
		"  - zip:\n      - {path: stce.rows, values: [7..9]}\n      - {path: stce.cols, values: [7..10]}\n": "it has 4 values, the first path has 3",
	} {
		if _, err := read(axes); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %s", axes, err, want)
		}
	}
	// Where the first path's range is wrong nothing is known of how many the others need.
	_, err = read("  - zip:\n      - {path: stce.rows, values: [9..7]}\n      - {path: stce.cols, values: [7..10]}\n      - {path: vector.lanes, values: [6..5]}\n")
	if err == nil || strings.Contains(err.Error(), "zip[1]") || !strings.Contains(err.Error(), "zip[0].values: value 1, 9..7: it goes down") || !strings.Contains(err.Error(), "zip[2].values: value 1, 6..5") {
		t.Errorf("%v", err)
	}
}
