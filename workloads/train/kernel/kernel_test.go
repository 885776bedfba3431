package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/x448/float16"
	"pgregory.net/rapid"

	"satsim/internal/nm"
)

// TestRoundIsFP16 compares with another library at every FP16 value, between neighbours, and at random bit patterns.
func TestRoundIsFP16(t *testing.T) {
	check := func(bits uint32) {
		v := math.Float32frombits(bits)
		want := float16.Fromfloat32(v).Float32()
		if v != v {
			want = math.Float32frombits(canonicNaN)
		}
		flushed := want
		if math.Abs(float64(want)) < 1.0/(1<<14) {
			flushed = float32(math.Copysign(0, float64(want)))
		}
		for _, c := range []struct {
			f    Format
			want float32
		}{{Format{Half: true}, want}, {Format{Half: true, Flush: true}, flushed}, {Format{}, v}} {
			x := []float32{v}
			c.f.Round(x)
			one := c.f.One(v)
			nan := v != v
			if math.Float32bits(one) != math.Float32bits(c.want) && !(nan && one != one) || math.Float32bits(x[0]) != math.Float32bits(one) && !nan {
				t.Fatalf("%+v rounds %x (%g) to %g and %g, want %g", c.f, bits, v, one, x[0], c.want)
			}
		}
	}
	for h := range 1 << 16 {
		b := math.Float32bits(float16.Frombits(uint16(h)).Float32())
		for _, d := range []uint32{0, 1, 0xfff, 0x1000, 0x1001, 0x1fff} { // to the tie and around it
			check(b + d)
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 200_000 {
		check(r.Uint32())
	}
}

func halves(t *rapid.T, n int) ([]float32, []uint16) {
	bits := rapid.SliceOfN(rapid.OneOf(rapid.Uint16(), rapid.SampledFrom([]uint16{0, 0x8000, 0x3c00, 0xbc00, 0x7c00, 0x7e00})), n, n).Draw(t, "w")
	w := make([]float32, n)
	for i, b := range bits {
		w[i] = float16.Frombits(b).Float32()
	}
	return w, bits
}

// TestMasksAreTheDefinition: of FP16 values, internal/nm's masks.
func TestMasksAreTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(1, nm.MaxM).Draw(t, "M")
		r := nm.Ratio{N: rapid.IntRange(1, m).Draw(t, "N"), M: m}
		taps, channels, cols := rapid.IntRange(1, 3).Draw(t, "taps"), rapid.IntRange(1, 2*m).Draw(t, "channels"), rapid.IntRange(1, 2*m).Draw(t, "cols")
		rows := taps * channels
		w, bits := halves(t, rows*cols)
		mask := make(nm.Mask, rows*cols)
		MaskColumns(r, w, taps, channels, cols, mask)
		if !slices.Equal(mask, r.MaskColumns(bits, taps, channels, cols)) {
			t.Fatalf("columns of %v at %v: %v", w, r, mask)
		}
		MaskRows(r, w, rows, cols, mask)
		want := r.MaskRows(bits, rows, cols)
		if !slices.Equal(mask, want) {
			t.Fatalf("rows of %v at %v: %v", w, r, mask)
		}
		pruned := make([]float32, len(w))
		PruneRows(r, pruned, w, rows, cols)
		for i, k := range want {
			v := w[i]
			if !k {
				v = 0
			}
			if math.Float32bits(pruned[i]) != math.Float32bits(v) && v == v {
				t.Fatalf("element %d of %v at %v is %g", i, w, r, pruned[i])
			}
		}
	})
}

// Each place of a group is kept as often as any other: N in M of 4,000 groups, within five deviations of a binomial; each group keeps N.
func TestRandomColumnsAreFair(t *testing.T) {
	const groups = 4000
	r := nm.Ratio{N: 2, M: 8}
	mask := make(nm.Mask, groups*8)
	RandomColumns(r, 1, 8, groups, 5, mask)
	for place := range 8 {
		n := 0
		for col := range groups {
			if mask[place*groups+col] {
				n++
			}
		}
		if mean, most := groups/4., 5*math.Sqrt(groups*3./16); math.Abs(float64(n)-mean) > most {
			t.Errorf("place %d is kept %d times of %d", place, n, groups)
		}
	}
	if mask.Kept() != 2*groups {
		t.Errorf("%d are kept", mask.Kept())
	}
}

