package stce

import (
	"fmt"
	"math"
	"slices"

	"github.com/x448/float16"

	"satsim/arch/fp"
)

// Result is what the exact model computed and what it took.
type Result struct {
	TileCost
	Half []float16.Float16 // of each product Rows x Cols, unless the tile spills
	Sums []float32         // when it does
}

// Watch is asked now and then, with how many cycles have passed, none while the control of the first fold is laid out; its error ends the run. nil: nobody
// watches.
type Watch func(cycles int64) error

// watched are the PE-cycles from one question to the next, and watchedFolds the folds: some milliseconds.
const (
	watched      = 1 << 18
	watchedFolds = 1 << 10
)

// Exact runs a tile register by register. It takes time and memory in proportion to the cycles.
func (p Params) Exact(t Tile, in Operands) (Result, error) { return p.ExactUntil(t, in, nil) }

// ExactUntil is Exact, watched.
func (p Params) ExactUntil(t Tile, in Operands, ask Watch) (Result, error) {
	m, err := newMachine(p, t, in, ask)
	if err != nil {
		return Result{}, err
	}
	if err := m.run(); err != nil {
		return Result{}, err
	}
	return m.result(), nil
}

// run goes through all cycles.
func (m *machine) run() error {
	every := max(watched/(m.Rows*m.Cols), 1)
	for m.advance() {
		if m.err != nil {
			return m.err
		}
		if m.ask != nil && m.now%every == 0 {
			if err := m.ask(int64(m.now)); err != nil {
				return err
			}
		}
		m.step()
	}
	return nil
}

// machine is the registers of the array, the buffers at its edges and the folds in flight. Processing element (r, c) is
// number r*Cols + c; where the row above matters, (r+1)*Cols + c, and the row before the first is the north edge with what
// it drives in this cycle.
type machine struct {
	Params
	tile    Tile
	groups  groups
	terms   int // of the reduction
	kept    int
	west    []float32 // operands, as the multiplier sees them
	north   []weight
	out     []float32 // the output buffer
	places  []uint8   // of outputs, where these are held
	weights int       // weight registers of an element in one bank; OS has one and one bank
	depth   int       // accumulators of an element

	placing placing     // of the group registers
	operand []float32   // by row of the array, as they are laid out
	word    []float32   // that enters a link in this cycle
	weight  [2][]weight // by bank, element, register
	product [][]float32 // by stage of the multiplier, a ring, and element
	sum     [][]float32 // by stage of the adder, a ring, and element
	acc     []float32   // by element and output
	initial []float32   // OS: start values, by element and output
	entered []uint8     // OS: places, as the start values
	placed  []slot      // of a row, with the places that its outputs hold
	held    []uint8     // those that outputs take while their fold runs
	leaving []float32   // OS: results in the drain registers, by element and output
	south   []float32   // OS: a result on its way south, by element
	hop     []weight    // a weight or start value on its way south, by element

	now      int
	folds    []Fold // still to come
	next     *run   // the fold to start next
	last     *run   // the fold that started last
	live     []*run
	laidOut  int // folds that have been next
	programs map[class]*program
	spent    cause // what this cycle goes to
	booked   booking
	counts   TileCounts
	probe    *probe // who watches the edges, if anybody
	ask      Watch  // who watches the cycles, if anybody
	err      error  // which ended a watched run while a fold was laid out
}

// weight is a kept weight as its register holds it: an FP32 value, which is the FP16 one, its place in the group (8 bits), and where
// that is in the group registers, from the group on (24).
type weight uint64

func newWeight(v float32, place uint8, operand int) weight {
	return weight(math.Float32bits(v)) | weight(place)<<32 | weight(operand)<<40
}

func (w weight) value() float32 { return math.Float32frombits(uint32(w)) }
func (w weight) place() int     { return int(uint8(w >> 32)) }
func (w weight) operand() int   { return int(w >> 40) }

