package train

import (
	"math"
	"math/rand/v2"
	"testing"

	"satsim/workloads/network"
	"satsim/workloads/train/kernel"
)

// around puts nodes between a 1x1 convolution of the input, so that the gradient by their input is checked through its weight,
// and a linear layer with the loss.
func around(input network.Shape, channels int64, nodes ...network.Node) *network.Graph {
	g := &network.Graph{Name: "test", Inputs: []network.Input{
		{Name: "x", Shape: input}, {Name: "positions", Shape: network.Shape{1, 6}, Indices: true},
	}}
	g.Nodes = append(g.Nodes, network.Node{Name: "in", Op: network.Conv, Inputs: []string{"x"}, Channels: channels, Kernel: [2]int64{1, 1}, Bias: true})
	last := "in"
	for _, n := range nodes {
		if n.Inputs == nil {
			n.Inputs = []string{last}
		}
		g.Nodes = append(g.Nodes, n)
		last = n.Name
	}
	g.Nodes = append(g.Nodes,
		network.Node{Name: "flat", Op: network.Flatten, Inputs: []string{last}},
		network.Node{Name: "fc", Op: network.Linear, Inputs: []string{"flat"}, Channels: 3, Bias: true},
		network.Node{Name: "loss", Op: network.Loss, Inputs: []string{"fc"}},
	)
	return g
}

func pair(a, b int64) [2]int64 { return [2]int64{a, b} }

