package train

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"satsim/internal/microcode"
	"satsim/workloads/network"
	"satsim/workloads/train/kernel"
)

// model is a graph with memory: operators in topological order.
type model struct {
	engine
	operators []operator
	gradients []*tensor // those that a backward pass fills
	params    []*ParamArray
	norms     []*batchNorm
	images    *tensor // nil: it reads bytes
	bytes     []int32 // nil: it reads images
	batch     int
	loss      *crossEntropy
}

// byteValues is how many rows a table of bytes has.
const byteValues = 256

// newModel gives a graph memory and operators. Weights are zero yet.
func newModel(g *network.Graph, workers int, f kernel.Format) (*model, error) {
	layers, err := g.Layers()
	if err != nil {
		return nil, err
	}
	m := &model{engine: engine{pool: kernel.NewPool(workers), format: f}}
	if f.Half {
		m.lanes = newLanes(f.Flush)
	}
	m.batch = int(g.Inputs[0].Shape[0])
	tensors := map[string]*tensor{}
	ids := map[string]lookup{}
	for i, in := range g.Inputs {
		switch {
		case in.Indices && i == 0 && ReadsText(g):
			m.bytes = make([]int32, in.Shape.Elements())
			ids[in.Name] = lookup{in, m.bytes}
		case in.Indices:
			ids[in.Name] = lookup{in, nil}
		case m.images != nil || m.bytes != nil:
			return nil, fmt.Errorf("input %q: a second one beside %q; one of images, or first of all one of bytes, is accepted", in.Name, g.Inputs[0].Name)
		case len(in.Shape) != 4:
			return nil, fmt.Errorf("input %q is %v; images x height x width x channels is accepted", in.Name, in.Shape)
		default:
			m.images = newTensor(in.Shape, false)
			tensors[in.Name] = m.images
		}
	}
	if m.images == nil && m.bytes == nil {
		return nil, errors.New("the network has no input of images")
	}
	for _, n := range layers {
		if err := m.add(n, tensors, ids); err != nil {
			return nil, fmt.Errorf("node %q (%s): %w", n.Name, n.Op, err)
		}
	}
	if m.loss == nil {
		return nil, errors.New("the network has no loss")
	}
	return m, nil
}

// ReadsText reports whether a network reads a text: its inputs are indices alone, and those of the first are bytes.
func ReadsText(g *network.Graph) bool {
	return !slices.ContainsFunc(g.Inputs, func(in network.Input) bool { return !in.Indices })
}

// lookup is an input of indices.
type lookup struct {
	network.Input
	bytes []int32 // of a text, another in each step; nil: positions
}

// add makes the operator of a node.
func (m *model) add(n network.Layer, tensors map[string]*tensor, ids map[string]lookup) error {
	if n.Op == network.Embedding {
		o, err := newEmbedding(n, ids[n.Inputs[0]])
		if err != nil {
			return err
		}
		tensors[n.Name] = o.y
		m.operators, m.params, m.gradients = append(m.operators, o), append(m.params, o.table), append(m.gradients, o.y)
		return nil
	}
	var in []*tensor
	needs := n.Parameters > 0
	for _, name := range n.Inputs {
		in = append(in, tensors[name])
		needs = needs || tensors[name].needs
	}
	x := in[0]
	switch n.Op {
	case network.Reshape, network.Flatten:
		tensors[n.Name] = &tensor{buffer: x.buffer, shape: n.Out, needs: needs}
		return nil
	case network.Loss:
		if m.loss != nil {
			return errors.New("a second loss; training here has one")
		}
		if want := m.samples(); int(x.rows()) != want {
			return fmt.Errorf("logits are %v; %d rows are accepted, one for each image, or for each byte of a text", x.shape, want)
		}
		m.loss = &crossEntropy{
			x: x, scale: 1, labels: make([]uint8, x.rows()), losses: make([]float64, x.rows()), right: make([]bool, x.rows()),
			probs: make([]float32, len(x.val)), program: microcode.Loss(),
		}
		m.operators = append(m.operators, m.loss)
		return nil
	}
	y := newTensor(n.Out, needs)
	o, err := m.build(n, in, y)
	if err != nil {
		return err
	}
	tensors[n.Name] = y
	m.operators, m.gradients = append(m.operators, o), append(m.gradients, y)
	return nil
}

