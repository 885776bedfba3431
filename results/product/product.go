package product

import (
	"context"
	"fmt"

	"satsim/arch/stce"
	"satsim/internal/ratio"
)

// What the exact model is asked for at most: PE-cycles of a run (a minute or so), and of a timeline, which is shown unasked only when it fits a
// terminal.
const (
	exactPECycles    = 4 << 30
	exactOperands    = 1 << 28
	exactOutputs     = 1 << 27
	exactFolds       = 1 << 20
	exactFoldCycles  = 1 << 23 // whose control is laid out before the fold begins: some 100 bytes each
	vectorWords      = 1 << 25
	timelinePECycles = 1 << 18
	smallArray       = 16
	smallCycles      = 120
)

// Options say what is run.
type Options struct {
	Seed       uint64 // of the random operands
	ClosedOnly bool   // leave the exact model out
	Timeline   bool   // show every cycle
	Small      bool   // show every cycle where that fits a terminal
	Vectors    string // folder for test vectors; empty: none
	Progress   func(what string, done, total int)
}

// Result is a product on an array.
type Result struct {
	Arch       string         `json:"arch"`
	Params     stce.Params    `json:"stce"`
	Tile       stce.Tile      `json:"tile"`
	Folds      int64          `json:"folds"`
	Exact      *stce.TileCost `json:"exact,omitempty"`
	Closed     stce.TileCost  `json:"closed_form"`
	Useful     float64        `json:"array_utilisation"` // MACs of kept weights over PE-cycles
	Interleave []Depth        `json:"interleave"`
	Timeline   *stce.Timeline `json:"timeline,omitempty"`
	Vectors    string         `json:"-"` // the folder that has them
}

// Depth is the closed form at another interleave depth.
type Depth struct {
	Interleave int   `json:"interleave"`
	Cycles     int64 `json:"cycles"`
	Hazard     int64 `json:"hazard_cycles"`
}

// TooLarge says what of the exact model, or with Vectors of its test vectors, would be more than is accepted.
type TooLarge struct {
	What     string
	Is, Most float64
	Vectors  bool
}

// Error implements error.
func (e *TooLarge) Error() string {
	of := "exact model"
	if e.Vectors {
		of = "test vectors"
	}
	return fmt.Sprintf("the %s would have %.3g %s; up to %.3g are accepted: take a smaller product", of, e.Is, e.What, e.Most)
}

// check refuses what would take the exact model too long or too much memory; c is the tile by the closed form.
func check(p stce.Params, t stce.Tile, c stce.TileCost, vectors bool) error {
	operands := float64(t.Rows+t.Cols) * float64(t.Terms())
	if words := operands + float64(c.Cycles)*float64(p.Rows+3*p.Cols); vectors && words > vectorWords {
		return &TooLarge{What: "words", Is: words, Most: vectorWords, Vectors: true}
	}
	for _, limit := range []TooLarge{
		{What: "PE-cycles", Is: float64(c.Cycles) * float64(p.Rows) * float64(p.Cols), Most: exactPECycles},
		{What: "operands", Is: operands, Most: exactOperands},
		{What: "outputs", Is: float64(t.Rows) * float64(t.Cols), Most: exactOutputs},
		{What: "folds", Is: float64(p.FoldCount(t)), Most: exactFolds},
	} {
		if limit.Is > limit.Most {
			return &limit
		}
	}
	for f := range p.Folds(t) { // the first is as long as any
		if n := float64(p.Fold(f).Cycles); n > exactFoldCycles {
			return &TooLarge{What: "cycles in a fold", Is: n, Most: exactFoldCycles}
		}
		break
	}
	return nil
}

// Run runs a product on the array of an architecture of that name, until the context ends.
func Run(ctx context.Context, arch string, params stce.Params, t stce.Tile, o Options) (*Result, error) {
	r := &Result{Arch: arch, Params: params, Tile: t, Folds: params.FoldCount(t), Closed: params.Tile(t)}
	elements := int64(params.Rows) * int64(params.Cols)
	r.Useful = ratio.Of(r.Closed.Counts[stce.MACs], elements) / float64(r.Closed.Cycles)
	for depth := 1; depth <= params.MaxInterleave; depth *= 2 {
		other := t
		other.Interleave = depth
		c := params.Tile(other)
		r.Interleave = append(r.Interleave, Depth{depth, c.Cycles, c.Counts[stce.HazardCycles]})
	}
	if o.ClosedOnly {
		return r, nil
	}
	if err := check(params, t, r.Closed, o.Vectors != ""); err != nil {
		return nil, err
	}
	if err := r.exact(ctx, o); err != nil {
		return nil, err
	}
	if o.Timeline || o.Small && elements <= smallArray && r.Closed.Cycles <= smallCycles {
		tl, err := params.Trace(t, timelinePECycles)
		if err != nil {
			return nil, err
		}
		r.Timeline = &tl
	}
	if *r.Exact != r.Closed {
		return nil, fmt.Errorf("the closed form says %+v, the exact model %+v: this is an error in satsim", r.Closed, *r.Exact)
	}
	return r, nil
}

// exact runs the exact model, and writes its vectors if asked.
func (r *Result) exact(ctx context.Context, o Options) error {
	in, err := r.Tile.RandomOperands(o.Seed, ctx.Err)
	if err != nil {
		return err
	}
	ask := func(cycles int64) error {
		if o.Progress != nil {
			o.Progress("cycles", int(cycles), int(r.Closed.Cycles))
		}
		return ctx.Err()
	}
	if o.Vectors == "" {
		res, err := r.Params.ExactUntil(r.Tile, in, ask)
		r.Exact = &res.TileCost
		return err
	}
	set := vectors{folder: o.Vectors}
	if err := set.begin(); err != nil {
		return err
	}
	res, err := r.Params.Vectors(r.Tile, in, set.create, ask)
	if err != nil {
		set.remove()
	}
	r.Exact, r.Vectors = &res.TileCost, o.Vectors
	return err
}
