package vector

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"satsim/arch/fp"
	"satsim/arch/unit"
	"satsim/internal/microcode"
)

// LeastLatency of a pipeline in Verilog: a register of the operands, two of the multiplier, one of the adder, and one of what is kept.
const LeastLatency = 5

// MostLanes of the unit in Verilog leave two waves to a row's sums.
const MostLanes = microcode.RowWays / 2

// Room is how many words, constants and sums of a lane, and tables of functions, the unit in Verilog holds.
type Room struct{ Words, Columns, Sums, Tables int }

// BuildableRTL says by which keys these parameters are beyond what the unit in Verilog can be.
func (p Params) BuildableRTL() error {
	errs := []error{p.Validate()}
	if p.PipelineLatency < LeastLatency {
		errs = append(errs, fmt.Errorf("pipeline_latency: %d has no hardware; %d or more is accepted", p.PipelineLatency, LeastLatency))
	}
	if p.Lanes > MostLanes {
		errs = append(errs, fmt.Errorf("lanes: %d cannot fold a row; 1 to %d are accepted", p.Lanes, MostLanes))
	}
	if p.DivideLatency < p.PipelineLatency {
		errs = append(errs, fmt.Errorf("divide_latency: %d; results come in order, so pipeline_latency, %d, or more is accepted", p.DivideLatency, p.PipelineLatency))
	}
	if p.Random > 0 {
		errs = append(errs, fmt.Errorf("random: %d generators stand beside the lanes, and the unit in Verilog has no port for them; 0 is accepted", p.Random))
	}
	for _, k := range Kinds() {
		ops, _ := p.Ops.Of(k)
		for _, q := range Programs(k) {
			if Runs(q) == nil && ops != 0 && ops != q.Words() {
				errs = append(errs, fmt.Errorf("ops.%s: %d has no program; %d, or 0, is accepted", k, ops, q.Words()))
				break
			}
		}
	}
	return errors.Join(errs...)
}

// ReadsColumns reports whether a program's words read constants of columns; it is one that Runs.
func ReadsColumns(p *microcode.Program) bool { return len(used(p)) > 0 }

// Runs says why the unit in Verilog has no program, or nothing.
func Runs(p *microcode.Program) error {
	_, err := encode(p)
	return err
}

// layout is where the memories hold what jobs need.
type layout struct {
	p       Params
	room    Room
	words   [][2]uint64
	at      map[string]int            // where a program is
	columns [hardwareColumns][]string // of each place, a line of all lanes
	sums    [2][]string
	tables  []*microcode.Table
	jobs    strings.Builder
}

// Vectors runs jobs as Simulate does and writes what crosses the unit's edges in every cycle, and what is left in its sums. Some
// cycles are without waves or jobs; cycle 0 is the first one of the first job, which is taken two cycles before, and the second one in the cycle after that.
func (p Params) Vectors(s fp.Subnormals, room Room, jobs []Job, in []Operands, gaps unit.Gaps) (unit.Vectors, unit.Cost, error) {
	return p.vectors(&watch{p: p, half: s}, room, jobs, in, gaps)
}

// vectors writes all files of a unit that stands by itself.
func (p Params) vectors(w *watch, room Room, jobs []Job, in []Operands, gaps unit.Gaps) (unit.Vectors, unit.Cost, error) {
	none := unit.Vectors{}
	if p.PipelineLatency < LeastLatency {
		return none, unit.Cost{}, p.BuildableRTL()
	}
	for i, j := range jobs {
		if i < len(in) && in[i].Program != nil && in[i].Columns > 0 { // else Simulate says so
			if err := p.Takes(room, j, in[i].Program, in[i].Columns); err != nil {
				return none, unit.Cost{}, fmt.Errorf("job %d: %w", i, err)
			}
		}
	}
	l := &layout{p: p, room: room, at: map[string]int{}}
	_, cost, err := p.simulate(w.half, jobs, in, gaps, w.cycle)
	if err != nil {
		return none, cost, err
	}
	v := unit.Vectors{Slots: w.waves, Cycles: w.cycles, Reset: unit.Amid(w.amid), Moments: w.moments}
	for _, k := range w.works {
		if k.n == 0 {
			continue
		}
		if err := l.job(k); err != nil {
			return none, cost, err
		}
		v.Jobs++
	}
	var counts strings.Builder
	c := &cost.Counts // to the unit in Verilog a multiply-add of a product is an element like others
	for _, n := range []int64{c[Elements] + c[MACs], c[Operations], c[IdleLaneCycles], c[StallCycles], cost.Issue} {
		fmt.Fprintf(&counts, "%016x\n", n)
	}
	v.Files = map[string]string{
		"words.hex": hexadecimal(l.words) + strings.Repeat(strings.Repeat("0", 19)+"\n", room.Words-len(l.words)), "jobs.hex": l.jobs.String(),
		"slots.hex": w.slots.String(), "held.hex": w.holds.String(), "edges.hex": w.edges.String(), "counts.hex": counts.String(),
		"columns.hex": lines(l.columns[:], room.Columns, 8*p.Lanes), "sums.hex": lines(l.sums[:], room.Sums, 13*p.Lanes),
		"tables.hex": l.functions(),
	}
	return v, cost, nil
}

