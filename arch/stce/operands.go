package stce

import (
	"errors"
	"fmt"

	"github.com/x448/float16"
)

// Operands are the numbers of a tile, product by product.
type Operands struct {
	West  []float16.Float16 // Rows x Terms: the dense operand, an output row after the other
	North []float16.Float16 // Cols x Kept: of each output column the kept weights in order of the reduction
	Index []uint8           // Cols x Kept: their places in their groups, ascending within a group; may be nil for N = M = 1. Held: Rows x Cols, of each output its place in every group
	Start []float32         // Rows x Cols: what the sums start from, when the tile resumes
}

// check refuses operands that do not fit the tile.
func (in Operands) check(t Tile) error {
	var errs []error
	size := func(what string, got int, want int64) {
		if int64(got) != want {
			errs = append(errs, fmt.Errorf("%s: %d values; the tile has %d", what, got, want))
		}
	}
	rows, cols := t.outputs()
	size("west", len(in.West), rows*t.Terms())
	size("north", len(in.North), cols*t.Kept())
	switch {
	case t.Held:
		size("index", len(in.Index), rows*t.Cols)
	case in.Index != nil || t.Ratio.M > 1:
		size("index", len(in.Index), cols*t.Kept())
	}
	if t.Resume {
		size("start", len(in.Start), rows*t.Cols)
	}
	if len(errs) == 0 && in.Index != nil {
		errs = append(errs, in.checkIndex(t))
	}
	return errors.Join(errs...)
}

// places are those that every group has, which outputs may hold.
func (t Tile) places() int64 {
	if r := t.Channels % int64(t.Ratio.M); r > 0 {
		return r
	}
	return int64(t.Ratio.M)
}

func (in Operands) checkIndex(t Tile) error {
	if t.Held {
		for i, p := range in.Index {
			if int64(p) >= t.places() {
				return fmt.Errorf("index: output %d: place %d; every group has %d", i, p, t.places())
			}
		}
		return nil
	}
	g := newGroups(t.Config, t.Taps, t.Channels)
	at := 0
	_, cols := t.outputs()
	for col := range cols {
		for i := range g.total() {
			n, m := g.at(i)
			for k := range int(n) {
				if int64(in.Index[at+k]) >= m {
					return fmt.Errorf("index: column %d group %d: place %d; the group has %d", col, i, in.Index[at+k], m)
				}
				if k > 0 && in.Index[at+k] <= in.Index[at+k-1] {
					return fmt.Errorf("index: column %d group %d: places do not ascend", col, i)
				}
			}
			at += int(n)
		}
	}
	return nil
}
