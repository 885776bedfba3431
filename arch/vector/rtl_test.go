package vector

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/internal/microcode"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// room of several jobs.
var room = Room{Words: 64, Columns: 512, Sums: 4096, Tables: 4}

// built is a unit in Verilog.
type built struct {
	Params
	subnormals fp.Subnormals
}

// design is the unit, with that room, in its bench, whose memories hold so many words; fed from buffers that answer in so many cycles, unless that is 0.
func (b built) design(t *testing.T, read int, room Room, depth int) verilog.Design {
	sources, err := verilog.Sources(fp.RTL, feed.RTL, RTL, unit.Bench)
	if err != nil {
		t.Fatal(err)
	}
	d := verilog.Design{Top: "vector_bench", Sources: sources}
	parameter := func(name string, value int) {
		d.Parameters = append(d.Parameters, verilog.Parameter{Name: name, Value: int64(value)})
	}
	parameter("LANES", b.Lanes)
	parameter("STRIP", b.Strip)
	mul, add := b.Stages()
	parameter("MUL", mul)
	parameter("ADD", add)
	parameter("DIVIDE", b.DivideLatency)
	parameter("WORDS", room.Words)
	parameter("COLUMNS", room.Columns)
	parameter("SUMS", room.Sums)
	parameter("TABLES", room.Tables)
	parameter("FLUSH", unit.Digit(b.subnormals == fp.Flush))
	parameter("READ", read)
	parameter("DEPTH", depth)
	return d
}

// runs is a program, and the kind of work that it is of.
type runs struct {
	kind    word.PassKind
	program *microcode.Program
}

// hardware are the programs that the unit in Verilog runs.
func hardware() (out []runs) {
	for _, k := range Kinds() {
		for _, p := range Programs(k) {
			if Runs(p) == nil {
				out = append(out, runs{k, p})
			}
		}
	}
	return out
}

// drawHalf is an FP16 number of any class: ordinary ones mostly.
func drawHalf(r *rand.Rand) float32 {
	special := []float32{0, float32(math.Copysign(0, -1)), 0x1p-24, -0x1p-15, 0x1p-14, 65504, -65504, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 6}
	if r.IntN(12) == 0 {
		return special[r.IntN(len(special))]
	}
	return fp.IEEE.Half(float32(4 * r.NormFloat64())).Float32()
}

// drawSingle is an FP32 number, some of them subnormal or with squares that are.
func drawSingle(r *rand.Rand) float32 {
	switch r.IntN(12) {
	case 0:
		return (r.Float32() - 0.5) * 0x1p-126
	case 1:
		return math.Float32frombits(r.Uint32())
	}
	return float32(r.NormFloat64())
}

// wordsOf are the words of a program.
func wordsOf(p *microcode.Program) int {
	n := p.Words()
	for _, b := range p.Between {
		n += len(b)
	}
	return n
}

// widths are numbers of columns to choose from; of rows that are folded some that have more elements than ways, or fill waves.
func widths(over bool, lanes int) (all []int) {
	for c := 1; c <= 96; c++ {
		all = append(all, c)
	}
	if over {
		all = append(all, 4*lanes, 8*lanes, 255, 256, 257, 300, 384, 512, 600)
	}
	return all
}

// draw makes a job's operands, n elements of any class, in rows that are known.
func draw(r *rand.Rand, o *Operands, n int) {
	numbers := func(n int, of func(*rand.Rand) float32) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = of(r)
		}
		return x
	}
	for k := range o.Port {
		o.Port[k] = numbers(n, drawHalf)
	}
	if r.IntN(4) == 0 {
		o.Port[0] = numbers(n, drawSingle)
	}
	for k := range o.Column {
		o.Column[k] = numbers(o.Columns, drawSingle)
	}
	copy(o.Scalar[:], numbers(8, drawSingle))
	o.Bit = make([]bool, n)
	for i := range o.Bit {
		o.Bit[i] = r.IntN(2) == 0
	}
	for k := range o.Row {
		o.Row[k] = numbers(n/o.Columns, drawSingle)
	}
}

