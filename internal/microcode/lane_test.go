package microcode

import (
	"fmt"
	"hash/fnv"
	"math"
	"testing"
)

// Six numbers in ways of four: ((x0+x4) + x2) + ((x1+x5) + x3). With x0 = 2^24, x4 = x2 = 1 the two ones are lost one by one, where a plain sum of 1+1 first
// would keep them.
func TestFoldByHand(t *testing.T) {
	ways := Total{}.Begin(4, 1)
	for i, x := range []float32{1 << 24, 3, 1, 5, 1, -3} {
		ways[i%4] += x
	}
	if got := (Lane{}).Fold(Total{}, ways, 1); got[0] != 1<<24+5-1 { // 2^24 + 5 is half way: to even
		t.Errorf("folded %v", got[0])
	}
	// Two columns, three ways: each column by itself.
	got := Lane{}.Fold(Total{Largest: true}, []float32{1, 9, 7, 2, 3, 4}, 2)
	if got[0] != 7 || got[1] != 9 {
		t.Errorf("the largest are %v", got)
	}
}

// A row longer than its ways: way 0 has elements 0 and 256. 2^24 + 1 + 1 in that order loses both ones; way 1 is 0.
func TestRowWays(t *testing.T) {
	x := make([]float32, 513)
	x[0], x[256], x[512] = 1<<24, 1, 1
	p := SoftmaxGrad() // total 0 is the product with port 0
	s := Strip{N: len(x), Port: [3][]float32{x, make([]float32, len(x))}, Out: [2][]float32{make([]float32, len(x))}}
	fill(s.Port[1], 1)
	Lane{}.Row(p, &s)
	if s.Scalar[2] != 1<<24 {
		t.Errorf("the row's total is %v", s.Scalar[2])
	}
	x[0], x[1], x[256], x[512] = 0, 1<<24, 1, 1 // 1 + 1 in way 0, then 2^24
	Lane{}.Row(p, &s)
	if s.Scalar[2] != 1<<24+2 {
		t.Errorf("the row's total is %v", s.Scalar[2])
	}
}

// Flush: the product 2^-127 is nothing before it is added; an operand of 2^-130 is, too.
func TestFlushByHand(t *testing.T) {
	p := &Program{Sweeps: [][]Word{{mulAdd(out(0), port(0), port(1), port(2))}}}
	for _, c := range []struct{ a, b, c, want, flushed float32 }{
		{0x1p-64, 0x1p-63, 0x1p-126, 0x1.8p-126, 0x1p-126},
		{0x1p-130, 0x1p20, 0, 0x1p-110, 0},
		{0x1p-64, -0x1p-63, 0, -0x1p-127, 0},
	} {
		for _, l := range []Lane{{}, {Flush: true}} {
			s := Strip{N: 1, Port: [3][]float32{{c.a}, {c.b}, {c.c}}, Out: [2][]float32{{9}}}
			l.Do(p, p.Sweeps[0], &s)
			want := c.want
			if l.Flush {
				want = c.flushed
			}
			if s.Out[0][0] != want {
				t.Errorf("%v*%v + %v, flush %v: %g, want %g", c.a, c.b, c.c, l.Flush, s.Out[0][0], want)
			}
		}
	}
}

// Places of exp2's table: 2.75 = 2 + 48/64; -1/64 - 2^-29 is just below segment 63 of -1; and beyond.
func TestFindByHand(t *testing.T) {
	e := exp2()
	for _, c := range []struct {
		x              float32
		segment, whole int
		rest           float32
	}{
		{2.75, 48, 2, 0},
		{2.75 + 0x1p-20, 48, 2, 0x1p-20},
		{-0x1p-6 - 0x1p-29, 62, -1, 0x1p-6 - 0x1p-29},
		{-1e9, 0, -256, 0},
	} {
		if s, w, r, _ := e.Find(c.x); s != c.segment || w != c.whole || r != c.rest {
			t.Errorf("%v: segment %d, whole %d, rest %g; want %+v", c.x, s, w, r, c)
		}
	}
	g := gelu()
	for _, c := range []struct {
		x              float32
		segment, where int
	}{{-8, 0, 0}, {-8.01, 0, -1}, {0, 32, 0}, {7.99, 63, 0}, {8, 0, 1}} {
		if s, _, _, w := g.Find(c.x); s != c.segment || w != c.where {
			t.Errorf("%v: segment %d, where %d; want %+v", c.x, s, w, c)
		}
	}
	if _, _, r, _ := g.Find(float32(math.NaN())); r == r {
		t.Error("what is no number is one after its split")
	}
}

// The tables' bits are the contract's: they may not depend on a processor's exp.
func TestTablesAreKept(t *testing.T) {
	want := map[string]string{
		"exp2":          "fd6b21baa30565a9",
		"gelu":          "8b87d63043c5b34a",
		"gelu_slope":    "10ba47082456b032",
		"silu":          "737bebceabaf0e00",
		"silu_slope":    "35e2d6d1e952c2eb",
		"sigmoid":       "161dd1109efa9a74",
		"sigmoid_slope": "33fbc4b607bdce37",
		"tanh":          "c605c99d81671e7f",
		"tanh_slope":    "b18db846f7035f01",
	}
	for _, table := range []*Table{exp2(), gelu(), geluSlope(), silu(), siluSlope(), sigmoid(), sigmoidSlope(), tanh(), tanhSlope()} {
		h := fnv.New64a()
		for _, c := range table.Coefficient {
			for _, v := range c {
				fmt.Fprintf(h, "%08x", math.Float32bits(v))
			}
		}
		if got := fmt.Sprintf("%016x", h.Sum64()); got != want[table.Name] {
			t.Errorf("%s: %s, want %s", table.Name, got, want[table.Name])
		}
	}
}

// Three lanes with eight ways: waves 0, 1 and the two ways of wave 2. Ways 6 and 7 are added to 0 and 1, then 3, 4 and 5 to 0, 1 and 2, then 2 to 0, then 1 to 0. So ways 2 and 5
// are one number, 2, when it comes to 2^24, which neither of them by itself changes. By halves of ways 5 is added to 1, and both are lost.
func TestFoldRowByHand(t *testing.T) {
	ways := []float32{1 << 24, 0, 1, 0, 0, 1, 0, 0}
	if got := (Lane{Width: 3}).FoldRow(Total{}, append([]float32(nil), ways...)); got[0] != 1<<24+2 {
		t.Errorf("three lanes make %v", got)
	}
	for _, width := range []int{0, 1, 2, 4, 8} {
		if got := (Lane{Width: width}).FoldRow(Total{}, append([]float32(nil), ways...)); got[0] != 1<<24 {
			t.Errorf("%d lanes make %v", width, got)
		}
	}
	if got := (Lane{Width: 36}).RowWays(); got != 252 {
		t.Errorf("36 lanes have %d ways", got)
	}
}
