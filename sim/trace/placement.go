package trace

import (
	"fmt"
	"strings"

	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/internal/nm"
	"satsim/workloads"
)

// page is where tensors begin.
const page = 4096

// region is a tensor's part of the address space; its base is known once all regions are.
type region struct{ base, bytes int64 }

// locate says where an iteration of an op moves so many bytes.
type locate func(iteration, bytes int64) ([]run, error)

// placement gives regions their places.
type placement struct {
	plan    *dataflow.Plan
	regions []*region
	byName  map[string]*region
	copies  map[string][]*region // of a weight, in the order in which they are first read
}

// place finds regions for all groups of a plan, and for each of their ops where it goes; nil for ops of other units.
func place(p *dataflow.Plan) [][]locate {
	m := &placement{plan: p, byName: map[string]*region{}, copies: map[string][]*region{}}
	out := make([][]locate, len(p.Groups))
	for i := range p.Groups {
		out[i] = m.group(&p.Groups[i])
	}
	at := int64(0)
	for _, r := range m.regions {
		r.base = at
		at = (at + r.bytes + page - 1) / page * page
	}
	return out
}

// need makes a region, or lets it grow.
func (m *placement) need(name string, bytes int64) *region {
	r, ok := m.byName[name]
	if !ok {
		r = &region{}
		m.byName[name] = r
		m.regions = append(m.regions, r)
	}
	r.bytes = max(r.bytes, bytes)
	return r
}

// group locates the ops of a group.
func (m *placement) group(g *dataflow.Group) []locate {
	var out []locate
	for si := range g.Word.Streams {
		s := &g.Word.Streams[si]
		room := largest(s)
		for oi := range s.Ops {
			o := &s.Ops[oi]
			var l locate
			switch o.Lane {
			case word.ReadWest, word.ReadNorth:
				l = m.operand(g, s, o)
			case word.WriteOut:
				l = m.result(g, s, o)
			case word.ReadState, word.WriteState:
				l = m.tiles(m.weight(g)+".state", s, o, room[o.Lane], nil)
			case word.WriteCopy:
				l = m.update(g, s, o)
			case word.ReadPass, word.WritePass:
				l = m.tiles(fmt.Sprintf("%s %d %s", g.Label, si, o.Lane), s, o, room[o.Lane], nil)
			case word.Array, word.Prune, word.Normalise, word.Update, word.VectorOut, word.VectorPass: // they move nothing off-chip
			}
			out = append(out, l)
		}
	}
	return out
}

// largest is the largest tile of each lane; those of a weight's state have the same room whether they are read or written.
func largest(s *word.Stream) (room [word.Lanes]int64) {
	for i := range s.Ops {
		for v := range s.Ops[i].Variants {
			l := s.Ops[i].Lane
			room[l] = max(room[l], s.Ops[i].Variants[v].Work.Bytes)
		}
	}
	state := max(room[word.ReadState], room[word.WriteState])
	room[word.ReadState], room[word.WriteState] = state, state
	return room
}

// weight is the name of the parameters that a group updates.
func (m *placement) weight(g *dataflow.Group) string {
	if g.Product != nil {
		return strings.TrimSuffix(strings.TrimPrefix(g.Product.Out.Name, "d("), ")")
	}
	return strings.TrimSuffix(g.Label, " update")
}

// tiles locates tiles that lie one behind the other, each with so much room; depends says which loops lead to another tile (nil: all).
func (m *placement) tiles(name string, s *word.Stream, o *word.Op, room int64, depends func(word.Dim) bool) locate {
	n := int64(1)
	for _, l := range s.Loops[:o.Level] {
		if depends == nil || depends(l.Dim) {
			n *= l.Trips
		}
	}
	to := m.need(name, n*room)
	return func(iteration, bytes int64) ([]run, error) {
		index, weight := int64(0), int64(1)
		for i := o.Level - 1; i >= 0; i-- {
			l := &s.Loops[i]
			if depends == nil || depends(l.Dim) {
				index += iteration % l.Trips * weight
				weight *= l.Trips
			}
			iteration /= l.Trips
		}
		return []run{{at: to.base + index*room, bytes: bytes}}, nil
	}
}

// through locates what an op moves beside its tiles: one after the other, each iteration going on where the one before ended.
func (m *placement) through(name string, s *word.Stream, o *word.Op, bytes int64) locate {
	for _, l := range s.Loops[:o.Level] {
		bytes += l.Trips // shares are rounded up
	}
	to := m.need(name, bytes)
	var at int64
	return func(_, bytes int64) ([]run, error) {
		r := run{at: to.base + at%max(to.bytes-bytes, 1), bytes: bytes, saved: true}
		at += bytes
		return []run{r}, nil
	}
}

