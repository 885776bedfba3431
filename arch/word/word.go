package word

import (
	"fmt"
	"slices"
	"strings"

	"satsim/internal/diag"
	"satsim/internal/nm"
)

// Unit names a worker of the machine.
type Unit uint8

// The workers.
const (
	Memory Unit = iota
	STCE
	SORE
	WUVE
	Vector
	Norm
	Units = iota
)

var units = [Units]struct{ name, component string }{
	Memory: {"memory", "Memory"}, STCE: {"stce", "STCE"}, SORE: {"sore", "SORE"}, WUVE: {"wuve", "WUVE"}, Vector: {"vector", "Vector"},
	Norm: {"norm", "Norm"},
}

// String is the unit's name in records and traces.
func (u Unit) String() string { return units[u].name }

// MarshalText implements encoding.TextMarshaler.
func (u Unit) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (u *Unit) UnmarshalText(text []byte) error {
	var names []string
	for i := range units {
		if units[i].name == string(text) {
			*u = Unit(i)
			return nil
		}
		names = append(names, units[i].name)
	}
	return diag.Field("", fmt.Sprintf("%q is no unit", text), strings.Join(names, ", "))
}

// Component is the unit's name among the machine's components.
func (u Unit) Component() string { return units[u].component }

// Lane is an instruction queue of a unit. A lane runs its ops in order; lanes of one unit share its resource.
type Lane uint8

// The lanes. Reads and writes of the memory have a lane for each operand, so that none waits behind another's back-pressure.
const (
	ReadWest Lane = iota
	ReadNorth
	ReadState
	ReadPass
	WriteOut
	WriteState
	WriteCopy
	WritePass
	Array
	Prune
	Update
	VectorOut  // the output path, and products
	VectorPass // passes of their own
	Normalise  // what is fetched for the west buffer
	Lanes      = iota
)

var lanes = [Lanes]struct {
	unit Unit
	name string
}{
	ReadWest: {Memory, "read_west"}, ReadNorth: {Memory, "read_north"}, ReadState: {Memory, "read_state"}, ReadPass: {Memory, "read_pass"},
	WriteOut: {Memory, "write_out"}, WriteState: {Memory, "write_state"}, WriteCopy: {Memory, "write_copy"}, WritePass: {Memory, "write_pass"},
	Array: {STCE, "array"}, Prune: {SORE, "prune"}, Update: {WUVE, "update"},
	VectorOut: {Vector, "vector_out"}, VectorPass: {Vector, "vector_pass"}, Normalise: {Norm, "normalise"},
}

// Unit is the worker that the lane belongs to.
func (l Lane) Unit() Unit { return lanes[l].unit }

// String is the lane's name in records and traces.
func (l Lane) String() string { return lanes[l].name }

// IsWrite reports whether the lane moves data to off-chip memory.
func (l Lane) IsWrite() bool { return l >= WriteOut && l <= WritePass }

// Buffer is a link between two lanes that holds tiles: an on-chip buffer.
type Buffer uint8

// The buffers.
const (
	West       Buffer = iota // rows' operands
	North                    // columns' operands
	DenseNorth               // of them those that are pruned at each fetch
	Output                   // results
	OutPath                  // results that the vector unit worked on
	State                    // master weights and optimiser state
	StateOut                 // both, updated
	Updated                  // FP16 weights
	Copies                   // compressed weights
	PassIn
	PassOut
	Factors // no data, a token of size 1 when scales and shifts are in the normaliser's tables
	Pace    // no data, a token of size 1 when passes may go on
	Buffers = iota
)

// buffers are the machine's ways: which units fill and which empty each buffer. In one group each has one of both.
var buffers = [Buffers]struct {
	name        string
	fill, empty []Unit
}{
	West:       {"west", []Unit{Memory}, []Unit{STCE, Vector}},
	North:      {"north", []Unit{Memory, SORE}, []Unit{STCE, Vector}},
	DenseNorth: {"dense_north", []Unit{Memory}, []Unit{SORE}},
	Output:     {"output", []Unit{STCE, Vector}, []Unit{Vector, WUVE, Memory}},
	OutPath:    {"out_path", []Unit{Vector}, []Unit{Memory}},
	State:      {"state", []Unit{Memory}, []Unit{WUVE}},
	StateOut:   {"state_out", []Unit{WUVE}, []Unit{Memory}},
	Updated:    {"updated", []Unit{WUVE}, []Unit{SORE, Vector, Memory}},
	Copies:     {"copies", []Unit{SORE, Vector}, []Unit{Memory}},
	PassIn:     {"pass_in", []Unit{Memory}, []Unit{Vector}},
	PassOut:    {"pass_out", []Unit{Vector, Norm}, []Unit{Memory}},
	Factors:    {"factors", []Unit{Memory}, []Unit{Memory}},
	Pace:       {"pace", []Unit{STCE, Vector}, []Unit{Vector}},
}

