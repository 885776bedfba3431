package recipe

import (
	"satsim/internal/nm"
	"satsim/workloads"
)

// Demand is what a step asks of any machine that makes pruned copies once, after the update: counts from the shapes alone.
type Demand struct {
	Dense, Performed  [3]int64 // MACs by stage: of the dense network, and those left
	SortedWeights     int64    // elements of updated weights, once a pruned copy
	SortedGradients   int64    // elements of dY, if each is fetched once
	SortedActivations int64    // elements of X, likewise
	Masked            int64    // operations that keep the gradients of pruned activations zero
	Drawn             int64    // operations of unbiased estimates, likewise
	Numbers           int64    // random numbers of unbiased estimates and of soft masks
	Quotients         int64    // once a group of either
	Extra             int64    // operations beside the update of weights, by name in the recipe, or of decaying or late masks
	Added             int64    // operations of sums and factors of adapters, in output paths, and of a teacher
	Searched          int64    // operations of the search of transposable masks, of element-wise hardware
	Parameters        int64    // updated
	StateBytes        int64    // masters and optimiser state
	CopyBytes         int64    // FP16 copies that products read, each as one run without padding
	MaskBytes         int64    // that the update leaves, or that it finds where masks stay
}

// Demand of a dense step under the recipe.
func (r Recipe) Demand(dense workloads.Step) (Demand, error) {
	var d Demand
	step, err := r.Apply(dense)
	if err != nil {
		return d, err
	}
	for _, t := range step.Frozen {
		d.CopyBytes += t.Bytes()
	}
	rule, pruned, copies := r.Update(), PrunedOf(&step), copiesOf(&step)
	for i := range step.Items {
		it := &step.Items[i]
		for k := range it.Products {
			p := &it.Products[k]
			d.Dense[p.Stage] += p.OfNetwork()
			d.Performed[p.Stage] += p.KeptMACs()
			switch {
			case p.Sparse.Ratio.M == 0 || p.Sparse.Held:
			case p.Sparse.Operand == workloads.West && p.Stage == workloads.FF:
				d.SortedActivations += p.West.Elements
			case p.Stage == workloads.WU && p.North.Role == workloads.Activation:
				d.SortedActivations += p.Sparse.Sorts() * p.North.Elements
			case p.Stage == workloads.WU && p.North.Format.Ratio.M > 0:
				l := r.wuRule(it).drawing(p.Sparse.Ratio)
				d.Drawn += (l.Adds + l.Compares + l.Selects) * p.North.Elements
			case p.Stage == workloads.WU:
				d.SortedGradients += p.North.Elements
			case p.Sparse.Operand == workloads.West:
				d.SortedGradients += p.West.Elements
			}
		}
		if it.Stage == workloads.BP && r.activations(it) {
			l := r.ratio(r.rule(it, workloads.FF)).Masking()
			for k := range it.Products {
				d.Masked += (l.Compares + l.Selects) * it.Products[k].Out.Elements
			}
		}
		for k := range it.Passes {
			switch p := &it.Passes[k]; {
			case p.Kind == workloads.Random:
				d.Numbers += p.Groups()
			case p.Kind == workloads.Divide:
				d.Quotients += p.Groups()
			case p.Kind == workloads.Scale:
				d.Drawn += p.Groups()
			}
		}
		d.Searched += ordered(it)
		d.Added += added(it)
		for _, u := range it.Updates {
			d.Parameters += u.Parameters
			d.StateBytes += nm.FP32.Bytes(u.Parameters) + u.Parameters*rule.StateBytes
			c := copies[u.Weight.Name]
			if whole := nm.FP16.Bytes(u.Parameters); c.table || c == (stored{}) { // passes read it, or nobody
				c.dense = max(c.dense, whole)
			}
			d.CopyBytes += c.ff + c.bp + c.dense
			if !u.Matrix {
				continue
			}
			d.Extra += rule.Beside(&u).Operations(u.Parameters)
			of := pruned.Of(u.Weight.Name)
			n := of.Pruned()
			switch l := of.FF.Looks(of.Search); {
			case rule.MasksFixed:
			case of.Search == nm.TopN:
				d.SortedWeights += n * u.Parameters
			default:
				d.Searched += (l.Selects + l.Adds + l.Compares) * u.Parameters
			}
			switch {
			case u.Late.M > 0 && (rule.Pulls || !rule.MasksFixed):
				d.MaskBytes += nm.Bit.Bytes(u.Parameters)
			case it.Kept:
				d.MaskBytes += nm.Bit.Bytes((int64(of.FF.IndexBits()) + n - 1) * u.Parameters)
			case rule.MasksFixed || rule.MasksKept:
				d.MaskBytes += nm.Bit.Bytes(n * u.Parameters)
			case (rule.SRSTE || rule.Orders && of.Permuted) && !of.FF.IsDense():
				d.MaskBytes += nm.Bit.Bytes(u.Parameters)
			}
		}
	}
	return d, nil
}

// stored are a weight's copies in bytes; of a table passes look up rows.
type stored struct {
	ff, bp, dense int64
	table         bool
}

// copiesOf a step's weights: what products of one item read together, and of items that share a weight what the one that reads most does.
func copiesOf(step *workloads.Step) map[string]stored {
	out := map[string]stored{}
	for i := range step.Items {
		item := map[string]stored{}
		for k := range step.Items[i].Products {
			p := &step.Items[i].Products[k]
			if p.North.Role != workloads.Weight {
				continue
			}
			s := item[p.North.Name]
			switch r := p.Sparse.Ratio; {
			case p.Sparse.Operand != workloads.North || r.M == 0 || r.IsDense():
				s.dense += p.North.Bytes()
			case p.Stage == workloads.FF || p.Sparse.Search != nm.TopN:
				s.ff += packed(p) // of a transposable mask one copy, of which FF and BP read all
			default:
				s.bp += packed(p)
			}
			item[p.North.Name] = s
		}
		for name, s := range item {
			c := out[name]
			out[name] = stored{max(c.ff, s.ff), max(c.bp, s.bp), max(c.dense, s.dense), c.table}
		}
		for k := range step.Items[i].Passes {
			for _, t := range step.Items[i].Passes[k].Reads {
				if t.Role == workloads.Weight {
					c := out[t.Name]
					c.table = true
					out[t.Name] = c
				}
			}
		}
	}
	return out
}

// packed is the bytes of a product's pruned weights in one run.
func packed(p *workloads.Product) int64 {
	return nm.Packed(p.Sparse.Ratio).Tile(p.Count*p.Taps*p.Cols, p.Channels, 1)
}
