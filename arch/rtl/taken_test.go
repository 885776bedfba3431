package rtl

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/internal/microcode"
	"satsim/results/experiment/models"
	"satsim/workloads"
	"satsim/workloads/network"
)

// programOf is what a pass computes: of several programs of its kind all need as much room, but that norms without a shift need fewer constants, and sums of what was repeated are windows.
func programOf(ps *workloads.Pass, n *network.Layer) *microcode.Program {
	all := vector.Programs(word.PassKind(ps.Kind))
	switch {
	case ps.Kind == workloads.LayerNorm && !n.Bias, ps.Kind == workloads.GradSum && ps.Writes[0].Elements < ps.Elements,
		n.Op != network.MaxPool && (ps.Kind == workloads.Pool || ps.Kind == workloads.PoolGrad):
		return all[1]
	}
	return all[0]
}

// columnsOf are the columns that a pass is brought in, in the order of memory: of a window so few of its results at a time that their sums are just apart, where the lanes divide them all.
func columnsOf(p *vector.Params, q *microcode.Program, ps *workloads.Pass, n *network.Layer) int {
	c := n.Out[len(n.Out)-1]
	if ps.Row > 0 {
		c = ps.Row
	}
	for _, t := range q.Totals {
		if t.Ways == microcode.Window {
			c = ps.Writes[0].Elements
			if least := int64(p.Lanes * p.PipelineLatency); c%int64(p.Lanes) == 0 && c >= least {
				c = least
			}
		}
	}
	return int(c)
}

// outside are the passes of a network's step that the unit in Verilog does not take with these lanes, and the share of the words on elements that they are.
func outside(t *testing.T, name string, lanes int) (passes, share string) {
	t.Helper()
	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: name, Recipe: "bdwp", Batch: 512}, nil)
	if err != nil {
		t.Fatal(err)
	}
	g, err := m.Network.Graph()
	if err != nil {
		t.Fatal(err)
	}
	layers, err := g.Layers()
	if err != nil {
		t.Fatal(err)
	}
	step, err := m.Recipe.Apply(*m.Step)
	if err != nil {
		t.Fatal(err)
	}
	p := m.Spec.Vector
	p.Lanes = lanes
	var count, left, all, words int64
	for i := range step.Items {
		for k := range step.Items[i].Passes {
			ps := &step.Items[i].Passes[k]
			kind := word.PassKind(ps.Kind)
			ops, _ := p.Ops.Of(kind)
			if ops == 0 {
				continue
			}
			at := slices.IndexFunc(layers, func(n network.Layer) bool { return n.Name == ps.Layer })
			if at < 0 {
				t.Fatalf("%s: no layer %s", name, ps.Layer)
			}
			n := &layers[at]
			q := programOf(ps, n)
			count, all = count+1, all+int64(ops)*ps.Elements
			if err := p.Takes(vector.Built(), vector.Job{Kind: kind, Elements: ps.Elements, Row: ps.Row}, q, columnsOf(&p, q, ps, n)); err != nil {
				t.Logf("%d lanes, %s, %s: %v", lanes, name, ps.Layer, err)
				left, words = left+1, words+int64(ops)*ps.Elements
			}
		}
	}
	return fmt.Sprintf("%d of %d", left, count), fmt.Sprintf("%.0f %%", 100*float64(words)/float64(all))
}

// Which passes of the five networks the vector unit in Verilog does not take at 32 lanes, the default's, and at 33, which fit its board as well: docs/rtl.md has the table.
func TestTheDocumentHasThePassesThatTheVerilogLacks(t *testing.T) {
	document, err := os.ReadFile("../../docs/rtl.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"resnet9", "vit-cifar", "vgg19-cifar", "resnet18-tiny", "resnet50"} {
		passes, share := outside(t, name, 32)
		more, most := outside(t, name, 33)
		if row := fmt.Sprintf("| %s | %s | %s | %s | %s |\n", name, passes, share, more, most); !strings.Contains(string(document), row) {
			t.Errorf("docs/rtl.md lacks %s", row)
		}
	}
}
