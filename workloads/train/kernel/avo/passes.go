package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pass is a walk over rows of FP32 matrices of one shape, eight columns at a time: all rows of the first eight, then of the next. What belongs to a column
// stays in registers. Operations are rounded one by one, and sums of a column are in the order of the rows, of FP64 in two registers.
type pass struct {
	name, doc string
	columns   []string // FP32, a value a column
	sums      []string // FP64, likewise: added to
	matrices  []string
	row       func(p *walk)
}

// walk is where a pass stands.
type walk struct {
	column map[string]reg.VecVirtual
	sum    map[string][2]reg.VecVirtual
	place  map[string]operand.Mem
}

// value loads eight values of a matrix.
func (p *walk) value(matrix string) reg.VecVirtual {
	v := build.YMM()
	build.VMOVUPS(p.place[matrix], v)
	return v
}

func (p *walk) store(v reg.VecVirtual, matrix string) { build.VMOVUPS(v, p.place[matrix]) }

// normal is (x - mean) * rstd.
func (p *walk) normal() reg.VecVirtual {
	v := p.value("x")
	build.VSUBPS(p.column["mean"], v, v)
	build.VMULPS(p.column["rstd"], v, v)
	return v
}

// doubles are eight values as FP64.
func doubles(v reg.VecVirtual) (out [2]reg.VecVirtual) {
	high := build.XMM()
	build.VEXTRACTF128(operand.U8(1), v, high)
	for h := range out {
		out[h] = build.YMM()
	}
	build.VCVTPS2PD(v.AsX(), out[0])
	build.VCVTPS2PD(high, out[1])
	return out
}

// add adds to the sums of a name.
func (p *walk) add(name string, v [2]reg.VecVirtual) {
	for h, s := range p.sum[name] {
		build.VADDPD(v[h], s, s)
	}
}

func times(a, b [2]reg.VecVirtual) (out [2]reg.VecVirtual) {
	for h := range out {
		out[h] = build.YMM()
		build.VMULPD(a[h], b[h], out[h])
	}
	return out
}

func passes() []pass {
	return []pass{
		{
			"sumColumns8", "sumColumns8 adds the rows of x to sum.", nil, []string{"sum"}, []string{"x"},
			func(p *walk) { p.add("sum", doubles(p.value("x"))) },
		},
		{
			"sumSquares8", "sumSquares8 adds the squares of rows of x less their mean to sum.", []string{"mean"}, []string{"sum"}, []string{"x"},
			func(p *walk) {
				v := p.value("x")
				build.VSUBPS(p.column["mean"], v, v)
				d := doubles(v)
				p.add("sum", times(d, d))
			},
		},
		{
			"normalise8", "normalise8 is y = (x - mean) * rstd * scale + shift.", []string{"mean", "rstd", "scale", "shift"}, nil, []string{"y", "x"},
			func(p *walk) {
				v := p.normal()
				build.VMULPS(p.column["scale"], v, v)
				build.VADDPS(p.column["shift"], v, v)
				p.store(v, "y")
			},
		},
		{
			"sumGradients8", "sumGradients8 adds the rows of dy to sum, and those times (x - mean) * rstd to with.", []string{"mean", "rstd"}, []string{"sum", "with"}, []string{"dy", "x"},
			func(p *walk) {
				g := doubles(p.value("dy"))
				p.add("sum", g)
				p.add("with", times(g, doubles(p.normal())))
			},
		},
		{
			"normGradient8", "normGradient8 is dx = factor * (dy - first - (x - mean) * rstd * second).", []string{"mean", "rstd", "factor", "first", "second"}, nil, []string{"dx", "dy", "x"},
			func(p *walk) {
				v := p.normal()
				build.VMULPS(p.column["second"], v, v)
				g := p.value("dy")
				build.VSUBPS(p.column["first"], g, g)
				build.VSUBPS(v, g, g)
				build.VMULPS(p.column["factor"], g, g)
				p.store(g, "dx")
			},
		},
		{
			"add8", "add8 is y = a + b.", nil, nil, []string{"y", "a", "b"},
			func(p *walk) {
				v := p.value("a")
				build.VADDPS(p.place["b"], v, v)
				p.store(v, "y")
			},
		},
		{
			"multiply8", "multiply8 is y = a * b.", nil, nil, []string{"y", "a", "b"},
			func(p *walk) {
				v := p.value("a")
				build.VMULPS(p.place["b"], v, v)
				p.store(v, "y")
			},
		},
		{
			"rectify8", "rectify8 is y = x and slope = one where x is more than zero, else zeros.", []string{"zero", "one"}, nil, []string{"y", "slope", "x"},
			func(p *walk) {
				v, positive := p.value("x"), build.YMM()
				build.VCMPPS(operand.U8(30), p.column["zero"], v, positive) // greater, false of NaN
				build.VANDPS(positive, v, v)
				p.store(v, "y")
				build.VANDPS(p.column["one"], positive, positive)
				p.store(positive, "slope")
			},
		},
	}
}

