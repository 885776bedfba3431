package vector

import (
	"satsim/arch/word"
	"satsim/internal/microcode"
)

// demand is what work asks of registers that belong to columns.
type demand struct {
	adds      int64 // words of an element that add to sums over columns, or over windows
	windows   bool  // which are over windows
	constants bool  // of columns are read
}

// demandOf a kind of work is that of all its programs together.
func demandOf(k word.PassKind) demand {
	switch k {
	case Bias, BatchNormApply, BatchNormGrad, LayerNorm, RMSNorm:
		return demand{constants: true}
	case BatchNormStats:
		return demand{adds: 2}
	case BiasGrad:
		return demand{adds: 1}
	case BatchNormReduce, LayerNormGrad:
		return demand{adds: 2, constants: true}
	case RMSNormGrad:
		return demand{adds: 1, constants: true}
	case Pool, GradSum, ScatterAdd, DepthwiseUpdate:
		return demand{adds: 1, windows: true}
	case PoolGrad:
		return demand{adds: 1, windows: true, constants: true}
	}
	return demand{}
}

// demandIn is that of a program.
func demandIn(q *microcode.Program) (d demand) {
	for _, s := range q.Sweeps {
		for _, w := range s {
			if w.To.File == microcode.Sum && q.Totals[w.To.Index].Ways != microcode.OverRows {
				d.adds++
				d.windows = q.Totals[w.To.Index].Ways == microcode.Window
			}
			for _, o := range []microcode.Operand{w.A, w.B, w.C} {
				d.constants = d.constants || o.File == microcode.Column
			}
		}
	}
	return d
}

// columns says that it lies in columns.
func (d demand) columns() bool { return d.adds > 0 || d.constants }

// most is how many waves of a row lanes have room for.
func (p Params) most(d demand) int64 {
	n := int64(p.Constants)
	if d.adds > 0 && !d.windows {
		n = min(n, int64(p.Sums)/microcode.ColumnWays)
	}
	if d.windows {
		n = min(n, int64(p.Sums))
	}
	return max(n, 1)
}

// inPlace says that rows of so many columns may lie one behind the other: then each column's sums stay in a lane, and lanes have room for them and for the constants.
func (p Params) inPlace(d demand, columns int64) bool {
	lanes := int64(p.Lanes)
	sums := columns * microcode.ColumnWays
	return !d.windows && (d.adds == 0 || sums%lanes == 0 && sums/lanes <= int64(p.Sums)) && (!d.constants || columns/gcd(columns, lanes) <= int64(p.Constants))
}

// piece of a job lies in lanes at a time: waves of elements, and how many waves come before a sum's next element does; 0 where nothing is summed.
type piece struct{ elements, waves, turn int64 }

// pieces of a job on elements, but over rows and products: as it is, or cut where the lanes have no more room for columns, or for results of windows.
func (p Params) pieces(d demand, j Job, add func(count int64, x piece)) {
	lanes := int64(p.Lanes)
	waves := func(n int64) int64 { return (n + lanes - 1) / lanes }
	switch {
	case !p.CountRows || j.Row <= 0 || !d.columns():
		add(1, piece{elements: j.Elements, waves: waves(j.Elements)})
	case d.windows: // tap after tap of so many results, in pieces of as many waves each, or one more
		all := waves((j.Elements + j.Row - 1) / j.Row)
		count := max((all+p.most(d)-1)/p.most(d), 1)
		each, more := all/count, all%count
		add(more, piece{j.Row * (each + 1) * lanes, j.Row * (each + 1), each + 1})
		add(count-more-1, piece{j.Row * each * lanes, j.Row * each, each})
		left := j.Elements - j.Row*(all-each)*lanes
		results := max((left+j.Row-1)/j.Row, 1)
		add(1, piece{left, left/results*waves(results) + waves(left%results), waves(results)})
	default: // columns of all rows, then the next ones
		rows, rest, size := j.Elements/j.Row, j.Elements%j.Row, p.most(d)*lanes
		if p.inPlace(d, j.Row) {
			size = j.Row
		}
		for first := int64(0); first < j.Row; first += size {
			columns := min(size, j.Row-first)
			last := min(max(rest-first, 0), columns)
			x := piece{elements: rows*columns + last, waves: rows*waves(columns) + waves(last), turn: microcode.ColumnWays * waves(columns)}
			if p.inPlace(d, columns) {
				x.waves, x.turn = waves(x.elements), microcode.ColumnWays*columns/lanes
			}
			if d.adds == 0 {
				x.turn = 0
			}
			if x.waves > 0 {
				add(1, x)
			}
		}
	}
}

// turns are how often a sum over columns, or windows, comes round in so many waves, within strips of so many, or between them, too: a word alone on elements has nothing between.
func turns(waves, turn, strip int64, alone bool) int64 {
	if turn == 0 || waves == 0 {
		return 0
	}
	n := (waves - 1) / turn
	if !alone {
		n -= (waves - 1) / (turn / gcd(turn, strip) * strip)
	}
	return n
}

func gcd[T int | int64](a, b T) T {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Row is what a job of a program says of its rows: of rows of that many columns, or of so many columns that sums or constants are of, their number; of windows, of so many results, elements
// a result; of others nothing.
func Row(q *microcode.Program, elements, columns int) int64 {
	switch d := demandIn(q); {
	case overRows(q) || d.columns() && !d.windows:
		return int64(columns)
	case d.windows:
		return int64(elements / max(columns, 1))
	}
	return 0
}
