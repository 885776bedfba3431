package dataflow_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// wholly plans a step on a machine with room for every operand whole, and gives each product one tile.
func wholly(t rapid.TB, step *workloads.Step, o dataflow.Options) *dataflow.Plan {
	t.Helper()
	p, err := dataflow.New(step, machine(4, 4, 1<<30), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range products(p) {
		c := geometry.Choice{Mode: "os", Over: "f", Interleave: 1, Order: geometry.Orders()[0], Tile: g.Shape.Whole()}
		if err := g.Shape.Complete(&c); err != nil {
			t.Fatal(err)
		}
		if err := p.Choose(g, c); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// wantPasses compares the vector unit's work in all words with the passes of the step, and with the greedy search of transposable masks: N*M times a select and a
// compare for every weight.
func wantPasses(t rapid.TB, p *dataflow.Plan) {
	t.Helper()
	want := map[string]int64{}
	for _, it := range p.Step.Items {
		for _, ps := range it.Passes {
			want[string(ps.Kind)] += ps.Elements
		}
		for _, u := range it.Updates {
			if c := p.Pruned.Of(u.Weight.Name); c.Search == nm.Greedy {
				n := int64(c.FF.N*c.FF.M) * u.Parameters
				want[string(workloads.ActivateGrad)] += n
				want[string(workloads.Pool)] += n
			}
		}
	}
	for _, k := range p.Options.Omit {
		delete(want, string(k))
	}
	got := map[string]int64{}
	for i := range p.Groups {
		for _, s := range p.Groups[i].Word.Streams {
			for oi, times := range s.Count() {
				for v, n := range times {
					for _, part := range s.Ops[oi].Variants[v].Work.Parts {
						got[string(part.Kind)] += n * part.Elements
					}
				}
			}
		}
	}
	for k, n := range want {
		if got[k] != n {
			t.Errorf("%d elements of %s in the words, %d in the step", got[k], k, n)
		}
		delete(got, k)
	}
	if len(got) > 0 {
		t.Errorf("words do what the step has not: %v", got)
	}
}

func TestEveryPassIsInTheWordsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := randomStep(t)
		o := dataflow.Options{Overlap: rapid.Bool().Draw(t, "overlap"), Pregenerate: true, Update: recipe.Default().Update()}
		if rapid.Bool().Draw(t, "omit") {
			o.Omit = []workloads.PassKind{workloads.Activate, workloads.ActivateGrad}
		}
		wantPasses(t, wholly(t, &step, o))
	})
}

// A language model whose last layer shares the embedding's weight: the two gradients are summed before the update, in the output path
// of the product that makes the later one.
func TestTiedWeightsAreSummedBeforeTheirUpdate(t *testing.T) {
	g := &network.Graph{
		Name:   "tied",
		Inputs: []network.Input{{Name: "tokens", Shape: network.Shape{2, 6}, Indices: true}},
		Nodes: []network.Node{
			{Name: "embed", Op: network.Embedding, Inputs: []string{"tokens"}, Rows: 12, Channels: 8},
			{Name: "mix", Op: network.Linear, Inputs: []string{"embed"}, Channels: 8},
			{Name: "twice", Op: network.Linear, Inputs: []string{"mix"}, Channels: 8, Weight: "mix"},
			{Name: "head", Op: network.Linear, Inputs: []string{"twice"}, Channels: 12, Weight: "embed"},
			{Name: "loss", Op: network.Loss, Inputs: []string{"head"}},
		},
	}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	p := wholly(t, &step, dataflow.Options{Pregenerate: true, Update: recipe.Default().Update()})
	wantPasses(t, p)
	updated := map[bool]int64{}
	for i := range p.Groups {
		for _, s := range p.Groups[i].Word.Streams {
			for oi, times := range s.Count() {
				for v, n := range times {
					if s.Ops[oi].Lane == word.Update {
						updated[p.Groups[i].Product != nil] += n * s.Ops[oi].Variants[v].Work.Elements
					}
				}
			}
		}
	}
	if sum := updated[false] + updated[true]; sum != step.Parameters {
		t.Errorf("%d parameters updated, the network has %d", sum, step.Parameters)
	}
}

// The vector unit has a cost for every kind of pass that a step can have, and no others: the constants of type PassKind in the source
// of package workloads.
func TestTheVectorUnitKnowsEveryKindOfPass(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "workloads", "step.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := v.Type.(*ast.Ident); ok && name.Name == "PassKind" {
			kinds[strings.Trim(v.Values[0].(*ast.BasicLit).Value, `"`)] = true
		}
		return false
	})
	if len(kinds) < 20 {
		t.Fatalf("only %d kinds of pass found", len(kinds))
	}
	for _, k := range append(vector.Kinds(), vector.OnceAGroup()...) {
		if !kinds[string(k)] {
			t.Errorf("the vector unit has a cost for %s, which no step has", k)
		}
		delete(kinds, string(k))
	}
	for k := range kinds {
		t.Errorf("the vector unit has no cost for %s", k)
	}
}
