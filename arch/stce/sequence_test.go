package stce

import (
	"testing"

	"pgregory.net/rapid"

	"satsim/internal/nm"
)

// one runs a single fold of a tile on the exact model.
func one(t *rapid.T, j job, f Fold) TileCost {
	m, err := newMachine(j.P, j.T, j.In, nil)
	if err != nil {
		t.Fatal(err)
	}
	m.folds = []Fold{f}
	m.prepare()
	for m.advance() {
		m.step()
	}
	return m.result().TileCost
}

func TestClosedFormOfFoldEqualsExactModel(t *testing.T) {
	check(t, func(t *rapid.T) {
		j := draw(t, false)
		for f := range j.P.Folds(j.T) {
			if got, want := j.P.Fold(f), one(t, j, f); got != want {
				t.Fatalf("%+v\n%+v\nclosed form %+v\nexact model %+v", j.P, f, got, want)
			}
			if rapid.IntRange(0, 3).Draw(t, "enough") == 0 {
				return
			}
		}
	})
}

// TestTileIsItsFolds: a tile's actions are those of its folds; its cycles are no more than theirs, and the same when
// nothing overlaps.
func TestTileIsItsFolds(t *testing.T) {
	check(t, func(t *rapid.T) {
		p := drawParams(t, 1)
		tile := drawTile(t, p, drawConfig(t, p))
		tile.Rows *= rapid.Int64Range(1, 50).Draw(t, "more rows")
		tile.Taps *= rapid.Int64Range(1, 5).Draw(t, "more taps")
		var sum TileCost
		for f := range p.Folds(tile) {
			c := p.Fold(f)
			sum.Cycles += c.Cycles
			sum.Counts = sum.Counts.Add(c.Counts)
		}
		got := p.Tile(tile)
		apart := p.Preload == PreloadSerial && (tile.Mode == WS || p.Drain != DrainOverlap)
		if got.Cycles > sum.Cycles || apart && got.Cycles != sum.Cycles {
			t.Fatalf("%+v\n%+v\n%d cycles; its folds one by one take %d", p, tile, got.Cycles, sum.Cycles)
		}
		if a, b := actions(got.Counts), actions(sum.Counts); a != b {
			t.Fatalf("%+v\n%+v\ntile %+v\nfolds %+v", p, tile, a, b)
		}
	})
}

// actions leaves out what depends on how folds overlap.
func actions(c TileCounts) TileCounts {
	c[IdlePECycles], c[OrderCycles], c[SumCycles], c[PreloadCycles], c[EmptyCycles], c[DrainCycles] = 0, 0, 0, 0, 0, 0
	c[LinkCycles] = 0 // the first group of a fold may come while the fold before still issues
	return c
}

// TestLeastIsABound: no tile takes less, and a tile of one fold takes just that.
func TestLeastIsABound(t *testing.T) {
	check(t, func(t *rapid.T) {
		p := drawParams(t, rapid.SampledFrom([]int{1, 8}).Draw(t, "times"))
		tile := drawTile(t, p, drawConfig(t, p))
		tile.Rows *= rapid.Int64Range(1, 50).Draw(t, "more rows")
		tile.Taps *= rapid.Int64Range(1, 5).Draw(t, "more taps")
		least, took := p.Least(tile), p.Tile(tile).Cycles
		if n := p.Cycles(tile); n != took {
			t.Fatalf("%+v takes %d cycles, %d with its counts", tile, n, took)
		}
		if least > took {
			t.Fatalf("%+v\n%+v\nat least %d cycles, it takes %d", p, tile, least, took)
		}
		// One kind of fold has nothing that the bound leaves out.
		if p.FoldCount(tile) == 1 && newGroups(tile.Config, tile.Taps, tile.Channels).shortM == 0 && least != took {
			t.Fatalf("%+v\n%+v\none fold takes %d cycles, at least %d", p, tile, took, least)
		}
	})
}