// drawn are jobs of programs that the unit has, of about so many elements, that fit its memories.
func (b built) drawn(r *rand.Rand, programs []runs, jobs, elements int) (list []Job, in []Operands) {
	left := room
	tables := map[string]bool{}
	for range jobs {
		pick := programs[r.IntN(len(programs))]
		o := Operands{Program: pick.program}
		var fit []int
		for _, c := range widths(overRows(o.Program), b.Lanes) {
			o.Columns = c
			sums := b.lieOf(o.Program, c, c, 0).turn
			if overRows(o.Program) && (c+b.Lanes-1)/b.Lanes > b.Strip {
				continue
			}
			if b.fits(Job{}, o.Program, o.Columns) == nil && sums <= left.Sums && c/gcd(c, b.Lanes)+c/b.Lanes+1 <= left.Columns && wordsOf(o.Program) <= left.Words {
				fit = append(fit, c)
			}
		}
		if len(fit) == 0 {
			continue
		}
		o.Columns = fit[r.IntN(len(fit))]
		if o.Program.Table != nil && !tables[o.Program.Name] {
			if len(tables) == room.Tables {
				continue
			}
			tables[o.Program.Name] = true
		}
		left.Words -= wordsOf(o.Program)
		left.Columns -= o.Columns/gcd(o.Columns, b.Lanes) + o.Columns/b.Lanes + 1
		left.Sums -= b.lieOf(o.Program, o.Columns, o.Columns, 0).turn
		n := o.Columns * r.IntN(2+elements/o.Columns)
		draw(r, &o, n)
		list, in = append(list, Job{Kind: pick.kind, Elements: int64(n), Row: Row(o.Program, n, o.Columns)}), append(in, o)
	}
	return list, in
}

// depth is how many cycles, jobs and waves a bench holds.
const depth = 1 << 16

