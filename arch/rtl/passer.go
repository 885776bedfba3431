package rtl

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/unit"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/internal/microcode"
	"satsim/internal/verilog"
)

// passer is the vector unit; it treats subnormals as the array does.
func passer(p vector.Params, s fp.Subnormals, o Options) (room, error) {
	r := fedUnit("vector", "vector unit", passerConstants(p, s), o)
	if err := r.take(vector.RTL); err != nil {
		return r, err
	}
	p.Lanes = fewer(p.Lanes, o.Side)
	list, in := passes(p, o)
	gaps := rand.New(rand.NewPCG(o.Seed, 7))
	v, _, err := p.FedVectors(s, p.Room(), list, in, unit.RandomGaps(gaps, oneOf), feed.RandomPace(gaps, o.Read, oneOf))
	if err != nil {
		return r, err
	}
	return r, r.replays(fed(passerConstants(p, s), o), v)
}

// fewer lanes, no more than side, of the same kind: rows are folded otherwise unless they are a power of two.
func fewer(lanes, side int) int {
	if lanes <= side {
		return lanes
	}
	if bits.OnesCount(uint(lanes)) > 1 && bits.OnesCount(uint(side)) == 1 && side > 2 {
		return side - 1
	}
	return side
}

// pass is a program, and the kind of work that it is of.
type pass struct {
	kind    word.PassKind
	program *microcode.Program
}

// passesOf are those that the unit in Verilog has, of the work that is not left out; plain ones need no constants, no sums and no table.
func passesOf(p vector.Params) (all, plain []pass) {
	for _, k := range vector.Kinds() {
		if ops, _ := p.Ops.Of(k); ops == 0 {
			continue
		}
		for _, q := range vector.Programs(k) {
			if vector.Runs(q) != nil {
				continue
			}
			all = append(all, pass{k, q})
			if len(q.Totals) == 0 && q.Table == nil && !vector.ReadsColumns(q) {
				plain = append(plain, pass{k, q})
			}
		}
	}
	return all, plain
}

// largest is a program that compares, which uses what others do not.
func largest(c pass) bool {
	return len(c.program.Totals) > 0 && c.program.Totals[0].Largest && len(c.program.Between) == 0
}

// looksUp is a program of a table.
func looksUp(c pass) bool { return c.program.Table != nil }

// raises is a program over rows that looks an exponential up.
func raises(c pass) bool { return c.program.Table != nil && len(c.program.Between) > 0 }

// divides is a program over rows that takes a root of a sum, and divides by it.
func divides(c pass) bool { return c.kind == vector.LayerNorm }

// scaled is a program that reads scalars of rows, which a pass before made.
func scaled(c pass) bool { return c.kind == vector.LayerNormGrad }

// passes draws jobs on finite numbers: first one that compares, one that looks up, one that raises, one that divides, and one of several waves a row, whose scalars come with it. Columns are few, so that their sums fit; when the memories are full, jobs need none.
func passes(p vector.Params, o Options) (list []vector.Job, in []vector.Operands) {
	all, plain := passesOf(p)
	if len(plain) == 0 {
		return nil, nil
	}
	r := rand.New(rand.NewPCG(o.Seed, 6))
	left := p.Room()
	tables := map[string]bool{}
	for i := range o.Tiles {
		c, rows := all[r.IntN(len(all))], 1
		if first := []func(pass) bool{largest, looksUp, raises, divides, scaled}; i < len(first) {
			if at := slices.IndexFunc(all, first[i]); at >= 0 {
				c = all[at]
			}
		}
		need := vector.Room{}
		columns := 1 + r.IntN(3*p.Lanes)
		if len(c.program.Between) > 0 {
			columns = 1 + r.IntN(p.Lanes*min(p.Strip, 4))
			if i == 4 && p.Strip > 1 {
				columns, rows = p.Lanes+1, 2
			}
		}
		need.Columns, need.Sums = p.Needs(c.program, columns)
		if c.program.Table != nil && !tables[c.program.Name] {
			need.Tables = 1
		}
		if need.Sums > left.Sums || need.Columns > left.Columns || need.Tables > left.Tables {
			c, columns, need = plain[r.IntN(len(plain))], 1+r.IntN(3*p.Lanes), vector.Room{}
		}
		left.Sums, left.Columns, left.Tables = left.Sums-need.Sums, left.Columns-need.Columns, left.Tables-need.Tables
		tables[c.program.Name] = true
		x := operands(r, c.program, columns, rows)
		n := len(x.Bit)
		list, in = append(list, vector.Job{Kind: c.kind, Elements: int64(n), Row: vector.Row(c.program, n, columns)}), append(in, x)
	}
	return list, in
}

