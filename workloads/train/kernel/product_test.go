package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/x448/float16"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
	"pgregory.net/rapid"
)

// random values of many magnitudes, now and then a zero of either sign or an infinity; none of what comes after the matrix may be read or written.
func operand(t *rapid.T, r *rand.Rand, n int, infinite bool) []float32 {
	x := make([]float32, n)
	for i := range x {
		switch k := r.IntN(40); {
		case k < 4:
			x[i] = float32(math.Copysign(0, float64(k)-2))
		case k == 4 && infinite:
			x[i] = float32(math.Inf(1 - 2*r.IntN(2)))
		default:
			x[i] = float32(r.NormFloat64() * math.Exp2(float64(r.IntN(40)-20)))
		}
	}
	return x
}

func sameBits(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

// TestProductIsThePlainLoop: the same bits (of NaNs, that they are) for any shape and layout, and nothing beside the outputs is touched. gonum's BLAS is a
// witness within the error of its own order: k + 1 roundings of the sum of magnitudes.
func TestProductIsThePlainLoop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		extent := rapid.OneOf(rapid.IntRange(0, 9), rapid.IntRange(10, 70))
		m, n, k := extent.Draw(t, "m"), extent.Draw(t, "n"), extent.Draw(t, "k")
		turned, more, infinite := rapid.Bool().Draw(t, "turned"), rapid.Bool().Draw(t, "more"), rapid.Bool().Draw(t, "infinite")
		pad := rapid.IntRange(0, 5).Draw(t, "pad")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		rows, lda := m, k+pad
		if turned {
			rows, lda = k, m+pad
		}
		ldb, ldc := n+pad, n+2*pad
		a, b := operand(t, r, rows*lda, infinite), operand(t, r, k*ldb, infinite)
		before := operand(t, r, m*ldc, false)
		got, want := append([]float32(nil), before...), append([]float32(nil), before...)
		p := product{m, n, k, lda, 1, ldb, ldc, more}
		if turned {
			p.row, p.step = 1, lda
			MulTN(m, n, k, a, lda, b, ldb, more, got, ldc)
		} else {
			MulNN(m, n, k, a, lda, b, ldb, more, got, ldc)
		}
		p.plain(a, b, want)
		for i := range want {
			if !sameBits(got[i], want[i]) {
				t.Fatalf("element %d is %g, in order it is %g", i, got[i], want[i])
			}
		}
		if infinite || m == 0 || n == 0 || k == 0 {
			return
		}
		trans, beta := blas.NoTrans, float32(0)
		if turned {
			trans = blas.Trans
		}
		if more {
			beta = 1
		}
		witness := append([]float32(nil), before...)
		gonum.Implementation{}.Sgemm(trans, blas.NoTrans, m, n, k, 1, a, lda, b, ldb, beta, witness, ldc)
		for i := range m {
			for j := range n {
				size := math.Abs(float64(before[i*ldc+j]))
				for l := range k {
					size += math.Abs(float64(a[i*p.row+l*p.step]) * float64(b[l*ldb+j]))
				}
				if d := math.Abs(float64(witness[i*ldc+j]) - float64(got[i*ldc+j])); d > size*float64(k+1)*0x1p-23 {
					t.Fatalf("(%d, %d) is %g, gonum has %g", i, j, got[i*ldc+j], witness[i*ldc+j])
				}
			}
		}
	})
}

// TestRoundingClasses rounds every FP16 value, and of each gap between two neighbours its ends, its middle, and what lies beside these: all classes
// that rounding to nearest can tell apart, of both signs, up to infinity; then NaNs. Eight at a time, one at a time, and as another library does.
func TestRoundingClasses(t *testing.T) {
	var x []float32
	for h := range 0x7c00 { // to infinity from below; the last gap is to 65536
		low, high := float16.Frombits(uint16(h)).Float32(), float16.Frombits(uint16(h+1)).Float32()
		if h == 0x7bff {
			high = 65536
		}
		for _, at := range []float32{low, float32((float64(low) + float64(high)) / 2), high} {
			b := math.Float32bits(at)
			for _, v := range []uint32{b - 1, b, b + 1} {
				if int32(v) >= 0 {
					x = append(x, math.Float32frombits(v), math.Float32frombits(v|1<<31))
				}
			}
		}
	}
	for _, b := range []uint32{1, 0x7fffff, 0x800000, 0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fa00000, 0x7fc00000, 0x7fffffff} {
		x = append(x, math.Float32frombits(b), math.Float32frombits(b|1<<31))
	}
	for _, flush := range []bool{false, true} {
		f := Format{Half: true, Flush: flush}
		got, plain := append([]float32(nil), x...), append([]float32(nil), x...)
		f.Round(got)
		f.plain(plain)
		for i, v := range x {
			want := float16.Fromfloat32(v).Float32()
			if v != v {
				want = math.Float32frombits(canonicNaN)
			}
			if flush && math.Abs(float64(want)) < 0x1p-14 {
				want = float32(math.Copysign(0, float64(want)))
			}
			for how, y := range map[string]float32{"in eights": got[i], "one by one": plain[i], "alone": f.One(v)} {
				if math.Float32bits(y) != math.Float32bits(want) {
					t.Fatalf("flush %v, %s: %x (%g) gives %x (%g), want %g", flush, how, math.Float32bits(v), v, math.Float32bits(y), y, want)
				}
			}
		}
	}
}

// BenchmarkProduct is on the shapes of resnet-fmnist: multiplications and additions a second.
func BenchmarkProduct(b *testing.B) {
	for _, s := range []struct {
		name    string
		m, n, k int
		turned  bool
	}{{"stem", 196, 16, 9, false}, {"conv", 196, 32, 288, false}, {"input-gradient", 196, 16, 288, false}, {"weight-gradient", 32, 32, 196, true}} {
		x, w, y := make([]float32, s.m*s.k), make([]float32, s.k*s.n), make([]float32, s.m*s.n)
		for i := range x {
			x[i] = float32(i%7) - 3
		}
		for i := range w {
			w[i] = float32(i%5) - 2
		}
		b.Run(s.name, func(b *testing.B) {
			for b.Loop() {
				if s.turned {
					MulTN(s.m, s.n, s.k, x, s.m, w, s.n, false, y, s.n)
				} else {
					MulNN(s.m, s.n, s.k, x, s.k, w, s.n, false, y, s.n)
				}
			}
			b.ReportMetric(2*float64(s.m*s.n*s.k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