// replay runs vectors in a built bench, to a cycle in which it is reset and then as a whole, and says what differs.
func replay(t *testing.T, program *verilog.Program, v unit.Vectors, reset int) string {
	out, err := program.Replay(context.Background(), t.TempDir(), v.Files, v.Args(reset)...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// cosimulate holds random jobs, with and without gaps between them and their waves, to the exact model in one simulator: so many runs on each of these units.
func cosimulate(t *testing.T, s verilog.Simulator, programs []runs, units []built, runs, jobs, elements int) {
	if err := s.Missing(); err != nil {
		witness.Missing(t, s.Name)
	}
	r := rand.New(rand.NewPCG(17, 10))
	cycles, operations, began, waited := 0, int64(0), 0, 0 // and jobs whose rows begin with a wave, and whose sums wait
	ran := map[string]bool{}
	for i, b := range units {
		read := i % (feed.MostRead + 1)
		if len(units) == 1 {
			read = 2
		}
		program, err := s.Build(context.Background(), t.TempDir(), b.design(t, read, room, depth))
		if err != nil {
			t.Fatal(err)
		}
		for run := range runs {
			list, in := b.drawn(r, programs, 1+r.IntN(jobs), elements)
			gaps := unit.Gaps{}
			if oneOf := []int{0, 2, 5, 10}[r.IntN(4)]; oneOf > 0 {
				gaps = unit.RandomGaps(r, oneOf)
			}
			var v unit.Vectors
			var cost unit.Cost
			if read == 0 {
				v, cost, err = b.Vectors(b.subnormals, room, list, in, gaps)
			} else {
				v, cost, err = b.FedVectors(b.subnormals, room, list, in, gaps, feed.RandomPace(r, read, []int{0, 2, 5, 20}[run%4]))
			}
			if err != nil {
				t.Fatal(err)
			}
			if v.Cycles >= depth {
				continue // longer than what the bench holds
			}
			cycles += int(cost.Cycles)
			operations += cost.Counts[Operations]
			names := []string{}
			for i := range in {
				ran[in[i].Program.Name] = true
				l := b.lieOf(in[i].Program, int(list[i].Elements), in[i].Columns, 0)
				began += unit.Digit(l.row > 0 && !overRows(in[i].Program) && list[i].Elements > 0)
				waited += unit.Digit(0 < l.turn && l.turn < b.PipelineLatency && list[i].Elements > int64(l.turn*b.Lanes))
				names = append(names, fmt.Sprintf("%s of %d in rows of %d", in[i].Program.Name, list[i].Elements, in[i].Columns))
			}
			if out := replay(t, program, v, r.IntN(v.Cycles+1)); !strings.HasPrefix(out, "equal: ") {
				t.Fatalf("%+v, run %d, %s\n%s", b, run, strings.Join(names, "; "), out)
			}
		}
	}
	t.Logf("%s: %d units, %d runs each, %d programs, %d cycles and %d operations equal; of %d jobs rows of columns begin with a wave, of %d sums wait", s.Name, len(units), runs, len(ran), cycles, operations, began, waited)
	if len(units)*runs >= 30 && len(programs) == len(hardware()) && (began == 0 || waited == 0) {
		t.Error("no rows begin with a wave, or no sums wait")
	}
}

// someUnits are of every latency and treatment of subnormals, one of them with the adder's last register alone.
func someUnits(r *rand.Rand, count int) []built {
	list := []built{{Params{Lanes: 1, PipelineLatency: 5, DivideLatency: 5, Strip: 1, Constants: 64, Sums: 2048, Ops: DefaultOps()}, fp.Flush}}
	for len(list) < count {
		p := Params{Lanes: 1 << r.IntN(4), PipelineLatency: 5 + r.IntN(9), Strip: 1 + r.IntN(20), Constants: 2 << r.IntN(5), Sums: 64 << r.IntN(4), Ops: DefaultOps()}
		if len(list)%3 == 2 { // which sums seldom stay in
			p.Lanes = []int{3, 5, 6, 7}[r.IntN(4)]
		}
		p.DivideLatency = p.PipelineLatency + r.IntN(12)
		list = append(list, built{p, fp.Subnormals(r.IntN(2))})
	}
	return list
}

func TestVerilogIsExactInIcarus(t *testing.T) {
	if testing.Short() {
		t.Skip("runs programs of others")
	}
	cosimulate(t, verilog.Icarus(), hardware(), someUnits(rand.New(rand.NewPCG(17, 11)), 5), 6, 5, 120)
}

// rowUnits have lanes that fold: sums of a long row come round sooner than the adder is done, or a row is a wave.
func rowUnits() []built {
	return []built{
		{Params{Lanes: 32, PipelineLatency: 10, DivideLatency: 16, Strip: 20, Constants: 64, Sums: 2048, Ops: DefaultOps()}, fp.Flush},
		{Params{Lanes: 8, PipelineLatency: 6, DivideLatency: 9, Strip: 64, Constants: 64, Sums: 2048, Ops: DefaultOps()}, fp.IEEE},
		{Params{Lanes: 3, PipelineLatency: 7, DivideLatency: 9, Strip: 128, Constants: 64, Sums: 2048, Ops: DefaultOps()}, fp.Flush},
		{Params{Lanes: 2, PipelineLatency: 5, DivideLatency: 12, Strip: 150, Constants: 64, Sums: 2048, Ops: DefaultOps()}, fp.Flush},
	}
}

// overRowsAlone are the programs that fold.
func overRowsAlone() []runs {
	return slices.DeleteFunc(hardware(), func(r runs) bool { return !overRows(r.program) })
}

func TestRowsInVerilogAreExact(t *testing.T) {
	if testing.Short() {
		t.Skip("runs programs of others")
	}
	cosimulate(t, verilog.Icarus(), overRowsAlone(), rowUnits()[1:3], 4, 3, 700)
}

// One unit, so that every change is held to the other simulator as well: a build of some seconds.
func TestOneUnitIsExactInVerilator(t *testing.T) {
	witness.Foreign(t)
	cosimulate(t, verilog.Verilator(), hardware(), []built{{Params{Lanes: 3, PipelineLatency: 6, DivideLatency: 8, Strip: 4, Constants: 8, Sums: 256, Ops: DefaultOps()}, fp.Flush}}, 12, 5, 60)
}

func TestRowsAreExactInVerilator(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("slow: SATSIM_RTL=1 runs it")
	}
	cosimulate(t, verilog.Verilator(), overRowsAlone(), rowUnits(), 24, 6, 3000)
}

// It is of the slow tier: .ci/witness rtl.
func TestVerilogIsExactInVerilator(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("slow: SATSIM_RTL=1 runs it")
	}
	whole := Default()
	whole.Lanes = 4
	cosimulate(t, verilog.Verilator(), hardware(), append(someUnits(rand.New(rand.NewPCG(17, 12)), 5), built{whole, fp.Flush}), 24, 6, 2000)
}