// graphs has every operator that training knows, with the attributes that change its gradient.
var graphs = map[string]*network.Graph{
	"conv": around(network.Shape{3, 5, 4, 2}, 4,
		network.Node{Name: "op", Op: network.Conv, Channels: 6, Kernel: pair(3, 3), Pads: [4]int64{1, 1, 1, 1}, Bias: true}),
	"conv stride 2": around(network.Shape{3, 6, 7, 2}, 4,
		network.Node{Name: "op", Op: network.Conv, Channels: 5, Kernel: pair(3, 3), Stride: pair(2, 2), Pads: [4]int64{1, 1, 1, 1}}),
	"conv 1x1 stride 2": around(network.Shape{2, 5, 6, 2}, 3,
		network.Node{Name: "op", Op: network.Conv, Channels: 4, Kernel: pair(1, 1), Stride: pair(2, 2)}),
	"conv asymmetric": around(network.Shape{2, 9, 8, 2}, 3,
		network.Node{Name: "op", Op: network.Conv, Channels: 4, Kernel: pair(2, 3), Stride: pair(3, 2), Dilation: pair(2, 3), Pads: [4]int64{0, 2, 1, 3}}),
	"conv groups": around(network.Shape{2, 4, 4, 2}, 6,
		network.Node{Name: "op", Op: network.Conv, Channels: 4, Kernel: pair(3, 3), Groups: 2, Stride: pair(1, 2), Pads: [4]int64{1, 1, 1, 1}}),
	"conv depthwise": around(network.Shape{2, 4, 4, 2}, 4,
		network.Node{Name: "op", Op: network.Conv, Channels: 4, Kernel: pair(3, 3), Groups: 4, Pads: [4]int64{1, 1, 1, 1}}),
	"linear": around(network.Shape{3, 2, 3, 2}, 4, network.Node{Name: "op", Op: network.Linear, Channels: 5, Bias: true}),
	"batch norm": around(network.Shape{4, 3, 2, 2}, 3,
		network.Node{Name: "op", Op: network.BatchNorm}, network.Node{Name: "relu", Op: network.ReLU}),
	"layer norm": around(network.Shape{3, 2, 2, 2}, 6, network.Node{Name: "op", Op: network.LayerNorm, Bias: true}),
	"relu":       around(network.Shape{3, 3, 2, 2}, 4, network.Node{Name: "op", Op: network.ReLU}),
	"relu6":      around(network.Shape{3, 3, 2, 2}, 4, network.Node{Name: "op", Op: network.ReLU6}),
	"gelu":       around(network.Shape{3, 3, 2, 2}, 4, network.Node{Name: "op", Op: network.GELU}),
	"silu":       around(network.Shape{3, 3, 2, 2}, 4, network.Node{Name: "op", Op: network.SiLU}),
	"sigmoid":    around(network.Shape{3, 3, 2, 2}, 4, network.Node{Name: "op", Op: network.Sigmoid}),
	"tanh":       around(network.Shape{3, 3, 2, 2}, 4, network.Node{Name: "op", Op: network.Tanh}),
	"softmax":    around(network.Shape{3, 3, 2, 2}, 4, network.Node{Name: "op", Op: network.Softmax}),
	"max pool": around(network.Shape{3, 5, 4, 2}, 4,
		network.Node{Name: "op", Op: network.MaxPool, Kernel: pair(3, 2), Stride: pair(2, 1), Pads: [4]int64{1, 0, 1, 1}}),
	"average pool": around(network.Shape{3, 5, 4, 2}, 4,
		network.Node{Name: "op", Op: network.AvgPool, Kernel: pair(3, 2), Stride: pair(2, 1), Pads: [4]int64{1, 0, 1, 1}}),
	"global pool": around(network.Shape{3, 3, 2, 2}, 4, network.Node{Name: "op", Op: network.GlobalAvgPool}),
	"add, three consumers": around(network.Shape{3, 3, 2, 2}, 4,
		network.Node{Name: "a", Op: network.Tanh}, network.Node{Name: "b", Op: network.GELU, Inputs: []string{"in"}},
		network.Node{Name: "sum", Op: network.Add, Inputs: []string{"a", "b"}}, network.Node{Name: "op", Op: network.Add, Inputs: []string{"sum", "in"}}),
	"add to itself": around(network.Shape{3, 3, 2, 2}, 4, network.Node{Name: "op", Op: network.Add, Inputs: []string{"in", "in"}}),
	"mul": around(network.Shape{3, 3, 2, 2}, 4,
		network.Node{Name: "a", Op: network.Tanh}, network.Node{Name: "op", Op: network.Mul, Inputs: []string{"a", "in"}}),
	"embedding, repeated": around(network.Shape{3, 3, 2, 2}, 4,
		network.Node{Name: "tokens", Op: network.Reshape, Shape: []int64{3, 6, 4}},
		network.Node{Name: "table", Op: network.Embedding, Inputs: []string{"positions"}, Rows: 6, Channels: 4},
		network.Node{Name: "op", Op: network.Mul, Inputs: []string{"tokens", "table"}}),
	"concat and slice": around(network.Shape{3, 3, 2, 2}, 4,
		network.Node{Name: "a", Op: network.Slice, Axis: 3, Start: 1, Size: 2}, network.Node{Name: "b", Op: network.Tanh},
		network.Node{Name: "op", Op: network.Concat, Inputs: []string{"in", "b"}, Axis: 3}),
	"slice of rows": around(network.Shape{3, 4, 3, 2}, 4, network.Node{Name: "op", Op: network.Slice, Axis: 1, Start: 1, Size: 2}),
	"transpose":     around(network.Shape{3, 4, 3, 2}, 4, network.Node{Name: "op", Op: network.Transpose, Axes: []int64{0, 3, 1, 2}}),
	"attention": around(network.Shape{2, 3, 2, 2}, 4,
		network.Node{Name: "tokens", Op: network.Reshape, Shape: []int64{2, 6, 4}},
		network.Node{Name: "q", Op: network.Linear, Inputs: []string{"tokens"}, Channels: 4},
		network.Node{Name: "k", Op: network.Linear, Inputs: []string{"tokens"}, Channels: 4},
		network.Node{Name: "scores", Op: network.MatMul, Inputs: []string{"q", "k"}, TransposeB: true},
		network.Node{Name: "softmax", Op: network.Softmax},
		network.Node{Name: "op", Op: network.MatMul, Inputs: []string{"softmax", "tokens"}}),
	"causal attention": around(network.Shape{2, 3, 2, 2}, 4,
		network.Node{Name: "tokens", Op: network.Reshape, Shape: []int64{2, 6, 4}},
		network.Node{Name: "scores", Op: network.MatMul, Inputs: []string{"tokens", "tokens"}, TransposeB: true},
		network.Node{Name: "softmax", Op: network.Softmax, Causal: true},
		network.Node{Name: "op", Op: network.MatMul, Inputs: []string{"softmax", "tokens"}}),
}

