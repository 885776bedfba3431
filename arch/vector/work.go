package vector

import (
	"slices"

	"satsim/arch/fp"
	"satsim/internal/microcode"
)

// step of a program: a word, and in which sweep it is.
type step struct {
	word  microcode.Word
	sweep int
}

// work is a job under way, on numbers. Words are computed when they are issued: whoever needs the result finds it back by the rules of package doc, sums
// since they have as many ways as the pipeline is deep. Rows' folds take no time (package doc).
type work struct {
	lane    microcode.Lane
	half    fp.Subnormals
	program *microcode.Program
	n       int
	columns int
	wide    bool // port 0 brings FP32
	words   []step
	strip   microcode.Strip
	column  [8][]float32
	sums    [4][]float32   // over columns or windows, way by way
	rows    [4][][]float32 // over rows: ways of each
	scalars [][8]float32   // of each row
	swept   []int          // of each row: how many sweeps its scalars know
	first   []int32
}

func newWork(p Params, j Job, in *Operands, l microcode.Lane, half fp.Subnormals) *work {
	n := int(j.Elements)
	w := &work{lane: l, half: half, program: in.Program, n: n, columns: max(in.Columns, 1), wide: isWide(in.Port[0])}
	w.strip = microcode.Strip{N: n, Bit: in.Bit, Set: make([]bool, n), Scalar: in.Scalar}
	for k := range w.strip.Out {
		w.strip.Out[k] = make([]float32, n)
	}
	for k, x := range in.Port {
		w.strip.Port[k] = halves(half, x)
	}
	if w.wide {
		w.strip.Port[0] = in.Port[0]
	}
	if ops, _ := p.Ops.Of(j.Kind); ops == 0 {
		return w
	}
	for s, words := range in.Program.Sweeps {
		for _, word := range words {
			w.words = append(w.words, step{word, s})
		}
	}
	count := n / w.columns
	for k := range w.column {
		w.column[k] = make([]float32, w.columns)
		copy(w.column[k], in.Column[k])
	}
	once := microcode.Strip{N: w.columns, Column: w.column, Scalar: in.Scalar}
	l.Do(in.Program, in.Program.Before, &once)
	w.scalars, w.swept = make([][8]float32, count), make([]int, count)
	for r := range w.scalars {
		w.scalars[r] = in.Scalar
	}
	for k, t := range in.Program.Totals {
		switch t.Ways {
		case microcode.OverRows:
			w.rows[k] = make([][]float32, count)
			for r := range w.rows[k] {
				w.rows[k][r] = t.Begin(min(w.columns, microcode.RowWays), 1)
			}
		case microcode.OverColumns:
			w.sums[k] = t.Begin(microcode.ColumnWays, w.columns)
		case microcode.Window:
			w.sums[k] = t.Begin(1, w.columns)
		}
	}
	w.first = make([]int32, w.columns)
	return w
}

// halves are FP16 numbers as the read port widens them.
func halves(s fp.Subnormals, x []float32) []float32 {
	if x == nil {
		return nil
	}
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = fp.Canonical(s.Single(fp.IEEE.Half(v)))
	}
	return y
}

// do computes a word on elements [lo, hi), in pieces of one row each, or of its ways.
func (w *work) do(op, lo, hi int) {
	s := w.words[op]
	for lo < hi {
		row, at := lo/w.columns, lo%w.columns
		end := min(hi, lo+w.columns-at, lo+microcode.RowWays-at%microcode.RowWays)
		w.enter(row, s.sweep)
		v := w.strip.Part(lo, end)
		v.Scalar, v.At = w.scalars[row], int32(row)
		for k, c := range w.column {
			v.Column[k] = c[at:]
		}
		for k, t := range w.program.Totals {
			switch t.Ways {
			case microcode.OverRows:
				v.Sum[k] = w.rows[k][row][at%microcode.RowWays:]
			case microcode.OverColumns:
				v.Sum[k] = w.sums[k][lo%len(w.sums[k]):]
			case microcode.Window:
				v.Sum[k] = w.sums[k][at:]
				v.First[k] = w.first[at:]
			}
		}
		w.lane.Do(w.program, []microcode.Word{s.word}, &v)
		lo = end
	}
}

// enter does a row's work between sweeps, when the first of its elements comes to the next one.
func (w *work) enter(row, sweep int) {
	for w.swept[row] < sweep {
		if k := w.swept[row]; k < len(w.program.Between) {
			ways := [4][]float32{}
			for t := range ways {
				if w.rows[t] != nil {
					ways[t] = w.rows[t][row]
				}
			}
			w.lane.Between(w.program, k, &ways, &w.scalars[row])
		}
		w.swept[row]++
	}
}

// finish folds what was summed, and does the work after.
func (w *work) finish() Results {
	r := Results{Out: w.strip.Out, Set: w.strip.Set, First: w.first, Column: w.column}
	for k := range r.Out {
		for i, x := range r.Out[k] {
			r.Out[k][i] = w.half.Half(x).Float32()
		}
	}
	if len(w.words) == 0 {
		return r
	}
	once := microcode.Strip{N: w.columns, Column: w.column, Scalar: w.strip.Scalar}
	for k, t := range w.program.Totals {
		if w.sums[k] != nil {
			r.Total[k] = w.lane.Fold(t, slices.Clone(w.sums[k]), w.columns)
			once.Sum[k] = r.Total[k]
		}
	}
	w.lane.Do(w.program, w.program.After, &once)
	return r
}