// telling are jobs on 4 lanes that tell faults: rows that end inside of a wave, of one wave and of more, and elements that few programs mind.
func telling(r *rand.Rand) (list []Job, in []Operands) {
	just := func(least, most float64) float32 { return float32(least + (most-least)*r.Float64()) }
	nan := float32(math.NaN())
	for _, j := range []struct {
		name          string
		columns, rows int
		first         func() float32 // elements of port 0; none: of any class
	}{
		{"layer_norm", 7, 5, nil},
		{"layer_norm_grad", 7, 4, nil}, // with sums over columns, too
		{"rms_norm", 3, 7, nil},        // in a row of one wave some lanes have no sum
		{"softmax", 21, 1, nil},
		{"softmax", 5, 4, nil},
		{"loss", 2, 3, nil},
		{"gelu", 9, 9, nil},
		{"sigmoid", 5, 9, func() float32 { return fp.IEEE.Half(just(-40, 40)).Float32() }}, // often beyond an end of the table
		{"mul_grad", 6, 3, nil}, // which has three ports
		// The table's argument is rounded down to 2^-26. Just below 0 that shows: a result around 2^-14 leaves in multiples of 2^-24.
		{"tanh", 8, 8, func() float32 { return just(-0x1p-13, -0x1p-14) }},
		// Subnormal numbers are not above 0, and what is no number is not.
		{"relu", 6, 4, func() float32 { return []float32{0x1p-127, -0x1p-127, nan, 1, -1}[r.IntN(5)] }},
		{"relu6", 5, 5, func() float32 { return []float32{0x1p-127, nan, -2, 3, 7}[r.IntN(5)] }},
		// Of 12 taps the largest is the last one seldom; often it is negative.
		{"max_pool", 28, 12, func() float32 { return fp.IEEE.Half(just(-4, 0.25)).Float32() }},
		{"batch_norm_stats", 4, 10, nil},
		{"batch_norm_apply", 6, 5, nil},
		{"activation_grad", 9, 3, nil},
		{"repeated_sum", 6, 9, nil}, // whose sums come round sooner than the adder is done
	} {
		k := slices.IndexFunc(hardware(), func(r runs) bool { return r.program.Name == j.name })
		pick, n := hardware()[k], j.columns*j.rows
		o := Operands{Program: pick.program, Columns: j.columns}
		draw(r, &o, n)
		for i := 0; j.first != nil && i < n; i++ {
			o.Port[0][i] = j.first()
		}
		list, in = append(list, Job{Kind: pick.kind, Elements: int64(n), Row: Row(o.Program, n, j.columns)}), append(in, o)
	}
	return list, in
}

