package fp_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/x448/float16"

	"satsim/arch/fp"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// operator is a module and what it is to compute. Half says that its operands are FP16.
type operator struct {
	module string
	half   bool
	of     func(s fp.Subnormals, a, b uint32) uint32
}

func single(b uint32) float32 { return math.Float32frombits(b) }

// operators stand in the order of testdata/operators.v.
func operators() []operator {
	half := func(b uint32) float16.Float16 { return float16.Frombits(uint16(b)) }
	return []operator{
		{"fp16_mul", true, func(s fp.Subnormals, a, b uint32) uint32 {
			return math.Float32bits(fp.Canonical(s.Single(half(a)) * s.Single(half(b))))
		}},
		{"fp32_add", false, func(s fp.Subnormals, a, b uint32) uint32 { return math.Float32bits(s.Add(single(a), single(b))) }},
		{"fp32_mul", false, func(s fp.Subnormals, a, b uint32) uint32 { return math.Float32bits(s.Mul(single(a), single(b))) }},
		{"fp32_div", false, func(s fp.Subnormals, a, b uint32) uint32 { return math.Float32bits(s.Div(single(a), single(b))) }},
		{"fp32_sqrt", false, func(s fp.Subnormals, a, _ uint32) uint32 { return math.Float32bits(s.Sqrt(single(a))) }},
		{"fp32_to_fp16", false, func(s fp.Subnormals, a, _ uint32) uint32 { return uint32(s.Half(single(a)).Bits()) }},
		{"fp16_to_fp32", true, func(s fp.Subnormals, a, _ uint32) uint32 { return math.Float32bits(fp.Canonical(s.Single(half(a)))) }},
	}
}

// format is how many bits of exponent and fraction a number has.
type format struct{ exponent, fraction int }

// special are the numbers at all edges of a format, without sign.
func (f format) special() []uint32 {
	step := uint32(1) << f.fraction
	inf, one := (uint32(1)<<f.exponent-1)*step, (uint32(1)<<(f.exponent-1)-1)*step
	return []uint32{0, 1, 2, 3, step / 2, step - 1, step, step + 1, 2*step - 1, 2 * step, one - 1, one, one + 1, one + step/2, one + step, inf - step, inf - 1, inf, inf + 1, inf + step/2}
}

// draw is a number of any class.
func (f format) draw(r *rand.Rand) uint32 {
	sign := uint32(r.IntN(2)) << (f.exponent + f.fraction)
	switch r.IntN(8) {
	case 0:
		s := f.special()
		return sign | s[r.IntN(len(s))]
	case 1: // subnormal, of any size
		return sign | r.Uint32()&(1<<f.fraction-1)>>r.IntN(f.fraction)
	case 2: // few ones: products and quotients that are ties or exact
		return sign | uint32(r.IntN(1<<f.exponent))<<f.fraction | uint32(r.IntN(8))<<r.IntN(f.fraction-2)
	case 3: // many ones: carries
		return sign | uint32(r.IntN(1<<f.exponent))<<f.fraction | (1<<f.fraction-1)&^(uint32(r.IntN(8))<<r.IntN(f.fraction-2))
	}
	return r.Uint32() & (1<<(1+f.exponent+f.fraction) - 1)
}

// pair is two operands, of classes that an operator finds hard when taken together.
func pair(r *rand.Rand, half bool) (a, b uint32) {
	f := format{8, 23}
	if half {
		f = format{5, 10}
	}
	sign, step := uint32(1)<<(f.exponent+f.fraction), uint32(1)<<f.fraction
	a, b = f.draw(r), f.draw(r)
	switch r.IntN(8) {
	case 0: // of like magnitude: sums cancel, quotients are near 1
		b = a ^ sign*uint32(r.IntN(2)) + uint32(r.IntN(9)) - 4
	case 1: // exponents a mantissa apart and less: alignment and its ties
		e := int(a>>f.fraction) & (1<<f.exponent - 1)
		e = min(max(e+r.IntN(2*f.fraction+9)-f.fraction-4, 0), 1<<f.exponent-1)
		b = b&(sign|step-1) | uint32(e)<<f.fraction
	case 2: // of exponents that add up to about the least or the largest: products at the ends of the range; and quotients
		e, bias := int(a>>f.fraction)&(1<<f.exponent-1), 1<<(f.exponent-1)-1
		to := []int{bias - f.fraction - 2, bias, 3*bias + 1}[r.IntN(3)] + r.IntN(5) - 2
		to -= e
		if r.IntN(2) == 0 {
			to = 2*bias - to
		}
		b = b&(sign|step-1) | uint32(min(max(to, 0), 1<<f.exponent-1))<<f.fraction
	case 3: // conversion to FP16: exponents of its range, ties
		a = a&(sign|step-1) | uint32(98+r.IntN(48))<<f.fraction
		if r.IntN(2) == 0 {
			a &^= 0xfff
		}
		if half {
			a &= 0xffff
		}
	}
	return a & (2*sign - 1), b & (2*sign - 1)
}