// ready is a model in FP32 with drawn parameters, images and labels.
func ready(t testing.TB, g *network.Graph, workers int) *model {
	m, err := newModel(g, workers, kernel.Format{})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 7))
	for i := range m.images.val {
		m.images.val[i] = float32(r.NormFloat64())
	}
	for i := range m.loss.labels {
		m.loss.labels[i] = uint8(r.IntN(m.loss.x.last()))
	}
	for _, p := range m.params {
		for i := range p.Master {
			p.Master[i] += float32(0.5 * r.NormFloat64())
		}
		p.refresh(m.format, 0, true, 0)
	}
	return m
}

func (m *model) meanLoss() float64 {
	m.run(true)
	var sum float64
	for _, l := range m.loss.losses {
		sum += l
	}
	return sum / float64(len(m.loss.losses))
}

// TestGradientsAgainstFiniteDifferences moves each parameter array along random directions of a few elements and compares the
// loss's central difference with the gradient's component.
func TestGradientsAgainstFiniteDifferences(t *testing.T) {
	for name, g := range graphs {
		t.Run(name, func(t *testing.T) { differences(t, ready(t, g, 1), 1) })
		t.Run(name+", on the vector unit", func(t *testing.T) {
			m := ready(t, g, 1)
			m.lanes = newLanes(false)
			differences(t, m, 4) // functions are tables, their slopes others
		})
	}
}

func differences(t *testing.T, m *model, slack float64) {
	m.run(true)
	m.differentiate()
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range m.params {
		gradient := append([]float32{}, p.Gradient...)
		master := append([]float32{}, p.Master...)
		for range 4 {
			direction := make([]float64, len(master))
			var want, size float64
			for range 1 + r.IntN(len(master)) {
				i := r.IntN(len(master))
				direction[i] = r.NormFloat64()
			}
			for i, d := range direction {
				want += d * float64(gradient[i])
				size += d * d
			}
			// A step of 2^-9 keeps both the error of the difference (third order) and that of FP32 (2^-24 / 2^-9) below a
			// thousandth of a typical slope; kinks are rare on so short a way.
			const step = 1.0 / 512
			along := func(sign float64) float64 {
				for i, d := range direction {
					p.Master[i] = master[i] + float32(sign*step*d/math.Sqrt(size))
				}
				p.refresh(m.format, 0, true, 0)
				return m.meanLoss()
			}
			got := (along(1) - along(-1)) / (2 * step)
			copy(p.Master, master)
			p.refresh(m.format, 0, true, 0)
			want /= math.Sqrt(size)
			if math.Abs(got-want) > slack*(1e-3+5e-3*math.Abs(want)) {
				t.Errorf("%s: the loss changes by %g along a direction, the gradient says %g", p.Name, got, want)
			}
		}
	}
}

// TestResultsDoNotDependOnWorkers: the same bits with one worker and with seven.
func TestResultsDoNotDependOnWorkers(t *testing.T) {
	for name, g := range graphs {
		sameBits(t, name, ready(t, g, 1), ready(t, g, 7))
		one, many := ready(t, g, 1), ready(t, g, 7)
		one.lanes, many.lanes = newLanes(true), newLanes(true)
		sameBits(t, name+", on the vector unit", one, many)
	}
}

func sameBits(t *testing.T, name string, one, many *model) {
	for _, m := range []*model{one, many} {
		m.run(true)
		m.differentiate()
	}
	for i, p := range one.params {
		for k, v := range p.Gradient {
			if w := many.params[i].Gradient[k]; math.Float32bits(v) != math.Float32bits(w) {
				t.Fatalf("%s: %s[%d] is %g with one worker and %g with seven", name, p.Name, k, v, w)
			}
		}
	}
}