// TestFaultsInVerilogAreFound plants a fault in each module.
func TestFaultsInVerilogAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("runs programs of others")
	}
	icarus := verilog.Icarus()
	if err := icarus.Missing(); err != nil {
		witness.Missing(t, icarus.Name)
	}
	b := built{Params{Lanes: 4, PipelineLatency: 7, DivideLatency: 10, Strip: 6, CountRows: true, Constants: 64, Sums: 2048, Ops: DefaultOps()}, fp.Flush}
	// Filling and reading its memories takes longer than the jobs.
	room := Room{Words: 128, Columns: 32, Sums: 256, Tables: 4}
	list, in := telling(rand.New(rand.NewPCG(17, 13)))
	v, _, err := b.Vectors(b.subnormals, room, list, in, unit.Gaps{})
	if err != nil {
		t.Fatal(err)
	}
	equal := func(d verilog.Design) bool {
		program, err := icarus.Build(context.Background(), t.TempDir(), d)
		if err != nil {
			t.Fatal(err)
		}
		return strings.HasPrefix(replay(t, program, v, v.Reset), "equal: ")
	}
	if !equal(b.design(t, 0, room, 1<<14)) {
		t.Fatal("without a fault they differ")
	}
	for _, f := range []struct{ file, from, to string }{
		{"vector.v", "to[TBITS+5:6], ~to[0]", "to[TBITS+5:6], to[0]"},                             // a table's ends are changed for each other
		{"vector_front.v", "rows ? fresh : ~|turns", "rows & fresh"},                              // sums begin with what was there
		{"vector_front.v", "c_least <= word[35]", "c_least <= 1'b0"},                              // the largest begins at 0
		{"vector_front.v", "op == CLAMP;\n", "1'b0;\n"},                                           // numbers are clamped at -0
		{"vector_front.v", "of_c[3], function_of, 6'd0", "1'b0, function_of, 6'd0"},               // a coefficient twice
		{"vector_front.v", "of_b[4], of_b[2:0] == REGISTER", "1'b0, of_b[2:0] == REGISTER"},       // there is no third port
		{"vector_counters.v", "began <= working & {COUNT{take}}", "began <= working"},             // an element is counted a word
		{"vector_shuffle.v", "(i = 0; i < COUNT", "(i = 1; i < COUNT"},                            // neighbours are not folded
		{"vector_shuffle.v", "lanes > l[COUNT-1:0]", "lanes >= l[COUNT-1:0]"},                     // a lane more
		{"vector_words.v", "after <= second", "after <= after"},                                   // the second strip has words of after the job
		{"vector_control.v", "last_row & ~more) ? last", "~more) ? last"},                         // all waves of the last strip are short
		{"vector_control.v", "comes_round ? gap", "comes_round ? {WAIT{1'b0}}"},                   // sums do not wait for the adder
		{"vector_control.v", "begins_row ? column_turns :", "begins_row ? last_row & ~more :"},    // the last tap alone is short
		{"vector_control.v", "(valid & |pause) | row_go", "row_go"},                               // a stall is not counted
		{"vector_control.v", "waits ? (counts", "waits & ~word_once ? (counts"},                   // work once a row does not wait for its operand
		{"vector_control.v", "few ? last - lanes : lanes", "lanes"},                               // a short row's lanes that have no sum take part
		{"vector_control.v", "~last_row ? low_turn : part", "~last_row ? low + 1'b1 : part"},      // rows' sums lie side by side
		{"vector_scalar.v", "long_due & ~root_due ? quotient", "long_due ? quotient"},             // a quotient for a root
		{"vector_scalar.v", "take1 ? from[159:128] : scalar4[line1]", "scalar4[line1]"},           // a row's scalar is not there at once
		{"vector_pick.v", "3'd3: y = s3;", "3'd3: y = s2;"},                                       // a scalar for another
		{"vector_raise.v", "a[30:23] + by", "a[30:23]"},                                           // powers are not raised
		{"vector_multiply_add.v", "c3[31] <= without_c ? ~nothing", "c3[31] <= without_c ? 1'b1"}, // numbers are clamped at -0
		{"vector_multiply_add.v", "(mode2 == CLAMP & ~between)", "1'b0"},                          // a clamped number is added to its limit
		{"vector_lane.v", "above | ~|to_turn", "1'b1"},                                            // the last row, not the largest's
		{"vector_lane.v", "FLUSH != 0 && ~|taken0[30:23]", "1'b0"},                                // subnormal numbers are above 0
		{"vector_lane.v", "a_gated & ~gate", "1'b0"},                                              // the bit is not asked
		{"vector_lane.v", "c_end ? beyond1[1]", "c_end ? 1'b0"},                                   // below the table is what is above
		{"vector_operand.v", "^ source[6]", "^ 1'b0"},                                             // a scalar is added, not taken off
		{"vector_split.v", "sign2 & ~lost", "sign2"},                                              // what is lost of negative numbers
		{"vector_split.v", "8'd126 - {5'd0, bits4}", "8'd126"},                                    // all segments are one wide
		{"vector_larger.v", "c[31] : a[31] ? less : more", "c[31] : more"},                        // among negative numbers the smaller one
		{"vector_larger.v", "above = ~nan & ~zeros", "above = ~zeros"},                            // what is no number is larger
	} {
		d := b.design(t, 0, room, 1<<14)
		for i, s := range d.Sources {
			if s.Name == f.file {
				if strings.Count(s.Text, f.from) != 1 {
					t.Errorf("%s has %q %d times", f.file, f.from, strings.Count(s.Text, f.from))
				}
				d.Sources[i].Text = strings.Replace(s.Text, f.from, f.to, 1)
			}
		}
		if equal(d) {
			t.Errorf("%s with %q is equal", f.file, f.to)
		}
	}
}

