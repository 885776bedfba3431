package vector

import (
	"fmt"
	"math"

	"satsim/arch/unit"
	"satsim/internal/microcode"
)

// hardwareColumns is how many constants of a column the lanes in Verilog hold: column k of a program is theirs of the same remainder.
const hardwareColumns = 4

// encode is a program as the unit in Verilog reads it: a word is 44 bits, and its literal. What that unit has not is named.
func encode(p *microcode.Program) (words [][2]uint64, err error) {
	held := map[int]int{}
	add := func(at string, i int, w microcode.Word, encode func(*encoder, microcode.Word) uint64) error {
		e := encoder{program: p, held: held}
		code := encode(&e, w)
		if e.err != nil {
			return fmt.Errorf("%s: %s %d: %w", p.Name, at, i, e.err)
		}
		words = append(words, [2]uint64{code, uint64(math.Float32bits(e.literal))})
		return nil
	}
	for s, sweep := range p.Sweeps {
		for i, w := range sweep {
			if err := add("word", i, w, (*encoder).word); err != nil {
				return nil, err
			}
		}
		if s >= len(p.Between) {
			continue
		}
		for _, k := range folded(p, s) {
			words[len(words)-1][0] |= 1<<(38+fileOf(p, k)) | uint64(unit.Digit(p.Totals[k].Largest))<<(40+fileOf(p, k))
		}
		for i, w := range p.Between[s] {
			if s == len(p.Sweeps)-1 && w.To.Index < 5 {
				return nil, fmt.Errorf("%s: scalar %d is made when the next strip's may be there: 5 and 6 are accepted after the last sweep", p.Name, w.To.Index)
			}
			if err := add("word once a row", i, w, (*encoder).once); err != nil {
				return nil, err
			}
		}
	}
	return words, nil
}

// fileOf is which of the sums over rows, or of those over columns, a total is.
func fileOf(p *microcode.Program, total int) (n int) {
	for k := range total {
		if (p.Totals[k].Ways == microcode.OverRows) == (p.Totals[total].Ways == microcode.OverRows) {
			n++
		}
	}
	return n
}

// encoder is a word on its way; the first error stays.
type encoder struct {
	program *microcode.Program
	literal float32
	held    map[int]int // the column of the program that a lane's column holds, plus one
	err     error
}

func (e *encoder) fail(format string, args ...any) {
	if e.err == nil {
		e.err = fmt.Errorf(format, args...)
	}
}

func (e *encoder) word(w microcode.Word) uint64 {
	var code uint64
	switch w.Op {
	case microcode.Move:
	case microcode.Add:
		code = 1
	case microcode.Mul:
		code = 2
	case microcode.MulAdd:
		code = 3
	case microcode.Larger:
		code = 4
	case microcode.Clamp:
		code = 5
	case microcode.Split:
		code = 6
	case microcode.Pick:
		code = 7
	case microcode.Divide, microcode.Root:
		e.fail("no lane divides: the work once a row does")
	}
	for i, o := range e.slots(w) {
		e.wired(o, i)
		e.compared(w.Op, o)
		code |= e.operand(o) << (3 + 9*i)
	}
	index, rows := w.To.Index, false
	switch w.To.File {
	case microcode.Register:
		code |= 1 << 30
	case microcode.Sum:
		code |= 2 << 30
		t := e.program.Totals[index]
		index, rows = fileOf(e.program, index), t.Ways == microcode.OverRows
		if t.Largest && !rows && (index > 0 || e.sumsOverColumns() > 1) {
			e.fail("the largest over columns takes both sums of the lanes: its row is in the other")
		}
		if t.Largest {
			code |= 1 << 35
		}
	case microcode.Out:
		code |= 3 << 30
	case microcode.Literal, microcode.Port, microcode.Column, microcode.Scalar, microcode.Entry:
		e.fail("a result goes to a register, a sum or out")
	}
	if index > 1 {
		e.fail("result %d: the unit in Verilog has 2 of each file", index)
	}
	if (w.Op == microcode.Split || w.Raise) && w.To.File != microcode.Register {
		e.fail("what is split or raised goes to a register")
	}
	return code | uint64(index)<<32 | uint64(unit.Digit(w.Bit))<<34 | uint64(unit.Digit(w.Raise))<<36 | uint64(unit.Digit(rows))<<37
}

// slots are a word's operands as the lanes in Verilog take them. Factors are put where each can be, and what a pick has beyond the table's end is a last operand.
func (e *encoder) slots(w microcode.Word) [3]microcode.Operand {
	a, b, c := w.A, w.B, w.C
	switch w.Op {
	case microcode.Mul, microcode.MulAdd:
		if !first(a) || !factor(b) {
			a, b = b, a
		}
	case microcode.Pick:
		b, c = microcode.Operand{}, b
		if c.File != microcode.Port && c.File != microcode.Register {
			e.fail("beyond a table's end is a port or a register")
		}
	case microcode.Clamp:
		if b.File != microcode.Literal || b.Value != 0 {
			e.fail("numbers are clamped at 0")
		}
		b = microcode.Operand{}
	case microcode.Move, microcode.Add, microcode.Larger, microcode.Split, microcode.Divide, microcode.Root:
	}
	return [3]microcode.Operand{a, b, c}
}

