package prune

import (
	"fmt"
	"io"

	"satsim/internal/nm"
	"satsim/internal/ratio"
	"satsim/results/table"
	"satsim/workloads/weights"
)

// JSON writes the result.
func (r *Result) JSON(w io.Writer) error { return table.Indented(w, r) }

// fields are of a weight, and of their sum.
func fields() []table.Field[weights.Report] {
	type report = weights.Report
	whole := func(key string, of func(*report) int64) table.Field[report] {
		return table.Field[report]{Column: table.Column{Key: key, For: table.Programs}, Of: func(r *report) table.Cell { return table.Whole(of(r)) }}
	}
	kept := func(name, key string, of func(*report) *weights.Copy) table.Field[report] {
		return table.Field[report]{Column: table.Column{Name: name, Key: key}, Of: func(r *report) table.Cell {
			if r.Layer == "" {
				return table.Text("")
			}
			return table.Text(of(r).Ratio.String())
		}}
	}
	share := func(name, key string, readers table.Readers, of func(*report) float64) table.Field[report] {
		return table.Field[report]{
			Column: table.Column{Name: name, Key: key, Unit: "%", NumberFormat: table.Percent(1), For: readers}, Of: func(r *report) table.Cell { return table.Real(of(r)) },
		}
	}
	kilobytes := func(name, key string, readers table.Readers, of func(*report) int64) table.Field[report] {
		return table.Field[report]{
			Column: table.Column{Name: name, Key: key, Unit: "kB", NumberFormat: table.NumberFormat{Shift: -3, Decimals: 1}, For: readers}, Of: func(r *report) table.Cell { return table.Whole(of(r)) },
		}
	}
	ff, bp := func(r *report) *weights.Copy { return &r.FF }, func(r *report) *weights.Copy { return &r.BP }
	return []table.Field[report]{
		{Column: table.Column{Name: "layer", Key: "layer", Left: true}, Of: func(r *report) table.Cell {
			if r.Layer == "" {
				return table.Text("total")
			}
			return table.Text(r.Layer)
		}},
		{Column: table.Column{Name: "taps x in x out x groups", Left: true, For: table.People}, Of: func(r *report) table.Cell {
			if r.Layer == "" {
				return table.Text("")
			}
			return table.Text(fmt.Sprintf("%dx%dx%dx%d", r.Taps, r.Inputs, r.Outputs, r.Groups))
		}},
		whole("taps", func(r *report) int64 { return r.Taps }),
		whole("inputs", func(r *report) int64 { return r.Inputs }),
		whole("outputs", func(r *report) int64 { return r.Outputs }),
		whole("groups", func(r *report) int64 { return r.Groups }),
		whole("elements", func(r *report) int64 { return r.Elements }),
		kept("FF N:M", "ff_sparsity", ff),
		kept("BP N:M", "bp_sparsity", bp),
		whole("ff_kept_elements", func(r *report) int64 { return r.FF.Kept }),
		whole("bp_kept_elements", func(r *report) int64 { return r.BP.Kept }),
		share("FF magnitude", "ff_kept_magnitude", table.Everybody, func(r *report) float64 { return r.FF.Magnitude }),
		share("BP magnitude", "bp_kept_magnitude", table.Everybody, func(r *report) float64 { return r.BP.Magnitude }),
		share("kept in both", "", table.People, func(r *report) float64 { return ratio.Of(r.KeptInBoth, r.Elements) }),
		share("of FF's kept", "", table.People, func(r *report) float64 { return ratio.Of(r.KeptInBoth, r.FF.Kept) }),
		whole("kept_in_both", func(r *report) int64 { return r.KeptInBoth }),
		whole("kept_in_ff_only", func(r *report) int64 { return r.KeptInFFOnly }),
		whole("kept_in_bp_only", func(r *report) int64 { return r.KeptInBPOnly }),
		whole("kept_in_none", func(r *report) int64 { return r.KeptInNone }),
		kilobytes("dense", "", table.People, func(r *report) int64 { return nm.FP16.Bytes(r.Elements) }),
		kilobytes("FF", "ff_packed_bytes", table.Everybody, func(r *report) int64 { return r.FF.Bytes }),
		kilobytes("BP", "bp_packed_bytes", table.Everybody, func(r *report) int64 { return r.BP.Bytes }),
	}
}

// Table has a row a weight; people see their sum, too.
func (r *Result) Table() *table.Table {
	columns := fields()
	t := table.Of(columns, []weights.Report{})
	t.Name = "prune"
	for _, l := range r.Layers {
		t.Add(table.Cells(columns, l)...)
	}
	t.AddFoot(table.Cells(columns, &r.Total)...)
	return t
}

// Text writes what people read.
func (r *Result) Text(w io.Writer) error {
	p := table.NewPage(w)
	p.Table(r.Table())
	if len(r.LeftOut) > 0 {
		p.Printf("%d of %d layers have no weight here:\n", len(r.LeftOut), len(r.LeftOut)+len(r.Layers))
		for _, l := range r.LeftOut {
			p.Printf("  %s\n", l)
		}
	}
	if r.Total.Infinite > 0 {
		p.Printf("%d elements are no numbers or too large for FP16\n", r.Total.Infinite)
	}
	if r.Total.Underflow > 0 {
		p.Printf("%d elements are not zero but too small for FP16, where they are zero: the machine cannot tell them apart\n", r.Total.Underflow)
	}
	return p.Err()
}