func TestVerilogHasNoWarnings(t *testing.T) {
	if testing.Short() {
		t.Skip("runs programs of others")
	}
	units := someUnits(rand.New(rand.NewPCG(17, 11)), 4)
	for _, b := range append(units, built{Default(), fp.Flush}) {
		d := b.design(t, 2, room, 16)
		d.Top, d.Parameters = "vector_fed", d.Parameters[:len(d.Parameters)-1]
		d.Parameters[0].Value = min(d.Parameters[0].Value, 2) // lanes are all alike
		d.Sources = slices.DeleteFunc(d.Sources, func(s verilog.Source) bool { return strings.Contains(s.Name, "_bench") })
		out, err := verilog.Lint(context.Background(), t.TempDir(), d)
		if missing := new(verilog.Missing); errors.As(err, &missing) {
			witness.Missing(t, missing.Tool)
		}
		if err != nil || out != "" {
			t.Errorf("%+v: %v\n%s", b, err, out)
		}
	}
}

// What the unit in Verilog has not is named: by program, and by key.
func TestWhatHardwareCannotBe(t *testing.T) {
	for p, want := range map[*microcode.Program]string{
		microcode.Softmax():         "",
		microcode.GradCheck():       "",
		microcode.GELU():            "",
		microcode.LayerNormGrad():   "",
		microcode.MaxPool():         "",
		microcode.BatchNormReduce(): "",
	} {
		if err := Runs(p); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", p.Name, err, want)
		}
	}
	if n := len(hardware()); n != 39 {
		t.Errorf("%d programs run in Verilog, 39 are meant to", n)
	}
	p := Default()
	if err := p.BuildableRTL(); err != nil {
		t.Error(err)
	}
	p.PipelineLatency, p.Ops.Pool, p.DivideLatency, p.Lanes = 0, 3, -1, 129
	err := p.BuildableRTL()
	for _, want := range []string{"pipeline_latency: 0 has no hardware", "ops.pool: 3 has no program; 1, or 0, is accepted", "divide_latency: -1", "lanes: 129 cannot fold a row; 1 to 128"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want it to name %q", err, want)
		}
	}
	rows := Params{Lanes: 4, PipelineLatency: 5, DivideLatency: 5, Strip: 2, Constants: 64, Sums: 2048, Ops: DefaultOps()}
	in := Operands{Program: microcode.Softmax(), Columns: 12, Port: [3][]float32{make([]float32, 12)}}
	if _, _, err := rows.Vectors(fp.Flush, room, []Job{{Kind: Softmax, Elements: 12, Row: 12}}, []Operands{in}, unit.Gaps{}); err == nil || !strings.Contains(err.Error(), "rows of 12 are 3 waves; strip, 2") {
		t.Error(err)
	}
	rows.PipelineLatency, rows.Lanes = 3, 160
	in = Operands{Program: microcode.Softmax(), Columns: 480, Port: [3][]float32{make([]float32, 480)}}
	if _, _, err := rows.Simulate(fp.Flush, []Job{{Kind: Softmax, Elements: 480, Row: 480}}, []Operands{in}); err != nil { // as the closed form
		t.Error(err)
	}
}

