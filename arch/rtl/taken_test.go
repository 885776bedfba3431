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

// taken is how many passes of a network there are, how many of them have rows of columns that begin with a wave, since they do not lie in place, how many are cut for want of room, windows apart, and how
// many the unit in Verilog does not take.
type taken struct{ all, begin, cut, not int }

// add looks at a pass of so many columns by the rules that package doc of arch/vector states.
func (n *taken) add(t *testing.T, p *vector.Params, kind word.PassKind, ps *workloads.Pass, q *microcode.Program, c int) {
	n.all++
	sums, windows := false, false
	for _, total := range q.Totals {
		sums, windows = sums || total.Ways == microcode.OverColumns, windows || total.Ways == microcode.Window
	}
	constants, lanes := vector.ReadsColumns(q), p.Lanes
	over := len(q.Between) > 0
	if windows { // as many results at a time as there is room for
		c = min(int(min(ps.Writes[0].Elements, ps.Elements)), lanes*min(p.Constants, p.Sums))
	} else if !over && (sums || constants) {
		common := 1
		for d := 1; d <= lanes; d++ {
			if lanes%d == 0 && c%d == 0 {
				common = d
			}
		}
		if sums && (32*c%lanes != 0 || 32*c/lanes > p.Sums) || constants && c/common > p.Constants {
			n.begin++
			most := lanes * p.Constants
			if sums {
				most = min(most, lanes*(p.Sums/32))
			}
			if c > most {
				n.cut++
				c = most
			}
		}
	}
	if err := p.Takes(p.Room(), vector.Job{Kind: kind, Elements: ps.Elements, Row: ps.Row}, q, max(c, 1)); err != nil {
		t.Logf("%d lanes, %s: %v", lanes, ps.Layer, err)
		n.not++
	}
}

// passesTaken are those of a network's step, with these lanes and sums.
func passesTaken(t *testing.T, name string, lanes, sums int) (n taken) {
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
	p.Lanes, p.Sums = lanes, sums
	for i := range step.Items {
		for k := range step.Items[i].Passes {
			ps := &step.Items[i].Passes[k]
			kind := word.PassKind(ps.Kind)
			if ops, _ := p.Ops.Of(kind); ops == 0 {
				continue
			}
			at := slices.IndexFunc(layers, func(n network.Layer) bool { return n.Name == ps.Layer })
			if at < 0 {
				t.Fatalf("%s: no layer %s", name, ps.Layer)
			}
			c := layers[at].Out[len(layers[at].Out)-1]
			if ps.Row > 0 {
				c = ps.Row
			}
			n.add(t, &p, kind, ps, programOf(ps, &layers[at]), int(c))
		}
	}
	return n
}

// How the vector unit in Verilog takes the passes of the five networks, and which it does not: on 32 lanes, the default's, on 33, and with more sums. docs/rtl.md has the table.
func TestTheDocumentHasThePassesThatTheVerilogLacks(t *testing.T) {
	document, err := os.ReadFile("../../docs/rtl.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"resnet9", "vit-cifar", "vgg19-cifar", "resnet18-tiny", "resnet50"} {
		own, odd, many := passesTaken(t, name, 32, 256), passesTaken(t, name, 33, 256), passesTaken(t, name, 32, 2048)
		row := fmt.Sprintf("| %s | %d | %d, %d | %d | %d, %d | %d | %d, %d | %d |\n", name, own.all, own.begin, own.cut, own.not, odd.begin, odd.cut, odd.not, many.begin, many.cut, many.not)
		if !strings.Contains(string(document), row) {
			t.Errorf("docs/rtl.md lacks %s", row)
		}
	}
}
