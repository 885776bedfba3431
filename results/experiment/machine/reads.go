package machine

import (
	"satsim/arch/controller"
	"satsim/arch/spec"
	"satsim/arch/word"
)

// reads is all that a group's outcome depends on: its words, what the units in them read of the spec, the room in the buffers between them, and the controller.
type reads struct {
	units      spec.Part
	room       [word.Buffers]int64
	controller controller.Params
	words      string
}

// reads of a group whose words are the machine's key.
func (m *Machine) reads(g *word.Group) reads {
	r := reads{controller: m.spec.Controller, words: string(m.key)}
	of := [word.Units]bool{word.Memory: true} // whose channels every outcome lists
	for i := range g.Streams {
		for j := range g.Streams[i].Ops {
			o := &g.Streams[i].Ops[j]
			of[o.Lane.Unit()] = true
			for _, e := range o.Out {
				r.room[e.Buffer] = m.spec.Buffers.Capacity(e.Buffer)
			}
		}
	}
	r.units = m.spec.Part(of)
	return r
}
