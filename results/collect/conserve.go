package collect

import (
	"fmt"
	"slices"

	"satsim/arch/norm"
	"satsim/arch/sore"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/arch/wuve"
	"satsim/dataflow"
	"satsim/internal/nm"
	"satsim/workloads"
)

// conserve compares what ran with the network's shapes, item by item. The bytes are those of all items that no machine avoids.
func conserve(p *dataflow.Plan, rows []itemSum) (bytes int64, err error) {
	for i := range p.Step.Items {
		it := &p.Step.Items[i]
		a := &rows[i].did
		array := &a.Units[word.STCE]
		fail := func(what string, got, want int64) (int64, error) {
			return 0, fmt.Errorf("%s %s is not conserved: %d %s simulated, %d from the shapes", it.Layer, it.Stage, got, what, want)
		}
		var dense, kept int64
		for k := range it.Products {
			dense += it.Products[k].MACs()
			kept += it.Products[k].KeptMACs()
		}
		lanes := a.Units[word.Vector][vector.MACs]
		if got := array[stce.UsefulMACs] + lanes; got != dense {
			return fail("useful MACs", got, dense)
		}
		if got := array[stce.MACs] + lanes; got < kept {
			return fail("issued MACs", got, kept)
		}
		if got, want := a.Units[word.Vector][vector.Elements], computed(p, it); got != want {
			return fail("vector elements", got, want)
		}
		if got, want := a.Units[word.WUVE][wuve.Parameters], updated(it); got != want {
			return fail("updated parameters", got, want)
		}
		if got, want := a.Units[word.SORE][sore.Elements], sorted(p, it); got < want || it.Stage == workloads.WU && got != want && !prunesPositions(it) {
			return fail("sorted elements", got, want)
		}
		if got, want := a.Units[word.Norm][norm.Elements], normalised(it); got < want || want == 0 && got > 0 {
			return fail("normalised elements", got, want)
		}
		least := compulsory(p, it)
		if moved(a) < least {
			return fail("bytes (fewer than compulsory)", moved(a), least)
		}
		bytes += least
	}
	return bytes, nil
}

func moved(a *unit.Activity) int64 { return a.ReadBytes() + a.WriteBytes() }

// computed is how many elements the vector unit handles in an item: all passes, but those left out by name.
func computed(p *dataflow.Plan, it *workloads.Item) (n int64) {
	for k := range it.Passes {
		if !slices.Contains(p.Options.Omit, it.Passes[k].Kind) {
			n += it.Passes[k].Elements
		}
	}
	return n + searched(p, it)
}

// searched is how many elements the vector unit handles where an item's update searches transposable masks.
func searched(p *dataflow.Plan, it *workloads.Item) (n int64) {
	for _, u := range it.Updates {
		if u.Matrix {
			n += p.Options.Update.Beside(&u).Without(p.Options.Omit).Operations(u.Parameters)
		}
	}
	if p.Options.Update.MasksFixed {
		return n
	}
	for _, u := range it.Updates {
		c := p.Pruned.Of(u.Weight.Name)
		l := c.FF.Looks(c.Search)
		for kind, each := range map[workloads.PassKind]int64{workloads.ActivateGrad: l.Selects, workloads.Add: l.Adds, workloads.Pool: l.Compares} {
			if u.Matrix && !slices.Contains(p.Options.Omit, kind) {
				n += each * u.Parameters
			}
		}
	}
	return n
}

// normalised is how many elements an item reads at the least that are stored as they were before a batch norm: each once a product.
func normalised(it *workloads.Item) (n int64) {
	for k := range it.Products {
		if it.Products[k].Norm != nil {
			n += it.Products[k].West.Elements
		}
	}
	return n
}

func updated(it *workloads.Item) (n int64) {
	for _, u := range it.Updates {
		n += u.Parameters
	}
	return n
}

// sorted is how many elements SORE must sort at the least in an item: with pre-generation each updated weight once a pruned copy;
// without it each pruned operand once, and each updated weight once for the mask of a decay. Activations and gradients that a product prunes are fetched once at
// the least.
func sorted(p *dataflow.Plan, it *workloads.Item) (n int64) {
	keeps := p.Options.Update.MasksFixed
	for k := range it.Products {
		pr := &it.Products[k]
		switch {
		case pr.Sparse.Ratio.M == 0 || pr.Sparse.Ratio.IsDense():
		case pr.Sparse.Operand == workloads.West:
			n += pr.West.Elements
		case pr.North.Format.Ratio.M > 0: // drawn before it is stored
		case pr.Sparse.Held: // nothing is pruned anew
		case pr.Stage == workloads.WU:
			n += pr.Sparse.Sorts() * pr.North.Elements
		case !p.Options.Pregenerate && !keeps:
			n += pr.North.Elements
		}
	}
	if it.Stage != workloads.WU || keeps {
		return n
	}
	for _, u := range it.Updates {
		switch c := p.Pruned.Of(u.Weight.Name); {
		case !u.Matrix || c.Search != nm.TopN: // the vector unit searches
		case p.Options.Pregenerate:
			n += u.Parameters * p.PrunedCopies(u.Weight.Name)
		case p.Options.Update.SRSTE && !c.FF.IsDense():
			n += u.Parameters
		}
	}
	return n
}

// prunesPositions: WU prunes what it fetches, and sorts a tile again whenever it is fetched again.
func prunesPositions(it *workloads.Item) bool {
	return slices.ContainsFunc(it.Products, func(p workloads.Product) bool {
		return p.Stage == workloads.WU && p.Sparse.Ratio.M > 1 && !p.Sparse.Held && p.North.Format.Ratio.M == 0
	})
}

// compulsory is the traffic of an item that no machine avoids: each distinct tensor once in its stored format, master weights and optimiser
// state once each way.
func compulsory(p *dataflow.Plan, it *workloads.Item) (n int64) {
	if len(p.Options.Omit) > 0 {
		return 0 // work that is left out takes its tensors along
	}
	seen := map[string]bool{}
	once := func(t *workloads.Tensor, bytes int64) {
		key := fmt.Sprintf("%s/%d", t.Name, t.Elements)
		if !seen[key] {
			seen[key] = true
			n += bytes
		}
	}
	gathered := map[string]workloads.Tensor{} // phases of a strided BP read parts of dY that overlap: the largest
	for k := range it.Products {
		pr := &it.Products[k]
		if t := gathered[pr.West.Name]; pr.Stage != workloads.BP {
			once(&pr.West, pr.West.Bytes())
		} else if t.Elements < pr.West.Elements {
			gathered[pr.West.Name] = pr.West
		}
		weight := pr.North.Bytes()
		if r := pr.Sparse.Ratio; pr.North.Role == workloads.Weight && r.M > 1 && !r.IsDense() && pr.Sparse.Operand == workloads.North && p.Options.Pregenerate {
			kept := pr.Count * pr.Taps * pr.Cols * int64(r.Kept(int(pr.Channels)))
			weight = kept * nm.Packed(r).StoredBits() / 8 // as one run: tiles, each padded to a burst, take no less
		}
		once(&pr.North, weight)
		if pr.Stage != workloads.WU {
			n += pr.Out.Bytes()
		}
	}
	for _, t := range gathered {
		once(&t, t.Bytes())
	}
	for _, u := range it.Updates {
		n += 2 * (nm.FP32.Bytes(u.Parameters) + u.Parameters*p.Options.Update.StateBytes)
	}
	return n
}