// write writes a pass over cols columns, a multiple of 8 of matrices whose rows are ld apart.
func (p *pass) write() {
	signature := "func(rows, cols, ld int"
	for _, names := range [][]string{p.columns, p.matrices} {
		for _, n := range names {
			signature += ", " + n + " *float32"
		}
	}
	for _, n := range p.sums {
		signature += ", " + n + " *float64"
	}
	build.TEXT(p.name, build.NOSPLIT, signature+")")
	build.Pragma("noescape")
	build.Doc(p.doc)
	load := func(param string) reg.GPVirtual { return build.Load(build.Param(param), build.GP64()).(reg.GPVirtual) }
	cols, ld := load("cols"), load("ld")
	build.SHLQ(operand.U8(2), ld)
	base := map[string]reg.GPVirtual{}
	for _, names := range [][]string{p.columns, p.matrices, p.sums} {
		for _, n := range names {
			base[n] = load(n)
		}
	}
	w := walk{map[string]reg.VecVirtual{}, map[string][2]reg.VecVirtual{}, map[string]operand.Mem{}}

	build.Label("columns")
	for _, n := range p.columns {
		w.column[n] = build.YMM()
		build.VMOVUPS(operand.Mem{Base: base[n]}, w.column[n])
		build.ADDQ(operand.U8(32), base[n])
	}
	for _, n := range p.sums {
		w.sum[n] = [2]reg.VecVirtual{build.YMM(), build.YMM()}
		for h, s := range w.sum[n] {
			build.VMOVUPD(at(operand.Mem{Base: base[n]}, h), s)
		}
	}
	left, offset := load("rows"), build.GP64()
	build.XORQ(offset, offset)
	for _, n := range p.matrices {
		w.place[n] = operand.Mem{Base: base[n], Index: offset, Scale: 1}
	}
	build.Label("row")
	p.row(&w)
	build.ADDQ(ld, offset)
	build.DECQ(left)
	build.JNE(operand.LabelRef("row"))
	for _, n := range p.sums {
		for h, s := range w.sum[n] {
			build.VMOVUPD(s, at(operand.Mem{Base: base[n]}, h))
		}
		build.ADDQ(operand.U8(64), base[n])
	}
	for _, n := range p.matrices {
		build.ADDQ(operand.U8(32), base[n])
	}
	build.SUBQ(operand.U8(8), cols)
	build.JNE(operand.LabelRef("columns"))
	build.VZEROUPPER()
	build.RET()
}

// rowsCopied writes the copying of rows of n values, a multiple of 8.
func rowsCopied() {
	build.TEXT("copyRows8", build.NOSPLIT, "func(rows, n int, dst *float32, ldd int, src *float32, lds int)")
	build.Pragma("noescape")
	build.Doc("copyRows8 copies rows of n values, a multiple of 8, that are ldd and lds apart.")
	load := func(param string) reg.GPVirtual { return build.Load(build.Param(param), build.GP64()).(reg.GPVirtual) }
	rows, n, dst, ldd, src, lds := load("rows"), load("n"), load("dst"), load("ldd"), load("src"), load("lds")
	for _, r := range []reg.GPVirtual{n, ldd, lds} {
		build.SHLQ(operand.U8(2), r)
	}
	build.Label("line")
	offset, v := build.GP64(), build.YMM()
	build.XORQ(offset, offset)
	build.Label("values")
	build.VMOVUPS(operand.Mem{Base: src, Index: offset, Scale: 1}, v)
	build.VMOVUPS(v, operand.Mem{Base: dst, Index: offset, Scale: 1})
	build.ADDQ(operand.U8(32), offset)
	build.CMPQ(offset, n)
	build.JNE(operand.LabelRef("values"))
	build.ADDQ(ldd, dst)
	build.ADDQ(lds, src)
	build.DECQ(rows)
	build.JNE(operand.LabelRef("line"))
	build.VZEROUPPER()
	build.RET()
}
