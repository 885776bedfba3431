package schedule

import (
	"fmt"

	"satsim/arch/buffer"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
)

// known is the bytes of what a search remembers that shares no memo.
const known = 16 << 20

// reads is all that the search reads of a plan for a group, but for a Weigh: the key of what it finds. Of units that have no work there it reads nothing.
type reads struct {
	units      spec.Part
	buffers    buffer.Params
	pruneAt    word.PrunePlace
	objective  spec.Objective
	interleave bool
	join       bool
	lanes      bool
	unpruned   bool // weights are fetched as they are
	most       int

	shape         geometry.Shape
	parts         string // in the output path, with their elements
	beside        string // those beside the product, where its unit may be theirs
	read, written int64  // beside Out
	updated       bool
	update        route.Update
}

// reads of a group.
func (s *Searcher) reads(g *dataflow.Group, most int) reads {
	p := s.Plan
	r := reads{
		buffers: p.Spec.Buffers, pruneAt: p.Spec.Dataflow.PruneAt, objective: s.Objective,
		interleave: p.Options.Interleave, join: p.Options.Join, unpruned: !p.Options.Pregenerate, most: most,
		shape: *g.Shape, read: g.Path.Reads, written: g.Path.Writes,
	}
	of := [word.Units]bool{word.Memory: true, word.STCE: true}
	r.lanes = p.Lanable(g)
	of[word.Vector] = len(g.Path.Parts) > 0 || r.lanes
	if len(g.Path.Parts) > 0 {
		r.parts = fmt.Sprint(g.Path.Parts)
	}
	if r.lanes {
		r.beside = fmt.Sprint(g.Beside())
	}
	if of[word.WUVE] = g.Update != nil; of[word.WUVE] {
		r.updated, r.update = true, *g.Update
	}
	of[word.SORE], of[word.Norm] = p.Sorts(g), g.Shape.Norm.Channels > 0
	r.units = p.Spec.Part(of)
	return r
}
