package microcode

// Op is what a word does to its operands.
type Op int

// The operators of a lane; Divide and Root are those of work once a column or row.
const (
	Move   Op = iota // a
	Add              // a + c
	Mul              // a * b
	MulAdd           // a * b + c, rounded in between
	Larger           // a where a > c, else c
	Clamp            // a, not below b and not above c
	Split            // how far a is into its segment of the table
	Pick             // a inside the table, b beyond its end where the function goes on so, else what it ends with
	Divide           // a / b
	Root             // square root of a
)

// File is where an operand is, or a result goes.
type File int

// The files. The zero value is the literal 0, and no destination.
const (
	Literal  File = iota
	Port          // elements of operand tensors
	Register      // what earlier words made of the element
	Sum           // accumulators
	Column        // constants of the element's column
	Scalar        // constants of its row, or of the pass
	Entry         // coefficients of the table's segment
	Out           // elements of results
)

// Operand is a number that a word reads.
type Operand struct {
	File  File
	Index int
	Value float32 // of a literal
	Neg   bool    // with its sign turned
	Abs   bool    // without its sign
	Gated bool    // +0 where the element's bit is clear
}

// Place is where a result goes.
type Place struct {
	File  File
	Index int
}

// Word is one operation on one element.
type Word struct {
	Op      Op
	A, B, C Operand
	To      Place
	Bit     bool // the operator's bit leaves, too
	Raise   bool // by the whole part of the last split
}

// Ways says how many accumulators an element's column or row has.
type Ways int

// The orders of sums.
const (
	OverColumns Ways = iota // 32 of each column
	OverRows                // 256 of each row
	Window                  // one
)

// The numbers of ways.
const (
	ColumnWays = 32
	RowWays    = 256
)

// Total is a sum of a program, or the largest of all.
type Total struct {
	Ways    Ways
	Largest bool
}

// Program is a pass.
type Program struct {
	Name     string
	Operands string // what ports, columns, scalars and totals are, in words
	Table    *Table
	Totals   []Total
	Before   []Word   // once a column
	Sweeps   [][]Word // an element
	Between  [][]Word // once a row, after each sweep
	After    []Word   // once a column
}

// of says what a program's operands are.
func (p *Program) of(operands string) *Program { p.Operands = operands; return p }

// Words is how many an element takes.
func (p *Program) Words() int {
	n := 0
	for _, s := range p.Sweeps {
		n += len(s)
	}
	return n
}

// Operands as programs write them.

func port(k int) Operand        { return Operand{File: Port, Index: k} }
func register(k int) Operand    { return Operand{File: Register, Index: k} }
func sum(k int) Operand         { return Operand{File: Sum, Index: k} }
func column(k int) Operand      { return Operand{File: Column, Index: k} }
func scalar(k int) Operand      { return Operand{File: Scalar, Index: k} }
func entry(k int) Operand       { return Operand{File: Entry, Index: k} }
func literal(v float32) Operand { return Operand{Value: v} }

func (o Operand) neg() Operand   { o.Neg = true; return o }
func (o Operand) abs() Operand   { o.Abs = true; return o }
func (o Operand) gated() Operand { o.Gated = true; return o }

func out(k int) Place { return Place{Out, k} }

// place is where an operand of that file and index is kept.
func (o Operand) place() Place { return Place{o.File, o.Index} }

// Words as programs write them.

func move(to Place, a Operand) Word         { return Word{Op: Move, A: a, To: to} }
func add(to Place, a, c Operand) Word       { return Word{Op: Add, A: a, C: c, To: to} }
func mul(to Place, a, b Operand) Word       { return Word{Op: Mul, A: a, B: b, To: to} }
func mulAdd(to Place, a, b, c Operand) Word { return Word{Op: MulAdd, A: a, B: b, C: c, To: to} }
func larger(to Place, a, c Operand) Word    { return Word{Op: Larger, A: a, C: c, To: to} }
func split(to Place, a Operand) Word        { return Word{Op: Split, A: a, To: to} }
func pick(to Place, a, b Operand) Word      { return Word{Op: Pick, A: a, B: b, To: to} }
func divide(to Place, a, b Operand) Word    { return Word{Op: Divide, A: a, B: b, To: to} }
func root(to Place, a Operand) Word         { return Word{Op: Root, A: a, To: to} }

// sums adds a to total k.
func sums(k int, a Operand) Word { return add(sum(k).place(), a, sum(k)) }

// sumsProduct adds a product to total k.
func sumsProduct(k int, a, b Operand) Word { return mulAdd(sum(k).place(), a, b, sum(k)) }

func (w Word) withBit() Word { w.Bit = true; return w }
func (w Word) raised() Word  { w.Raise = true; return w }