// lines fills each memory to its depth.
func lines(memories [][]string, depth, digits int) string {
	var b strings.Builder
	for _, m := range memories {
		for i := range depth {
			line := strings.Repeat("0", digits)
			if i < len(m) {
				line = m[i]
			}
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// job finds a job its words, constants and sums.
func (l *layout) job(k *work) error {
	words, err := encode(k.program)
	if err != nil {
		return err
	}
	lanes := l.p.Lanes
	base, there := l.at[k.program.Name]
	if !there {
		base = len(l.words)
		l.at[k.program.Name] = base
		l.words = append(l.words, words...)
	}
	d := l.p.descriptor(k)
	columnBase, columns, sumBase, sums := 0, d.period, 0, 1
	if constants := used(k.program); len(constants) > 0 {
		columnBase = len(l.columns[0])
		for h := range l.columns {
			for at := range columns {
				line := ""
				for lane := lanes - 1; lane >= 0; lane-- {
					v := float32(0)
					if c, ok := constants[h]; ok {
						v = k.column[c][(at*lanes+lane)%k.columns]
					}
					line += fmt.Sprintf("%08x", math.Float32bits(v))
				}
				l.columns[h] = append(l.columns[h], line)
			}
		}
	}
	if k.lie.turn > 0 {
		sumBase, sums = len(l.sums[0]), k.lie.turn
		for t := range l.sums {
			for at := range sums {
				line := ""
				for lane := lanes - 1; lane >= 0; lane-- {
					line += k.left(&d, t, at, lane, lanes)
				}
				l.sums[t] = append(l.sums[t], line)
			}
		}
	}
	function := l.table(k.program.Table)
	if len(l.words) > l.room.Words || len(l.columns[0]) > l.room.Columns || len(l.sums[0]) > l.room.Sums || len(l.tables) > l.room.Tables {
		return fmt.Errorf("%d words, %d columns' constants and %d sums of a lane, %d tables; %+v is accepted",
			len(l.words), len(l.columns[0]), len(l.sums[0]), len(l.tables), l.room)
	}
	fmt.Fprintf(&l.jobs, "%02x%02x%08x%04x%04x%04x%04x%04x%04x%04x%04x%04x%04x%x%x%08x%08x\n", base, len(words), d.rows, d.size, d.waves, d.turn, d.last, d.fold, d.half,
		sumBase, sums, columnBase, columns, unit.Digit(d.begins)<<2|unit.Digit(k.overRows)<<1|unit.Digit(k.wide), function, math.Float32bits(k.strip.Scalar[1]), math.Float32bits(k.strip.Scalar[0]))
	return nil
}

// descriptor is what a job's says of its rows: how many, and in a strip; of one, waves, those of them that have sums of their own, and lanes of the last; how many
// waves, and then lanes, the first level of its fold adds to; in how many waves columns come round, and whether a wave begins with each row of them.
type descriptor struct {
	rows, size, waves, turn, last, fold, half, period int
	over, begins                                      bool
}

func (p Params) descriptor(k *work) descriptor {
	row := (k.lie.row + p.Lanes - 1) / p.Lanes
	if !k.overRows {
		d := descriptor{rows: (k.n + p.Lanes - 1) / p.Lanes, size: p.Strip, waves: 1, turn: 1, last: (k.n-1)%p.Lanes + 1, period: k.columns / gcd(k.columns, p.Lanes)}
		if row > 0 {
			d.rows, d.last, d.period, d.begins = k.n/k.lie.row*row, (k.lie.row-1)%p.Lanes+1, row, true
		} else if !ReadsColumns(k.program) {
			d.period = 1
		}
		return d
	}
	waves := row
	d := descriptor{over: true, rows: k.n / k.columns, size: max(1, p.Strip/waves), waves: waves, turn: min(waves, int(p.turn())), last: (k.columns-1)%p.Lanes + 1, period: 1}
	if ReadsColumns(k.program) {
		d.period = waves
	}
	d.fold = int(below(int64(d.turn)))
	if d.fold == 0 {
		d.half = int(below(int64(d.last)))
	}
	return d
}

// table is where a function's table lies.
func (l *layout) table(t *microcode.Table) int {
	if t == nil {
		return 0
	}
	at := slices.IndexFunc(l.tables, func(u *microcode.Table) bool { return u.Name == t.Name })
	if at < 0 {
		at = len(l.tables)
		l.tables = append(l.tables, t)
	}
	return at
}

// functions are the tables as they are written: coefficients 0, 1 and 2 of each segment, then what a table is beside them.
func (l *layout) functions() string {
	var b strings.Builder
	for at := range l.room.Tables {
		var t microcode.Table
		if at < len(l.tables) {
			t = *l.tables[at]
		}
		b.WriteString(TableWords(&t))
	}
	return b.String()
}

// used are the columns that a program's words read, by the lane's that hold them.
func used(p *microcode.Program) map[int]int {
	u := map[int]int{}
	for _, s := range p.Sweeps {
		for _, w := range s {
			for _, o := range []microcode.Operand{w.A, w.B, w.C} {
				if o.File == microcode.Column {
					u[o.Index%hardwareColumns] = o.Index
				}
			}
		}
	}
	return u
}

// left is what a sum over columns holds at the end: whether it is to be compared, and its row, too; the sum; the row.
func (w *work) left(d *descriptor, file, at, lane, lanes int) string {
	for k, t := range w.program.Totals {
		slot := at*lanes + lane
		if t.Ways == microcode.OverRows || fileOf(w.program, k) != file {
			continue
		}
		if row := w.lie.row; row > 0 {
			waves := (row + lanes - 1) / lanes
			way, column := at/waves, at%waves*lanes+lane
			if column >= row {
				continue
			}
			slot = way*row + column
		}
		if slot >= w.n {
			continue
		}
		compared, row := 1, int32(0)
		if t.Largest {
			compared, row = 3, w.first[slot]
		}
		return fmt.Sprintf("%x%08x%04x", compared, math.Float32bits(fp.Canonical(w.sums[k][slot])), row)
	}
	return strings.Repeat("0", 13)
}

// watch writes a line of every file in every cycle.
type watch struct {
	p                   Params
	half                fp.Subnormals
	works               []*work
	slots, holds, edges strings.Builder
	waves, cycles       int
	amid                []int // cycles that take a wave of a job, which is not over with it

	moments []unit.Moment
	before  *result // that was issued last
	fed     *fed    // nil: the unit is not
}

func (w *watch) cycle(u *datapath) {
	w.works = u.works
	taken := u.issued != nil && u.issued.takes
	held, around := w.fed.cycle(u, w.cycles, taken)
	w.moments = append(w.moments, w.moment(u, around))
	fmt.Fprintf(&w.holds, "%x\n", held|unit.Digit(!u.jobs.Offered)<<1|unit.Digit(u.jobs.Late))
	var of *result
	row := "000000000"
	for i := range u.arrived {
		switch r := &u.arrived[i]; r.kind {
		case ofElements:
			of = r
		case ofRow:
			row = fmt.Sprintf("%x%08x", 8|r.set.index, math.Float32bits(fp.Canonical(r.set.value)))
		case ofWays, ofSumsIn, ofSumsOut:
		}
	}
	ready := u.jobs.Ready(u.ends)
	fmt.Fprintf(&w.edges, "%x%x%s", unit.Digit(ready)<<1|unit.Digit(u.asks), unit.Digit(u.busy)<<3|unit.Digit(taken)<<2|unit.Digit(u.jobs.Offered && ready)<<1, row)
	for lane := w.p.Lanes - 1; lane >= 0; lane-- {
		w.edges.WriteString(w.result(of, lane))
	}
	w.edges.WriteByte('\n')
	w.cycles++
	if !taken {
		return
	}
	if !u.ends {
		w.amid = append(w.amid, w.cycles-1)
	}
	w.waves++
	scalars := ""
	for k := 4; k >= 2; k-- {
		scalars += fmt.Sprintf("%08x", math.Float32bits(u.issued.work.given[u.issued.lo/u.issued.work.columns][k-2]))
	}
	w.slots.WriteString(scalars)
	w.fed.row(u.issued, scalars)
	for lane := w.p.Lanes - 1; lane >= 0; lane-- {
		w.slots.WriteString(w.operands(u.issued, lane))
	}
	w.slots.WriteByte('\n')
}

// result is what leaves a lane: valid, which, whether a bit leaves, the bit; FP16.
func (w *watch) result(r *result, lane int) string {
	if r == nil || r.lo+lane >= r.hi {
		return "00000"
	}
	word, e := r.work.words[r.op].word, r.lo+lane
	flags, half := 0, uint16(0)
	if word.To.File == microcode.Out {
		flags, half = 8|word.To.Index<<2, w.half.Half(r.work.strip.Out[word.To.Index][e]).Bits()
	}
	if word.Bit {
		flags |= 2 | unit.Digit(r.work.strip.Set[e])
	}
	return fmt.Sprintf("%x%04x", flags, half)
}

// operands are what stands at a lane's inputs; at an idle lane's what must not matter.
func (w *watch) operands(r *result, lane int) string {
	if r.lo+lane >= r.hi {
		return "17fffffff7fff7fff"
	}
	k, e := r.work, r.lo+lane
	at := func(port int) float32 {
		if k.strip.Port[port] == nil {
			return 1
		}
		return k.strip.Port[port][e]
	}
	first := uint32(fp.IEEE.Half(at(0)).Bits())
	if k.wide {
		first = math.Float32bits(at(0))
	}
	gate := k.strip.Bit != nil && k.strip.Bit[e]
	return fmt.Sprintf("%x%08x%04x%04x", unit.Digit(gate), first, fp.IEEE.Half(at(1)).Bits(), fp.IEEE.Half(at(2)).Bits())
}

// isWide says whether port 0 brings FP32 numbers, as the output path does.
func isWide(x []float32) bool {
	return slices.ContainsFunc(x, func(v float32) bool { return v == v && fp.IEEE.Half(v).Float32() != v })
}
