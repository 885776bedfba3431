package wuve

import (
	"embed"

	"satsim/arch/feed"
)

// RTL is the engine in Verilog, a module a file, in the folder rtl; it needs the modules of package fp. In rtl/bench is what replays Vectors.
//
//go:embed doc.go rtl/*.v rtl/bench/*.v
var RTL embed.FS

// Ports are the reader of operands that wuve_fed.v has, and the writers of master weights, FP16 weights, first and second state words. Of state words those are used that the lanes' optimiser has.
func (p Params) Ports() []feed.Port {
	const words = 2 // bits of one word a row
	reader := feed.Reads(p.Lanes*(4*32+1), 5, words)
	reader.Used -= p.Lanes * 32 * (2 - StateWords(p.Optimiser))
	all := []feed.Port{reader, feed.Writes(p.Lanes, 32, words), feed.Writes(p.Lanes, 16, words)}
	for state := range 2 {
		writer := feed.Writes(p.Lanes, 32, words)
		if state >= StateWords(p.Optimiser) {
			writer.Used = 0
		}
		all = append(all, writer)
	}
	return all
}
