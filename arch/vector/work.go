package vector

import (
	"slices"

	"satsim/arch/fp"
	"satsim/arch/word"
	"satsim/internal/microcode"
)

// step of a program: a word, and in which sweep it is.
type step struct {
	word  microcode.Word
	sweep int
}

// work is a job under way, on numbers. Words are computed when they are issued: whoever needs the result finds it back by the rules of package doc, sums
// since they have as many ways as the pipeline is deep, or wait.
type work struct {
	kind     word.PassKind
	lane     microcode.Lane
	half     fp.Subnormals
	program  *microcode.Program
	n        int
	columns  int
	lie      lie
	wide     bool // port 0 brings FP32
	words    []step
	strip    microcode.Strip
	column   [8][]float32
	sums     [4][]float32   // over columns or windows, way by way
	rows     [4][][]float32 // over rows: ways of each
	scalars  [][8]float32   // of each row
	given    [][3]float32   // those of them that came with it
	between  []int          // of each sweep: the first of the words after it, among all those
	onces    []microcode.Word
	ends     []int          // of each of them: the sweep that it is after
	folds    [][4][]float32 // of each row
	first    []int32
	overRows bool

	taps          int // of products
	resume, leave bool
	start         []float32 // sums that are resumed

	key, begin uint64 // of random numbers
	numbers    []uint32
}

func newWork(p Params, j Job, in *Operands, l microcode.Lane, half fp.Subnormals) *work {
	n := int(j.Elements)
	if onceAGroup(j.Kind) {
		n = int(j.Groups())
	}
	w := &work{kind: j.Kind, lane: l, half: half, program: in.Program, n: n, columns: max(in.Columns, 1), wide: isWide(in.Port[0])}
	if j.Kind == Random {
		w.key, w.begin, w.numbers, w.words = in.Key, in.First, make([]uint32, n), []step{{}}
		return w
	}
	w.taps, w.resume, w.leave, w.start = int(j.Taps), j.Resume, j.Leave, in.Sum
	w.lie = p.lieOf(in.Program, n, w.columns, w.taps)
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
	w.scalars, w.folds = make([][8]float32, count), make([][4][]float32, count)
	for r := range w.scalars {
		w.scalars[r] = in.Scalar
		for k, x := range in.Row {
			if x != nil {
				w.scalars[r][2+k] = x[r]
			}
		}
		w.given = append(w.given, [3]float32(w.scalars[r][2:5]))
	}
	w.overRows = overRows(in.Program)
	for s, words := range in.Program.Between {
		w.between = append(w.between, len(w.onces))
		w.onces = append(w.onces, words...)
		for range words {
			w.ends = append(w.ends, s)
		}
	}
	for k, t := range in.Program.Totals {
		switch t.Ways {
		case microcode.OverRows:
			w.rows[k] = make([][]float32, count)
			for r := range w.rows[k] {
				w.rows[k][r] = t.Begin(min(w.columns, l.RowWays()), 1)
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
		ways := w.lane.RowWays()
		end := min(hi, lo+w.columns-at, lo+ways-at%ways)
		v := w.strip.Part(lo, end)
		v.Scalar, v.At = w.scalars[row], int32(row)
		for k, c := range w.column {
			v.Column[k] = c[at:]
		}
		for k, t := range w.program.Totals {
			switch t.Ways {
			case microcode.OverRows:
				v.Sum[k] = w.rows[k][row][at%ways:]
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

// once does a word once a row, and says what it made. Before the first one after a sweep, the row's sums are folded.
func (w *work) once(op, row int) scalar {
	if op == w.between[w.ends[op]] {
		for k, t := range w.program.Totals {
			if w.rows[k] != nil {
				w.folds[row][k] = w.lane.FoldRow(t, slices.Clone(w.rows[k][row]))
			}
		}
	}
	s := microcode.Strip{N: 1, Scalar: w.scalars[row], Sum: w.folds[row]}
	w.lane.Do(w.program, w.onces[op:op+1], &s)
	w.scalars[row] = s.Scalar
	to := w.onces[op].To.Index
	return scalar{to, s.Scalar[to]}
}

// finish folds what was summed, and does the work after.
func (w *work) finish() Results {
	if w.kind == Random {
		return Results{Number: w.numbers}
	}
	r := Results{Out: w.strip.Out, Set: w.strip.Set, First: w.first, Column: w.column, Row: w.scalars}
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
