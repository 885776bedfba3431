package stce

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/x448/float16"

	"satsim/arch/fp"
)

// BenchRun is how the bench runs a tile. Fold i is held back for Holds[i] cycles, if there are so many: the model has no such thing, but all that is a fold's
// comes so many cycles later, as does all that comes after it.
type BenchRun struct {
	Holds   []int
	Follows bool // its cycle 0 is the one after the last of the tile before; at most four tiles follow each other
}

// BenchCase runs a tile on the exact model and writes it down for the bench in Verilog (rtl/bench/stce_bench.v): registers, what the buffers hold, what
// crosses every edge of the array in every cycle, what the output buffers hold in the end, and all counts. ask, unless nil, watches the run.
func (p Params) BenchCase(to io.Writer, t Tile, in Operands, as BenchRun, ask Watch) (Result, error) {
	regs, err := p.Registers(t)
	if err != nil {
		return Result{}, err
	}
	m, err := newMachine(p, t, in, ask)
	if err != nil {
		return Result{}, err
	}
	b := newBench(m, as.Holds)
	if err := m.run(); err != nil {
		return Result{}, err
	}
	// Numbers as they come in: the model's machine flushes subnormals on the way into its buffers, the array in its operators.
	p.Subnormals = fp.IEEE
	raw, err := newMachine(p, t, in, ask)
	if err != nil {
		return Result{}, err
	}
	b.inputs(raw)
	if err := raw.run(); err != nil {
		return Result{}, err
	}
	res := m.result()
	w := bufio.NewWriter(to)
	head := "case"
	if as.Follows {
		head = "next"
	}
	b.write(w, head, regs, res.TileCost)
	if err := w.Flush(); err != nil {
		return res, fmt.Errorf("writing a case for the bench: %w", err)
	}
	return res, nil
}

// bench is a run as its bench is told of it. Buffers hold what a row or column takes or gives, in this order.
type bench struct {
	m       *machine
	holds   []int
	late    []int // by fold
	firstK  []bool
	reread  []bool // OS: weights of the column fold were read before
	again   []bool // operands were
	west    [][]string
	north   [][]string
	start   [][]string
	results [][]float32

	// By cycle, then row or column, as text.
	lines map[int]*benchLine
}

// benchLine is what crosses the edges in a cycle.
type benchLine struct{ west, weight, sum, south, place map[int]string }

func newBench(m *machine, holds []int) *bench {
	b := &bench{
		m: m, holds: holds, west: make([][]string, m.Rows), north: make([][]string, m.Cols), start: make([][]string, m.Cols),
		results: make([][]float32, m.Cols), lines: map[int]*benchLine{},
	}
	var finals []bool
	late := 0
	for f := range m.Folds(m.tile) {
		i := len(b.late)
		if i < len(holds) {
			late += holds[i]
		}
		b.late = append(b.late, late)
		b.firstK = append(b.firstK, !f.Again)
		b.reread = append(b.reread, f.Mode == OS && f.FirstRow > 0)
		b.again = append(b.again, f.FirstCol > 0)
		finals = append(finals, !f.Between)
	}
	m.probe = &probe{
		onWest:   func(int, int, int, []float32) {},
		onWeight: func(int, int, int, weight) {},
		onSum: func(fold, cycle, col int, v float32) {
			if !b.firstK[fold] {
				b.line(fold, cycle).sum[col] = hex32(fp.Canonical(v))
			}
		},
		onPlace: func(int, int, int, uint8) {},
		onResult: func(fold, cycle, col, _, _ int, v float32) {
			if finals[fold] {
				b.results[col] = append(b.results[col], v)
			}
			b.line(fold, cycle).south[col] = hex32(fp.Canonical(v))
		},
	}
	return b
}

