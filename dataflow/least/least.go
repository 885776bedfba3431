package least

import (
	"fmt"

	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/arch/wuve"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
)

// Step is what bounds a step, made of its plan. It holds for every machine that differs from the plan's in the parameters that Free lists alone.
type Step struct {
	groups      []group
	reconfigure int64
	did         unit.Activity
}

// Did is what no schedule does less of, as far as it is known beforehand: multiplications and additions of the array, operations of the vector unit and of WUVE,
// bits that memory moves. Buffers, links and what waits are left out.
func (s *Step) Did() *unit.Activity { return &s.did }

// Free lists the parameters that a plan does not depend on, as overrides name them.
func Free() []string {
	return []string{
		"stce.rows", "stce.cols", "stce.mul_latency", "stce.add_latency", "stce.max_interleave", "stce.link_width", "stce.add_in",
		"vector.lanes", "vector.pipeline_latency", "vector.strip", "wuve.lanes", "wuve.mul_latency", "wuve.add_latency", "wuve.div_latency",
		"wuve.sqrt_latency", "wuve.convert_latency", "buffers.west.capacity", "buffers.north.capacity", "buffers.output.capacity",
		"buffers.update.capacity", "buffers.pass.capacity",
	}
}

// group is the least work of a word group, and of so many that are alike.
type group struct {
	times      int64
	shape      *geometry.Shape // nil: no product
	joins      bool
	lanes      bool // the vector unit may take the product
	interleave bool
	vector     int64 // operations
	updated    int64 // parameters
	sorted     int64 // elements
	memory     int64 // cycles
}

// Of a plan. Words need not be chosen.
func Of(p *dataflow.Plan) (*Step, error) {
	fast, err := memory.NewFast(p.Spec.Board.Memory, int64(p.Spec.Clock))
	if err != nil {
		return nil, fmt.Errorf("bounding a step: %w", err)
	}
	out := &Step{reconfigure: p.Spec.Controller.Reconfigure}
	at := map[key]int{}
	for i := range p.Groups {
		g := of(p, &p.Groups[i], fast, &out.did)
		k := g.key()
		if n, known := at[k]; known {
			out.groups[n].times++
			continue
		}
		at[k] = len(out.groups)
		out.groups = append(out.groups, g)
	}
	return out, nil
}

// key is equal for groups that are bounded alike.
type key struct {
	shape                           geometry.Shape
	product, lanes                  bool
	vector, updated, sorted, memory int64
}

func (g *group) key() key {
	k := key{product: g.shape != nil, lanes: g.lanes, vector: g.vector, updated: g.updated, sorted: g.sorted, memory: g.memory}
	if k.product {
		k.shape = *g.shape
	}
	return k
}

