package sore

import (
	"embed"
	"math/bits"

	"satsim/arch/feed"
)

// RTL is the engine in Verilog, a module a file, in the folder rtl; it needs the modules of package fp. In rtl/bench is what replays Vectors.
//
//go:embed doc.go rtl/*.v rtl/bench/*.v
var RTL embed.FS

// Ports are the reader of slots and the writer of pairs that sore_fed.v has.
func (p Params) Ports() []feed.Port {
	index := max(1, bits.Len(uint(p.MaxM-1)))
	return []feed.Port{
		feed.Reads(17*p.Lanes, 1, bits.Len(uint(p.MaxM))), // of a lane whether it has an element, and the element
		feed.Writes(p.Lanes, 16+index, bits.Len(uint(p.MaxN))),
	}
}
