package stce

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"

	"satsim/internal/nm"
)

// peer is one run of another simulator; see testdata/README.md.
type peer struct {
	layer      string
	mode       Mode
	rows, cols int
	m, n, k    int64
	cycles     int64
}

// peers reads the OS and WS rows of testdata/scalesim.csv, with the peer's cycles corrected by the one it drops a layer.
func peers(t *testing.T) []peer {
	t.Helper()
	f, err := os.Open("testdata/scalesim.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []peer
	for _, l := range lines[1:] {
		if l[1] == "is" {
			continue
		}
		v := make([]int64, len(l))
		for i := 2; i < len(l); i++ {
			if v[i], err = strconv.ParseInt(l[i], 10, 64); err != nil {
				t.Fatal(err)
			}
		}
		q := peer{layer: l[0], rows: int(v[2]), cols: int(v[3]), m: v[4], n: v[5], k: v[6], cycles: v[7] + 1}
		if err := q.mode.UnmarshalText([]byte(l[1])); err != nil {
			t.Fatal(err)
		}
		all = append(all, q)
	}
	return all
}

func (q peer) tile() Tile {
	return Tile{
		Config: Config{Mode: q.mode, Interleave: 1, Ratio: nm.Dense},
		Rows:   q.m, Cols: q.n, Taps: 1, Channels: q.k,
	}
}

func TestClosedFormEqualsScaleSim(t *testing.T) {
	all := peers(t)
	if len(all) != 190 {
		t.Fatalf("%d rows of OS and WS; the file has 190", len(all))
	}
	for _, q := range all {
		if got := ScaleSimIdeal(q.rows, q.cols).Tile(q.tile()).Cycles; got != q.cycles {
			t.Errorf("%s %v %dx%d of M %d N %d K %d: %d cycles; the peer has %d", q.layer, q.mode, q.rows, q.cols, q.m, q.n, q.k, got, q.cycles)
		}
	}
}
