package query

import (
	"os"
	"testing"

	"satsim/results/record"
)

// Names of what units did are the same by records of either schema. By hand: the network has 3 x 3 x 3 x 16, 3 x 3 x 16 x 16 and 16 x 8 weights,
// 2864 in all; BDWP sorts all but the first layer's twice after their update, for FF and for BP.
func TestNamesOfUnits(t *testing.T) {
	for _, file := range []string{"record-1.json", "record-2.json"} {
		f, err := os.Open("../record/testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r, err := record.Read(f)
		if err != nil {
			t.Fatal(err)
		}
		d, err := FromRecords([]*record.Record{r})
		if err != nil {
			t.Fatal(err)
		}
		for i := range d.Rows {
			row := &d.Rows[i]
			if row.Values["recipe"] != "bdwp" {
				continue
			}
			for name, want := range map[string]int{
				"sorted_elements": 4864, "sore_elements": 4864, "wu.sorted_elements": 4864, "ff.sorted_elements": 0,
				"updated_parameters": 2864, "wuve_parameters": 2864,
			} {
				if row.Values[name] != want {
					t.Errorf("%s: %s is %v, want %d", file, name, row.Values[name], want)
				}
			}
			for old, name := range map[string]string{
				"array_busy_cycles": "stce_busy_cycles", "wu.array_utilisation": "wu.mac_utilisation", "simulation.folds": "stce_folds",
			} {
				if v, ok := row.Float(name); row.Values[old] != row.Values[name] || !ok || v <= 0 {
					t.Errorf("%s: %s is %v, %s is %v", file, old, row.Values[old], name, row.Values[name])
				}
			}
			if v, ok := row.Float("vector_serial_speedup"); !ok || v <= 0 {
				t.Errorf("%s: vector_serial_speedup is %v", file, row.Values["vector_serial_speedup"])
			}
		}
	}
}

// A unit that nobody here has heard of has its names.
func TestNamesOfANewUnit(t *testing.T) {
	p := points()[0]
	p.Run.Total.Units = record.Units{{Unit: "compress", Busy: 7, Counts: record.NamedCounts{{Name: "blocks", Count: 11}}}}
	p.Run.Stages[1].Units = record.Units{{Unit: "compress", Busy: 5}}
	row := NamedPoint{Point: &p}
	if err := row.name(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"compress_busy_cycles": 7, "compress_blocks": 11, "bp.compress_busy_cycles": 5, "sorted_elements": 0} {
		if row.Values[name] != want {
			t.Errorf("%s is %v, want %d", name, row.Values[name], want)
		}
	}
}
