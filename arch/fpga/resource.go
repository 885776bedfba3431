package fpga

import "satsim/arch/feed"

// Resource is a kind of what an FPGA has.
type Resource int

// The resources.
const (
	LUT       Resource = iota
	LUTMemory          // of the LUTs: RAM and shift registers
	FF
	DSP
	BRAM      // of 36 Kb
	URAM      // of 288 Kb
	Resources = iota
)

// String is the resource's name in tables and records.
func (r Resource) String() string {
	return [...]string{"lut", "lut_memory", "ff", "dsp", "bram36", "uram"}[r]
}

// Range is an estimate: no less than Low, no more than High.
type Range struct {
	Low  int64 `json:"low"`
	High int64 `json:"high"`
}

// Mid is halfway.
func (r Range) Mid() int64 { return r.Low + (r.High-r.Low)/2 }

func (r Range) times(n int64) Range { return Range{r.Low * n, r.High * n} }

func (r Range) plus(q Range) Range { return Range{r.Low + q.Low, r.High + q.High} }

func exactly(n int64) Range { return Range{n, n} }

// ResourceUse is how much of each resource something takes.
type ResourceUse [Resources]Range

// Plus is u and v together.
func (u ResourceUse) Plus(v ResourceUse) ResourceUse {
	for r := range u {
		u[r] = u[r].plus(v[r])
	}
	return u
}

// Times is n of u.
func (u ResourceUse) Times(n int64) ResourceUse {
	for r := range u {
		u[r] = u[r].times(n)
	}
	return u
}

// Part is a part of a unit.
type Part struct {
	Unit string
	Name string
	// Module is what the part is of in Verilog, of which there are Count; "": it has none.
	Module string
	Count  int64
	Use    ResourceUse // of all of them
	// Feeds is what a reader or a writer is built with, of which a unit has several of one module.
	Feeds feed.Port
}

// of are parts of one module of a unit, of which there are so many.
func of(unit, module string, count int64, parts ...Part) []Part {
	for i := range parts {
		p := &parts[i]
		p.Unit, p.Module, p.Count, p.Use = unit, module, count, p.Use.Times(count)
	}
	return parts
}

// Total adds parts up.
func Total(parts []Part) ResourceUse {
	var u ResourceUse
	for i := range parts {
		u = u.Plus(parts[i].Use)
	}
	return u
}

// UnitUse is a unit with all its parts.
type UnitUse struct {
	Name  string
	Use   ResourceUse
	Parts []Part
}

// Units joins the parts of each unit, in the order in which units come first.
func Units(parts []Part) []UnitUse {
	var out []UnitUse
	for _, p := range parts {
		if n := len(out); n == 0 || out[n-1].Name != p.Unit {
			out = append(out, UnitUse{Name: p.Unit})
		}
		u := &out[len(out)-1]
		u.Use = u.Use.Plus(p.Use)
		u.Parts = append(u.Parts, p)
	}
	return out
}

func ceil(a, b int64) int64 { return (a + b - 1) / b }
