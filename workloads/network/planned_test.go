package network_test

import (
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/spec"
	"satsim/dataflow"
	conserved "satsim/dataflow/flow"
	"satsim/dataflow/schedule"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/network/networktest"
	"satsim/workloads/recipe"
)

// Random graphs under random recipes, planned in every way: what is read of a tensor is what was written of it.
func TestTensorsOfPlannedGraphsFlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step, err := networktest.RandomGraph(t, network.Shape{2, 4, 4, 8}, network.Plain()).Step()
		if err != nil {
			t.Fatal(err)
		}
		r := recipe.Default()
		r.FF.Prune, r.BP.Prune = recipe.Weights, rapid.SampledFrom([]recipe.Operand{recipe.Weights, recipe.Gradients}).Draw(t, "backward")
		transposable := rapid.Bool().Draw(t, "transposable")
		if transposable {
			r.FF.Mask, r.BP.Prune = recipe.Transposable, recipe.FFWeights
			r.WU.Prune = rapid.SampledFrom([]recipe.Operand{recipe.Dense, recipe.Gradients}).Draw(t, "update")
		}
		if !transposable && r.BP.Prune == recipe.Gradients && rapid.Bool().Draw(t, "activations") {
			r.FF.Prune, r.WU.Prune = recipe.Activations, recipe.Activations
		}
		if rapid.Bool().Draw(t, "drawn") {
			r.WU.Prune, r.WU.Estimator = recipe.Gradients, recipe.MVUE
		}
		kept := rapid.IntRange(0, 3).Draw(t, "kept") == 0
		if kept {
			r.FF, r.BP = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Frozen}, recipe.Rule{Prune: recipe.Weights, Mask: recipe.Shared}
			r.WU, r.Masks, r.Search = recipe.WURule{Prune: recipe.Weights}, recipe.Never, ""
		}
		if rapid.Bool().Draw(t, "dynamic") {
			r.LossScale = recipe.Dynamic
		}
		r = r.Sparsify(rapid.SampledFrom([]nm.Ratio{nm.Dense, {N: 2, M: 4}}).Draw(t, "sparsity"))
		if step, err = r.Apply(step); err != nil {
			t.Fatal(err)
		}
		o := dataflow.Options{
			Interleave: true, Join: rapid.Bool().Draw(t, "join"), Pregenerate: rapid.Bool().Draw(t, "pregenerate") || transposable || kept, Overlap: rapid.Bool().Draw(t, "overlap"), Update: r.Update(),
		}
		if rapid.Bool().Draw(t, "omit") {
			o.Omit = []workloads.PassKind{rapid.SampledFrom([]workloads.PassKind{
				workloads.Activate, workloads.ActivateGrad, workloads.GradSum, workloads.Copy, workloads.BatchNormApply, workloads.Pool, workloads.Gather,
			}).Draw(t, "kind")}
		}
		m := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
		m.Vector.Random = 1
		p, err := dataflow.New(&step, m, o)
		if err != nil {
			t.Fatal(err)
		}
		search, err := schedule.NewSearcher(p, spec.ObjectiveLatency, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := search.All(false); err != nil {
			t.Fatal(err)
		}
		runs := make([][][]int64, len(p.Groups))
		for i := range p.Groups {
			for k := range p.Groups[i].Word.Streams {
				runs[i] = append(runs[i], p.Groups[i].Word.Streams[k].Count()...)
			}
		}
		c, err := conserved.Check(p, runs)
		if err != nil {
			t.Fatal(err)
		}
		if c.By[conserved.Omitted] > 0 && o.Omit == nil {
			t.Errorf("%+v; nothing is left out", c)
		}
	})
}