func (m *model) build(n network.Layer, in []*tensor, y *tensor) (operator, error) {
	x := in[0]
	if n.Vector != "" {
		return nil, errors.New("its bias, or scale and shift, is another layer's; training has those of its own only")
	}
	switch n.Op {
	case network.Conv, network.Linear:
		if n.Weight != "" {
			return nil, errors.New("its weight is tied to another layer's; training has weights of their own only")
		}
		o := newWeighted(n, x, y, x.needs)
		m.params = append(m.params, o.w)
		if o.bias != nil {
			m.params = append(m.params, o.bias)
		}
		return o, nil
	case network.BatchNorm:
		o := newBatchNorm(n, x, y)
		m.params, m.norms = append(m.params, o.scale, o.shift), append(m.norms, o)
		return o, nil
	case network.LayerNorm:
		o := newLayerNorm(n, x, y)
		m.params = append(m.params, o.scale)
		if o.shift != nil {
			m.params = append(m.params, o.shift)
		}
		return o, nil
	case network.MatMul:
		if !sameBatch(x.shape, in[1].shape) {
			return nil, fmt.Errorf("operands %v and %v; equal batch extents are accepted in training", x.shape, in[1].shape)
		}
		return newMatMul(n, x, in[1], y), nil
	case network.Softmax:
		return newSoftmax(n, x, y), nil
	case network.Add, network.Mul:
		if !repeats(x.shape, y.shape) || !repeats(in[1].shape, y.shape) {
			return nil, fmt.Errorf("operands %v and %v; equal shapes, or one repeated along first extents, are accepted in training", x.shape, in[1].shape)
		}
		return newCombine(x, in[1], y, n.Op == network.Mul), nil
	case network.MaxPool:
		h, v := poolAxes(n)
		return &maxPool{x, y, h, v, make([]int32, len(y.val)), microcode.MaxPool()}, nil
	case network.AvgPool:
		h, v := poolAxes(n)
		return newAvgPool(x, y, h, v), nil
	case network.GlobalAvgPool:
		h, _, _ := window(int(x.shape[1]), 1, int(x.shape[1]), 1, 1, 0)
		v, _, _ := window(int(x.shape[2]), 1, int(x.shape[2]), 1, 1, 0)
		return newAvgPool(x, y, h, v), nil
	case network.Transpose:
		return newTranspose(n, x, y), nil
	case network.Slice:
		return newSlice(n, x, y), nil
	case network.Concat:
		return newConcat(n, in, y), nil
	}
	if apply := activationOf(n.Op); apply != nil {
		return newActivation(n.Op, x, y, apply), nil
	}
	return nil, errors.New("training does not know this operator")
}

// samples is how many labels a step has.
func (m *model) samples() int {
	if m.bytes != nil {
		return len(m.bytes)
	}
	return m.batch
}

// newEmbedding gives a look-up its ids: the bytes of a text, the positions 0, 1, ... of an input of one row, or zeros for a table of one row.
func newEmbedding(n network.Layer, in lookup) (*embedding, error) {
	o := &embedding{y: newTensor(n.Out, true), table: newParam(n.Name+".table", int(n.Rows*n.Channels)), ids: make([]int32, in.Shape.Elements())}
	o.table.rows = n.Rows
	switch {
	case in.bytes != nil && n.Rows == byteValues:
		o.ids = in.bytes
	case in.bytes != nil:
		return nil, fmt.Errorf("looks bytes up in %d rows; %d are accepted in training", n.Rows, byteValues)
	case n.Rows == 1:
	case in.Shape[0] == 1 && in.Shape.Elements() == n.Rows:
		for i := range o.ids {
			o.ids[i] = int32(i)
		}
	default:
		return nil, fmt.Errorf("looks %v ids up in %d rows; positions, a class token and, as the first input, bytes are accepted in training", in.Shape, n.Rows)
	}
	return o, nil
}

// initialise draws the weights: He's normal distribution over the fan-in for convolutions, Glorot's over fan-in and
// fan-out for linear layers, a deviation of 0.02 for tables. Each array has a stream of its own.
func (m *model) initialise(seed uint64) {
	for i, p := range m.params {
		if p.matrix == nil && p.rows == 0 {
			continue // zeros, and ones of norms
		}
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		deviation := 0.02
		if w := p.matrix; w != nil && w.conv {
			deviation = math.Sqrt(2 / float64(w.Taps*w.In))
		} else if w != nil {
			deviation = math.Sqrt(2 / float64(w.In+w.Out))
		}
		for k := range p.Master {
			p.Master[k] = float32(r.NormFloat64() * deviation)
		}
	}
}

// run makes the loss of the batch that lies in images and labels.
func (m *model) run(training bool) {
	m.training = training
	for _, o := range m.operators {
		o.forward(&m.engine)
	}
}

// differentiate makes the gradients of all parameters, times the loss's scale.
func (m *model) differentiate() {
	for _, t := range m.gradients {
		t.filled = false
	}
	for i := len(m.operators) - 1; i >= 0; i-- {
		m.operators[i].backward(&m.engine)
	}
}
