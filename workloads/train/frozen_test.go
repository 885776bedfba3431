package train

import (
	"slices"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads/recipe"
)

// FF's random masks stay, N of every group; BP's are the N largest of what FF kept; what FF does not keep has no gradient and stays as it was. Another seed draws other masks.
func TestFrozenMasks(t *testing.T) {
	r24 := nm.Ratio{N: 2, M: 4}
	r := recipe.Default()
	r.FF, r.BP, r.WU.Prune = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Frozen}, recipe.Rule{Prune: recipe.Weights, Mask: recipe.Shared}, recipe.Weights
	r.Masks, r.Epochs, r.WeightDecay = recipe.Never, 4, 1e-3
	r = r.Sparsify(r24)
	drawn := map[uint64]nm.Mask{}
	for _, seed := range []uint64{3, 4} {
		tr := trainer(t, r, func(o *Options) { o.Seed = seed })
		tr.prepare(0)
		before := map[string][]float32{}
		masks := map[string]nm.Mask{}
		for _, layer := range []string{"conv", "grouped", "fc"} {
			p := tr.param(layer + ".weight")
			before[layer], masks[layer] = slices.Clone(p.Master), slices.Clone(p.maskFF)
			out := int(p.Out)
			for c := range len(p.Master) / out { // groups of four inputs of a tap
				if int64(c)%p.In%4 > 0 {
					continue
				}
				for f := range out {
					n := 0
					for i := range min(4, int(p.In-int64(c)%p.In)) {
						if p.maskFF[(c+i)*out+f] {
							n++
						}
					}
					if n != 2 {
						t.Fatalf("%s: %d are kept of inputs from %d of output %d", layer, n, c, f)
					}
				}
			}
			want := r24.MaskRows(bits(p.ff), len(p.ff)/out, out)
			checkOperand(t, "BP of "+layer, p.bp, p.ff, want)
		}
		for range 3 {
			if err := tr.step(); err != nil {
				t.Fatal(err)
			}
		}
		for layer, mask := range masks {
			p, moved := tr.param(layer+".weight"), 0
			if !slices.Equal(p.maskFF, mask) {
				t.Errorf("%s has other masks", layer)
			}
			alone := layer != "grouped" // of 10 channels of a group the last two are no whole group
			for i, k := range mask {
				if p.Master[i] != before[layer][i] {
					moved++
				}
				if !k && alone && (p.Gradient[i] != 0 || p.Master[i] != before[layer][i]) {
					t.Fatalf("%s: element %d is not kept, and has the gradient %g", layer, i, p.Gradient[i])
				}
			}
			if moved == 0 {
				t.Errorf("%s stays as it was", layer)
			}
		}
		drawn[seed] = masks["conv"]
	}
	if slices.Equal(drawn[3], drawn[4]) {
		t.Error("another seed draws the same masks")
	}
}