// String is the buffer's name in records and traces.
func (b Buffer) String() string { return buffers[b].name }

// FilledBy reports whether a unit fills the buffer.
func (b Buffer) FilledBy(u Unit) bool { return slices.Contains(buffers[b].fill, u) }

// EmptiedBy reports whether a unit empties the buffer.
func (b Buffer) EmptiedBy(u Unit) bool { return slices.Contains(buffers[b].empty, u) }

// Loop is one loop of a nest: Trips iterations of Step units of its dimension, the last one of Edge (0 < Edge <= Step).
type Loop struct {
	Dim   Dim   `yaml:"dim" json:"dim"`
	Trips int64 `yaml:"trips" json:"trips"`
	Step  int64 `yaml:"step" json:"step"`
	Edge  int64 `yaml:"edge" json:"edge"`
}

// Extent is the length that the loop covers.
func (l Loop) Extent() int64 { return (l.Trips-1)*l.Step + l.Edge }

// Dim is what a loop walks over.
type Dim string

// The dimensions of a nest. T, F and K are rows, columns and reduction of the product as the array sees it.
const (
	DimG Dim = "g" // independent products
	DimT Dim = "t" // rows
	DimF Dim = "f" // columns
	DimK Dim = "k" // reduction
	DimB Dim = "b" // images
	DimP Dim = "p" // pieces of a pass or of an update
)

// Class says which loops are at their first trip (bit 2i) and last trip (bit 2i+1); loop i counts from the outermost.
type Class uint32

// First is the class bit of loop i at its first trip.
func First(i int) Class { return 1 << (2 * i) }

// Last is the class bit of loop i at its last trip.
func Last(i int) Class { return 2 << (2 * i) }

// Boundary is the mask of First (or Last) bits of loops from..to-1.
func Boundary(from, to int, last bool) Class {
	var c Class
	for i := from; i < to; i++ {
		if last {
			c |= Last(i)
		} else {
			c |= First(i)
		}
	}
	return c
}

// Work is what an op does in one iteration; which fields count depends on its lane's unit.
type Work struct {
	// Memory: bytes moved, in contiguous runs of Run bytes, Pitch bytes from start to start (0: no regular distance, or one run).
	Bytes int64 `yaml:"bytes,omitempty" json:"bytes,omitempty"`
	Run   int64 `yaml:"run,omitempty" json:"run,omitempty"`
	Pitch int64 `yaml:"pitch,omitempty" json:"pitch,omitempty"`
	// Pace is for how many cycles the transfer crosses its ports at the least, because a unit on its way takes no more; Late is by how many it arrives later for it.
	Pace int64 `yaml:"pace,omitempty" json:"pace,omitempty"`
	Late int64 `yaml:"late,omitempty" json:"late,omitempty"`
	// Array: Repeat independent tiles of Rows x Cols outputs over Taps x Channels terms. Vector, where there are Taps: a product of Rows positions, for each of
	// Channels at each of Taps.
	Rows     int64 `yaml:"rows,omitempty" json:"rows,omitempty"`
	Cols     int64 `yaml:"cols,omitempty" json:"cols,omitempty"`
	Taps     int64 `yaml:"taps,omitempty" json:"taps,omitempty"`
	Channels int64 `yaml:"channels,omitempty" json:"channels,omitempty"`
	Repeat   int64 `yaml:"repeat,omitempty" json:"repeat,omitempty"`
	// Slow stretches the tiles when buffers cannot keep up with the array, or the lanes.
	Slow   Slow `yaml:"slow,omitempty" json:"slow,omitempty"`
	Resume bool `yaml:"resume,omitempty" json:"resume,omitempty"`
	Spill  bool `yaml:"spill,omitempty" json:"spill,omitempty"`
	// SORE: Repeat runs of Channels channels. WUVE: parameters updated. Norm: Repeat runs of Channels elements that begin at lane Begin, or Elements scales
	// and shifts that are made.
	Elements int64 `yaml:"elements,omitempty" json:"elements,omitempty"`
	Begin    int64 `yaml:"begin,omitempty" json:"begin,omitempty"`
	// Vector: the kinds of work done on the tile, one after the other. Where it searches masks, Elements weights are read from the buffer.
	Parts []Part `yaml:"parts,omitempty" json:"parts,omitempty"`
	// Space is what the outputs reserve in their buffers, in bytes.
	Space [2]int64 `yaml:"space,omitempty" json:"space,omitempty"`
}

// Slow is by how much buffers that cannot keep up stretch a tile: Slow[0]/Slow[1]; zero, or no more than 1, is no stretch.
type Slow [2]int64

