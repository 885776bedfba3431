package vector

import (
	"fmt"
	"math"

	"satsim/internal/microcode"
)

// hardwareColumns is how many constants of a column the lanes in Verilog hold: column k of a program is theirs of the same remainder.
const hardwareColumns = 4

// encode is a program as the unit in Verilog reads it: a word is 44 bits, and its literal. What that unit has not is named.
func encode(p *microcode.Program) (words [][2]uint64, err error) {
	if len(p.Sweeps) != 1 {
		return nil, fmt.Errorf("%s goes over its rows %d times: the unit in Verilog has programs that do once", p.Name, len(p.Sweeps))
	}
	if len(p.Totals) > 2 {
		return nil, fmt.Errorf("%s has %d totals: the unit in Verilog has 2", p.Name, len(p.Totals))
	}
	for _, t := range p.Totals {
		if t.Ways == microcode.OverRows {
			return nil, fmt.Errorf("%s sums over rows: the unit in Verilog sums over columns and windows", p.Name)
		}
	}
	held := map[int]int{}
	for i, w := range p.Sweeps[0] {
		e := encoder{program: p, held: held}
		code := e.word(w)
		if e.err != nil {
			return nil, fmt.Errorf("%s: word %d: %w", p.Name, i, e.err)
		}
		words = append(words, [2]uint64{code, uint64(math.Float32bits(e.literal))})
	}
	return words, nil
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
		e.fail("no lane divides")
	}
	for i, o := range []microcode.Operand{w.A, w.B, w.C} {
		code |= e.operand(o, i) << (3 + 9*i)
	}
	index := w.To.Index
	switch w.To.File {
	case microcode.Register:
		code |= 1 << 30
	case microcode.Sum:
		code |= 2 << 30
		if e.program.Totals[index].Largest {
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
	if w.Op == microcode.Split && w.To.File != microcode.Register {
		e.fail("a split goes to a register")
	}
	return code | uint64(index)<<32 | uint64(bit(w.Bit))<<34 | uint64(bit(w.Raise))<<36
}

func (e *encoder) operand(o microcode.Operand, slot int) uint64 {
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
		if file = 4; slot != 2 {
			e.fail("a sum is read by the adder")
		}
	case microcode.Column:
		file, limit = 5, hardwareColumns
		index %= hardwareColumns
		if was := e.held[index]; slot == 0 || was != 0 && was != o.Index+1 {
			e.fail("column %d: constants are no first operands, and one of each remainder by %d is held", o.Index, hardwareColumns)
		}
		e.held[index] = o.Index + 1
	case microcode.Entry:
		if file, limit = 7, 3; slot == 0 && index != 2 || slot == 1 || slot == 2 && index == 2 {
			e.fail("coefficient %d: coefficient 2 is a first operand, the others last ones", index)
		}
	case microcode.Scalar, microcode.Out:
		e.fail("the unit in Verilog has no scalars of rows")
	}
	if index >= limit {
		e.fail("operand %d: the unit in Verilog has %d of its file", index, limit)
	}
	return file | uint64(index)<<3 | uint64(bit(o.Neg))<<6 | uint64(bit(o.Abs))<<7 | uint64(bit(o.Gated))<<8
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