// Groups of positions have every row once, M in each but where rows end; neighbours, or apart by as much in every group.
func TestPositionsCoverRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := nm.Ratio{N: 1, M: rapid.IntRange(1, nm.MaxM).Draw(t, "M")}
		rows, apart := rapid.IntRange(1, 100).Draw(t, "rows"), rapid.Bool().Draw(t, "apart")
		seen := make([]bool, rows)
		for g := range (rows + r.M - 1) / r.M {
			first, step, n := Positions(r, rows, g, apart)
			if n < 1 || n > r.M || apart != (step > 1) && rows > r.M {
				t.Fatalf("group %d has %d rows, %d apart", g, n, step)
			}
			for i := range n {
				if seen[first+i*step] {
					t.Fatalf("row %d is in two groups", first+i*step)
				}
				seen[first+i*step] = true
			}
		}
		if slices.Contains(seen, false) {
			t.Fatalf("%v", seen)
		}
	})
}

// plain is a product of kept terms in ascending order, every operation rounded by itself, zeros of the pruned operand skipped.
func plain(m, n, k int, a func(i, l int) float32, b func(l, j int) float32) []float32 {
	c := make([]float32, m*n)
	for i := range m {
		for j := range n {
			for l := range k {
				if v := b(l, j); v != 0 {
					c[i*n+j] += float32(a(i, l) * v)
				}
			}
		}
	}
	return c
}

// TestProductsAddInOrder: bit for bit a plain loop that skips what is pruned, for sizes on both sides of the BLAS's own blocks and
// threads.
func TestProductsAddInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	fill := func(n int, zeros float64) []float32 {
		x := make([]float32, n)
		for i := range x {
			if r.Float64() >= zeros {
				x[i] = Format{Half: true}.One(float32(r.NormFloat64() * math.Exp2(float64(r.IntN(12)-6))))
			}
		}
		return x
	}
	for _, s := range [][3]int{{1, 1, 1}, {3, 5, 7}, {65, 33, 130}, {150, 140, 70}} {
		m, n, k := s[0], s[1], s[2]
		a, b := fill(m*k, 0.1), fill(k*n, 0.75)
		same := func(what string, got, want []float32) {
			t.Helper()
			for i := range want {
				if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
					t.Fatalf("%s %v: element %d is %g, in order it is %g", what, s, i, got[i], want[i])
				}
			}
		}
		c := make([]float32, m*n)
		MulNN(m, n, k, a, k, b, n, false, c, n)
		same("A B", c, plain(m, n, k, func(i, l int) float32 { return a[i*k+l] }, func(l, j int) float32 { return b[l*n+j] }))
		at := make([]float32, m*k)
		Transpose(at, a, m, k, k)
		clear(c)
		half := k / 2
		MulTN(m, n, half, at, m, b, n, false, c, n)
		MulTN(m, n, k-half, at[half*m:], m, b[half*n:], n, true, c, n)
		same("A^T B in two halves", c, plain(m, n, k, func(i, l int) float32 { return a[i*k+l] }, func(l, j int) float32 { return b[l*n+j] }))
	}
}

// TestGatherByHand: the windows of a 3x3 image of 2 channels, 2x2 taps with padding on the left and above.
func TestGatherByHand(t *testing.T) {
	src := make([]float32, 18)
	for i := range src {
		src[i] = float32(i + 1) // position p has channels 2p+1 and 2p+2
	}
	axis := Axis{Out: 2, In: 3, Stride: 2, Offsets: []int{-1, 0}}
	dst := make([]float32, 4*4)
	Gather(dst, src, 0, 1, axis, axis, 2, 1, 1)
	want := []float32{
		0, 0, 0, 2, // (0,0): only the last tap is inside: position 0
		0, 0, 4, 6, // (0,1): positions 1, 2
		0, 8, 0, 14, // (1,0): positions 3, 6
		10, 12, 16, 18, // (1,1): positions 4, 5, 7, 8
	}
	if !slices.Equal(dst, want) {
		t.Errorf("gathered %v, want %v", dst, want)
	}
}

