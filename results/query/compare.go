package query

import (
	"math"
	"slices"
	"strings"

	"satsim/internal/ratio"
)

// Omitted is the parameter that leaves vector work out.
const Omitted = "dataflow.omit"

// wholeStep reports whether a row is of a step with all of its vector work.
func wholeStep(r *NamedPoint) bool {
	list, ok := r.Values[Omitted].([]any)
	return !ok || len(list) == 0
}

// Compared are the rows of whole steps that have a baseline other than themselves, neither of which failed.
func Compared(rows []NamedPoint) []NamedPoint {
	var out []NamedPoint
	for i := range rows {
		if r := &rows[i]; wholeStep(r) && r.Point.Baseline != "" && !r.Point.Failed() && r.Base != nil && !r.Base.Failed() {
			out = append(out, *r)
		}
	}
	return out
}

// Companions are the bounds that stand beside a speed-up; package report says what they mean. NaN: the points for them are not there.
type Companions struct{ MACs, Overlapped, Serial float64 }

// CompanionsOf finds the point without vector work that belongs to a compared row, among rows, and makes the bounds of both.
func CompanionsOf(rows []NamedPoint, r *NamedPoint) Companions {
	base, own := &r.Base.Run.Total, &r.Point.Run.Total
	c := Companions{ratio.Of(base.PerformedMACs, own.PerformedMACs), math.NaN(), math.NaN()}
	if serial, ok := r.Float("vector_serial_speedup"); ok { // of a record
		c.Serial = serial
		c.Overlapped, _ = r.Float("vector_overlapped_speedup")
		return c
	}
	i := slices.IndexFunc(rows, func(o NamedPoint) bool { return !wholeStep(&o) && o.Point.Baseline != "" && r.Same(&o, Omitted) })
	if i < 0 || rows[i].Point.Failed() || rows[i].Base == nil || rows[i].Base.Failed() {
		return c
	}
	b, o := rows[i].Base.Run.Total.Cycles, rows[i].Point.Run.Total.Cycles
	vb, vo := base.Units.Of("vector").Busy, own.Units.Of("vector").Busy
	c.Overlapped = ratio.Of(max(b, vb), max(o, vo))
	c.Serial = ratio.Of(b+vb, o+vo)
	return c
}

// SameResources are the bounds of a compared row's speed-up over dense-only arrays of the same resources; NaN: it has none.
func SameResources(r *NamedPoint) (low, high float64) {
	low, high = math.NaN(), math.NaN()
	if v, ok := r.Float(SameResourcesLow); ok {
		low = v
	}
	if v, ok := r.Float(SameResourcesHigh); ok {
		high = v
	}
	return low, high
}

// Designs lists what rows differ in that is of the machine and not of the step that it runs.
func Designs(rows []NamedPoint) []string {
	return slices.DeleteFunc(Differing(rows), func(n string) bool { return strings.HasPrefix(n, "network.") || strings.HasPrefix(n, "recipe.") })
}

// Label is a recipe with its N:M, if it has one.
func (r *NamedPoint) Label() string {
	if s := r.Text("sparsity"); s != "1:1" {
		return r.Text("recipe") + " " + s
	}
	return r.Text("recipe")
}

// Design says what distinguishes a row's architecture, given what differs; "" if nothing does.
func Design(differing []string, r *NamedPoint) string {
	var parts []string
	for _, n := range differing {
		if n != Omitted && !strings.HasPrefix(n, "network.") && !strings.HasPrefix(n, "recipe.") {
			parts = append(parts, n+"="+r.Text(n))
		}
	}
	return strings.Join(parts, ", ")
}
