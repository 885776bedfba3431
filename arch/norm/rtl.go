package norm

import (
	"embed"

	"satsim/arch/feed"
)

// RTL is the unit in Verilog, a module a file, in the folder rtl; it needs the modules of package fp. In rtl/bench is what replays Vectors.
//
//go:embed doc.go rtl/*.v rtl/bench/*.v
var RTL embed.FS

// Stages are the registers of a lane in Verilog: of its operands, of the multiplier, of the adder, and of what rounds; pipeline_latency in all.
func (p Params) Stages() (front, mul, add, convert int) {
	n := p.PipelineLatency
	convert = min(n, 1)
	if n >= 4 {
		front = 1
	}
	if n >= 8 {
		convert = 2
	}
	mul = (n - front - convert) * 3 / 8
	return front, mul, n - front - convert - mul, convert
}

// Places are the channels that a lane's tables hold.
func (p Params) Places() int { return (p.Channels + p.Lanes - 1) / p.Lanes }

// Ports are the reader of waves that norm_fed.v has, and the writers of elements and of bits.
func (p Params) Ports() []feed.Port {
	const words = 2 // bits of one word a row
	return []feed.Port{feed.Reads(p.Lanes*(16+32), 2, words), feed.Writes(p.Lanes, 16, words), feed.Writes(p.Lanes, 1, words)}
}