func newMachine(p Params, t Tile, in Operands, ask Watch) (*machine, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("building the array: %w", err)
	}
	if err := p.Check(t.Config); err != nil {
		return nil, fmt.Errorf("configuring the array: %w", err)
	}
	if err := t.Validate(); err != nil {
		return nil, fmt.Errorf("running a tile: %w", err)
	}
	if err := in.check(t); err != nil {
		return nil, fmt.Errorf("reading the operands of a tile: %w", err)
	}
	m := &machine{
		Params: p, tile: t, groups: newGroups(t.Config, t.Taps, t.Channels),
		terms: int(t.Terms()), kept: int(t.Kept()),
		west: make([]float32, len(in.West)), north: make([]weight, len(in.North)),
		word: make([]float32, p.LinkWidth), weights: 1, depth: t.Interleave,
		folds: slices.AppendSeq(make([]Fold, 0, p.FoldCount(t)), p.Folds(t)), programs: map[class]*program{}, ask: ask,
	}
	m.placing = p.placing(t.Config, m.groups)
	for i, h := range in.West {
		m.west[i] = p.Subnormals.Single(h)
	}
	for i, h := range in.North {
		place := uint8(0)
		if in.Index != nil && !t.Held {
			place = in.Index[i]
		}
		m.north[i] = newWeight(p.Subnormals.Single(h), place, m.placing.place(int(place)))
	}
	if t.Mode == WS {
		m.weights = t.Ratio.N
		if t.Over == OverF {
			m.weights *= t.Interleave
		}
	}
	rows, _ := t.outputs()
	m.out = poison(int(rows * t.Cols))
	m.places = in.Index
	if t.Resume {
		for i, v := range in.Start {
			m.out[i] = p.Subnormals.Flushed(v)
		}
	}
	m.registers()
	m.prepare()
	return m, m.err
}

// registers are undefined until they are written: a NaN that shows in any result that depends on it.
func (m *machine) registers() {
	elements := m.Rows * m.Cols
	edged := elements + m.Cols
	m.operand = poison(m.Rows * (m.placing.mask + 1))
	for b := range m.weight {
		m.weight[b] = make([]weight, edged*m.weights)
	}
	m.product, m.sum = make([][]float32, m.MulLatency+1), make([][]float32, m.AddLatency)
	for i := range m.product {
		m.product[i] = poison(elements)
	}
	for i := range m.sum {
		m.sum[i] = poison(elements)
	}
	m.acc, m.initial, m.leaving = poison(edged*m.depth), poison(edged*m.depth), poison(edged*m.depth)
	m.entered, m.held = make([]uint8, edged*m.depth), make([]uint8, edged*m.depth)
	m.placed = make([]slot, m.Cols)
	m.south, m.hop = poison(edged), make([]weight, edged)
}

func poison(n int) []float32 {
	return slices.Repeat([]float32{float32(math.NaN())}, n)
}

// result is read when everything has left.
func (m *machine) result() Result {
	for _, f := range m.live {
		m.exits(f)
	}
	res := Result{TileCost: TileCost{int64(m.now), m.counts.Add(m.booked.counts())}}
	if m.tile.Spill {
		res.Sums = make([]float32, len(m.out))
		for i, v := range m.out {
			res.Sums[i] = fp.Canonical(v)
		}
		return res
	}
	res.Half = make([]float16.Float16, len(m.out))
	for i, v := range m.out {
		res.Half[i] = m.Subnormals.Half(v)
	}
	return res
}

// row is a cycle of a row: words come in from the west, and its elements compute.
func (m *machine) row(r int) {
	if f := m.next; f != nil && r < len(f.fills) {
		m.shiftWords(f, r, &f.fill, f.fills[r], f.fillsAt)
	}
	for _, f := range m.live {
		if r < f.rows {
			m.shiftWords(f, r, &f.fill, f.fills[r], f.fillsAt)
			m.shiftWords(f, r, &f.feed, f.feeds[r], f.begins)
		}
	}
	for _, f := range m.live {
		if r < f.rows {
			m.compute(f, r)
		}
	}
}

// step is one cycle: every register takes its next value once. What the edges drive and what leaves is read first; then
// each element computes, lower rows first and older folds first, so that a register is read before it is written.
func (m *machine) step() {
	before := m.counts[MACs]
	for _, f := range m.live {
		m.driveNorth(f)
	}
	for _, f := range m.live {
		if m.tile.Mode == WS {
			m.exits(f)
		} else if m.Drain != DrainHidden {
			m.shiftOut(f)
		}
	}
	for r := m.Rows - 1; r >= 0; r-- {
		m.row(r)
	}
	for _, f := range m.live {
		m.shiftIn(f)
	}
	if m.next != nil {
		m.shiftIn(m.next)
	}
	m.counts[IdlePECycles] += int64(m.Rows*m.Cols) - (m.counts[MACs] - before)
	m.now++
}