// TestLeastOfIsABound: no grid of tiles takes less.
func TestLeastOfIsABound(t *testing.T) {
	check(t, func(t *rapid.T) {
		p := drawParams(t, rapid.SampledFrom([]int{1, 8}).Draw(t, "times"))
		c := drawConfig(t, p)
		var rows, cols, terms Along
		type part struct{ n, taps, times int64 }
		parts := func(name string) (out []part) {
			for range rapid.IntRange(1, 3).Draw(t, name) {
				tile := drawTile(t, p, c)
				out = append(out, part{map[string]int64{"rows": tile.Rows, "cols": tile.Cols, "terms": tile.Channels}[name], tile.Taps, rapid.Int64Range(1, 4).Draw(t, "times")})
			}
			return out
		}
		rs, cs, ks := parts("rows"), parts("cols"), parts("terms")
		for _, r := range rs {
			rows = rows.Plus(p.RowsAlong(c, r.n), r.times)
		}
		for _, x := range cs {
			cols = cols.Plus(p.ColsAlong(c, x.n), x.times)
		}
		for _, k := range ks {
			terms = terms.Plus(p.TermsAlong(c, k.taps, k.n), k.times)
		}
		took := int64(0)
		for _, r := range rs {
			for _, x := range cs {
				for _, k := range ks {
					took += r.times * x.times * k.times * p.Tile(Tile{Config: c, Rows: r.n, Cols: x.n, Taps: k.taps, Channels: k.n}).Cycles
				}
			}
		}
		if slots, ends := p.LeastOf(&c, &rows, &cols, &terms); slots+ends > took {
			t.Fatalf("%+v\n%+v\n%v %v %v\nat least %d cycles, they take %d", p, c, rs, cs, ks, slots+ends, took)
		}
	})
}

// TestEdgesCarryOneWordACycle: a port of the array never has two words in one cycle, results leave in every column once,
// and the last one is readable when the cycles are over.
func TestEdgesCarryOneWordACycle(t *testing.T) {
	check(t, func(t *rapid.T) {
		j := draw(t, false)
		m, err := newMachine(j.P, j.T, j.In, nil)
		if err != nil {
			t.Fatal(err)
		}
		type port struct {
			kind        string
			cycle, lane int
		}
		seen := map[port]bool{}
		use := func(kind string, cycle, lane int) {
			p := port{kind, cycle, lane}
			if seen[p] {
				t.Fatalf("%+v\n%+v\ntwo words at %+v", j.P, j.T, p)
			}
			seen[p] = true
		}
		last := 0
		m.probe = &probe{
			onWest:   func(_, cycle, row int, _ []float32) { use("west", cycle, row) },
			onWeight: func(_, cycle, col int, _ weight) { use("weight", cycle, col) },
			onSum:    func(_, cycle, col int, _ float32) { use("sum", cycle, col) },
			onResult: func(_, cycle, arrayCol, _, _ int, _ float32) {
				last = max(last, cycle)
				if j.T.Mode == WS || j.P.Drain != DrainHidden {
					use("result", cycle, arrayCol)
				}
			},
		}
		for m.advance() {
			m.step()
		}
		cycles := int(m.result().Cycles)
		if last > cycles || last < cycles && j.P.EdgeFolds == EdgeExact && outputsFill(j) {
			t.Fatalf("%+v\n%+v\nlast result after %d of %d cycles", j.P, j.T, last, cycles)
		}
	})
}

// outputsFill reports whether every element that an edge fold times has all its outputs.
func outputsFill(j job) bool {
	return j.T.Cols%j.P.colsPerFold(j.T.Config)%int64(j.P.Cols) == 0 && j.T.Rows%j.P.rowsPerFold(j.T.Config)%int64(j.P.Rows) == 0
}

func TestSameBitsInBothModes(t *testing.T) {
	check(t, func(t *rapid.T) {
		j := draw(t, true)
		a := exact(t, j)
		j.T.Mode = OS + WS - j.T.Mode
		j.T.Over = Over(rapid.IntRange(0, 1).Draw(t, "other over"))
		j.T.Interleave = rapid.IntRange(1, j.P.MaxInterleave).Draw(t, "other interleave")
		same(t, j, a, exact(t, j))
	})
}

// same holds two results against each other, bit for bit.
func same(t *rapid.T, j job, a, b Result) {
	t.Helper()
	want := make([]float32, len(b.Sums))
	copy(want, b.Sums)
	if j.T.Spill {
		compare(t, j, a, want)
		return
	}
	for i := range a.Half {
		if a.Half[i] != b.Half[i] {
			t.Fatalf("%+v\n%+v\noutput %d is %x and %x", j.P, j.T, i, a.Half[i].Bits(), b.Half[i].Bits())
		}
	}
}

