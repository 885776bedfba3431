package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

func example() *Data {
	return &Data{Name: "points", Rows: 3, Columns: []Column{
		{Name: "network", Type: Text, Values: []any{"a \"b\"", "", nil}},
		{Name: "cycles", Type: Whole, Unit: "cycles", Values: []any{int64(1) << 60, int64(-7), nil}},
		{Name: "bp.time_s", Type: Real, Unit: "s", Means: "time", Values: []any{1.0, 0.1, nil}},
		{Name: "fits", Type: Truth, Values: []any{true, false, nil}},
		{Name: "dataflow.omit", Type: Texts, Values: []any{[]string{"pool", "add"}, []string{}, nil}},
	}}
}

// By hand: an object a row, numbers with all their digits, null where nothing is.
func TestLines(t *testing.T) {
	var b bytes.Buffer
	if err := example().Lines(&b); err != nil {
		t.Fatal(err)
	}
	want := `{"network":"a \"b\"","cycles":1152921504606846976,"bp.time_s":1,"fits":true,"dataflow.omit":["pool","add"]}
{"network":"","cycles":-7,"bp.time_s":0.1,"fits":false,"dataflow.omit":[]}
{"network":null,"cycles":null,"bp.time_s":null,"fits":null,"dataflow.omit":null}
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

// Read by its own library: types, nulls, lists, units. Other readers are asked in internal/cli.
func TestParquet(t *testing.T) {
	var b bytes.Buffer
	d := example()
	d.Version, d.Build = "1.2.3", "of a test"
	if err := d.Parquet(&b); err != nil {
		t.Fatal(err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := f.Metadata().CreatedBy, "satsim version 1.2.3 (build of a test)"; got != want { // blanks as the format's own description has them
		t.Errorf("created by %q, want %q", got, want)
	}
	type row struct {
		Network *string  `parquet:"network,optional"`
		Cycles  *int64   `parquet:"cycles,optional"`
		Time    *float64 `parquet:"bp.time_s,optional"`
		Fits    *bool    `parquet:"fits,optional"`
		Omit    []string `parquet:"dataflow.omit,optional,list"`
	}
	rows := make([]row, 3)
	if n, err := parquet.NewGenericReader[row](f).Read(rows); n != 3 {
		t.Fatalf("%d rows, %v", n, err)
	}
	if r := rows[0]; *r.Network != `a "b"` || *r.Cycles != 1<<60 || *r.Time != 1 || !*r.Fits || strings.Join(r.Omit, " ") != "pool add" {
		t.Errorf("first row: %+v", r)
	}
	if r := rows[1]; *r.Network != "" || *r.Cycles != -7 || *r.Time != 0.1 || *r.Fits || len(r.Omit) != 0 {
		t.Errorf("second row: %+v", r)
	}
	if r := rows[2]; r.Network != nil || r.Cycles != nil || r.Time != nil || r.Fits != nil || r.Omit != nil {
		t.Errorf("third row: %+v", r)
	}
	for key, want := range map[string]string{"satsim.units": `{"bp.time_s":"s","cycles":"cycles"}`, "satsim.means": `{"bp.time_s":"time"}`} {
		if got, _ := f.Lookup(key); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
}

// Many rows, more than are written at once, are all there in their order.
func TestManyRows(t *testing.T) {
	d := &Data{Name: "d", Rows: 2*rowsAtOnce + 1, Columns: []Column{{Name: "i", Type: Whole}}}
	for i := range d.Rows {
		d.Columns[0].Values = append(d.Columns[0].Values, int64(i))
	}
	var b bytes.Buffer
	if err := d.Parquet(&b); err != nil {
		t.Fatal(err)
	}
	type row struct {
		I int64 `parquet:"i,optional"`
	}
	rows, err := parquet.Read[row](bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil || len(rows) != d.Rows {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, r := range rows {
		if r.I != int64(i) {
			t.Fatalf("row %d is %d", i, r.I)
		}
	}
}

func TestWhatNoFileHolds(t *testing.T) {
	for _, c := range []struct {
		change func(*Data)
		want   string
	}{
		{func(d *Data) { d.Columns[1].Name = "network" }, `two columns are named "network"`},
		{func(d *Data) { d.Rows = 4 }, "column network has 3 values in 4 rows"},
		{func(d *Data) { d.Columns[1].Values[1] = 1.5 }, "column cycles, row 2: 1.5 (float64) is no whole number"},
		{func(d *Data) { d.Columns[2].Values[0] = math.NaN() }, "column bp.time_s, row 1: NaN (float64) is no number"},
		{func(d *Data) { d.Columns[3].Values[0] = "true" }, "column fits, row 1: true (string) is no truth"},
	} {
		for form, write := range map[string]func(*Data) error{
			"Parquet":    func(d *Data) error { return d.Parquet(&bytes.Buffer{}) },
			"JSON Lines": func(d *Data) error { return d.Lines(&bytes.Buffer{}) },
		} {
			d := example()
			c.change(d)
			if got, want := fmt.Sprint(write(d)), "writing points as "+form+": "+c.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		}
	}
}

type fullDisk struct{ room int }

var errFull = errors.New("the disk is full")

func (f *fullDisk) Write(p []byte) (int, error) {
	n := min(len(p), f.room)
	if f.room -= n; n < len(p) {
		return n, errFull
	}
	return n, nil
}

func TestAWriterThatFails(t *testing.T) {
	for form, write := range map[string]func(*Data, *fullDisk) error{
		"Parquet": func(d *Data, w *fullDisk) error { return d.Parquet(w) }, "JSON Lines": func(d *Data, w *fullDisk) error { return d.Lines(w) },
	} {
		for _, room := range []int{0, 100, 200} {
			if err := write(example(), &fullDisk{room}); !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d bytes: %v", form, room, err)
			}
		}
	}
}
