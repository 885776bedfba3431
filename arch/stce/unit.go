package stce

import (
	"fmt"

	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/internal/nm"
)

// ID implements unit.Unit.
func (p Params) ID() word.Unit { return word.STCE }

// Built implements unit.Unit.
func (p Params) Built() bool { return p.Rows > 0 && p.Cols > 0 }

// Counters implements unit.Unit.
func (p Params) Counters() []unit.Counter { return counters[:] }

// Actions implements unit.Unit. An addition reads and writes an accumulator; a group register is written by every operand that arrives.
func (p Params) Actions() []unit.Action {
	return []unit.Action{
		{Name: "multiply", Of: unit.Operation, Counts: []int{Multiplies}},
		{Name: "add", Of: unit.Operation, Counts: []int{Adds}},
		{Name: "accumulate", Of: unit.Operation, Counts: []int{Adds}},
		{Name: "select", Of: unit.Operation, Counts: []int{SelectorUses}},
		{Name: "operand_hop", Of: unit.Word, Counts: []int{GroupWrites}},
		{Name: "group_write", Of: unit.Word, Counts: []int{GroupWrites}},
		{Name: "weight_hop", Of: unit.Word, Counts: []int{WeightHops}},
		{Name: "sum_hop", Of: unit.Word, Counts: []int{SumHops, StartHops, DrainHops}},
		{Name: "idle", Of: unit.Cycle, Parts: int64(p.Rows) * int64(p.Cols), Less: []int{MACs}},
	}
}

// configured is the array in a group's configuration.
type configured struct {
	wide, narrow Params // narrow: a link word is one operand
	config       Config
	blocks       int64 // on the diagonal, of rows and columns
	held         int64 // columns of one of the product's
	atEdge       bool  // SORE reads the north buffer, not the array
	taken        bool  // the vector unit takes the results from the output buffer
}

// Program implements unit.Unit. A tile starts on a drained array and ends drained.
func (p Params) Program(g *word.Group) (unit.Program, error) {
	c, err := ConfigOf(g.Array)
	if err != nil {
		return nil, err
	}
	if err := p.Check(c); err != nil {
		return nil, err
	}
	r := &configured{wide: p, narrow: p, config: c, blocks: max(g.Array.Diagonal, 1), held: max(g.Array.Held, 1)}
	r.narrow.LinkWidth = 1
	for si := range g.Streams {
		for oi := range g.Streams[si].Ops {
			o := &g.Streams[si].Ops[oi]
			r.atEdge = r.atEdge || o.Lane == word.Prune && len(o.In) == 0
			r.taken = r.taken || o.Lane == word.VectorOut && len(o.In) > 0 && o.In[0].Buffer == word.Output
		}
	}
	return r, nil
}

// Span implements unit.Program.
func (r *configured) Span(_ *word.Op, w *word.Work) (unit.Span, error) {
	cost, stretch := r.wide.WorkCost(r.config, w)
	cycles := cost.Cycles + stretch
	return unit.Span{Issue: cycles, Cycles: cycles}, nil
}

// Count implements unit.Program. West: every operand that enters, 16 bits, whatever the link's width; north: weight and index; output: FP32
// words in and out, FP16 words out, which the vector unit reads once where it takes them.
func (r *configured) Count(a *unit.Activity, _ *word.Op, w *word.Work, n int64) error {
	cost, stretch := r.wide.WorkCost(r.config, w)
	t, repeat := r.wide.TileOf(r.config, w)
	c := unit.Counts(cost.Counts)
	c[Folds], c[BufferCycles] = r.wide.FoldCount(t)*repeat, stretch
	c[UsefulMACs] /= r.blocks * r.held
	if err := a.Did(word.STCE, &c, cost.Cycles+stretch, n); err != nil {
		return err
	}
	one := r.narrow.Tile(t).Counts
	n *= repeat
	var sum unit.Tally
	read := func(b word.Buffer, bits int64) { sum.Add(&a.Buffers[b].ReadBits, bits, n) }
	read(word.West, 16*one[WestWords])
	if !r.atEdge {
		north := nm.Packed(r.config.Ratio)
		if r.config.Held {
			north = nm.FP16
		}
		read(word.North, north.StoredBits()*one[NorthWords])
	}
	read(word.Output, 32*one[OutputReads])
	sum.Add(&a.Buffers[word.Output].WriteBits, 32*one[OutputFP32]+16*one[OutputFP16], n)
	if r.taken {
		read(word.Output, 16*one[OutputFP16])
	}
	return sum.Err()
}

// ConfigOf is the array's configuration of a group.
func ConfigOf(a word.ArrayConfig) (Config, error) {
	c := Config{Interleave: a.Interleave, Ratio: a.Ratio, Diagonal: a.Diagonal > 0, Held: a.Held > 0}
	if err := c.Mode.UnmarshalText([]byte(a.Mode)); err != nil {
		return c, fmt.Errorf("configuring the array: %w", err)
	}
	if err := c.Over.UnmarshalText([]byte(a.Over)); err != nil {
		return c, fmt.Errorf("configuring the array: %w", err)
	}
	return c, nil
}

// TileOf is the tile of a word's work, and how many of them there are, one after the other.
func (p Params) TileOf(c Config, w *word.Work) (t Tile, repeat int64) {
	t = Tile{Config: c, Rows: w.Rows, Cols: w.Cols, Taps: w.Taps, Channels: w.Channels, Resume: w.Resume, Spill: w.Spill}
	repeat = max(w.Repeat, 1)
	if p.OverlapProducts && repeat > 1 {
		t.Products, repeat = repeat, 1
	}
	return t, repeat
}

// WorkCost is the cost of a word's tiles, and the cycles by which buffers that cannot keep up stretch them.
func (p Params) WorkCost(c Config, w *word.Work) (cost TileCost, stretch int64) {
	t, repeat := p.TileOf(c, w)
	cost = p.Tile(t)
	stretch = w.Slow.Stretch(cost.Cycles) - cost.Cycles
	if repeat > 1 {
		cost.Cycles *= repeat
		cost.Counts = cost.Counts.Scale(repeat)
		stretch *= repeat
	}
	return cost, stretch
}

// FoldCount is the number of folds of a tile.
func (p Params) FoldCount(t Tile) int64 {
	cols := t.products() * ceil(t.Cols, p.colsPerFold(t.Config))
	if t.Mode == OS {
		return cols * ceil(t.Rows, p.rowsPerFold(t.Config))
	}
	return cols * ceil(newGroups(t.Config, t.Taps, t.Channels).total(), int64(p.Rows))
}
