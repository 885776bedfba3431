package train

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"satsim/workloads/network"
	"satsim/workloads/recipe"
	"satsim/workloads/train/data"
	"satsim/workloads/train/kernel"
)

// textGraph is a table of bytes, nodes behind it, and a layer that tells the next byte.
func textGraph(batch, sequence int64, nodes ...network.Node) *network.Graph {
	g := &network.Graph{Name: "text", Inputs: []network.Input{{Name: "bytes", Shape: network.Shape{batch, sequence}, Indices: true}}}
	g.Nodes = append(g.Nodes, network.Node{Name: "table", Op: network.Embedding, Inputs: []string{"bytes"}, Rows: 256, Channels: 24})
	g.Nodes = append(g.Nodes, nodes...)
	last := g.Nodes[len(g.Nodes)-1].Name
	g.Nodes = append(g.Nodes,
		network.Node{Name: "head", Op: network.Linear, Inputs: []string{last}, Channels: 256, Bias: true},
		network.Node{Name: "loss", Op: network.Loss, Inputs: []string{"head"}})
	return g
}

// TestNoByteIsToldFromLaterOnes: with causal attention a byte moves no logit of the positions before it, and its own.
func TestNoByteIsToldFromLaterOnes(t *testing.T) {
	const batch, sequence = 2, 7
	g := textGraph(batch, sequence,
		network.Node{Name: "scores", Op: network.MatMul, Inputs: []string{"table", "table"}, TransposeB: true},
		network.Node{Name: "softmax", Op: network.Softmax, Inputs: []string{"scores"}, Causal: true},
		network.Node{Name: "values", Op: network.MatMul, Inputs: []string{"softmax", "table"}})
	for _, on := range []string{"processor", "vector unit"} {
		m, err := newModel(g, 2, kernel.Format{})
		if err != nil {
			t.Fatal(err)
		}
		if on == "vector unit" {
			m.lanes = newLanes(true)
		}
		m.initialise(1)
		r := rand.New(rand.NewPCG(3, 4))
		for i := range m.bytes {
			m.bytes[i] = int32(r.IntN(256))
		}
		for _, p := range m.params {
			p.refresh(m.format, 0, true, 0)
		}
		logits := func() []float32 { m.run(false); return slices.Clone(m.loss.x.val) }
		before := logits()
		for at := range sequence {
			old := m.bytes[at]
			m.bytes[at] = (old + 1) % 256
			after := logits()
			m.bytes[at] = old
			for row := range batch * sequence {
				same := slices.Equal(before[row*256:(row+1)*256], after[row*256:(row+1)*256])
				if want := row < at || row >= sequence; same != want {
					t.Errorf("%s: byte %d is another: logits of row %d are the same: %v, want %v", on, at, row, same, want)
				}
			}
		}
	}
}

// TestLearnsALanguage: in a generated text each byte follows from the one before by odds of 1/2, 1/4, 1/8 and 1/8, so a table and a layer can tell it, with 1.75 ln 2 = 1.2130
// nats a byte and no fewer. The deviation of the mean of so many bytes is below 0.01.
func TestLearnsALanguage(t *testing.T) {
	const entropy, sequence = 1.75 * math.Ln2, 16
	for _, n := range []Numerics{FP32, Machine} {
		r := recipe.Default()
		r.Optimiser, r.WeightDecay = recipe.AdamW, 0
		tr, err := New(textGraph(16, sequence), r, data.Markov(2000, sequence, 1, 0), data.Markov(1000, sequence, 1, 1),
			Options{Epochs: 4, Seed: 1, Rate: 0.03, Cosine: true, LossScale: 1024, Numerics: n, Flush: n == Machine, Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		run(t, tr)
		last := tr.Curve()[3]
		if last.TestLoss < entropy-0.03 || last.TestLoss > entropy+0.1 {
			t.Errorf("%s: %.4f nats a byte, the language has %.4f", n, last.TestLoss, entropy)
		}
		if last.TestAccuracy < 0.47 || last.TestAccuracy > 0.53 {
			t.Errorf("%s: %.4f of the bytes are told, want about half", n, last.TestAccuracy)
		}
	}
}

func TestTextsAndNetworksThatDoNotFit(t *testing.T) {
	images, text := data.Generated(40, 6, 1, 4, 5, 0), data.Markov(40, 16, 1, 0)
	good := Options{Epochs: 1, Rate: 0.1, LossScale: 1, Numerics: FP32}
	small := textGraph(4, 16)
	small.Nodes[0].Rows = 100
	flipped := good
	flipped.Augment.Flip = true
	for _, c := range []struct {
		g    *network.Graph
		set  *data.Set
		o    Options
		want string
	}{
		{textGraph(4, 16), images, good, "reads a text"},
		{twoConvs(), text, good, "is a text in samples of 16 bytes"},
		{textGraph(4, 8), text, good, "is a text in samples of 16 bytes"},
		{small, text, good, "100 rows; 256 are accepted"},
		{textGraph(4, 16), text, flipped, "augment"},
	} {
		if _, err := New(c.g, recipe.Default(), c.set, c.set, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want an error with %q", err, c.want)
		}
	}
}
