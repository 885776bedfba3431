package network

// LayerSummary is a layer as a table of the network shows it.
type LayerSummary struct {
	Layer      string
	Op         Op
	In         []Shape
	Out        Shape
	Parameters int64    // own ones: a tied weight counts where it is defined
	MACs       [3]int64 // of FF, BP, WU
	Products   int      // in a step
	Prunable   int      // of them
	SavedBytes int64    // kept for backward, where this layer's backward work is the first in forward order to need it
}

// Table lists the layers in topological order. Sums over its rows are those of the step.
func (g *Graph) Table() ([]LayerSummary, error) {
	b, err := g.build()
	if err != nil {
		return nil, err
	}
	rows := make([]LayerSummary, len(b.nodes))
	for i, n := range b.nodes {
		rows[i] = LayerSummary{Layer: n.Name, Op: n.Op, In: n.In, Out: n.Out, Parameters: n.Parameters}
	}
	for _, it := range b.step.Items {
		r := &rows[b.maker[it.Layer]]
		for _, p := range it.Products {
			r.MACs[p.Stage] += p.MACs()
			r.Products++
			if p.Prunable {
				r.Prunable++
			}
		}
	}
	for _, t := range b.step.Saved {
		rows[b.maker[b.saved[t.Name]]].SavedBytes += t.Bytes()
	}
	return rows, nil
}
