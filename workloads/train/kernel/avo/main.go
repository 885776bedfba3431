// Command avo writes the assembly of package kernel and its declarations. It is a module of its own, so that satsim needs nothing of it:
//
//	go generate ./workloads/train/kernel
package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	build.ConstraintExpr("amd64,!purego")
	tiles("tiles6x16", 6, false)
	tiles("tiles4x16", 4, false)
	tiles("edge4x16", 4, true)
	tiles("edge1x16", 1, true)
	halves()
	rowsCopied()
	for _, p := range passes() {
		p.write()
	}
	build.Generate()
}

// wide is 16 FP32 values in two registers.
type wide [2]reg.VecVirtual

func newWide() wide { return wide{build.YMM(), build.YMM()} }

// at is where the half h of 16 values at a place lies.
func at(m operand.Mem, h int) operand.Mem { return m.Offset(32 * h) }

// tiles writes count tiles of rows x 16 outputs, one below the other. The terms of an output are added in ascending order of the reduction, multiplied
// and added by instructions of their own: every operation is rounded by itself. At an edge, a mask says which of the 16 columns there are.
func tiles(name string, rows int, edge bool) {
	mask := ""
	if edge {
		mask = ", mask *int32"
	}
	build.TEXT(name, build.NOSPLIT, "func(count, k int, a *float32, row, step int, b *float32, ldb int, more bool, c *float32, ldc int"+mask+")")
	build.Pragma("noescape")
	build.Doc(fmt.Sprintf("%s is count tiles of %d x 16 outputs c = a*b, rows of a row and terms step apart; with more, it adds to c.", name, rows))
	load := func(param string) reg.GPVirtual { return build.Load(build.Param(param), build.GP64()).(reg.GPVirtual) }
	bytes := func(param string) reg.GPVirtual {
		r := load(param)
		build.SHLQ(operand.U8(2), r)
		return r
	}
	count, a, row, step := load("count"), load("a"), bytes("row"), bytes("step")
	b, ldb, c, ldc := load("b"), bytes("ldb"), load("c"), bytes("ldc")
	odd := map[int]reg.GPVirtual{} // distances of the rows that no scale gives
	for i := 3; i < rows; i += 2 {
		odd[i] = build.GP64()
		build.LEAQ(operand.Mem{Base: row, Index: row, Scale: uint8(i - 1)}, odd[i])
	}
	// line is the place of row i of a.
	line := func(base reg.Register, i int) operand.Mem {
		switch {
		case i == 0:
			return operand.Mem{Base: base}
		case odd[i] != nil:
			return operand.Mem{Base: base, Index: odd[i], Scale: 1}
		}
		return operand.Mem{Base: base, Index: row, Scale: uint8(i)}
	}
	// outputs visits the places of the rows of c.
	outputs := func(visit func(i int, m operand.Mem)) {
		place := build.GP64()
		build.MOVQ(c, place)
		for i := range rows {
			if i > 0 {
				build.ADDQ(ldc, place)
			}
			visit(i, operand.Mem{Base: place})
		}
	}
	var masks wide
	if edge {
		masks = newWide()
		m := load("mask")
		for h := range masks {
			build.VMOVDQU(at(operand.Mem{Base: m}, h), masks[h])
		}
	}
	read := func(from operand.Mem, to wide) {
		for h := range to {
			if edge {
				build.VMASKMOVPS(at(from, h), masks[h], to[h])
			} else {
				build.VMOVUPS(at(from, h), to[h])
			}
		}
	}
	var sums []wide
	for range rows {
		sums = append(sums, newWide())
	}

	build.Label("tile")
	more := build.Load(build.Param("more"), build.GP8())
	build.TESTB(more, more)
	build.JNE(operand.LabelRef("add"))
	for _, s := range sums {
		for h := range s {
			build.VXORPS(s[h], s[h], s[h])
		}
	}
	build.JMP(operand.LabelRef("begin"))
	build.Label("add")
	outputs(func(i int, m operand.Mem) { read(m, sums[i]) })

	build.Label("begin")
	left, p, q := load("k"), build.GP64(), build.GP64()
	build.MOVQ(a, p)
	build.MOVQ(b, q)
	build.TESTQ(left, left)
	build.JE(operand.LabelRef("end"))
	build.Label("term")
	terms := newWide()
	read(operand.Mem{Base: q}, terms)
	for i, s := range sums {
		factor, product := build.YMM(), build.YMM()
		build.VBROADCASTSS(line(p, i), factor)
		build.VMULPS(terms[0], factor, product)
		build.VADDPS(product, s[0], s[0])
		build.VMULPS(terms[1], factor, factor)
		build.VADDPS(factor, s[1], s[1])
	}
	build.ADDQ(step, p)
	build.ADDQ(ldb, q)
	build.DECQ(left)
	build.JNE(operand.LabelRef("term"))
	build.Label("end")
	outputs(func(i int, m operand.Mem) {
		for h, x := range sums[i] {
			if edge {
				build.VMASKMOVPS(x, masks[h], at(m, h))
			} else {
				build.VMOVUPS(x, at(m, h))
			}
		}
		build.ADDQ(row, a)
	})
	for range rows {
		build.ADDQ(ldc, c)
	}
	build.DECQ(count)
	build.JNE(operand.LabelRef("tile"))
	build.VZEROUPPER()
	build.RET()
}

// halves writes the rounding of n FP32 values, n a multiple of 8, to FP16 values: there and back by the processor's own conversion, to nearest and
// ties to even whatever its mode; every NaN becomes the one NaN, and with flush, subnormals zeros of their sign.
func halves() {
	build.TEXT("roundHalves", build.NOSPLIT, "func(n int, x *float32, flush bool)")
	build.Pragma("noescape")
	build.Doc("roundHalves rounds n values, a multiple of 8, to FP16 values in place.")
	n := build.Load(build.Param("n"), build.GP64())
	x := build.Load(build.Param("x"), build.GP64())
	flush := build.Load(build.Param("flush"), build.GP8())
	constant := func(bits uint32) reg.VecVirtual {
		r, v := build.GP32(), build.XMM()
		build.MOVL(operand.U32(bits), r)
		build.MOVD(r, v)
		y := build.YMM()
		build.VPBROADCASTD(v, y)
		return y
	}
	nan, magnitude := constant(0x7fc00000), constant(0x7fffffff)
	least := build.YMM() // values below it are flushed: none, or those below 2^-14
	build.VXORPS(least, least, least)
	build.TESTB(flush, flush)
	build.JE(operand.LabelRef("values"))
	normal := constant(0x38800000)
	build.VMOVAPS(normal, least)
	build.Label("values")
	v, half, lost, size := build.YMM(), build.XMM(), build.YMM(), build.YMM()
	build.VMOVUPS(operand.Mem{Base: x}, v)
	build.VCMPPS(operand.U8(3), v, v, lost) // unordered with itself
	build.VCVTPS2PH(operand.U8(0), v, half) // to nearest, ties to even
	build.VCVTPH2PS(half, v)
	build.VANDPS(magnitude, v, size)
	keep, sign := build.YMM(), build.YMM()
	build.VPCMPGTD(size, least, keep) // below least
	build.VANDNPS(v, magnitude, sign) // the sign alone
	build.VBLENDVPS(keep, sign, v, v)
	build.VBLENDVPS(lost, nan, v, v)
	build.VMOVUPS(v, operand.Mem{Base: x})
	build.ADDQ(operand.U8(32), x)
	build.SUBQ(operand.U8(8), n)
	build.JNE(operand.LabelRef("values"))
	build.VZEROUPPER()
	build.RET()
}