// TestDenseInGroups: N:N is the dense product, value-serial in groups. It gives the bits of 1:1; in OS it has the slots of
// 1:1, so that a link that carries a group a cycle gives it the cycles of 1:1 as well.
func TestDenseInGroups(t *testing.T) {
	check(t, func(t *rapid.T) {
		p := drawParams(t, 1)
		p.MaxN = p.MaxM
		c := drawConfig(t, p)
		c.Ratio.N = c.Ratio.M
		tile := drawTile(t, p, c)
		p.LinkWidth = c.Ratio.M * c.Interleave
		j := job{p, tile, numbers(t, tile, true)}
		a := exact(t, j)
		j.T.Ratio = nm.Dense
		j.In.Index = nil
		b := exact(t, j)
		same(t, j, a, b)
		if a.Counts[MACs] != b.Counts[MACs] || a.Counts[MACs] != tile.products()*tile.Rows*tile.Cols*tile.Taps*tile.Channels {
			t.Fatalf("%+v\n%+v\n%d MACs in groups, %d dense", p, tile, a.Counts[MACs], b.Counts[MACs])
		}
		if tile.Mode == OS && a.Cycles != b.Cycles {
			t.Fatalf("%+v\n%+v\n%d cycles in groups, %d dense", p, tile, a.Cycles, b.Cycles)
		}
	})
}

// TestInterleavingCuresHazards: a fold that fills the array at a depth of the adder's latency never waits for the adder.
func TestInterleavingCuresHazards(t *testing.T) {
	check(t, func(t *rapid.T) {
		p := drawParams(t, 1)
		p.MaxInterleave = p.AddLatency + 2
		c := drawConfig(t, p)
		c.Interleave = p.AddLatency + rapid.IntRange(0, 2).Draw(t, "spare depth")
		tile := Tile{
			Config: c, Cols: p.colsPerFold(c), Rows: p.rowsPerFold(c),
			Taps: rapid.Int64Range(1, 3).Draw(t, "taps"), Channels: rapid.Int64Range(1, 20).Draw(t, "channels"),
		}
		if res := exact(t, job{p, tile, numbers(t, tile, false)}); res.Counts[HazardCycles] != 0 {
			t.Fatalf("%+v\n%+v\n%d hazard cycles", p, tile, res.Counts[HazardCycles])
		}
	})
}

func TestExactModelEqualsScaleSim(t *testing.T) {
	run, most, least := 0, int64(10_000_000), 40
	if testing.Short() {
		most, least = 1_000_000, 10
	}
	for _, q := range peers(t) {
		if q.cycles*int64(q.rows*q.cols) > most {
			continue
		}
		run++
		res, err := ScaleSimIdeal(q.rows, q.cols).Exact(q.tile(), blank(q.tile()))
		if err != nil {
			t.Fatal(err)
		}
		if res.Cycles != q.cycles {
			t.Errorf("%s %v %dx%d: %d cycles; the peer has %d", q.layer, q.mode, q.rows, q.cols, res.Cycles, q.cycles)
		}
	}
	if run < least {
		t.Errorf("only %d runs of the peer are small enough", run)
	}
}

// An earlier fold may be the last to leave. One term a sum, one output a PE, multiplier and adder of one cycle, so a fold issues for one
// cycle, and the next begins in the one after.
//
//	columns   1 row of 3 PEs, 4 columns: folds of 3 and 1. The first, from cycle 0, has its sums 2 cycles after its slot in column 0, a
//	          cycle to leave, and 2 more for column 2: it has left after 5. The second, from 1, has left its one column after 1+2+1 = 4.
//	rows      3 rows of 1 PE, 4 rows, results free to leave: folds of 3 and 1. The first has its sums in row 2 after 2+2 = 4 cycles, the
//	          second, from 1, in its only row after 1+2 = 3.
func TestAnEarlierFoldMayBeTheLastToLeave(t *testing.T) {
	one := Config{Mode: OS, Over: OverF, Interleave: 1, Ratio: nm.Dense}
	p := Params{MulLatency: 1, AddLatency: 1, MaxN: 1, MaxM: 1, MaxInterleave: 1, LinkWidth: 1}
	columns, rows := p, p
	columns.Rows, columns.Cols = 1, 3
	rows.Rows, rows.Cols, rows.Drain = 3, 1, DrainHidden
	for _, c := range []struct {
		p    Params
		tile Tile
		want int64
	}{
		{columns, Tile{Config: one, Rows: 1, Cols: 4, Taps: 1, Channels: 1}, 5},
		{rows, Tile{Config: one, Rows: 4, Cols: 1, Taps: 1, Channels: 1}, 4},
	} {
		if got := c.p.Tile(c.tile).Cycles; got != c.want {
			t.Errorf("%d x %d PEs, %d x %d outputs: %d cycles, want %d", c.p.Rows, c.p.Cols, c.tile.Rows, c.tile.Cols, got, c.want)
		}
	}
}