// TestGatherIsItsDefinition: element by element, for any axes.
func TestGatherIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		axis := func(what string) Axis {
			a := Axis{Out: rapid.IntRange(1, 5).Draw(t, what+" out"), In: rapid.IntRange(1, 6).Draw(t, what+" in"), Stride: rapid.IntRange(1, 2).Draw(t, what+" stride")}
			step, at := rapid.IntRange(1, 2).Draw(t, what+" step"), rapid.IntRange(-7, 3).Draw(t, what+" first")
			for range rapid.IntRange(0, 3).Draw(t, what+" taps") {
				a.Offsets = append(a.Offsets, at)
				at += step
			}
			return a
		}
		h, w := axis("h"), axis("w")
		channels := rapid.OneOf(rapid.IntRange(1, 4), rapid.SampledFrom([]int{8, 16, 24})).Draw(t, "channels")
		from := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, channels-1)).Draw(t, "from")
		count := rapid.OneOf(rapid.Just(channels-from), rapid.IntRange(1, channels-from)).Draw(t, "count")
		first, images := rapid.IntRange(0, 1).Draw(t, "first"), rapid.IntRange(1, 2).Draw(t, "images")
		src := make([]float32, (first+images)*h.In*w.In*channels)
		for i := range src {
			src[i] = float32(i + 1)
		}
		dst := make([]float32, images*h.Out*w.Out*len(h.Offsets)*len(w.Offsets)*count)
		for i := range dst {
			dst[i] = -1
		}
		Gather(dst, src, first, images, h, w, channels, from, count)
		var want []float32
		for img := first; img < first+images; img++ {
			for oh := range h.Out {
				for ow := range w.Out {
					for _, fh := range h.Offsets {
						for _, fw := range w.Offsets {
							for c := range count {
								v, y, x := float32(0), oh*h.Stride+fh, ow*w.Stride+fw
								if y >= 0 && y < h.In && x >= 0 && x < w.In {
									v = src[((img*h.In+y)*w.In+x)*channels+from+c]
								}
								want = append(want, v)
							}
						}
					}
				}
			}
		}
		if !slices.Equal(dst, want) {
			t.Fatalf("h %+v, w %+v: %v, want %v", h, w, dst, want)
		}
	})
}

func TestPoolRunsEachPartOnceAndSumsInOrder(t *testing.T) {
	for _, workers := range []int{0, 1, 3, 50} {
		p := NewPool(workers)
		var runs [20]atomic.Int32
		p.Run(20, func(part, worker int) {
			if worker >= max(workers, 1) {
				t.Errorf("worker %d of %d", worker, workers)
			}
			runs[part].Add(1)
		})
		for i := range runs {
			if n := runs[i].Load(); n != 1 {
				t.Errorf("%d workers: part %d ran %d times", workers, i, n)
			}
		}
		// 1 + 2^-53 is 1 in FP64, 2^-53 + 2^-53 + ... before it is not: the sum tells orders apart.
		x := []float64{1, 0x1p-53, 0x1p-53, 0x1p-53}
		sum := p.Sum(4, 1, 1, func(lo, _ int, sum []float64) { sum[0] += x[lo] })
		if sum[0] != 1 {
			t.Errorf("%d workers: parts are not added in ascending order: %v", workers, sum[0]-1)
		}
		if s := p.Sum(0, 8, 2, func(int, int, []float64) {}); len(s) != 2 || s[0] != 0 {
			t.Errorf("the sum of nothing is %v", s)
		}
	}
}
