package stce

import (
	"errors"
	"fmt"
	"math"
)

// Register is a register of the array in Verilog and its value for a tile.
type Register struct{ Address, Value uint32 }

// Where the registers are: rtl/stce_fields.vh.
const (
	kindAddress, kindStride = 32, 32
	pairAddress, pairStride = 256, 8
	pairStart, pairEnd      = 12, 13
	pairProduct             = 14
)

// BuildableRTL reports what the array in Verilog cannot be.
func (p Params) BuildableRTL() error {
	errs := []error{p.Validate()}
	if p.Drain == DrainHidden {
		errs = append(errs, errors.New("drain: hidden has no hardware; overlap or serial is accepted"))
	}
	if p.PartialSums == SumsFree {
		errs = append(errs, errors.New("partial_sums: free has no hardware; charged is accepted"))
	}
	if p.MulLatency+p.AddLatency < 2 {
		errs = append(errs, fmt.Errorf("add_latency: %d with a mul_latency of %d has no hardware; a sum of 2 or more is accepted", p.AddLatency, p.MulLatency))
	}
	return errors.Join(errs...)
}

// Registers describe a tile to the array in Verilog: at most four kinds of folds, and what lies between two of them, by the closed form. A tile whose outputs hold their places is for an array
// that is built with places (Places).
func (p Params) Registers(t Tile) ([]Register, error) {
	errs := []error{p.BuildableRTL(), p.Check(t.Config), t.Validate()}
	if t.products() > 1 && !p.OverlapProducts {
		errs = append(errs, fmt.Errorf("products: %d without overlap_products; 1 is accepted", t.products()))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("describing a tile to the array: %w", err)
	}
	g := newGroups(t.Config, t.Taps, t.Channels)
	s := p.classes(&t, &g)
	w := registers{}
	w.tile(p, t, g, &s)
	for o := range s.class {
		for i := range s.class[o] {
			if s.outer.count[o] > 0 && s.inner.count[i] > 0 {
				w.kind(p, g, 2*o+i, s.fold[o][i], &s.class[o][i])
			}
		}
	}
	w.pairs(p, &s)
	if t.products() > 1 {
		first, last := s.ends()
		w.pair(pairProduct, last.issued, p.follow(last, first, false))
	}
	w.errs = append(w.errs, p.lanes(t, g, &s).beyond()...)
	if err := errors.Join(w.errs...); err != nil {
		return nil, fmt.Errorf("describing a tile to the array: %w", err)
	}
	return w.all, nil
}

// registers are collected, and what does not fit is noted.
type registers struct {
	all  []Register
	errs []error
}

// Overflow is a register that does not hold what a tile makes of it.
type Overflow struct {
	Address     int
	Keys        string // of the tile, which decide it
	Value, Most int64
}

func (o *Overflow) Error() string {
	return fmt.Sprintf("%s: register %d would be %d; 0 to %d is accepted", o.Keys, o.Address, o.Value, o.Most)
}

// put collects a register, which these keys of the tile decide.
func (w *registers) put(address int, keys string, v, most int64) {
	if v < 0 || v > most {
		w.errs = append(w.errs, &Overflow{Address: address, Keys: keys, Value: v, Most: most})
	}
	w.all = append(w.all, Register{uint32(address), uint32(v)})
}

func (w *registers) tile(p Params, t Tile, g groups, s *classes) {
	mode := int64(t.Mode) | int64(t.Over)<<1 | once(t.Resume)<<2 | once(t.Spill)<<3 | once(t.Held)<<4
	full, short := g.kinds()
	at := 0
	put := func(keys string, v, most int64) {
		w.put(at, keys, v, most)
		at++
	}
	inner := "rows"
	if t.Mode == WS {
		inner = "taps and channels"
	}
	put("mode", mode, 31)
	put("ratio", full.n, math.MaxUint16)
	put("ratio", short.n, math.MaxUint16)
	put("ratio", full.m, math.MaxUint16)
	put("ratio", short.m, math.MaxUint16)
	put("channels", g.perTap, math.MaxUint16)
	put("channels", int64(p.Rows)%g.perTap, math.MaxUint16)
	put("cols", s.outer.count[0], math.MaxUint32)
	put("cols", s.outer.count[1], math.MaxUint32)
	put("taps", s.inner.repeat, math.MaxUint32)
	put(inner, s.inner.count[0]/s.inner.repeat, math.MaxUint32)
	put(inner, s.inner.count[1]/s.inner.repeat, math.MaxUint32)
	for range 3 { // where the tile lies
		put("", 0, 0)
	}
	put("products", t.products(), math.MaxUint32)
}

