package dataflow_test

import (
	"testing"

	"pgregory.net/rapid"

	"satsim/dataflow"
	"satsim/dataflow/flow"
)

// counted are runs in which every instruction ran as often as the words say.
func counted(p *dataflow.Plan) [][][]int64 {
	out := make([][][]int64, len(p.Groups))
	for i := range p.Groups {
		for si := range p.Groups[i].Word.Streams {
			out[i] = append(out[i], p.Groups[i].Word.Streams[si].Count()...)
		}
	}
	return out
}

// Whatever the shapes, the recipe, the tiles and the order of loops: every reader asks for what was written.
func TestEveryTensorFlows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := randomPlan(t)
		for _, g := range products(p) {
			if !choose(t, p, g, randomChoice(t, p, g.Shape)) {
				t.Skip("a tile does not fit")
			}
		}
		c, err := flow.Check(p, counted(p))
		if err != nil {
			t.Fatal(err)
		}
		if c.By[flow.Omitted]+c.By[flow.Ends] > 0 || c.Exact < (c.Tensors-c.By[flow.Begins])/3 {
			t.Errorf("%+v", c)
		}
	})
}