// Stretch of cycles: rounded up.
func (s Slow) Stretch(cycles int64) int64 {
	if s[0] <= s[1] {
		return cycles
	}
	return (cycles*s[0] + s[1] - 1) / s[1]
}

// Part is one kind of element-wise work of the vector unit.
type Part struct {
	Kind     PassKind `yaml:"kind" json:"kind"`
	Elements int64    `yaml:"elements" json:"elements"`
	Row      int64    `yaml:"row,omitempty" json:"row,omitempty"` // elements of a row, of kinds that go over rows; else 0, and columns are taken as if in place
}

// Variant is the work of the classes with (class & Mask) == Value.
type Variant struct {
	Mask  Class `yaml:"mask" json:"mask"`
	Value Class `yaml:"value" json:"value"`
	Work  Work  `yaml:"work" json:"work"`
}

// End is an op's use of a buffer: acquired or reserved at the first, released or sent at the last iteration of the loops from Level
// up to the op's level.
type End struct {
	Buffer Buffer `yaml:"buffer" json:"buffer"`
	Level  int    `yaml:"level" json:"level"`
}

// Op is an instruction of a lane inside a nest.
type Op struct {
	Lane     Lane      `yaml:"lane" json:"lane"`
	Level    int       `yaml:"level" json:"level"`
	Post     bool      `yaml:"post,omitempty" json:"post,omitempty"` // after the inner loops, not before
	Operand  string    `yaml:"operand,omitempty" json:"operand,omitempty"`
	Channels uint64    `yaml:"channels,omitempty" json:"channels,omitempty"` // memory channels, a bit mask
	In       []End     `yaml:"in,omitempty" json:"in,omitempty"`
	Out      []End     `yaml:"out,omitempty" json:"out,omitempty"`
	Variants []Variant `yaml:"variants" json:"variants"`
}

// Find is the index of the variant of a class, or -1.
func (o *Op) Find(c Class) int {
	for i := range o.Variants {
		if v := &o.Variants[i]; c&v.Mask == v.Value {
			return i
		}
	}
	return -1
}

// Opens reports whether end e of an op at level d is acquired (reserved) in class c.
func (e End) Opens(d int, c Class) bool {
	m := Boundary(e.Level, d, false)
	return c&m == m
}

// Closes reports whether end e of an op at level d is released (sent) in class c.
func (e End) Closes(d int, c Class) bool {
	m := Boundary(e.Level, d, true)
	return c&m == m
}

// Stream is a loop nest and its ops: first those that are not Post, in program order, then the Post ones.
type Stream struct {
	Loops []Loop `yaml:"loops" json:"loops"`
	Ops   []Op   `yaml:"ops" json:"ops"`
	// After names streams of the group (by index) that must have finished: a barrier.
	After []int `yaml:"after,omitempty" json:"after,omitempty"`
}

// ArrayConfig is the configuration of the STCE for a group.
type ArrayConfig struct {
	Mode       Mode     `yaml:"mode" json:"mode"`             // os, ws
	Over       Over     `yaml:"over" json:"over"`             // f, t
	Interleave int      `yaml:"interleave" json:"interleave"` // depth
	Ratio      nm.Ratio `yaml:"ratio" json:"ratio"`           // N:M on the array; 1:1 is dense
	// Diagonal: products side by side, of whose M operands each column keeps those that are its own; rows and columns fall into so many blocks, and of
	// what rows of one and columns of another make nothing is used. 0: one product.
	Diagonal int64 `yaml:"diagonal,omitempty" json:"diagonal,omitempty"`
	// Held: outputs hold their places in all groups, so many of them side by side for each column of the product. 0: kept weights bring theirs.
	Held int64 `yaml:"held,omitempty" json:"held,omitempty"`
}

// Update is the configuration of the WUVE for a group.
type UpdateConfig struct {
	Optimiser   Optimiser `yaml:"optimiser,omitempty" json:"optimiser,omitempty"`
	Unscale     bool      `yaml:"unscale,omitempty" json:"unscale,omitempty"` // loss scale
	WeightDecay bool      `yaml:"weight_decay,omitempty" json:"weight_decay,omitempty"`
	SRSTE       bool      `yaml:"sr_ste,omitempty" json:"sr_ste,omitempty"`     // SR-STE: reads the mask
	Deferred    bool      `yaml:"deferred,omitempty" json:"deferred,omitempty"` // after a check of all gradients
}

// Group is what the machine runs between two drains.
type Group struct {
	Tag     uint32       `yaml:"tag" json:"tag"` // opaque to the machine
	Array   ArrayConfig  `yaml:"array" json:"array"`
	Prune   nm.Ratio     `yaml:"prune" json:"prune"` // ratio at which SORE sorts
	Update  UpdateConfig `yaml:"update" json:"update"`
	Streams []Stream     `yaml:"streams" json:"streams"`
}
