package train

import (
	"fmt"
	"math"
	"testing"

	"github.com/x448/float16"

	"satsim/arch/stce"
	"satsim/internal/nm"
)

// trained is a training of some steps, with the operands of its last step still in place.
func trained(t testing.TB, name string, n, m int) *Trainer {
	tr := trainer(t, recipes(ratio(n, m))[name], nil)
	for range 12 {
		if err := tr.step(); err != nil {
			t.Fatal(err)
		}
	}
	tr.prepare(tr.state.Step)
	tr.model.run(true)
	tr.model.differentiate()
	return tr
}

func equalBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s: element %d is %g, the plain product has %g", what, i, got[i], want[i])
		}
	}
}

// TestStagesArePlainProducts computes FF, BP and WU of the strided convolution with loops over positions, taps and channels
// that skip what internal/nm's masks prune, in the machine's order, and compares bit for bit. The convolution: 6x6x12 to 3x3x20,
// 3x3 taps, stride 2, pad 1; output o and tap k meet input i = 2o + k - 1.
func TestStagesArePlainProducts(t *testing.T) {
	const images, in, out, side, small = 8, 12, 20, 6, 3
	r := nm.Ratio{N: 2, M: 8}
	for _, name := range []string{"dense", "bdwp", "sdwp", "sr-ste", "sdgp"} {
		tr := trained(t, name, 2, 8)
		o := tr.operatorOf("conv")
		w := append([]float32{}, o.w.Master...)
		tr.model.format.Round(w)
		all := make(nm.Mask, len(w))
		for i := range all {
			all[i] = true
		}
		ff, bp, dyMask := all, all, nm.Mask(nil)
		if name == "bdwp" || name == "sr-ste" {
			ff = r.MaskColumns(bits(w), 9, in, out)
			bp = ff
		}
		if name == "bdwp" || name == "sdwp" {
			bp = r.MaskRows(bits(w), 9*in, out)
		}
		dy := o.y.grad
		if name == "sdgp" {
			dyMask = r.MaskRows(bits(dy), images*small*small, out)
		}
		weight := func(tap, c, f int) int { return (tap*in+c)*out + f }
		x := func(img, y, v, c int) float32 {
			if y < 0 || y >= side || v < 0 || v >= side {
				return 0
			}
			return o.x.val[((img*side+y)*side+v)*in+c]
		}
		y, dx, dw := make([]float32, len(dy)), make([]float32, len(o.x.val)), make([]float32, len(w))
		for img := range images {
			for p := range small * small {
				row := (img*small*small + p) * out
				for tap := range 9 {
					for c := range in {
						v := x(img, 2*(p/small)+tap/3-1, 2*(p%small)+tap%3-1, c)
						for f := range out {
							at := weight(tap, c, f)
							if ff[at] {
								y[row+f] += float32(v * w[at])
							}
							dw[at] += float32(v * dy[row+f])
						}
					}
				}
			}
			for i := range side * side {
				for tap := 8; tap >= 0; tap-- { // positions of dY ascend
					oh, ov := i/side+1-tap/3, i%side+1-tap%3
					if oh%2 != 0 || ov%2 != 0 || oh < 0 || ov < 0 || oh/2 >= small || ov/2 >= small {
						continue
					}
					row := (img*small*small + oh/2*small + ov/2) * out
					for f := range out {
						if dyMask != nil && !dyMask[row+f] {
							continue
						}
						for c := range in {
							if at := weight(tap, c, f); bp[at] {
								dx[(img*side*side+i)*in+c] += float32(dy[row+f] * w[at])
							}
						}
					}
				}
			}
		}
		tr.model.format.Round(y)
		tr.model.format.Round(dx)
		equalBits(t, name+" FF", o.y.val, y)
		equalBits(t, name+" BP", o.x.grad, dx)
		equalBits(t, name+" WU", o.w.Gradient, dw)
	}
}

// TestFFIsTheTensorEngines runs the strided convolution's FF, with trained weights and real activations, register by register
// on the exact tensor engine, and compares the FP16 bits that leave.
func TestFFIsTheTensorEngines(t *testing.T) {
	const rows, taps, in, out = 8 * 3 * 3, 9, 12, 20
	array := stce.Default()
	array.Rows, array.Cols, array.AddLatency, array.MulLatency, array.MaxInterleave = 8, 4, 5, 2, 4
	for _, c := range []stce.Config{
		{Mode: stce.OS, Over: stce.OverF, Interleave: 4, Ratio: nm.Ratio{N: 2, M: 8}},
		{Mode: stce.OS, Over: stce.OverT, Interleave: 2, Ratio: nm.Ratio{N: 1, M: 4}},
		{Mode: stce.WS, Over: stce.OverF, Interleave: 4, Ratio: nm.Ratio{N: 2, M: 8}},
		{Mode: stce.OS, Over: stce.OverF, Interleave: 4, Ratio: nm.Dense},
	} {
		name := "bdwp"
		if c.Ratio.IsDense() {
			name = "dense"
		}
		t.Run(fmt.Sprint(c.Mode, c.Over, c.Ratio), func(t *testing.T) {
			tr := trained(t, name, c.Ratio.N, c.Ratio.M)
			o := tr.operatorOf("conv")
			var tile stce.Operands
			for row := range rows {
				img, p := row/9, row%9
				for tap := range taps {
					y, v := 2*(p/3)+tap/3-1, 2*(p%3)+tap%3-1
					for ch := range in {
						var h float16.Float16
						if y >= 0 && y < 6 && v >= 0 && v < 6 {
							h = float16.Fromfloat32(o.x.val[((img*6+y)*6+v)*in+ch])
						}
						tile.West = append(tile.West, h)
					}
				}
			}
			master := append([]float32{}, o.w.Master...)
			tr.model.format.Round(master)
			half := bits(master)
			keep := make(nm.Mask, len(half))
			for i := range keep {
				keep[i] = true
			}
			if !c.Ratio.IsDense() {
				keep = c.Ratio.MaskColumns(half, taps, in, out)
			}
			for f := range out {
				for k := range taps * in {
					if at := k*out + f; keep[at] {
						tile.North = append(tile.North, float16.Frombits(half[at]))
						tile.Index = append(tile.Index, uint8(k%in%c.Ratio.M))
					}
				}
			}
			res, err := array.Exact(stce.Tile{Config: c, Rows: rows, Cols: out, Taps: taps, Channels: in}, tile)
			if err != nil {
				t.Fatal(err)
			}
			zeros := 0
			for i, h := range res.Half {
				if got := float16.Fromfloat32(o.y.val[i]); got != h {
					t.Fatalf("output %d: training has %04x, the engine %04x", i, got.Bits(), h.Bits())
				}
				if h == 0 {
					zeros++
				}
			}
			if zeros > len(res.Half)/2 {
				t.Errorf("%d of %d outputs are zero: the layer has learned nothing that could be compared", zeros, len(res.Half))
			}
		})
	}
}
