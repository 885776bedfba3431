package vector

import "embed"

// RTL is the unit in Verilog, a module a file, in the folder rtl; it needs the modules of package fp. In rtl/bench is what replays Vectors.
//
//go:embed rtl/*.v rtl/bench/*.v
var RTL embed.FS

// Stages are the registers of a lane in Verilog: of the operands, if there are enough for it, of the multiplier, half of what is left, and of the adder.
func (p Params) Stages() (read, mul, add int) {
	if p.PipelineLatency > 5 {
		read = 1
	}
	mul = (p.PipelineLatency - read) / 2
	return read, mul, p.PipelineLatency - read - mul
}