func of(p *dataflow.Plan, from *dataflow.Group, fast *memory.Fast, did *unit.Activity) group {
	g := group{times: 1, shape: from.Shape, joins: p.Options.Join, lanes: from.Shape != nil && p.Lanable(from), interleave: p.Options.Interleave}
	var moved memory.Moved
	add := func(l word.Lane, w word.Work) {
		switch l.Unit() {
		case word.Memory:
			moved.Add(w.Bytes, l.IsWrite())
		case word.WUVE:
			g.updated += w.Elements
			o := from.Update.Config()
			n := wuve.Job{Optimiser: o.Optimiser, Unscale: o.Unscale, SRSTE: o.SRSTE, WeightDecay: o.WeightDecay}.Operators()
			for i, of := range map[int]int{wuve.Parameters: 1, wuve.Multiplies: n.Multiply, wuve.Adds: n.Add, wuve.Divides: n.Divide, wuve.SquareRoots: n.SquareRoot, wuve.Converts: n.Convert} {
				did.Units[word.WUVE][i] += int64(of) * w.Elements
			}
		case word.SORE:
			g.sorted += max(w.Repeat, 1) * w.Channels
		case word.Vector:
			for _, part := range w.Parts {
				c := p.Spec.Vector.Least(vector.Job{Kind: part.Kind, Elements: part.Elements, Row: part.Row})
				g.vector += c[vector.Operations]
				for i, n := range c {
					did.Units[word.Vector][i] += n
				}
			}
		case word.STCE, word.Norm: // of the shape, below; of passes that may be taken away
		}
	}
	path, chains := &from.Path, from.Chains
	if p.Spec.Norm.Built() { // the scheduler may take passes away: none counts
		path, chains = &route.Path{}, nil
	}
	if s := from.Shape; s != nil {
		legs := route.Of(s, route.NorthOf(s, &p.Spec, !p.Options.Pregenerate), &p.Spec.Norm, path, from.Update != nil)
		for _, way := range [][]route.Leg[geometry.Extent]{legs.West, legs.North, legs.Out} {
			for i := range way {
				add(way[i].Lane, way[i].Work(s.Everything()))
			}
		}
		w, r := s.ArrayWork(s.Everything(), true, true), s.ArrayRatio()
		if g.lanes { // it is not known who multiplies
			w.Rows = 0
		}
		macs := s.G * w.Rows * w.Cols * w.Taps * int64(r.Kept(int(w.Channels)))
		for _, i := range []int{stce.MACs, stce.Multiplies, stce.Adds} {
			did.Units[word.STCE][i] += macs
		}
		if r.M > 1 {
			did.Units[word.STCE][stce.SelectorUses] += macs
		}
	}
	for i := range chains {
		for _, l := range chains[i].Chain.Legs(false) {
			add(l.Lane, l.Work(route.Cut{N: 1, Last: true}))
		}
	}
	if u := from.Update; u != nil {
		legs := u.Legs(from.Shape != nil)
		legs.Each(func(l *route.Leg[route.Share]) {
			add(l.Lane, l.Work(route.Share{N: u.Parameters, Copies: u.Copies.Bytes()}))
		})
	}
	if p.Spec.Board.Memory.Model == memory.ModelFast { // the detailed one may be faster
		g.memory = fast.Moves(moved)
	}
	did.Units[word.Memory][memory.ReadBits] += 8 * moved.Reads
	did.Units[word.Memory][memory.WriteBits] += 8 * moved.Writes
	return g
}

// Cycles that the step takes at the least on a machine.
func (s *Step) Cycles(m *spec.Spec) (n int64) {
	for i := range s.groups {
		n += s.groups[i].times * (s.reconfigure + s.groups[i].cycles(m))
	}
	return n
}

func (g *group) cycles(m *spec.Spec) int64 {
	n, lanes := g.memory, int64(m.Vector.Lanes)
	if g.updated > 0 {
		n = max(n, ceil(g.updated, int64(m.WUVE.Lanes)))
	}
	if g.sorted > 0 {
		n = max(n, ceil(g.sorted, int64(m.SORE.Lanes)))
	}
	beside := ceil(g.vector, lanes)
	if g.shape == nil {
		return max(n, beside)
	}
	least := product(g.shape, &m.STCE, g.interleave)
	if g.joins {
		for _, j := range g.shape.Joins(&m.STCE) {
			if x, err := g.shape.Joined(&m.STCE, j); err == nil { // one that the array cannot do is none
				least = min(least, product(x, &m.STCE, g.interleave))
			}
		}
	}
	least = max(least, beside)
	if g.lanes {
		least = min(least, ceil(g.vector+g.shape.MACs(), lanes))
	}
	return max(n, least)
}

// product is the fewest cycles in which an array issues a product.
func product(s *geometry.Shape, p *stce.Params, interleave bool) int64 {
	w, r := s.ArrayWork(s.Everything(), true, true), s.ArrayRatio()
	rows, cols := int64(p.Rows), int64(p.Cols)
	kept, groups := w.Taps*int64(r.Kept(int(w.Channels))), w.Taps*int64(r.Groups(int(w.Channels)))
	across := ceil(w.Cols, cols)
	down := ceil(w.Rows, rows)
	ws := w.Rows * across * max(ceil(kept, rows), ceil(groups, rows))
	os := down * across * kept
	// The wait for the adder, in outputs' terms of one slot each.
	depth := int64(1)
	if interleave {
		depth = max(min(int64(p.MaxInterleave), max(down, across)), 1)
	}
	if wait := int64(p.AddLatency); wait > depth {
		terms := s.LeastTerms()
		// S-1 of S slots wait wait/depth each.
		os = max(os, os/(terms*depth)*((terms-1)*wait+depth))
	}
	return s.G * min(os, ws)
}

func ceil(a, b int64) int64 { return (a + b - 1) / b }
