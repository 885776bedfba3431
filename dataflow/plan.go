package dataflow

import (
	"fmt"
	"slices"

	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// Options switch the dataflow's optimisations, each by its name, and say how weights are updated.
type Options struct {
	Interleave  bool // interleave mapping
	Join        bool // products of grouped convolutions side by side
	Lanes       bool // weight updates of depthwise convolutions on the vector unit
	Pregenerate bool // pruned copies made once, after the update
	Overlap     bool // passes run beside a weight update that does not need them
	Omit        []workloads.PassKind

	Update recipe.Update // of the recipe
}

// GroupKind says what a group is for.
type GroupKind string

// The kinds of groups.
const (
	ProductGroup GroupKind = "product"
	PassGroup    GroupKind = "pass"
	UpdateGroup  GroupKind = "update"
)

// Group is a word group with what it stands for.
type Group struct {
	Word  word.Group
	Kind  GroupKind
	Item  int // of the step
	Label string
	// Product, with its shape and what was chosen for it; nil for other kinds.
	Product *workloads.Product
	Shape   *geometry.Shape
	Choice  *geometry.Choice
	Tiled   *geometry.Shape // what the choice's tiles are of: the shape, or it with products joined
	Path    route.Path
	Update  *route.Update
	Weight  string      // that the update is of
	Chains  []SideChain // passes of their own in this group, one after the other: the last streams
}

// SideChain is a chain of passes that a group runs beside its product, or is.
type SideChain struct {
	Item  int
	Chain route.Chain
}

// Alternatives are the group as the machine may take it: its product as it is, with so many joined as the search tries, and on the vector unit. Nothing is chosen
// for them.
func (p *Plan) Alternatives(g *Group) ([]*Group, error) {
	out := []*Group{g}
	if p.Options.Join {
		for _, j := range g.Shape.Joins(&p.Spec.STCE) {
			s, err := g.Shape.Joined(&p.Spec.STCE, j)
			if err != nil {
				return nil, err
			}
			out = append(out, g.with(s))
		}
	}
	if p.Lanable(g) {
		s, err := g.Shape.Laned()
		if err != nil {
			return nil, err
		}
		out = append(out, g.with(s))
	}
	return out, nil
}

// Lanable reports whether the search may give a group's product to the vector unit.
func (p *Plan) Lanable(g *Group) bool { return p.Options.Lanes && g.Shape.Lanable() }

// As is the group as a choice takes its product.
func (p *Plan) As(g *Group, c *geometry.Choice) (*Group, error) {
	s, err := g.Shape.As(&p.Spec, c)
	if err != nil {
		return g, err
	}
	return g.with(s), nil
}

// with is the group with another shape of its product.
func (g *Group) with(s *geometry.Shape) *Group {
	if s == g.Shape {
		return g
	}
	x := *g
	x.Shape = s
	return &x
}

// Beside is the work of the passes that run beside a group's product.
func (g *Group) Beside() (parts []word.Part) {
	for i := range g.Chains {
		parts = append(parts, g.Chains[i].Chain.Parts...)
	}
	return parts
}

// Saving is what groups are predicted to take less than others in their place.
type Saving struct{ Cycles, Bytes int64 }

// Plan is a step as word groups in the order in which the machine runs them.
type Plan struct {
	Step    *workloads.Step
	Spec    spec.Spec
	Options Options
	Groups  []Group
	Folded  []string      // batch norms that are no passes: their result's readers normalise what they fetch
	Saved   Saving        // by that, if it was searched for
	Pruned  recipe.Pruned // what weights' copies are pruned to

	weights map[string]*flow // by name
	words   words
}

// New plans a step without choosing: groups, output paths and passes. Words of products follow with Choose.
func New(step *workloads.Step, s spec.Spec, o Options) (*Plan, error) {
	p := &Plan{Step: step, Spec: s, Options: o, Pruned: recipe.PrunedOf(step), words: words{}}
	for i := range step.Items {
		if err := p.item(i); err != nil {
			it := &step.Items[i]
			return nil, fmt.Errorf("planning %s %s: %w", it.Layer, it.Stage, err)
		}
	}
	if err := p.canDraw(); err != nil {
		return nil, err
	}
	if o.Overlap {
		p.overlap()
	}
	p.weights = p.flows()
	for _, f := range p.weights {
		p.Groups[f.update].Update.Copies = p.copies(f)
	}
	units := s.Units()
	for i := range p.Groups {
		g := &p.Groups[i]
		if units[word.SORE] == nil && p.Sorts(g) {
			return nil, fmt.Errorf("planning %s: it is pruned to %v on the machine, which has no %s to sort (sore.lanes is %d)", g.Label, g.Prune(), word.SORE, s.SORE.Lanes)
		}
		g.Word.Tag = uint32(i)
		switch g.Kind {
		case UpdateGroup:
			g.Word.Streams = []word.Stream{vectorUpdate(g.Update, p.Spec.Buffers.Capacity, p.allChannels())}
			p.finish(g)
		case PassGroup:
			p.finish(g)
		case ProductGroup: // gets its words from whoever chooses them
		}
	}
	return p, nil
}

// canDraw reports work that wants a generator of random numbers, on a machine that has none.
func (p *Plan) canDraw() error {
	if p.Spec.Vector.Random > 0 {
		return nil
	}
	for i := range p.Step.Items {
		it := &p.Step.Items[i]
		for k := range it.Passes {
			if kind := it.Passes[k].Kind; (kind == workloads.Random || kind == workloads.Divide) && !p.omitted(kind) {
				return fmt.Errorf("planning %s: the recipe draws random numbers, and the machine has no generator (vector.random is 0); 1 or more numbers a cycle are accepted, such as vector.random=4", it.Passes[k].Layer)
			}
		}
	}
	return nil
}

// Sorts reports whether a group has work for SORE, whatever is chosen for its product.
func (p *Plan) Sorts(g *Group) bool {
	return g.Shape != nil && route.NorthOf(g.Shape, &p.Spec, !p.Options.Pregenerate) != route.Stored || g.Update != nil && g.Update.Sorted() > 0
}

// item plans one layer in one stage: a group a product, the passes in their output paths where they can be, the others as
// chains of their own.
func (p *Plan) item(i int) error {
	it := &p.Step.Items[i]
	first := len(p.Groups)
	parts := map[string]int{} // makers of each tensor
	for k := range it.Products {
		parts[it.Products[k].Out.Name]++
	}
	for k := range it.Passes {
		if ps := &it.Passes[k]; ps.Kind == workloads.ZeroFill && len(ps.Writes) > 0 {
			parts[ps.Writes[0].Name]++
		}
	}
	for k := range it.Products {
		s := geometry.ShapeOf(&it.Products[k])
		s.Scattered = s.Stage == workloads.BP && parts[it.Products[k].Out.Name] > 1
		g := Group{Kind: ProductGroup, Item: i, Product: &it.Products[k], Shape: &s, Label: it.Layer + " " + it.Stage.String()}
		if len(it.Products) > 1 {
			g.Label += fmt.Sprintf(" %d", k)
		}
		p.Groups = append(p.Groups, g)
	}
	producers := map[string][]*Group{}
	for k := first; k < len(p.Groups); k++ {
		name := p.Groups[k].Product.Out.Name
		producers[name] = append(producers[name], &p.Groups[k])
	}
	var chains []*route.Chain
	chainOf := map[string]*route.Chain{}
	for k := range it.Passes {
		ps := &it.Passes[k]
		if p.omitted(ps.Kind) {
			continue
		}
		var gs []*Group
		var c *route.Chain
		if ps.Fused {
			gs, c = producers[ps.Reads[0].Name], chainOf[ps.Reads[0].Name]
		}
		switch {
		case c != nil:
			add(c, ps, true)
		case len(gs) > 0 && fusable(ps, gs):
			fuse(ps, gs)
		default:
			gs, c = nil, &route.Chain{}
			add(c, ps, false)
			chains = append(chains, c)
		}
		for _, w := range ps.Writes {
			if producers[w.Name] = gs; c != nil {
				delete(producers, w.Name)
				chainOf[w.Name] = c
			}
		}
	}
	for _, c := range chains {
		p.Groups = append(p.Groups, Group{Kind: PassGroup, Item: i, Label: it.Layer + " " + it.Stage.String(), Chains: []SideChain{{Item: i, Chain: *c}}})
	}
	return p.updates(i, first)
}

// updates joins the update of a weight matrix to its product's group, and gives the others a group.
func (p *Plan) updates(i, first int) error {
	it := &p.Step.Items[i]
	for k := range it.Updates {
		u := it.Updates[k]
		up := &route.Update{Rule: p.Options.Update, FF: nm.Dense, BP: nm.Dense, Pregenerate: p.Options.Pregenerate, Matrix: u.Matrix, Parameters: u.Parameters}
		up.Rule.SRSTE, up.Rule.MasksFixed, up.Rule.MasksKept, up.Rule.Orders = false, false, false, false
		if u.Matrix {
			c := p.Pruned.Of(u.Weight.Name)
			up.FF, up.BP, up.Search = c.FF, c.BP, c.Search
			if c.Permuted && !p.Options.Pregenerate {
				return fmt.Errorf("%s is pruned in an order of outputs that is searched for, and dataflow.pregeneration is off: SORE, which prunes what is fetched, finds no masks within those of FF", u.Weight.Name)
			}
			if up.Search != nm.TopN && !p.Options.Pregenerate {
				return fmt.Errorf("%s has a mask that the vector unit finds, and dataflow.pregeneration is off: SORE, which prunes what is fetched, finds no such masks", u.Weight.Name)
			}
			if keptAlone(it) && !p.Options.Pregenerate {
				return fmt.Errorf("%s has random masks that stay, and dataflow.pregeneration is off: SORE, which prunes what is fetched, finds no such masks", u.Weight.Name)
			}
			up.Looks, up.KeptAlone = p.looks(c), keptAlone(it)
			up.Rule.Extra = p.Options.Update.Beside(&u).Without(p.Options.Omit)
			up.Pulled, up.Finds = u.Late.M > 0 && p.Options.Update.Pulls, u.Late.M > 0 && !p.Options.Update.MasksFixed
			up.Rule.Orders = p.Options.Update.Orders && c.Permuted && !up.FF.IsDense()
			up.Rule.SRSTE = p.Options.Update.SRSTE && !up.FF.IsDense()
			up.Rule.MasksFixed = p.Options.Update.MasksFixed && up.CopiesSparse() > 0
			up.Rule.MasksKept = p.Options.Update.MasksKept && up.CopiesSparse() > 0
			if up.Rule.Extra != (recipe.Work{}) && up.Sorted() > 0 {
				return fmt.Errorf("%s: extra work of the recipe, and SORE sorts updated weights: the vector unit stands in its place between update and copies; dense weights, or masks that the vector unit finds or that stay, are accepted", u.Weight.Name)
			}
			// A gradient that the output path still adds to (tied weights) is whole only in memory.
			if len(it.Products) == 1 && it.Products[0].Stage == workloads.WU && len(p.Groups[first].Path.Parts) == 0 {
				p.Groups[first].Update, p.Groups[first].Weight = up, u.Weight.Name
				continue
			}
		}
		p.Groups = append(p.Groups, Group{Kind: UpdateGroup, Item: i, Label: fmt.Sprintf("%s update", u.Weight.Name), Update: up, Weight: u.Weight.Name})
	}
	return nil
}

// keptAlone reports whether an item updates a weight where masks that stay keep it alone.
func keptAlone(it *workloads.Item) bool {
	return it.Kept
}

// looks is what a search does for each weight, without what is left out by name.
func (p *Plan) looks(c recipe.Copies) nm.Looks {
	l := c.FF.Looks(c.Search)
	for kind, n := range map[workloads.PassKind]*int64{route.Selecting: &l.Selects, route.Adding: &l.Adds, route.Comparing: &l.Compares} {
		if p.omitted(kind) {
			*n = 0
		}
	}
	return l
}

// vectorUpdate updates parameters whose gradients come from memory.
func vectorUpdate(u *route.Update, capacity func(word.Buffer) int64, channels uint64) word.Stream {
	n := u.Parameters
	k := u.Pieces(n, capacity)
	s := word.Stream{}
	if k > 1 {
		s.Loops = []word.Loop{{Dim: word.DimP, Trips: k, Step: 1, Edge: 1}}
	}
	need := func(*word.Loop) needs { return needs{last: true} }
	params := func(c word.Class) int64 { return route.Piece(n, k, c&word.Last(0) != 0) }
	s.Ops = updateOps(u, len(s.Loops), s.Loops, need, params, fromMemory, channels)
	return s
}

func (p *Plan) omitted(k workloads.PassKind) bool {
	return slices.Contains(p.Options.Omit, k)
}

func (p *Plan) allChannels() uint64 { return p.Spec.Board.Memory.AllChannels() }

// finish adds the streams of the group's chains, one after the other: each may need all of the one before.
func (p *Plan) finish(g *Group) {
	var sides []word.Stream
	paced := false
	if g.Kind == ProductGroup && len(g.Chains) > 0 {
		sides, paced = pace(&g.Word.Streams[0], g.Chains, p.Spec.Buffers.Capacity, p.allChannels())
	}
	for k := range g.Chains {
		if !paced {
			sides = append(sides, passStream(&g.Chains[k].Chain, p.Spec.Buffers.Capacity, p.allChannels()))
		}
		if k > 0 { // each may need all of the one before
			sides[k].After = []int{len(g.Word.Streams) - 1}
		}
		g.Word.Streams = append(g.Word.Streams, sides[k])
	}
	g.configure()
}

// configure sets what the units are told of the group, beside its words.
func (g *Group) configure() {
	if g.Update != nil {
		g.Word.Update = g.Update.Config()
	}
	g.Word.Prune = g.Prune()
	if g.Word.Array.Mode == "" {
		g.Word.Array = word.ArrayConfig{Mode: word.OS, Over: word.OverF, Interleave: 1, Ratio: nm.Dense}
	}
}

// Owner is the item whose work stream si of the group is.
func (g *Group) Owner(si int) int {
	if k := si - (len(g.Word.Streams) - len(g.Chains)); k >= 0 {
		return g.Chains[k].Item
	}
	return g.Item
}

// PrunedCopies is how many pruned copies of a weight the step reads.
func (p *Plan) PrunedCopies(weight string) int64 { return p.Pruned.Of(weight).Pruned() }
