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

// Room is how many words, constants and sums of a lane, and tables of functions, the unit in Verilog holds.
type Room struct{ Words, Columns, Sums, Tables int }

// Vectors are the files that vector_bench replays, and how many jobs, waves and cycles they hold.
type Vectors struct {
	Files               map[string]string
	Jobs, Waves, Cycles int
}

// BuildableRTL says by which keys these parameters are beyond what the unit in Verilog can be.
func (p Params) BuildableRTL() error {
	errs := []error{p.Validate()}
	if p.PipelineLatency < 1 {
		errs = append(errs, fmt.Errorf("pipeline_latency: %d has no hardware; 1 or more is accepted", p.PipelineLatency))
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

// Vectors runs jobs as Simulate does and writes what crosses the unit's edges in every cycle, and what is left in its sums. In cycles where held says so no
// wave is offered; cycle 0 is the first one of the first job.
func (p Params) Vectors(s fp.Subnormals, room Room, jobs []Job, in []Operands, held func(cycle int) bool) (Vectors, unit.Cost, error) {
	none := Vectors{}
	if p.PipelineLatency < 1 {
		return none, unit.Cost{}, p.BuildableRTL()
	}
	l := &layout{p: p, room: room, at: map[string]int{}}
	w := &watch{p: p, half: s, held: held}
	_, cost, err := p.simulate(s, jobs, in, held, w.cycle)
	if err != nil {
		return none, cost, err
	}
	v := Vectors{Waves: w.waves, Cycles: int(cost.Cycles)}
	for _, k := range w.works {
		if k.n == 0 {
			continue
		}
		if err := l.job(k); err != nil {
			return none, cost, err
		}
		v.Jobs++
	}
	var counts, words strings.Builder
	for i := range counters {
		fmt.Fprintf(&counts, "%016x\n", cost.Counts[i])
	}
	fmt.Fprintf(&counts, "%016x\n", cost.Issue)
	for _, c := range l.words {
		fmt.Fprintf(&words, "%08x%011x\n", c[1], c[0])
	}
	v.Files = map[string]string{
		"words.hex": words.String() + strings.Repeat(strings.Repeat("0", 19)+"\n", room.Words-len(l.words)), "jobs.hex": l.jobs.String(),
		"waves.hex": w.slots.String(), "held.hex": w.holds.String(), "edges.hex": w.edges.String(), "counts.hex": counts.String(),
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

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// job finds a job its words, constants and sums.
func (l *layout) job(k *work) error {
	words, err := encode(k.program)
	if err != nil {
		return err
	}
	lanes, n := l.p.Lanes, k.n
	base, there := l.at[k.program.Name]
	if !there {
		base = len(l.words)
		l.at[k.program.Name] = base
		l.words = append(l.words, words...)
	}
	columnBase, columns, sumBase, sums := 0, 1, 0, 1
	if constants := used(k.program); len(constants) > 0 {
		columnBase, columns = len(l.columns[0]), k.columns/gcd(k.columns, lanes)
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
	if len(k.program.Totals) > 0 {
		sumBase, sums = len(l.sums[0]), len(k.sums[0])/lanes
		for t := range l.sums {
			for at := range sums {
				line := ""
				for lane := lanes - 1; lane >= 0; lane-- {
					line += k.left(t, at*lanes+lane)
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
	fmt.Fprintf(&l.jobs, "%02x%02x%08x%04x%04x%04x%04x%04x%x%x\n", base, len(words), (n+lanes-1)/lanes, (n-1)%lanes+1, sumBase, sums, columnBase, columns, bit(k.wide), function)
	return nil
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
		lines := [4][microcode.Segments]uint32{}
		if at < len(l.tables) {
			t := l.tables[at]
			for k := range t.Coefficient {
				for i, c := range t.Coefficient[k] {
					lines[k][i] = math.Float32bits(c)
				}
			}
			lines[3][0], lines[3][1] = math.Float32bits(t.Below), math.Float32bits(t.Above)
			lines[3][2] = uint32(t.Bits | bit(t.Periodic)<<3 | bit(t.Through)<<4)
		}
		for _, l := range lines {
			for _, x := range l {
				fmt.Fprintf(&b, "%08x\n", x)
			}
		}
	}
	return b.String()
}

// used are the columns that a program's words read, by the lane's that hold them.
func used(p *microcode.Program) map[int]int {
	u := map[int]int{}
	for _, w := range p.Sweeps[0] {
		for _, o := range []microcode.Operand{w.A, w.B, w.C} {
			if o.File == microcode.Column {
				u[o.Index%hardwareColumns] = o.Index
			}
		}
	}
	return u
}

// left is what a total's sum holds at the end: whether it is to be compared, and its row, too; the sum; the row.
func (w *work) left(total, slot int) string {
	if total >= len(w.program.Totals) || slot >= w.n {
		return strings.Repeat("0", 13)
	}
	compared, row := 1, int32(0)
	if w.program.Totals[total].Largest {
		compared, row = 3, w.first[slot]
	}
	return fmt.Sprintf("%x%08x%04x", compared, math.Float32bits(fp.Canonical(w.sums[total][slot])), row)
}

// watch writes a line of every file in every cycle.
type watch struct {
	p                   Params
	half                fp.Subnormals
	held                func(int) bool
	works               []*work
	slots, holds, edges strings.Builder
	waves               int
}

func (w *watch) cycle(u *datapath) {
	w.works = u.works
	taken := u.issued.valid && u.issued.op == 0
	fmt.Fprintf(&w.holds, "%x\n", bit(w.held != nil && w.held(int(u.cost.Cycles))))
	fmt.Fprintf(&w.edges, "%x", 8|bit(taken)<<2)
	for lane := w.p.Lanes - 1; lane >= 0; lane-- {
		w.edges.WriteString(w.result(u.arrived, lane))
	}
	w.edges.WriteByte('\n')
	if !taken {
		return
	}
	w.waves++
	for lane := w.p.Lanes - 1; lane >= 0; lane-- {
		w.slots.WriteString(w.operands(u.issued, lane))
	}
	w.slots.WriteByte('\n')
}

// result is what leaves a lane: valid, which, whether a bit leaves, the bit; FP16.
func (w *watch) result(r result, lane int) string {
	if !r.valid || !r.of(w.p, lane) {
		return "00000"
	}
	word, e := r.strip.work.words[r.op].word, r.strip.first+r.wave*w.p.Lanes+lane
	flags, half := 0, uint16(0)
	if word.To.File == microcode.Out {
		flags, half = 8|word.To.Index<<2, w.half.Half(r.strip.work.strip.Out[word.To.Index][e]).Bits()
	}
	if word.Bit {
		flags |= 2 | bit(r.strip.work.strip.Set[e])
	}
	return fmt.Sprintf("%x%04x", flags, half)
}

// of says whether a wave has an element in a lane.
func (r result) of(p Params, lane int) bool { return r.strip.first+r.wave*p.Lanes+lane < r.strip.last }

// operands are what stands at a lane's inputs; at an idle lane's what must not matter.
func (w *watch) operands(r result, lane int) string {
	if !r.of(w.p, lane) {
		return "17fffffff7fff7fff"
	}
	k, e := r.strip.work, r.strip.first+r.wave*w.p.Lanes+lane
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
	return fmt.Sprintf("%x%08x%04x%04x", bit(gate), first, fp.IEEE.Half(at(1)).Bits(), fp.IEEE.Half(at(2)).Bits())
}

// isWide says whether port 0 brings FP32 numbers, as the output path does.
func isWide(x []float32) bool {
	return slices.ContainsFunc(x, func(v float32) bool { return v == v && fp.IEEE.Half(v).Float32() != v })
}