// size is the kept weights and the operands of a group.
type size struct{ n, m int64 }

// kinds are a tap's groups and its last one.
func (g groups) kinds() (full, short size) {
	full, short = size{g.n, g.m}, size{g.n, g.m}
	if g.shortM > 0 {
		short = size{g.shortN, g.shortM}
	}
	return full, short
}

// kind describes a kind of fold.
func (w *registers) kind(p Params, g groups, number int, f Fold, t *timing) {
	R, C := int64(p.Rows), int64(p.Cols)
	full, short := g.kinds()
	last, visits := t.depth, g.total()
	most, operands := g.stretch(f.FirstGroup, f.Groups).largest()
	var words, ops [2]int64 // operands: of rows without and with an extra output (OS), of a batch and of the last (WS), as multiples of a group's
	var outs [2]int64
	extra := f.Groups
	switch {
	case f.Mode == OS:
		extra, outs, ops = f.Rows, [2]int64{0, t.depth}, [2]int64{0, 1}
		if f.Over == OverT {
			extra = f.Rows % R
			outs = [2]int64{f.Rows / R, f.Rows/R + 1}
			ops = outs
		}
		words[0], _ = p.linkWords(f, t, full.m)
		words[1], _ = p.linkWords(f, t, short.m)
	default:
		visits, outs, ops = t.batches, [2]int64{t.depth, t.depth}, [2]int64{1, 1}
		if f.Over == OverT {
			last = f.Rows - (t.batches-1)*t.depth
			ops = [2]int64{t.depth, last}
		}
		words[0], words[1] = p.linkWords(f, t, operands)
	}
	cols, extraCols := f.Cols/C, f.Cols%C
	visited := "taps and channels"
	if f.Mode == WS {
		visited = "rows"
	}
	fields := []struct {
		keys   string
		values []int64
	}{
		{"rows", []int64{t.rows}}, {"interleave", []int64{t.depth, last}}, {"ratio and interleave", []int64{t.skew}}, {"interleave", []int64{max(t.depth, int64(p.AddLatency))}}, {"ratio", []int64{most}},
		{"ratio and interleave", []int64{words[0], words[1]}}, {"rows, ratio and interleave", []int64{ops[0] * full.m, ops[1] * full.m, ops[0] * short.m, ops[1] * short.m}},
		{"cols", []int64{cols, extraCols, min(f.Cols, C)}}, {"rows", []int64{extra}}, {"rows and interleave", []int64{outs[0], outs[1], (t.rows - 1) * t.depth}}, {"resume and held", []int64{min(t.load, 1)}},
		{"channels", []int64{(f.Groups - 1) % g.perTap}}, {visited, []int64{visits & math.MaxUint16, visits >> 16}}, {"rows, taps, channels and interleave", []int64{t.issued & math.MaxUint16, t.issued >> 16}},
	}
	at := kindAddress + kindStride*number
	for _, of := range fields {
		for _, v := range of.values {
			w.put(at, of.keys, v, math.MaxUint16)
			at++
		}
	}
}

// pairs describe what lies between two folds.
func (w *registers) pairs(p Params, s *classes) {
	outer, inner := &s.outer, &s.inner
	edge := int64(0) // cycles of a column fold of class 1, first slot to first slot
	for o := range s.class {
		if outer.count[o] == 0 {
			continue
		}
		for i := range s.class[o] {
			for j := range s.class[o] {
				if inner.pairs[i][j] == 0 {
					continue
				}
				q := p.follow(&s.class[o][i], &s.class[o][j], s.sums)
				w.pair(4*o+2*i+j, s.class[o][i].issued, q)
				if o == 1 {
					edge += inner.pairs[i][j] * q.now
				}
			}
		}
		for q := range s.class {
			if outer.pairs[o][q] > 0 {
				a := &s.class[o][inner.last]
				w.pair(8+2*o+q, a.issued, p.follow(a, &s.class[q][inner.first], false))
			}
		}
	}
	start := passage{ledger: s.class[outer.first][inner.first].start()}
	w.pair(pairStart, 0, start)
	w.pair(pairEnd, s.class[outer.last][inner.last].issued, passage{ledger: p.end(s, edge)})
}

func (w *registers) pair(number int, issued int64, q passage) {
	at := pairAddress + pairStride*number
	put := func(v int64) {
		w.put(at, "rows, cols, taps, channels and interleave", v, math.MaxUint32)
		at++
	}
	put(q.fill)
	put(q.load)
	put(q.now)
	until := issued
	for _, c := range []cause{causeEmpty, causeDrain, causeOrder, causeLink, causeSum} {
		until += q.booking[c]
		put(until)
	}
}
