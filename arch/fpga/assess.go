package fpga

import (
	"fmt"

	"satsim/arch/spec"
)

// Fit says whether something fits.
type Fit string

// The answers, about the limit of a resource, which is less than what the board has (limits).
const (
	Fits      Fit = "fits"         // the high end of the interval is within the limit
	Undecided Fit = "undecided"    // its low end is, its high end is not
	TooLarge  Fit = "does not fit" // not even the low end is
	Unknown   Fit = "unknown"      // the board's file does not say what its FPGA has
)

// Assessment is one resource against the board.
type Assessment struct {
	Resource  Resource
	Use       Range
	Available int64
	Limit     int64 // the most of it that fits
	Fit       Fit
}

// Report is an accelerator's use of its board.
type Report struct {
	Part  string
	Units []UnitUse
	Lines [Resources]Assessment
	Fit   Fit // the worst of the lines
	// Notes are what a reader must know beside the numbers: who cannot follow the clock, and what is not claimed.
	Notes []string
}

// Assess estimates an accelerator and holds it against its board.
func Assess(s *spec.Spec) Report {
	parts := Estimate(s)
	d := s.Board.Device
	r := Report{Part: d.Part, Units: Units(parts), Fit: Fits}
	total := Total(parts)
	have := available(d)
	for i := range r.Lines {
		l := Assessment{Resource: Resource(i), Use: total[i], Available: have[i], Limit: limits[i].of(have[i]), Fit: Unknown}
		if d.Known() {
			l.Fit = fit(l.Use, l.Limit)
			r.Fit = worse(r.Fit, l.Fit)
		}
		r.Lines[i] = l
	}
	r.Notes = append(Clock(s), reviews(r.Lines[:])...)
	if w := s.STCE.LinkWidth; w&(w-1) != 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("stce.link_width: %d is no power of two, so every element divides by it, which is not counted: what fits is not known of it", w))
	}
	switch {
	case !d.Known():
		r.Fit = Unknown
		r.Notes = append(r.Notes, "the board's file has no device: nothing can be said about what fits")
	case d.Dies > 1:
		r.Notes = append(r.Notes, fmt.Sprintf("%s has %d dies; whether the array closes timing across them is not assessed", d.Part, d.Dies))
	}
	r.Notes = append(r.Notes, "before placement and routing, without a host shell")
	return r
}

// Holds is what an accelerator takes, and whether its board holds that: Assess without the parts and the notes.
func Holds(s *spec.Spec) (ResourceUse, Fit) {
	total, have, f := Total(Estimate(s)), available(s.Board.Device), Fits
	if !s.Board.Device.Known() {
		return total, Unknown
	}
	for i, u := range total {
		f = worse(f, fit(u, limits[i].of(have[i])))
	}
	return total, f
}

// MostRows is the most rows of the array, up to those that there are, with which an accelerator fits its board at the high end of all estimates, all
// else equal. 0: with none.
func MostRows(s *spec.Spec) int {
	if !s.Board.Device.Known() {
		return 0
	}
	less := *s
	for less.STCE.Rows = s.STCE.Rows; less.STCE.Rows > 0; less.STCE.Rows-- {
		if Assess(&less).Fit == Fits {
			return less.STCE.Rows
		}
	}
	return 0
}

func available(d spec.Device) [Resources]int64 {
	return [...]int64{d.LUTs, d.LUTMemory, d.FlipFlops, d.DSPs, d.BlockRAMs, d.UltraRAMs}
}

func fit(u Range, most int64) Fit {
	switch {
	case u.High <= most:
		return Fits
	case u.Low <= most:
		return Undecided
	default:
		return TooLarge
	}
}

func worse(a, b Fit) Fit {
	if a == TooLarge || b == TooLarge {
		return TooLarge
	}
	if a == Undecided || b == Undecided {
		return Undecided
	}
	return Fits
}

// Clock names the operators that cannot follow the core clock with their latency, or may not.
func Clock(s *spec.Spec) []string {
	var out []string
	for _, c := range []struct {
		key     string
		op      operator
		latency int
	}{
		{"stce.mul_latency", mul16, s.STCE.MulLatency},
		{"stce.add_latency", add32, s.STCE.AddLatency},
		{"wuve.mul_latency", mul32, s.WUVE.MulLatency},
		{"wuve.add_latency", add32, s.WUVE.AddLatency},
		{"wuve.div_latency", div32, s.WUVE.DivLatency},
		{"wuve.sqrt_latency", sqrt32, s.WUVE.SqrtLatency},
		{"wuve.convert_latency", narrow, s.WUVE.ConvertLatency},
		{"vector.pipeline_latency", fma32, s.Vector.PipelineLatency},
	} {
		// A combinational operator shares its cycle with a register before and after it.
		stages := int64(max(c.latency, 1))
		best, worst := stages*1_000_000_000_000/c.op.shortest, stages*1_000_000_000_000/c.op.ps
		switch clock := int64(s.Clock); {
		case clock > best:
			out = append(out, fmt.Sprintf("clock %v is beyond an %s of latency %d (%s): at most about %d MHz", s.Clock, c.op.name, c.latency, c.key, best/1_000_000))
		case clock > worst:
			out = append(out, fmt.Sprintf("clock %v may be beyond an %s of latency %d (%s): between about %d and %d MHz", s.Clock, c.op.name, c.latency, c.key, worst/1_000_000, best/1_000_000))
		}
	}
	return out
}