// Which columns the unit in Verilog takes at a time, by the rules that package doc states: on 32 and 33 lanes, and with less room.
func TestColumnsThatTheVerilogTakes(t *testing.T) {
	all := func(int) bool { return true }
	for _, c := range []struct {
		kind    word.PassKind
		program *microcode.Program
		lanes   int
		sums    int
		takes   func(c int) bool
		why     string // of the first that it does not take
	}{
		{BatchNormStats, microcode.BatchNormStats(), 32, 2048, all, ""},
		{BatchNormStats, microcode.BatchNormStats(), 32, 256, func(c int) bool { return c <= 256 }, "257 columns are 9 waves of 32 lanes; 8 are accepted at a time"},
		{BatchNormReduce, microcode.BatchNormReduce(), 33, 2048, all, ""},
		{BatchNormReduce, microcode.BatchNormReduce(), 33, 256, func(c int) bool { return c <= 264 }, "265 columns are 9 waves of 33 lanes; 8 are accepted at a time"},
		{BatchNormApply, microcode.BatchNormApply(), 33, 2048, all, ""},
		{BatchNormApply, microcode.BatchNormApply(), 30, 2048, func(c int) bool { return c <= 64*30 }, "1921 columns are 65 waves of 30 lanes; 64 are accepted at a time"},
		{Pool, microcode.MaxPool(), 33, 2048, all, ""},
		{LayerNormGrad, microcode.LayerNormGrad(), 33, 256, func(c int) bool { return c <= 8*33 }, "sums of 265 columns are 288 in each of 33 lanes; 256 are accepted"},
		{Softmax, microcode.Softmax(), 33, 2048, func(c int) bool { return c <= 1056 }, "rows of 1057 are 33 waves; strip, 32, is accepted"},
		{Add, microcode.AddTensors(), 33, 2048, all, ""},
	} {
		p, why := Default(), ""
		p.Lanes, p.Sums = c.lanes, c.sums
		for columns := 1; columns <= 2048; columns++ {
			err := p.Takes(p.Room(), Job{Kind: c.kind, Elements: int64(columns), Row: Row(c.program, columns, columns)}, c.program, columns)
			if (err == nil) != c.takes(columns) {
				t.Fatalf("%s of %d columns on %d lanes: %v", c.program.Name, columns, c.lanes, err)
			}
			if err != nil && why == "" {
				why = err.Error()
			}
		}
		if !strings.Contains(why, c.why) || c.why == "" && why != "" {
			t.Errorf("%s on %d lanes: %q, want %q", c.program.Name, c.lanes, why, c.why)
		}
	}
}

// What a kind of work asks of columns is what its programs do.
func TestDemandsAreThoseOfPrograms(t *testing.T) {
	for _, k := range append(Kinds(), DepthwiseUpdate) {
		var want demand
		for _, q := range Programs(k) {
			d := demandIn(q)
			want.adds, want.windows, want.constants = max(want.adds, d.adds), want.windows || d.windows, want.constants || d.constants
		}
		if got := demandOf(k); got != want {
			t.Errorf("%s: %+v, its programs %+v", k, got, want)
		}
	}
}
