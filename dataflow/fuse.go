package dataflow

import (
	"satsim/arch/word"
	"satsim/dataflow/route"
	"satsim/workloads"
)

// fusable reports whether a pass divides evenly over the outputs of the products that make its operand.
func fusable(ps *workloads.Pass, gs []*Group) bool {
	var total int64
	for _, g := range gs {
		total += g.Product.Out.Elements
	}
	return ps.Elements%total == 0
}

// fuse puts a pass into the output paths of the products that make its first operand, each with its share.
func fuse(ps *workloads.Pass, gs []*Group) {
	var total int64
	for _, g := range gs {
		total += g.Product.Out.Elements
	}
	reads, writes := beside(ps)
	for k, g := range gs {
		n := g.Product.Out.Elements
		g.Path.Passes = append(g.Path.Passes, ps)
		g.Path.Parts = append(g.Path.Parts, word.Part{Kind: word.PassKind(ps.Kind), Elements: ps.Elements / total * n, Row: ps.Row})
		r, w := reads/total*n+reads%total*n/total, writes/total*n+writes%total*n/total
		if k == len(gs)-1 { // the last takes what rounding left
			r, w = reads-shared(reads, total, gs[:k]), writes-shared(writes, total, gs[:k])
		}
		g.Path.Reads += r
		g.Path.Writes += w
	}
}

func shared(bytes, total int64, gs []*Group) (sum int64) {
	for _, g := range gs {
		n := g.Product.Out.Elements
		sum += bytes/total*n + bytes%total*n/total
	}
	return sum
}

// beside is a fused pass's traffic: all but its first operand and what it writes in place.
func beside(ps *workloads.Pass) (reads, writes int64) {
	for _, r := range ps.Reads[1:] {
		reads += r.Bytes()
	}
	for _, w := range ps.Writes {
		if w.Name != ps.Reads[0].Name {
			writes += w.Bytes()
		}
	}
	return reads, writes
}

// add puts a pass at the end of a chain.
func add(c *route.Chain, ps *workloads.Pass, fused bool) {
	c.Passes = append(c.Passes, ps)
	c.Parts = append(c.Parts, word.Part{Kind: word.PassKind(ps.Kind), Elements: ps.Elements, Row: ps.Row})
	if fused {
		r, w := beside(ps)
		c.Reads += r
		c.Writes += w
		return
	}
	for _, r := range ps.Reads {
		c.Reads += r.Bytes()
	}
	for _, w := range ps.Writes {
		c.Writes += w.Bytes()
	}
}

// overlap moves the passes that follow a weight update, up to the next product, into the update's group: they do not need it.
// The update of vectors waits until after. Zeros that a strided BP leaves where no tap reaches need nothing at all, so they are written beside the last of its products.
func (p *Plan) overlap() {
	var out []Group
	host := -1
	for _, g := range p.Groups {
		switch {
		case g.Kind == ProductGroup && p.Step.Items[g.Item].Stage == workloads.WU && len(g.Path.Parts) == 0:
			host = len(out)
		case g.Kind == ProductGroup:
			host = -1
		case g.fills() && len(out) > 0 && out[len(out)-1].Kind == ProductGroup && out[len(out)-1].Item == g.Item:
			last := &out[len(out)-1]
			last.Chains = append(last.Chains, g.Chains...)
			continue
		case g.Kind == PassGroup && host >= 0:
			out[host].Chains = append(out[host].Chains, g.Chains...)
			continue
		}
		out = append(out, g)
	}
	p.Groups = out
}

// fills reports whether a group does nothing but write zeros.
func (g *Group) fills() bool {
	if g.Kind != PassGroup || len(g.Chains) != 1 {
		return false
	}
	c := &g.Chains[0].Chain
	return len(c.Parts) == 1 && c.Parts[0].Kind == word.PassKind(workloads.ZeroFill)
}
