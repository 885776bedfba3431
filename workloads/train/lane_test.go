package train

import (
	"math/rand/v2"
	"testing"

	"satsim/arch/fp"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/internal/microcode"
	"satsim/workloads/network"
	"satsim/workloads/train/kernel"
)

// onUnit runs a pass on the exact model of the vector unit, lane by lane and cycle by cycle.
func onUnit(t *testing.T, kind word.PassKind, in vector.Operands) vector.Results {
	t.Helper()
	n := len(in.Port[0])
	r, _, err := vector.Default().Simulate(fp.Flush, []vector.Job{{Kind: kind, Elements: int64(n), Row: vector.Row(in.Program, n, in.Columns)}}, []vector.Operands{in})
	if err != nil {
		t.Fatal(err)
	}
	return r[0]
}

// pass is an operator in the machine's numerics between two tensors of drawn halves.
type pass struct {
	e    *engine
	x, y *tensor
}

func newPass(r *rand.Rand, rows, columns int) pass {
	half := kernel.Format{Half: true, Flush: true}
	p := pass{
		e: &engine{pool: kernel.NewPool(2), format: half, lanes: newLanes(true), training: true},
		x: newTensor(network.Shape{int64(rows), int64(columns)}, true), y: newTensor(network.Shape{int64(rows), int64(columns)}, true),
	}
	for i := range p.x.val {
		p.x.val[i], p.y.grad[i] = float32(3*r.NormFloat64()+1), float32(r.NormFloat64())
	}
	half.Round(p.x.val)
	half.Round(p.y.grad)
	return p
}

func (p pass) param(r *rand.Rand) *ParamArray {
	a := newParam("", p.x.last())
	for i := range a.value {
		a.value[i] = p.e.format.One(float32(r.NormFloat64()))
	}
	return a
}

func (p pass) same(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%s: element %d is %g here, %g in the vector unit", what, i, got[i], want[i])
		}
	}
}

// The passes of training are those of the vector unit, to the bit: each is run on its exact model, too.
func TestPassesAreTheVectorUnits(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 9))
	const rows, columns = 70, 64 // rows over columns: more than the ways; rows of columns fill a strip of 256
	t.Run("batch norm", func(t *testing.T) {
		p := newPass(r, rows, columns)
		o := newBatchNorm(network.Layer{}, p.x, p.y)
		o.scale, o.shift = p.param(r), p.param(r)
		o.forward(p.e)
		stats := onUnit(t, vector.BatchNormStats, vector.Operands{
			Program: microcode.BatchNormStats(), Columns: columns, Port: [3][]float32{p.x.val}, Scalar: [8]float32{1. / rows, epsilon},
		})
		p.same(t, "mean", o.mean, stats.Column[0])
		p.same(t, "inverse deviation", o.rstd, stats.Column[1])
		p.same(t, "y", p.y.val, onUnit(t, vector.BatchNormApply, vector.Operands{
			Program: microcode.BatchNormApply(), Columns: columns, Port: [3][]float32{p.x.val}, Column: [8][]float32{o.mean, o.rstd, o.scale.value, o.shift.value},
		}).Out[0])
		o.backward(p.e)
		both := [3][]float32{p.x.val, p.y.grad}
		sums := onUnit(t, vector.BatchNormReduce, vector.Operands{
			Program: microcode.BatchNormReduce(), Columns: columns, Port: both, Column: [8][]float32{o.mean, o.rstd},
		})
		p.same(t, "gradient of the shift", o.shift.Gradient, sums.Total[0])
		p.same(t, "gradient of the scale", o.scale.Gradient, sums.Total[1])
		p.same(t, "dX", p.x.grad, onUnit(t, vector.BatchNormGrad, vector.Operands{
			Program: microcode.BatchNormGrad(), Columns: columns, Port: both, Scalar: [8]float32{1. / rows},
			Column: [8][]float32{0: o.mean, 1: o.rstd, 2: o.scale.value, 6: sums.Total[0], 7: sums.Total[1]},
		}).Out[0])
	})
	t.Run("layer norm", func(t *testing.T) {
		p := newPass(r, rows, columns)
		o := newLayerNorm(network.Layer{}, p.x, p.y)
		o.scale, o.shift, o.forth = p.param(r), p.param(r), microcode.LayerNorm(true)
		o.forward(p.e)
		p.same(t, "y", p.y.val, onUnit(t, vector.LayerNorm, vector.Operands{
			Program: microcode.LayerNorm(true), Columns: columns, Port: [3][]float32{p.x.val}, Column: [8][]float32{o.scale.value, o.shift.value},
			Scalar: [8]float32{1. / columns, epsilon},
		}).Out[0])
	})
	for _, op := range []network.Op{network.ReLU, network.ReLU6, network.GELU, network.SiLU, network.Sigmoid, network.Tanh} {
		t.Run(string(op), func(t *testing.T) {
			p := newPass(r, rows, columns)
			o := newActivation(op, p.x, p.y, activationOf(op))
			forth, back, kept := vector.Transcend, vector.TranscendGrad, [3][]float32{p.x.val, p.y.grad}
			if o.passes != nil {
				forth, back, kept = vector.Activate, vector.ActivateGrad, [3][]float32{p.y.grad}
			} else if o.ofResult {
				kept[0] = p.y.val
			}
			o.forward(p.e)
			unit := onUnit(t, forth, vector.Operands{Program: o.forth, Columns: columns, Port: [3][]float32{p.x.val}})
			p.same(t, "y", p.y.val, unit.Out[0])
			o.backward(p.e)
			p.same(t, "dX", p.x.grad, onUnit(t, back, vector.Operands{Program: o.back, Columns: columns, Port: kept, Bit: unit.Set}).Out[0])
		})
	}
	t.Run("softmax", func(t *testing.T) {
		p := newPass(r, rows, columns)
		o := newSoftmax(network.Layer{}, p.x, p.y)
		o.forward(p.e)
		p.same(t, "y", p.y.val, onUnit(t, vector.Softmax, vector.Operands{Program: microcode.Softmax(), Columns: columns, Port: [3][]float32{p.x.val}}).Out[0])
		o.backward(p.e)
		p.same(t, "dX", p.x.grad, onUnit(t, vector.SoftmaxGrad, vector.Operands{
			Program: microcode.SoftmaxGrad(), Columns: columns, Port: [3][]float32{p.y.val, p.y.grad},
		}).Out[0])
	})
	t.Run("sums", func(t *testing.T) {
		p := newPass(r, rows, columns)
		got := p.e.totals(p.e.lanes.biasGrad, microcode.Strip{N: columns}, rows, nil, nil, p.y.grad)[0]
		p.same(t, "gradient of a bias", got, onUnit(t, vector.BiasGrad, vector.Operands{
			Program: microcode.BiasGrad(), Columns: columns, Port: [3][]float32{p.y.grad},
		}).Total[0])
		// An operand that was repeated: package train adds plainly.
		whole, part := newTensor(network.Shape{rows, 320}, false), newTensor(network.Shape{320}, true)
		y := newTensor(network.Shape{rows, 320}, true)
		for i := range y.grad {
			y.grad[i], whole.val[i] = p.e.format.One(float32(r.NormFloat64())), p.e.format.One(float32(r.NormFloat64()))
		}
		o := newCombine(whole, part, y, false)
		o.backward(p.e)
		want := onUnit(t, vector.GradSum, vector.Operands{Program: microcode.Repeats(), Columns: 320, Port: [3][]float32{y.grad}}).Total[0]
		p.e.format.Round(want)
		p.same(t, "gradient of what is repeated", part.grad, want)
	})
}
