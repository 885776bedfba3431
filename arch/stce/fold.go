package stce

import (
	"errors"
	"fmt"
	"iter"
)

// Tile is a product that the array runs as one job: Rows x Cols outputs, each a reduction of Taps x Channels terms,
// channels fastest. Groups of M never cross a tap; a last group of r < M channels keeps min(N, r) of them. It may hold several products of
// that shape, which follow each other as folds do.
type Tile struct {
	Config
	Products int64 `yaml:"products,omitempty" json:"products,omitempty"` // 0 is one
	Rows     int64 `yaml:"rows" json:"rows"`
	Cols     int64 `yaml:"cols" json:"cols"`
	Taps     int64 `yaml:"taps" json:"taps"`
	Channels int64 `yaml:"channels" json:"channels"`
	Resume   bool  `yaml:"resume" json:"resume"` // the sums start from FP32 values of the output buffer instead of +0
	Spill    bool  `yaml:"spill" json:"spill"`   // the results leave as FP32 instead of rounded to FP16
}

// Fold is one pass of the array. In OS, Rows x Cols outputs are kept in it over the whole reduction; in WS, its rows hold
// Groups groups of the reduction, beginning with FirstGroup, and Rows rows of outputs stream by.
type Fold struct {
	Config
	Rows, Cols         int64
	Product            int64 // of the tile
	Taps, Channels     int64 // of the whole reduction
	FirstGroup, Groups int64 // OS: zero and all groups
	FirstRow, FirstCol int64 // where the fold's outputs lie in the product; costs do not depend on it
	SumsIn, SumsOut    bool  // FP32 values come in from the output buffer, leave to it
	Between            bool  // WS: SumsOut is a partial sum of this tile, which a later fold takes in again
	Again              bool  // WS: SumsIn is a partial sum of this tile
}

// enters reports whether something comes in before the first slot of an OS fold: start values, places, or both on the way of the first.
func (f *Fold) enters() bool { return f.SumsIn || f.Held }

// Validate refuses what is no tile.
func (t Tile) Validate() error {
	var errs []error
	least := func(key string, v int64) {
		if v < 1 {
			errs = append(errs, fmt.Errorf("%s: %d; at least 1 is accepted", key, v))
		}
	}
	least("products", t.products())
	least("rows", t.Rows)
	least("cols", t.Cols)
	least("taps", t.Taps)
	least("channels", t.Channels)
	return errors.Join(errs...)
}

func (t *Tile) products() int64 {
	if t.Products == 0 {
		return 1
	}
	return t.Products
}

// outputs are the rows and columns of outputs of all products: both operands and the outputs of a product follow those of the one before.
func (t Tile) outputs() (rows, cols int64) { return t.products() * t.Rows, t.products() * t.Cols }

// Kept is the number of weights of one output that are multiplied.
func (t Tile) Kept() int64 { return newGroups(t.Config, t.Taps, t.Channels).all().kept() }

// Terms is the length of the dense reduction.
func (t Tile) Terms() int64 { return t.Taps * t.Channels }

// groups describes how a reduction falls into groups: perTap a tap, the last of a tap short when shortM > 0.
type groups struct {
	taps, perTap   int64
	n, m           int64
	shortN, shortM int64
}

func newGroups(c Config, taps, channels int64) groups {
	n, m := int64(c.Ratio.N), int64(c.Ratio.M)
	r := channels % m
	return groups{taps: taps, perTap: ceil(channels, m), n: n, m: m, shortN: min(n, r), shortM: r}
}

func (g groups) total() int64 { return g.taps * g.perTap }

// at is the kept weights and the operands of group i.
func (g groups) at(i int64) (n, m int64) {
	if g.shortM > 0 && i%g.perTap == g.perTap-1 {
		return g.shortN, g.shortM
	}
	return g.n, g.m
}

// stretch counts the groups of a stretch of the reduction.
type stretch struct {
	groups
	full, short int64
}

func (g groups) stretch(first, n int64) stretch {
	var short int64
	if g.shortM > 0 {
		short = (first+n)/g.perTap - first/g.perTap
	}
	return stretch{g, n - short, short}
}

func (g groups) all() stretch { return g.stretch(0, g.total()) }

func (s stretch) kept() int64     { return s.full*s.n + s.short*s.shortN }
func (s stretch) operands() int64 { return s.full*s.m + s.short*s.shortM }

// words is the link words of w operands that carry the stretch for k outputs side by side.
func (s stretch) words(k, w int64) int64 {
	return s.full*ceil(k*s.m, w) + s.short*ceil(k*s.shortM, w)
}

// largest is the kept weights and operands that the longest group of the stretch has.
func (s stretch) largest() (n, m int64) {
	if s.full == 0 {
		return s.shortN, s.shortM
	}
	return s.n, s.m
}

// rowsPerFold and colsPerFold are the outputs of a full fold; WS streams all rows.
func (p *Params) rowsPerFold(c Config) int64 {
	if c.Over == OverT {
		return int64(p.Rows) * int64(c.Interleave)
	}
	return int64(p.Rows)
}

func (p *Params) colsPerFold(c Config) int64 {
	if c.Over == OverF {
		return int64(p.Cols) * int64(c.Interleave)
	}
	return int64(p.Cols)
}

// Folds yields the folds of a tile in their order: product by product; of each the column folds; inside a column fold the row folds of OS, or
// the K folds of WS with K ascending.
func (p Params) Folds(t Tile) iter.Seq[Fold] {
	return func(yield func(Fold) bool) {
		for i := range t.products() {
			for f := range p.foldsOf(t, i) {
				if !yield(f) {
					return
				}
			}
		}
	}
}

// foldsOf are those of a product.
func (p Params) foldsOf(t Tile, product int64) iter.Seq[Fold] {
	return func(yield func(Fold) bool) {
		g := newGroups(t.Config, t.Taps, t.Channels).total()
		f := Fold{Config: t.Config, Product: product, Taps: t.Taps, Channels: t.Channels}
		rows, cols, inner := p.rowsPerFold(t.Config), p.colsPerFold(t.Config), int64(p.Rows)
		for f.FirstCol = 0; f.FirstCol < t.Cols; f.FirstCol += cols {
			f.Cols = min(cols, t.Cols-f.FirstCol)
			if t.Mode == OS {
				f.Groups, f.SumsIn, f.SumsOut = g, t.Resume, t.Spill
				for f.FirstRow = 0; f.FirstRow < t.Rows; f.FirstRow += rows {
					f.Rows = min(rows, t.Rows-f.FirstRow)
					if !yield(f) {
						return
					}
				}
				continue
			}
			f.Rows = t.Rows
			for f.FirstGroup = 0; f.FirstGroup < g; f.FirstGroup += inner {
				f.Groups = min(inner, g-f.FirstGroup)
				f.Again, f.Between = f.FirstGroup > 0, f.FirstGroup+f.Groups < g
				f.SumsIn, f.SumsOut = f.Again || t.Resume, f.Between || t.Spill
				if !yield(f) {
					return
				}
			}
		}
	}
}

func ceil(a, b int64) int64 { return (a + b - 1) / b }