// inputs listens to what comes in from the buffers.
func (b *bench) inputs(m *machine) {
	m.probe = &probe{
		onWest: func(fold, cycle, row int, operands []float32) {
			text := b.word(operands)
			if !b.again[fold] {
				b.west[row] = append(b.west[row], text)
			}
			b.line(fold, cycle).west[row] = fmt.Sprintf("%x %s", len(operands), text)
		},
		onWeight: func(fold, cycle, col int, w weight) {
			text := fmt.Sprintf("%x%s", w.place(), hex16(float16.Fromfloat32(w.value())))
			if !b.reread[fold] {
				b.north[col] = append(b.north[col], text)
			}
			b.line(fold, cycle).weight[col] = text
		},
		onSum: func(fold, cycle, col int, v float32) {
			if b.firstK[fold] {
				b.start[col] = append(b.start[col], hex32(v))
				b.line(fold, cycle).sum[col] = hex32(v)
			}
		},
		onPlace: func(fold, cycle, col int, place uint8) {
			text := fmt.Sprintf("%x", place)
			b.line(fold, cycle).place[col] = text
			if !m.tile.Resume { // no start value has come with it
				b.start[col] = append(b.start[col], hex32(0))
			}
			last := &b.start[col][len(b.start[col])-1]
			*last = text + *last
		},
		onResult: func(int, int, int, int, int, float32) {},
	}
}

func (b *bench) line(fold, cycle int) *benchLine {
	cycle += b.late[fold]
	if b.lines[cycle] == nil {
		b.lines[cycle] = &benchLine{map[int]string{}, map[int]string{}, map[int]string{}, map[int]string{}, map[int]string{}}
	}
	return b.lines[cycle]
}

// word is a link word in hexadecimal, its first operand lowest.
func (b *bench) word(operands []float32) string {
	text := ""
	for i := range b.m.LinkWidth {
		h := "0000"
		if i < len(operands) {
			h = hex16(float16.Fromfloat32(operands[i]))
		}
		text = h + text
	}
	return text
}

// write is the case as hexadecimal numbers: how many of a thing before the things.
func (b *bench) write(w *bufio.Writer, head string, regs []Register, cost TileCost) {
	late := b.late[len(b.late)-1]
	fmt.Fprintf(w, "%s %x %x\n%x", head, cost.Cycles+int64(late), late, len(regs))
	for _, r := range regs {
		fmt.Fprintf(w, " %x %x", r.Address, r.Value)
	}
	fmt.Fprintf(w, "\n%x", len(b.late))
	for i := range b.late {
		h := 0
		if i < len(b.holds) {
			h = b.holds[i]
		}
		fmt.Fprintf(w, " %x", h)
	}
	fmt.Fprintln(w)
	for _, lanes := range [][][]string{b.west, b.north, b.start} {
		for _, words := range lanes {
			fmt.Fprintf(w, "%x %s\n", len(words), strings.Join(words, " "))
		}
	}
	for cycle := range int(cost.Cycles) + late + 1 {
		b.writeLine(w, b.lines[cycle])
	}
	for _, words := range b.results {
		fmt.Fprintf(w, "%x", len(words))
		for _, v := range words {
			if b.m.tile.Spill {
				fmt.Fprintf(w, " %s", hex32(fp.Canonical(v)))
			} else {
				fmt.Fprintf(w, " %08x", b.m.Subnormals.Half(v).Bits())
			}
		}
		fmt.Fprintln(w)
	}
	k := &cost.Counts
	for _, c := range []int{MACs, WeightHops, SumHops, StartHops, DrainHops, WestWords, WestHops, GroupWrites} {
		fmt.Fprintf(w, "%x ", k[c])
	}
	for _, c := range []int64{
		k[IssueCycles], k[HazardCycles], k[EmptyCycles], k[DrainCycles], k[OrderCycles], k[LinkCycles], k[SumCycles], k[PreloadCycles], int64(late),
		k[NorthWords], k[OutputReads], k[OutputFP32], k[OutputFP16],
	} {
		fmt.Fprintf(w, "%x ", c)
	}
	fmt.Fprintln(w)
}

// writeLine is a cycle: how many words cross; of each its port, lane, operands and content.
func (b *bench) writeLine(w *bufio.Writer, l *benchLine) {
	if l == nil {
		fmt.Fprintln(w, "0")
		return
	}
	fmt.Fprintf(w, "%x", len(l.west)+len(l.weight)+len(l.sum)+len(l.south)+len(l.place))
	for port, words := range []map[int]string{l.west, l.weight, l.sum, l.south, l.place} {
		for _, lane := range slices.Sorted(maps.Keys(words)) {
			fmt.Fprintf(w, " %x %x", port, lane)
			if port > 0 {
				fmt.Fprint(w, " 1")
			}
			fmt.Fprintf(w, " %s", words[lane])
		}
	}
	fmt.Fprintln(w)
}