// vectors are all pairs of special numbers, then drawn ones, with what each is to give with subnormals and without.
func vectors(o operator, r *rand.Rand, count int) string {
	var text strings.Builder
	put := func(a, b uint32) {
		fmt.Fprintf(&text, "%08x%08x%08x%08x\n", a, b, o.of(fp.IEEE, a, b), o.of(fp.Flush, a, b))
	}
	f := format{8, 23}
	if o.half {
		f = format{5, 10}
	}
	sign := uint32(1) << (f.exponent + f.fraction)
	for _, a := range f.special() {
		for _, b := range f.special() {
			for s := range uint32(4) {
				if count > 0 {
					put(a|sign*(s&1), b|sign*(s>>1))
					count--
				}
			}
		}
	}
	for range count {
		put(pair(r, o.half))
	}
	return text.String()
}

// sources are the operators and the bench that holds them to vectors.
func sources(t *testing.T) []verilog.Source {
	all, err := verilog.Sources(fp.RTL, os.DirFS("testdata"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// hold compares every operator with Go in one simulator, on so many pairs each, in so many forms: with and without subnormals, open and closed, at
// latencies 5, 0 to 4, 6, 12 and 40.
func hold(t *testing.T, s verilog.Simulator, count, forms int) {
	if err := s.Missing(); err != nil {
		witness.Missing(t, s.Name)
	}
	r := rand.New(rand.NewPCG(17, 4))
	for i, o := range operators() {
		t.Run(o.module, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "vectors.hex"), []byte(vectors(o, r, count)), 0o666); err != nil {
				t.Fatal(err)
			}
			d := verilog.Design{Top: "operators", Sources: sources(t), Parameters: []verilog.Parameter{
				{Name: "OPERATOR", Value: int64(i)}, {Name: "COUNT", Value: int64(count)}, {Name: "FORMS", Value: int64(forms)},
			}}
			program, err := s.Build(context.Background(), dir, d)
			if err != nil {
				t.Fatal(err)
			}
			out, err := program.Run(context.Background(), dir)
			if err != nil {
				t.Fatal(err)
			}
			if whole := fmt.Sprintf(": %d checked, 0 wrong\n", count); strings.Count(out, whole) != forms {
				t.Error(out)
			}
		})
	}
}

func TestOperatorsInIcarus(t *testing.T) {
	witness.Foreign(t)
	hold(t, verilog.Icarus(), 2500, 4)
}

// A million pairs each. It is of the slow tier: .ci/witness rtl.
func TestOperatorsInVerilator(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("slow: SATSIM_RTL=1 runs it")
	}
	hold(t, verilog.Verilator(), 1_000_000, 36)
}

// Nothing to warn of, in any module by itself.
func TestOperatorsLint(t *testing.T) {
	witness.Foreign(t)
	files, err := fs.Glob(fp.RTL, "rtl/*.v")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		top := strings.TrimSuffix(filepath.Base(f), ".v")
		if top == "fp_zeros" || top == "fp_ones" {
			continue // they are made of themselves, of which Verilator has false warnings where they are the top module; they are parts of others
		}
		d := verilog.Design{Top: top}
		for _, s := range sources(t) {
			if s.Name != "operators.v" {
				d.Sources = append(d.Sources, s)
			}
		}
		out, err := verilog.Lint(context.Background(), t.TempDir(), d)
		if missing := new(verilog.Missing); errors.As(err, &missing) {
			witness.Missing(t, missing.Tool)
		}
		if err != nil || out != "" {
			t.Errorf("%s: %v\n%s", top, err, out)
		}
	}
}
