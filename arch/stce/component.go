package stce

import (
	"fmt"

	"satsim/arch/link"
	"satsim/arch/word"
)

// ConfigOf is the array's configuration of a group.
func ConfigOf(a word.ArrayConfig) (Config, error) {
	c := Config{Interleave: a.Interleave, Ratio: a.Ratio}
	if err := c.Mode.UnmarshalText([]byte(a.Mode)); err != nil {
		return c, fmt.Errorf("configuring the array: %w", err)
	}
	if err := c.Over.UnmarshalText([]byte(a.Over)); err != nil {
		return c, fmt.Errorf("configuring the array: %w", err)
	}
	return c, nil
}

// TileOf is the tile of a word's work.
func TileOf(c Config, w *word.Work) Tile {
	return Tile{Config: c, Rows: w.Rows, Cols: w.Cols, Taps: w.Taps, Channels: w.Channels, Resume: w.Resume, Spill: w.Spill}
}

// WorkCost is the cost of a word's tiles: Repeat independent ones, one after the other, and the cycles by which buffers that cannot keep
// up stretch them.
func (p Params) WorkCost(c Config, w *word.Work) (cost Cost, stretch int64) {
	cost = p.Tile(TileOf(c, w))
	if w.Slow[0] > w.Slow[1] {
		stretch = (cost.Cycles*w.Slow[0]+w.Slow[1]-1)/w.Slow[1] - cost.Cycles
	}
	if w.Repeat > 1 {
		cost.Cycles *= w.Repeat
		cost.Counts = cost.Counts.Scale(w.Repeat)
		stretch *= w.Repeat
	}
	return cost, stretch
}

// Server times the array's tasks of a group by the closed form. A tile starts on a drained array and ends drained.
func (p Params) Server(g *word.Group, tasks []link.Task) (link.Server, error) {
	c, err := ConfigOf(g.Array)
	if err != nil {
		return nil, err
	}
	if err := p.Check(c); err != nil {
		return nil, err
	}
	return link.Timed(tasks, func(w *word.Work) (link.Span, error) {
		cost, stretch := p.WorkCost(c, w)
		cycles := cost.Cycles + stretch
		return link.Span{Issue: cycles, Cycles: cycles}, nil
	})
}

// FoldCount is the number of folds of a tile.
func (p Params) FoldCount(t Tile) int64 {
	cols := ceil(t.Cols, p.colsPerFold(t.Config))
	if t.Mode == OS {
		return cols * ceil(t.Rows, p.rowsPerFold(t.Config))
	}
	return cols * ceil(newGroups(t.Config, t.Taps, t.Channels).total(), int64(p.Rows))
}
