package vector

import (
	"errors"

	"satsim/arch/unit"
	"satsim/arch/word"
)

// DepthwiseUpdate is a product: weight gradients of channels, each of which meets its own gradient alone. No step leaves it out, so it is none of Kinds.
const DepthwiseUpdate word.PassKind = "depthwise_update"

// Product is that work on a tile: of each channel, at each tap, the sum over positions of an input and a gradient.
type Product struct {
	Positions, Taps, Channels int64
	// Resume: sums go on from those that the output buffer holds. Leave: they end there, as FP32.
	Resume, Leave bool
}

// productOf is the product of a word's work; ok is false where it is passes.
func productOf(w *word.Work) (x Product, ok bool) {
	return Product{Positions: w.Rows, Taps: w.Taps, Channels: w.Channels, Resume: w.Resume, Leave: w.Spill}, w.Taps > 0
}

// Job is the product as work of the unit.
func (x Product) Job() Job {
	return Job{Kind: DepthwiseUpdate, Elements: x.Positions * x.Taps * x.Channels, Row: x.Channels, Taps: x.Taps, Resume: x.Resume, Leave: x.Leave}
}

// Holds reports whether the lanes have accumulators for so many taps of so many channels at a time, a tap's waves being no more than those of constants: the same counter goes over both.
func (p Params) Holds(taps, channels int64) bool {
	return p.Waves(taps, channels) <= int64(p.Sums) && p.Waves(1, channels) <= int64(p.Constants)
}

// Waves of a position of a product: each tap's channels begin with one.
func (p Params) Waves(taps, channels int64) int64 {
	lanes := int64(p.Lanes)
	return taps * ((channels + lanes - 1) / lanes)
}

// product adds a job of products.
func (p Params) product(c *unit.Cost, j Job) {
	c.Counts[MACs] += j.Elements
	if j.Elements == 0 || j.Row <= 0 || j.Taps <= 0 {
		return
	}
	sums := j.Row * j.Taps
	rounds, waves := j.Elements/sums, p.Waves(j.Taps, j.Row)
	for _, more := range []bool{j.Resume, j.Leave} {
		if more {
			rounds++
		}
	}
	stall := (rounds - 1) * max(0, int64(p.PipelineLatency)-waves)
	c.Issue += rounds*waves + stall
	c.Counts[Operations] += rounds * sums
	c.Counts[IdleLaneCycles] += rounds * (waves*int64(p.Lanes) - sums)
	c.Counts[StallCycles] += stall
}

// rounds of a job of products, in order: one to load sums, one a position, one to leave them.
func rounds(w *work) (all []strip) {
	if w.resume {
		all = append(all, strip{work: w, last: w.columns, kind: ofSumsIn})
	}
	for first := 0; first < w.n; first += w.columns {
		all = append(all, strip{work: w, first: first, last: first + w.columns})
	}
	if w.leave {
		all = append(all, strip{work: w, last: w.columns, kind: ofSumsOut})
	}
	if n := len(all); n > 0 {
		all[n-1].ends = true
	}
	return all
}

// queueOf a round is its waves: each tap's channels begin with one. Then the sequencer waits until the first sums are back, but after the last round.
func (p Params) queueOf(s *strip) (q []issue) {
	row := s.work.columns / s.work.taps
	for first := s.first; first < s.last; first += row {
		for lo := first; lo < first+row; lo += p.Lanes {
			hi := min(lo+p.Lanes, first+row)
			q = append(q, issue{kind: s.kind, lo: lo, hi: hi, lanes: hi - lo, takes: s.kind == ofElements})
		}
	}
	if !s.ends {
		q[len(q)-1].pause = int64(max(0, p.PipelineLatency-len(q)))
	}
	return q
}

// accesses of n such products to the buffers.
func (x Product) accesses(a *unit.Activity, n int64) error {
	macs, sums := x.Positions*x.Taps*x.Channels, x.Taps*x.Channels
	errs := []error{a.Read(word.West, 16*macs, n), a.Read(word.North, 16*macs, n)}
	if x.Resume {
		errs = append(errs, a.Read(word.Output, 32*sums, n))
	}
	if x.Leave {
		errs = append(errs, a.Write(word.Output, 32*sums, n))
	}
	return errors.Join(errs...)
}