// first says that an operand can be a lane's first one, factor that it can be its second one.
func first(o microcode.Operand) bool {
	return o.File == microcode.Port && o.Index < 2 || o.File == microcode.Register || o.File == microcode.Literal && o.Value == 0 && !o.Neg
}

func factor(o microcode.Operand) bool {
	switch o.File {
	case microcode.Port, microcode.Literal, microcode.Scalar, microcode.Column:
		return true
	case microcode.Register:
		return o.Index == 0
	case microcode.Entry:
		return o.Index == 2
	case microcode.Sum, microcode.Out:
	}
	return false
}

// last says that an operand can be the last one: lanes have no third port there.
func last(o microcode.Operand) bool {
	switch o.File {
	case microcode.Port:
		return o.Index < 2
	case microcode.Column:
		return o.Index%hardwareColumns < 2
	case microcode.Entry:
		return o.Index < 2
	case microcode.Literal, microcode.Register, microcode.Sum, microcode.Scalar:
		return true
	case microcode.Out:
	}
	return false
}

// wired refuses what lanes have no wires for.
func (e *encoder) wired(o microcode.Operand, slot int) {
	if is := [...]func(microcode.Operand) bool{first, factor, last}[slot]; !is(o) {
		e.fail("operand %c: no lane has it there: ports 0 and 1 and registers are first and last ones, port 2, register 0 and coefficient 2 second ones, sums, columns 0 and 1 "+
			"and other coefficients last ones", 'a'+rune(slot))
	}
}

// compared refuses numbers that are not flushed before they are compared.
func (e *encoder) compared(op microcode.Op, o microcode.Operand) {
	if (op == microcode.Larger || op == microcode.Clamp) && (o.File == microcode.Column || o.File == microcode.Scalar || o.File == microcode.Entry) {
		e.fail("constants and scalars are not compared: nothing flushes them before")
	}
}

func (e *encoder) sumsOverColumns() (n int) {
	for _, t := range e.program.Totals {
		if t.Ways != microcode.OverRows {
			n++
		}
	}
	return n
}

// once is a word once a row.
func (e *encoder) once(w microcode.Word) uint64 {
	var code uint64
	switch w.Op {
	case microcode.Move:
	case microcode.Add:
		code = 1
	case microcode.Mul:
		code = 2
	case microcode.MulAdd:
		code = 3
	case microcode.Larger:
		code = 4
	case microcode.Divide:
		code = 6
	case microcode.Root:
		code = 7
	case microcode.Clamp, microcode.Split, microcode.Pick:
		e.fail("no row is clamped or looked up")
	}
	total := -1
	for i, o := range []microcode.Operand{w.A, w.B, w.C} {
		if o.File != microcode.Literal && o.File != microcode.Sum && o.File != microcode.Scalar {
			e.fail("a row has sums and scalars")
		}
		if o.File == microcode.Sum {
			if total >= 0 && total != o.Index {
				e.fail("one sum of a row is read at a time")
			}
			total = o.Index
		}
		code |= e.operand(o) << (3 + 9*i)
	}
	if w.To.File != microcode.Scalar || w.To.Index < 2 || w.To.Index > 6 {
		e.fail("scalars 2 to 6 are a row's")
	}
	return code | uint64(w.To.Index)<<32 | 1<<42
}

func (e *encoder) operand(o microcode.Operand) uint64 {
	index, limit := o.Index, 2
	var file uint64
	switch o.File {
	case microcode.Literal:
		if o.Value != 0 {
			if file = 1; e.literal != 0 && e.literal != o.Value {
				e.fail("two literals")
			}
			e.literal = o.Value
		}
	case microcode.Port:
		file, limit = 2, 3
	case microcode.Register:
		file = 3
	case microcode.Sum:
		file, index = 4, fileOf(e.program, index)
	case microcode.Column:
		file, limit = 5, hardwareColumns
		index %= hardwareColumns
		if was := e.held[index]; was != 0 && was != o.Index+1 {
			e.fail("column %d: one of each remainder by %d is held", o.Index, hardwareColumns)
		}
		e.held[index] = o.Index + 1
	case microcode.Entry:
		file, limit = 7, 3
	case microcode.Scalar:
		file, limit = 6, 7
	case microcode.Out:
		e.fail("a result is not read again")
	}
	if index >= limit {
		e.fail("operand %d: the unit in Verilog has %d of its file", index, limit)
	}
	return file | uint64(index)<<3 | uint64(unit.Digit(o.Neg))<<6 | uint64(unit.Digit(o.Abs))<<7 | uint64(unit.Digit(o.Gated))<<8
}
