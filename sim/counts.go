package sim

import (
	"fmt"

	"satsim/arch/energy"
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/arch/wuve"
)

// Counts are the actions of a group or of many, by unit. All are integers, so that sums do not depend on their order.
type Counts struct {
	STCE   stce.Counts   `json:"stce"`
	SORE   sore.Counts   `json:"sore"`
	WUVE   wuve.Counts   `json:"wuve"`
	Vector vector.Counts `json:"vector"`
	// Busy cycles of each unit's issue.
	ArrayCycles, SoreCycles, WuveCycles, VectorCycles int64 `json:"-"`
	Folds                                             int64 `json:"folds"`         // of the array
	BufferCycles                                      int64 `json:"buffer_cycles"` // by which banks that could not keep up stretched tiles
	// Bytes moved, by lane.
	Bytes [word.Lanes]int64 `json:"-"`
	// Buffers are the accesses to the on-chip buffers, by link.
	Buffers [word.Buffers]energy.Access `json:"-"`
}

// Add adds o to c.
func (c *Counts) Add(o *Counts) {
	c.STCE = c.STCE.Add(o.STCE)
	c.SORE.Add(o.SORE)
	c.WUVE.Add(o.WUVE)
	c.Vector.Add(o.Vector)
	c.ArrayCycles += o.ArrayCycles
	c.SoreCycles += o.SoreCycles
	c.WuveCycles += o.WuveCycles
	c.VectorCycles += o.VectorCycles
	c.Folds += o.Folds
	c.BufferCycles += o.BufferCycles
	for i := range c.Bytes {
		c.Bytes[i] += o.Bytes[i]
	}
	for i := range c.Buffers {
		c.Buffers[i].ReadBits += o.Buffers[i].ReadBits
		c.Buffers[i].WriteBits += o.Buffers[i].WriteBits
	}
}

// ReadBytes and WriteBytes are the off-chip traffic.
func (c *Counts) ReadBytes() int64 { return c.direction(false) }

// WriteBytes is what was written off-chip.
func (c *Counts) WriteBytes() int64 { return c.direction(true) }

func (c *Counts) direction(write bool) (n int64) {
	for l := word.Lane(0); l < word.Lanes; l++ {
		if l.Unit() == word.Memory && l.IsWrite() == write {
			n += c.Bytes[l]
		}
	}
	return n
}

// CountOps turns how often each variant of some of a group's ops ran into actions. runs are those of the same ops.
func CountOps(s *spec.Spec, g *word.Group, ops []word.Op, runs [][]int64) (Counts, error) {
	var c Counts
	for i := range ops {
		o := &ops[i]
		for v := range o.Variants {
			if n := runs[i][v]; n > 0 {
				if err := c.op(s, g, o, &o.Variants[v].Work, n); err != nil {
					return c, fmt.Errorf("counting %s: %w", o.Lane, err)
				}
				if err := c.access(s, g, o, &o.Variants[v].Work, n); err != nil {
					return c, fmt.Errorf("counting %s: %w", o.Lane, err)
				}
			}
		}
	}
	return c, nil
}

func (c *Counts) op(s *spec.Spec, g *word.Group, o *word.Op, w *word.Work, times int64) error {
	switch o.Lane.Unit() {
	case word.Memory:
		c.Bytes[o.Lane] += w.Bytes * times
	case word.STCE:
		cfg, err := stce.ConfigOf(g.Array)
		if err != nil {
			return err
		}
		cost, stretch := s.STCE.WorkCost(cfg, w)
		c.STCE = c.STCE.Add(cost.Counts.Scale(times))
		c.ArrayCycles += (cost.Cycles + stretch) * times
		c.BufferCycles += stretch * times
		c.Folds += s.STCE.FoldCount(stce.TileOf(cfg, w)) * max(w.Repeat, 1) * times
	case word.SORE:
		cost := s.SORE.Cost(sore.JobOf(g.Prune, w))
		c.SORE.Add(cost.Counts.Scale(times))
		c.SoreCycles += cost.Issue * times
	case word.WUVE:
		j, err := wuve.JobOf(g.Update, w)
		if err != nil {
			return err
		}
		cost := s.WUVE.Cost(j)
		c.WUVE.Add(cost.Counts.Scale(times))
		c.WuveCycles += cost.Issue * times
	default:
		cost, err := s.Vector.WorkCost(w)
		if err != nil {
			return err
		}
		c.Vector.Add(cost.Counts.Scale(times))
		c.VectorCycles += cost.Issue * times
	}
	return nil
}
