package compare

import (
	"cmp"
	"slices"
	"testing"

	"satsim/arch/fpga"
	"satsim/results/experiment/models"
)

// The fastest sizes are those that come first when all are timed exactly: of a ResNet, of a network of depthwise convolutions and of one of attention, at every end of the estimates and for
// arrays of several sizes. Fewer are timed.
func TestFastestSizesAreThoseOfAll(t *testing.T) {
	timed, all := 0, 0
	for _, name := range []string{"resnet18-tiny", "mobilenet-v2", "vit-cifar"} {
		m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: name, Recipe: "dense"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, side := range []int{8, 32} {
			s := m.Spec
			s.STCE.Rows, s.STCE.Cols = side, side
			r, every := newRanking(&s, m.Step), newRanking(&s, m.Step)
			for _, e := range fpga.Ends() {
				sizes := fpga.DenseOnly(&s, e)
				want := slices.Clone(sizes)
				slices.SortFunc(want, func(a, b fpga.Size) int {
					return cmp.Or(cmp.Compare(every.cycles(a), every.cycles(b)), cmp.Compare(a.Cols, b.Cols), cmp.Compare(a.Rows, b.Rows))
				})
				want = want[:min(len(want), tried)]
				if got := r.fastest(slices.Clone(sizes), tried); !slices.Equal(got, want) {
					t.Errorf("%s, %d x %d, %v end: %v; of all %v", name, side, side, e, got, want)
				}
				for _, z := range sizes {
					if r.atLeast(z) > every.cycles(z) {
						t.Errorf("%s: %dx%d takes %d cycles, at least %d", name, z.Rows, z.Cols, every.cycles(z), r.atLeast(z))
					}
				}
			}
			timed, all = timed+len(r.exact), all+len(every.exact)
		}
	}
	if 2*timed > all {
		t.Errorf("%d of %d sizes were timed", timed, all)
	}
	t.Logf("%d of %d sizes were timed", timed, all)
}
