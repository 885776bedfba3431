package vector

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/internal/microcode"
)

// Loaded is a program as the unit in Verilog loads it, and in words.
type Loaded struct {
	Program *microcode.Program
	Kinds   []word.PassKind // of work that it may be of
	Words   string          // a line of 19 hexadecimal digits each, as word_data has it: the literal, then 44 bits
	Listing string          // what each word reads, computes and writes
}

// Programmed are all programs of all kinds that the unit in Verilog runs, each once, in the order of the kinds.
func Programmed() ([]Loaded, error) {
	var all []Loaded
	for _, k := range append(Kinds(), DepthwiseUpdate) {
		for _, p := range Programs(k) {
			if at := slices.IndexFunc(all, func(l Loaded) bool { return l.Program.Name == p.Name }); at >= 0 {
				all[at].Kinds = append(all[at].Kinds, k)
				continue
			}
			if Runs(p) != nil {
				continue
			}
			words, err := encode(p)
			if err != nil {
				return nil, err
			}
			all = append(all, Loaded{Program: p, Kinds: []word.PassKind{k}, Words: hexadecimal(words)})
		}
	}
	for i := range all {
		all[i].list()
	}
	return all, nil
}

// hexadecimal are words as they are written, a line each.
func hexadecimal(words [][2]uint64) string {
	var b strings.Builder
	for _, c := range words {
		fmt.Fprintf(&b, "%08x%011x\n", c[1], c[0])
	}
	return b.String()
}

// TableWords are what is written of a table through constant_*, a line of 8 hexadecimal digits a place: coefficients 0, 1 and 2 of each of its 64 segments (constant_index 4 to 6), then 64 places of
// constant_index 7, of which the first three are what the function is below and above the table, and what says how it is read.
func TableWords(t *microcode.Table) string {
	lines := [4][microcode.Segments]uint32{}
	for k := range t.Coefficient {
		for i, c := range t.Coefficient[k] {
			lines[k][i] = math.Float32bits(c)
		}
	}
	lines[3][0], lines[3][1] = math.Float32bits(t.Below), math.Float32bits(t.Above)
	lines[3][2] = uint32(t.Bits | unit.Digit(t.Periodic)<<3 | unit.Digit(t.Through)<<4)
	var b strings.Builder
	for _, l := range lines {
		for _, x := range l {
			fmt.Fprintf(&b, "%08x\n", x)
		}
	}
	return b.String()
}

// list makes the listing.
func (l *Loaded) list() {
	p := l.Program
	var b strings.Builder
	line := func(format string, args ...any) {
		b.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
	}
	var kinds []string
	for _, k := range l.Kinds {
		kinds = append(kinds, string(k))
	}
	line("%s: a program of the vector unit, of the kind of work %s", p.Name, strings.Join(kinds, " or "))
	line("%s", p.Operands)
	for k, t := range p.Totals {
		line("total %d: %s", k, l.total(k, t))
	}
	if p.Table != nil {
		line("table: %s, tables/%s.hex; entry k is coefficient k of a segment", p.Table.Name, p.Table.Name)
	}
	l.columns(line)
	line("")
	all := strings.Fields(l.Words)
	line("words, %d, in the order of job_word and on; the hexadecimal digits are %s.hex", len(all), p.Name)
	at := 0
	for s, sweep := range p.Sweeps {
		line("")
		line("sweep %d of %d, each word on all elements of a strip before the next:", s+1, len(p.Sweeps))
		rows := [][]string{{"word", "word_data", "reads", "computes", "writes"}}
		for _, w := range sweep {
			e := encoder{program: p, held: map[int]int{}}
			rows = append(rows, []string{strconv.Itoa(at), all[at], l.reads(e.slots(w)), computes(w), l.writes(w)})
			at++
		}
		aligned(line, rows)
		if s >= len(p.Between) {
			continue
		}
		for _, k := range folded(p, s) {
			line("then total %d of each row is folded", k)
		}
		line("")
		line("once a row, after sweep %d:", s+1)
		rows = rows[:1]
		for _, w := range p.Between[s] {
			rows = append(rows, []string{strconv.Itoa(at), all[at], l.reads([3]microcode.Operand{w.A, w.B, w.C}), computes(w), l.writes(w)})
			at++
		}
		aligned(line, rows)
	}
	once(line, "the controller's, once a column before the first element; it writes what it makes as constants:", p.Before)
	once(line, "the controller's, once a column after the last element; it reads the sums, and folds their ways:", p.After)
	l.Listing = b.String()
}

