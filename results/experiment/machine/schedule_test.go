package machine

import (
	"context"
	"reflect"
	"testing"

	"satsim/arch/spec"
	"satsim/dataflow"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// narrow is a step in which memory, vector unit and array are in each other's way, so that predictions are off.
func narrow(t *testing.T) (spec.Spec, *workloads.Step, recipe.Recipe) {
	t.Helper()
	conv := func(name, in string, stride int64) network.Node {
		return network.Node{Name: name, Op: network.Conv, Inputs: []string{in}, Channels: 32, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1}, Stride: [2]int64{stride, stride}}
	}
	g := &network.Graph{Name: "narrow", Inputs: []network.Input{{Name: "images", Shape: network.Shape{8, 16, 16, 16}}}, Nodes: []network.Node{
		conv("a", "images", 1), {Name: "bn", Op: network.BatchNorm, Inputs: []string{"a"}}, {Name: "relu", Op: network.ReLU, Inputs: []string{"bn"}},
		conv("b", "relu", 1), conv("c", "b", 1), conv("d", "c", 2), {Name: "loss", Op: network.Loss, Inputs: []string{"d"}},
	}}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.STCE.Rows, s.STCE.Cols = 8, 8
	s.Board.Memory.Channels, s.Board.Memory.PortWidthBits = 1, 64
	s.Buffers.West.Capacity, s.Buffers.Output.Capacity = 32<<10, 64<<10
	r := recipe.Default()
	r.FF.Prune, r.BP.Prune = recipe.Weights, recipe.Weights
	return s, &step, r.Sparsify(nm.Ratio{N: 2, M: 8})
}

func TestRefiningIsNeverWorse(t *testing.T) {
	s, step, r := narrow(t)
	least := int64(0)
	better := false
	for _, k := range []int{0, 1, 2, 4, 16} {
		m, err := New(context.Background(), s, false)
		if err != nil {
			t.Fatal(err)
		}
		m.Refine = k
		first := Step{Dense: step, Recipe: r}
		if err := m.Do(&first); err != nil {
			t.Fatal(err)
		}
		run, plan := first.Run, first.Plan
		if least > 0 && run.Total.Cycles > least {
			t.Errorf("of the %d best words: %d cycles, of fewer %d", k, run.Total.Cycles, least)
		}
		better = better || least > 0 && run.Total.Cycles < least
		least = run.Total.Cycles
		// Equal products of a plan have equal words.
		words := map[string]string{}
		for i := range plan.Groups {
			if g := &plan.Groups[i]; g.Choice != nil && (g.Label == "b FF" || g.Label == "c FF") {
				words[g.Label] = g.Choice.String()
			}
		}
		if words["b FF"] != words["c FF"] {
			t.Errorf("equal products have words %v", words)
		}
		// The effort of a run is that of its words, however they were found.
		m, err = New(context.Background(), s, false)
		if err != nil {
			t.Fatal(err)
		}
		given := Step{Dense: step, Recipe: r, Words: func(p *dataflow.Plan) (bool, error) {
			for i := range p.Groups {
				if c := plan.Groups[i].Choice; c != nil {
					if err := p.Choose(&p.Groups[i], *c); err != nil {
						return true, err
					}
				}
			}
			return true, nil
		}}
		if err := m.Do(&given); err != nil {
			t.Fatal(err)
		}
		again := given.Run
		if !reflect.DeepEqual(again.Total, run.Total) || again.Simulation != run.Simulation {
			t.Errorf("of the %d best words: %+v %+v; the same words given: %+v %+v", k, run.Total, run.Simulation, again.Total, again.Simulation)
		}
	}
	if !better {
		t.Error("no word was refined; the step does not test what it should")
	}
}