// boxes locates tiles of an NHWC array. What an op moves besides goes to more, if there is that.
func (m *placement) boxes(g *dataflow.Group, name string, s *word.Stream, o *word.Op, of func(c cut, bytes int64) (tensor, box), more locate) locate {
	t, _ := of(cutAt(g, s.Loops, 0, 0), 0)
	to := m.need(name, t.bytes())
	return func(iteration, bytes int64) ([]run, error) {
		t, b := of(cutAt(g, s.Loops, o.Level, iteration), bytes)
		out := t.runs(&b)
		left := bytes
		for i := range out {
			left -= out[i].bytes
			out[i].at += to.base
		}
		switch {
		case left == 0:
			return out, nil
		case left > 0 && more != nil:
			rest, err := more(iteration, left)
			return append(out, rest...), err
		}
		return nil, fmt.Errorf("%s moves %d bytes, its tile of %s has %d", o.Lane, bytes, name, bytes-left)
	}
}

// operand locates the reads of a product.
func (m *placement) operand(g *dataflow.Group, s *word.Stream, o *word.Op) locate {
	shape, pr := g.Tiled, g.Product
	isWest := o.Lane == word.ReadWest
	switch {
	case isWest != shape.Transposed: // the patches take the side of the value-serial operand
		return m.boxes(g, pr.West.Name, s, o, func(c cut, bytes int64) (tensor, box) { return patches(shape, c, bytes) }, nil)
	case shape.WU && pr.North.Format.Ratio.M > 0: // drawn, and stored pruned
		return m.tiles(pr.North.Name, s, o, largest(s)[o.Lane], func(d word.Dim) bool { return d != word.DimK })
	case shape.WU:
		return m.boxes(g, pr.North.Name, s, o, func(c cut, _ int64) (tensor, box) { return rows(shape, c, nil) }, nil)
	}
	name := pr.North.Name
	if !shape.Join.IsNone() || !shape.Ratio.IsDense() && !shape.Transposed && m.plan.Options.Pregenerate {
		name += " " + pr.Stage.String()
		if pr.Sparse.Search != nm.TopN { // one copy for both
			name = pr.North.Name + " FF"
		}
	}
	before := len(m.regions)
	l := m.tiles(name, s, o, largest(s)[o.Lane], func(d word.Dim) bool { return d == word.DimG || d == word.DimK || d == word.DimF })
	if pr.North.Role == workloads.Weight && len(m.regions) > before {
		m.copies[pr.North.Name] = append(m.copies[pr.North.Name], m.byName[name])
	}
	return l
}

// result locates the writes of a product: its array, and what the output path leaves besides.
func (m *placement) result(g *dataflow.Group, s *word.Stream, o *word.Op) locate {
	shape, pr := g.Tiled, g.Product
	room := largest(s)[o.Lane]
	if shape.WU {
		return m.tiles(pr.Out.Name, s, o, room, nil)
	}
	var more locate
	if g.Path.Writes > 0 {
		more = m.through(g.Label+" beside", s, o, g.Path.Writes)
	}
	at := spreadOf(m.plan.Step, g.Item, pr, shape)
	return m.boxes(g, pr.Out.Name, s, o, func(c cut, _ int64) (tensor, box) { return rows(shape, c, at) }, more)
}

// update locates the writes of a weight's copies: a part of each, all going forward together.
func (m *placement) update(g *dataflow.Group, s *word.Stream, o *word.Op) locate {
	name := m.weight(g)
	n := int64(1)
	for _, l := range s.Loops[:o.Level] {
		n *= l.Trips
	}
	room := largest(s)[o.Lane]
	copies := m.copies[name]
	if len(copies) == 0 {
		return m.tiles(name, s, o, room, nil)
	}
	var total int64
	for _, c := range copies {
		total += c.bytes
	}
	for _, c := range copies { // tiles are padded, in other ways than copies
		c.bytes = max(c.bytes, c.bytes*(room+total)/total)
	}
	return func(iteration, bytes int64) ([]run, error) {
		var out []run
		var total int64
		for _, c := range copies {
			total += c.bytes
		}
		left := bytes
		for i, c := range copies {
			part := bytes * c.bytes / total
			if i == len(copies)-1 {
				part = left
			}
			left -= part
			at := min(c.bytes*iteration/n, c.bytes-part) / 2 * 2
			if part > 0 {
				out = append(out, run{at: c.base + max(at, 0), bytes: part})
			}
		}
		return out, nil
	}
}
