package train

import (
	"bytes"
	"slices"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads/recipe"
)

// BP reads of what FF keeps the two largest of every four outputs in the order of the last step that searched, which is the best of six of that step's masks of FF; in the first step that which this one finds.
// The trainer has an order where the cost model searches one, and nowhere else. A training that is taken up after a step goes on as it would have.
func TestPermutedMasks(t *testing.T) {
	r24 := nm.Ratio{N: 2, M: 4}
	r := recipes(ratio(2, 4))["bdwp"]
	r.BP.Mask, r.Permutation = recipe.Permuted, recipe.Permutation{Orders: 6, Steps: 3}
	tr, other := trainer(t, r, nil), trainer(t, r, nil)
	step, err := twoConvs().Step()
	if err != nil {
		t.Fatal(err)
	}
	if step, err = r.Apply(step); err != nil {
		t.Fatal(err)
	}
	costed := map[string]bool{}
	for i := range step.Items {
		for _, p := range step.Items[i].Passes {
			if p.Orders {
				costed[step.Items[i].Layer] = true
			}
		}
	}
	orders, changed := map[string][]int32{}, 0
	for at := range int64(8) {
		tr.prepare(at)
		for _, layer := range []string{"stem", "conv", "grouped", "fc"} {
			p := tr.param(layer + ".weight")
			if (p.order != nil) != costed[layer] {
				t.Fatalf("%s: an order of %d outputs, and it is costed: %v", layer, len(p.order), costed[layer])
			}
			if p.order == nil {
				continue
			}
			rows, cols := len(p.Master)/int(p.Out), int(p.Out)
			if at == 0 {
				orders[layer] = r24.BestOrder(p.maskFF, rows, cols, 6, nm.Random(p.key, 0))
			}
			if !slices.Equal(p.order, orders[layer]) {
				t.Fatalf("step %d, %s: the order is %v, want %v", at, layer, p.order, orders[layer])
			}
			want := make([]float32, len(p.ff))
			for row := range rows {
				line := make([]float32, cols)
				for i, c := range p.order {
					line[i] = p.ff[row*cols+int(c)]
				}
				for i, k := range r24.MaskRows(bits(line), 1, cols) {
					if k {
						want[row*cols+int(p.order[i])] = line[i]
					}
				}
			}
			checkOperand(t, "BP of "+layer, p.bp, want, nil)
			if at%3 == 0 { // this step searches
				next := r24.BestOrder(p.maskFF, rows, cols, 6, nm.Random(p.key, uint64(at)))
				if !slices.Equal(next, orders[layer]) {
					changed++
				}
				orders[layer] = next
			}
		}
		if err := tr.step(); err != nil {
			t.Fatal(err)
		}
		var kept bytes.Buffer
		if err := tr.Save(&kept, "x"); err != nil {
			t.Fatal(err)
		}
		if err := other.Restore(&kept, "x"); err != nil {
			t.Fatal(err)
		}
		tr, other = other, tr
	}
	if changed == 0 {
		t.Error("no order ever changed")
	}
}
