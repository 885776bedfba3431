package stce

import (
	"embed"
	"fmt"

	"satsim/arch/fp"
)

// RTL is the array in Verilog, a module a file, and its bench, in the folders rtl and rtl/bench. It needs the operators of package fp.
//
//go:embed doc.go rtl/*.v rtl/*.vh rtl/bench/*.v
var RTL embed.FS

// Constant is a parameter of a module.
type Constant struct {
	Name  string
	Value int64
}

// Constants are the parameters of module stce.
func (p Params) Constants() []Constant {
	return []Constant{
		{"ROWS", int64(p.Rows)}, {"COLS", int64(p.Cols)}, {"MAX_N", int64(p.MaxN)}, {"MAX_M", int64(p.MaxM)}, {"MAX_I", int64(p.MaxInterleave)},
		{"LINK_W", int64(p.LinkWidth)}, {"MUL_LATENCY", int64(p.MulLatency)}, {"ADD_LATENCY", int64(p.AddLatency)},
		{"FLUSH", once(p.Subnormals == fp.Flush)}, {"SHADOW", once(p.Preload != PreloadSerial)}, {"CHASE", once(p.Preload == PreloadChase)},
		{"PRODUCTS", once(p.OverlapProducts)},
	}
}

// Places is the parameter of module stce by which its elements, and its edges, have places that outputs hold; without, a tile that holds them does not run.
func Places(built bool) Constant { return Constant{"HELD", once(built)} }

// HeldWeights are the kept weights of an element, max_n times max_interleave, up to which its paths take no more than 0.8 of a cycle of 200 MHz (the table of arch/rtl/synthesis); what
// is deeper is read through more multiplexers.
const HeldWeights = 64

// HoldsClock says by which key an element is deeper than what holds the clock; it has Verilog nevertheless.
func (p Params) HoldsClock() error {
	if p.MaxN*p.MaxInterleave <= HeldWeights {
		return nil
	}
	return fmt.Errorf("max_interleave: at %d and max_n %d an element holds %d kept weights, and its paths take more than 0.8 of a cycle of 200 MHz; up to %d weights hold it (docs/rtl.md)",
		p.MaxInterleave, p.MaxN, p.MaxN*p.MaxInterleave, HeldWeights)
}
