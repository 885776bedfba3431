package sim

import (
	"satsim/arch/memory"
	"satsim/arch/word"
	"satsim/internal/quantity"
)

type freq = quantity.Frequency

func requestOf(g *word.Group, op int) memory.Request {
	o := &g.Streams[0].Ops[op]
	return memory.RequestOf(o, &o.Variants[0].Work)
}