// total is what a total is, and where the unit keeps it.
func (l *Loaded) total(k int, t microcode.Total) string {
	what := "a sum"
	if t.Largest {
		what = "the largest"
	}
	file := fileOf(l.Program, k)
	switch t.Ways {
	case microcode.OverRows:
		return fmt.Sprintf("%s of a row, in %d ways; sum %d over rows", what, microcode.RowWays, file)
	case microcode.OverColumns:
		return fmt.Sprintf("%s of a column, in %d ways; sum %d of the lanes, read_sums%d", what, microcode.ColumnWays, file, file)
	case microcode.Window:
	}
	if t.Largest {
		return fmt.Sprintf("%s of a window; sum %d of the lanes, read_sums%d; the row in which it was is in the low half of read_sums1", what, file, file)
	}
	return fmt.Sprintf("%s of a window; sum %d of the lanes, read_sums%d", what, file, file)
}

// columns are which constants lanes hold, by constant_index.
func (l *Loaded) columns(line func(string, ...any)) {
	of := used(l.Program)
	for index := range hardwareColumns {
		if column, ok := of[index]; ok {
			line("constant_index %d: column %d", index, column)
		}
	}
}

// reads are operands by the places where the lanes have them.
func (l *Loaded) reads(slots [3]microcode.Operand) string {
	var all []string
	for i, o := range slots {
		if o.File != microcode.Literal || o.Value != 0 || o.Neg || o.Gated {
			all = append(all, fmt.Sprintf("%c %s", 'a'+rune(i), operand(o)))
		}
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}

// operand is one as listings name it.
func operand(o microcode.Operand) string {
	s := ""
	switch o.File {
	case microcode.Literal:
		s = strconv.FormatFloat(float64(o.Value), 'g', -1, 32)
	case microcode.Port:
		s = "port"
	case microcode.Register:
		s = "register"
	case microcode.Sum:
		s = "total"
	case microcode.Column:
		s = "column"
	case microcode.Scalar:
		s = "scalar"
	case microcode.Entry:
		s = "entry"
	case microcode.Out:
		s = "out"
	}
	if o.File != microcode.Literal {
		s += strconv.Itoa(o.Index)
	}
	if o.Abs {
		s = "|" + s + "|"
	}
	if o.Gated {
		s = "(bit ? " + s + " : 0)"
	}
	if o.Neg {
		s = "-" + s
	}
	return s
}

// computes is a word's operation on its operands.
func computes(w microcode.Word) string {
	a, b, c := operand(w.A), operand(w.B), operand(w.C)
	s := ""
	switch w.Op {
	case microcode.Move:
		s = a
	case microcode.Add:
		s = a + " + " + c
	case microcode.Mul:
		s = a + " * " + b
	case microcode.MulAdd:
		s = a + " * " + b + " + " + c
	case microcode.Larger:
		s = fmt.Sprintf("%s > %s ? %s : %s", a, c, a, c)
	case microcode.Clamp:
		s = fmt.Sprintf("%s clamped to %s and %s", a, b, c)
	case microcode.Split:
		s = "how far " + a + " is into its segment"
	case microcode.Pick:
		s = fmt.Sprintf("%s within the table, its end or %s beyond", a, b)
	case microcode.Divide:
		s = a + " / " + b
	case microcode.Root:
		s = "root of " + a
	}
	s = strings.ReplaceAll(s, "+ -", "- ")
	if w.Raise {
		s += ", exponent raised by the split's whole part"
	}
	return s
}

// writes is where a word's result goes.
func (l *Loaded) writes(w microcode.Word) string {
	s := operand(microcode.Operand{File: w.To.File, Index: w.To.Index})
	switch {
	case w.To.File == microcode.Out:
		s += ", FP16"
	case w.Op == microcode.Split:
		s += ", and which segment"
	}
	if w.Bit {
		s += ", and the bit"
	}
	return s
}

// once lists words of the controller.
func once(line func(string, ...any), head string, words []microcode.Word) {
	if len(words) == 0 {
		return
	}
	line("")
	line("%s", head)
	rows := [][]string{{"computes", "writes"}}
	for _, w := range words {
		rows = append(rows, []string{computes(w), operand(microcode.Operand{File: w.To.File, Index: w.To.Index})})
	}
	aligned(line, rows)
}

// aligned writes rows in columns.
func aligned(line func(string, ...any), rows [][]string) {
	var width [8]int
	for _, r := range rows {
		for i, cell := range r {
			width[i] = max(width[i], len(cell))
		}
	}
	for _, r := range rows {
		var b strings.Builder
		for i, cell := range r {
			fmt.Fprintf(&b, "  %-*s", width[i], cell)
		}
		line("%s", b.String())
	}
}
