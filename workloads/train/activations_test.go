package train

import (
	"testing"

	"satsim/internal/nm"
	"satsim/workloads/recipe"
)

// FF reads activations pruned along channels, each position by itself, and what it pruned gets no gradient; WU reads them pruned once more, in groups of M positions of a channel that are near or apart.
// By the definition of internal/nm, written out: of twoConvs at 2:4 conv, grouped and fc prune X in FF, and fc alone has positions that are one dimension.
func TestOperandsOfActivations(t *testing.T) {
	r24 := nm.Ratio{N: 2, M: 4}
	for _, positions := range []recipe.Positions{recipe.Near, recipe.Apart} {
		r := recipe.Default()
		r.FF.Prune, r.Epochs = recipe.Activations, 4
		r.WU = recipe.WURule{Prune: recipe.Activations, Positions: positions}
		r = r.Sparsify(r24)
		tr := trainer(t, r, nil)
		if err := tr.step(); err != nil {
			t.Fatal(err)
		}
		for layer, pruned := range map[string]bool{"stem": false, "conv": true, "grouped": true, "fc": true} {
			o := tr.operatorOf(layer)
			if !pruned {
				if !o.w.prune.inputs.IsDense() {
					t.Errorf("%s is pruned in FF", layer)
				}
				continue
			}
			in := int(o.w.In)
			mask := r24.MaskRows(bits(o.x.val), len(o.x.val)/in, in)
			checkOperand(t, "FF of "+layer, o.kept, o.x.val, mask)
			for i, k := range mask {
				if !k && o.x.grad[i] != 0 {
					t.Fatalf("%s: the gradient of element %d, which FF pruned, is %g", layer, i, o.x.grad[i])
				}
			}
		}
		o := tr.operatorOf("fc")
		rows, c, f := o.x.rows(), o.x.last(), o.y.last()
		order := make([]int, rows) // of 8 positions, so that groups are neighbours
		for i := range order {
			order[i] = i
			if positions == recipe.Apart { // 0, 2, 4, 6, then 1, 3, 5, 7
				order[i] = i%4*2 + i/4
			}
		}
		turned := make([]float32, rows*c)
		for i, from := range order {
			copy(turned[i*c:(i+1)*c], o.kept[from*c:])
		}
		mask := r24.MaskColumns(bits(turned), 1, rows, c)
		for k := range c {
			for y := range f {
				var sum float32
				for row := range rows {
					at := row
					if positions == recipe.Apart {
						at = row%2*4 + row/2
					}
					if mask[at*c+k] {
						sum += float32(o.kept[row*c+k] * o.y.grad[row*f+y])
					}
				}
				if got := o.w.Gradient[k*f+y]; got != sum {
					t.Fatalf("%s: dW of (%d, %d) is %g, the sum over kept positions %g", positions, k, y, got, sum)
				}
			}
		}
	}
}