// operands are a few rows of numbers of any size, so many at least.
func operands(r *rand.Rand, p *microcode.Program, columns, least int) vector.Operands {
	n := columns * (least + r.IntN(1+150/columns))
	in := vector.Operands{Program: p, Columns: columns, Bit: make([]bool, n)}
	for k := range in.Port {
		in.Port[k] = make([]float32, n)
		for i := range in.Port[k] {
			in.Port[k][i] = fp.IEEE.Half(float32(math.Ldexp(r.NormFloat64(), r.IntN(8)-4))).Float32()
		}
	}
	for k := range in.Column {
		in.Column[k] = make([]float32, columns)
		for i := range in.Column[k] {
			in.Column[k][i] = float32(r.NormFloat64())
		}
	}
	in.Scalar = [8]float32{1 / float32(columns), 0x1p-10}
	for k := range in.Row {
		in.Row[k] = make([]float32, n/columns)
		for i := range in.Row[k] {
			in.Row[k][i] = float32(r.NormFloat64())
		}
	}
	for i := range in.Bit {
		in.Bit[i] = r.IntN(2) == 0
	}
	return in
}

func passerConstants(p vector.Params, s fp.Subnormals) (all []verilog.Parameter) {
	add := func(name string, v int) {
		all = append(all, verilog.Parameter{Name: name, Value: int64(v)})
	}
	add("LANES", p.Lanes)
	add("STRIP", p.Strip)
	mul, adds := p.Stages()
	add("MUL", mul)
	add("ADD", adds)
	add("DIVIDE", p.DivideLatency)
	room := p.Room()
	add("WORDS", room.Words)
	add("COLUMNS", room.Columns)
	add("SUMS", room.Sums)
	add("TABLES", room.Tables)
	flush := 0
	if s == fp.Flush {
		flush = 1
	}
	add("FLUSH", flush)
	return all
}

// passerInside are what the unit's own module sets of those within.
func passerInside(p vector.Params, s fp.Subnormals) []verilog.Parameter {
	room := p.Room()
	b, c, sums := room.Places(p.Strip)
	wide := func(n int) int64 { return int64(max(1, bits.Len(uint(n-1)))) }
	left := p.PipelineLatency + 3
	all := passerConstants(p, s)
	for i := range all {
		if all[i].Name == "WORDS" { // of which the control has the bits
			all[i] = verilog.Parameter{Name: "SPACE", Value: int64(room.Words)}
		}
	}
	return append(all,
		verilog.Parameter{Name: "WORDS", Value: wide(room.Words)}, verilog.Parameter{Name: "COUNT", Value: int64(bits.Len(uint(p.Lanes)))}, verilog.Parameter{Name: "PLACE", Value: wide(p.Strip)}, verilog.Parameter{Name: "LATENCY", Value: int64(p.PipelineLatency)},
		verilog.Parameter{Name: "WAIT", Value: wide(max(p.DivideLatency, left) + 2)}, verilog.Parameter{Name: "CBITS", Value: wide(room.Columns)}, verilog.Parameter{Name: "SBITS", Value: wide(room.Sums)}, verilog.Parameter{Name: "TBITS", Value: wide(room.Tables)},
		verilog.Parameter{Name: "BWORD", Value: int64(b)}, verilog.Parameter{Name: "CWORD", Value: int64(c)}, verilog.Parameter{Name: "SWORD", Value: int64(sums)},
	)
}
