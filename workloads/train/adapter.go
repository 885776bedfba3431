package train

import (
	"math/rand/v2"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/recipe"
	"satsim/workloads/train/kernel"
)

// adapter is a low-rank one beside a layer: Y = X W + (X A / R) B.
type adapter struct {
	a, b        *ParamArray
	hidden      []float32 // X A / R
	made        []float32 // what is added to Y
	back        []float32 // gradient of X A
	gradient    []float32 // what is added to dX
	rank        int
	inputs      int
	outputs     int
	reciprocals float32 // 1/R
}

// attach gives layers the adapters that a stretch has. As the authors' code has it, A is drawn from the normal distribution and B is zero, so that nothing changes yet.
func (t *Trainer) attach(s *stretch) {
	first := true
	for _, o := range t.model.operators {
		w, ok := o.(*weighted)
		if !ok || w.adapter != nil || s.prune[w.layer].rank == 0 {
			continue
		}
		rank := s.prune[w.layer].rank
		w.adapter = newAdapter(w, rank)
		if first {
			first, t.state.Adapted = false, t.state.Updates
		}
		t.model.params = append(t.model.params, w.adapter.a, w.adapter.b)
		t.adapters = append(t.adapters, w.adapter.a, w.adapter.b)
		r := rand.New(rand.NewPCG(t.options.Seed, nm.Random(adapterStreams, uint64(len(t.model.params)))))
		for i := range w.adapter.a.Master {
			w.adapter.a.Master[i] = float32(r.NormFloat64())
		}
	}
}

// adapterStreams names the streams of random numbers that adapters begin with.
const adapterStreams = 0xada97e5

func newAdapter(w *weighted, rank int) *adapter {
	in, out := w.w.In, w.w.Out
	matrix := func(name string, in, out int64) *ParamArray {
		s := workloads.WeightShape{Taps: 1, In: in, Out: out, Groups: 1}
		p := newParam(w.layer+name+".weight", int(s.Elements()))
		p.matrix = newMatrix(s, [][]int{{0}}, true)
		return p
	}
	rows := w.images
	return &adapter{
		a: matrix(recipe.AdapterIn, in, int64(rank)), b: matrix(recipe.AdapterOut, int64(rank), out), rank: rank, inputs: int(in), outputs: int(out), reciprocals: 1 / float32(rank),
		hidden: make([]float32, rows*rank), made: make([]float32, rows*int(out)), back: make([]float32, rows*rank), gradient: make([]float32, rows*int(in)),
	}
}

// scaled multiplies by 1/R and rounds, as the vector unit does to what leaves the array.
func (o *adapter) scaled(f kernel.Format, x []float32) {
	for i, v := range x {
		x[i] = v * o.reciprocals
	}
	f.Round(x)
}

// add makes rows of what the adapter adds, from the layer's input, and adds them to rows of sums.
func (o *adapter) add(f kernel.Format, x, y []float32, first, rows int) {
	h, z := o.hidden[first*o.rank:(first+rows)*o.rank], o.made[first*o.outputs:(first+rows)*o.outputs]
	kernel.MulNN(rows, o.rank, o.inputs, x, o.inputs, o.a.ff, o.rank, false, h, o.rank)
	o.scaled(f, h)
	kernel.MulNN(rows, o.outputs, o.rank, h, o.rank, o.b.ff, o.outputs, false, z, o.outputs)
	f.Round(z)
	kernel.Add(y, y, z)
}

// backward makes the gradients of both weights from those of the layer's output, and that of the input, if it needs one.
func (o *adapter) backward(e *engine, x, dy []float32, input bool) {
	rows := len(o.hidden) / o.rank
	size, n := parts(rows, 1)
	e.pool.Run(n, func(part, _ int) {
		lo, hi := part*size, min((part+1)*size, rows)
		d := o.back[lo*o.rank : hi*o.rank]
		kernel.MulNN(hi-lo, o.rank, o.outputs, dy[lo*o.outputs:], o.outputs, o.b.turned[0], o.rank, false, d, o.rank)
		o.scaled(e.format, d)
		if input {
			dx := o.gradient[lo*o.inputs : hi*o.inputs]
			kernel.MulNN(hi-lo, o.inputs, o.rank, d, o.rank, o.a.turned[0], o.inputs, false, dx, o.inputs)
			e.format.Round(dx)
		}
	})
	plainGradient(e, o.hidden, dy, o.b.Gradient, rows, o.rank, o.outputs)
	plainGradient(e, x, o.back, o.a.Gradient, rows, o.inputs, o.rank)
}
