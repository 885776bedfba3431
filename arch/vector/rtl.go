package vector

import (
	"embed"
	"math/bits"

	"satsim/arch/feed"
)

// RTL is the unit in Verilog, a module a file, in the folder rtl; it needs the modules of package fp. In rtl/bench is what replays Vectors.
//
//go:embed doc.go rtl/*.v rtl/bench/*.v
var RTL embed.FS

// Stages are the registers of a lane's multiplier and adder in Verilog, the adder's last one being the sums: operands take a register in front of them, and what is kept one behind.
func (p Params) Stages() (mul, add int) {
	mul = max(2, (p.PipelineLatency-2)*3/8)
	return mul, p.PipelineLatency - 2 - mul
}

// Room is what a unit is built with: the words of all programs, and the table of the job under way and of the next, which no architecture says, and its constants and sums.
func (p Params) Room() Room { return Room{Words: 128, Columns: p.Constants, Sums: p.Sums, Tables: 2} }

// Places are the bits of a place in a lane's memories: constants of second operands, of last ones, and sums, behind which lie those of a strip's rows.
func (r Room) Places(strip int) (second, last, sums int) {
	columns, tables, row := width(r.Columns), width(r.Tables), width(strip)
	return 1 + max(2+columns, tables+6), 1 + max(2+columns, tables+7), 1 + max(width(r.Sums), row+1)
}

// width is the bits that number n things, one at least.
func width(n int) int { return max(1, bits.Len(uint(n-1))) }

// Ports are the reader of waves that vector_fed.v has, whose scalars' address moves on with rows, and the writers of results 0 and 1, of bits, and of what work once a row makes.
func (p Params) Ports() []feed.Port {
	const words = 2 // bits of one word a row
	reader := feed.Reads(p.Lanes*(32+16+16+1)+3*32, 5, width(p.Strip)+1)
	reader.ByRow = 1 << 4
	return []feed.Port{reader, feed.Writes(p.Lanes, 16, words), feed.Writes(p.Lanes, 16, words), feed.Writes(p.Lanes, 1, words), feed.Writes(1, 3+32, words)}
}
