package workloads_test

import (
	"slices"
	"testing"

	"satsim/workloads"
	"satsim/workloads/network"
)

// stepOf is the step of a convolution, its batch norm and what follows, 2 images of 8 x 8 x 16.
func stepOf(t *testing.T, nodes ...network.Node) workloads.Step {
	t.Helper()
	g := &network.Graph{
		Name:   "n",
		Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 8, 8, 16}}},
		Nodes: append([]network.Node{
			{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: 16, Kernel: [2]int64{1, 1}},
			{Name: "bn", Op: network.BatchNorm, Inputs: []string{"first"}},
		}, nodes...),
	}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	return step
}

func conv(name, of string, kernel, stride int64) network.Node {
	return network.Node{Name: name, Op: network.Conv, Inputs: []string{of}, Channels: 16, Kernel: [2]int64{kernel, kernel}, Stride: [2]int64{stride, stride},
		Pads: [4]int64{kernel / 2, kernel / 2, kernel / 2, kernel / 2}}
}

func node(name string, op network.Op, of ...string) network.Node {
	return network.Node{Name: name, Op: op, Inputs: of}
}

// Whatever reads a batch norm's result, the graph decides: products of layers do, from the west; sums, pools, the loss, a backward pass that needs the result,
// and attention do not. A clip's mask needs a forward product that reads all: a 1x1 convolution of stride 2 reads a quarter.
func TestWhatCanBeAppliedOnRead(t *testing.T) {
	relu, loss := node("relu", network.ReLU, "bn"), func(of string) network.Node { return node("loss", network.Loss, of) }
	pool := network.Node{Name: "pool", Op: network.MaxPool, Inputs: []string{"relu"}, Kernel: [2]int64{2, 2}, Stride: [2]int64{2, 2}}
	for name, c := range map[string]struct {
		nodes []network.Node
		mask  string // layer whose forward product writes it
		can   bool
	}{
		"convolution":             {[]network.Node{relu, conv("second", "relu", 3, 1), loss("second")}, "second", true},
		"clipped at 6":            {[]network.Node{node("relu", network.ReLU6, "bn"), conv("second", "relu", 3, 1), loss("second")}, "second", true},
		"no clip":                 {[]network.Node{conv("second", "bn", 3, 1), loss("second")}, "", true},
		"linear":                  {[]network.Node{relu, node("flat", network.Flatten, "relu"), {Name: "second", Op: network.Linear, Inputs: []string{"flat"}, Channels: 4}, loss("second")}, "second", true},
		"two of them":             {[]network.Node{relu, conv("left", "relu", 1, 2), conv("right", "relu", 3, 2), node("sum", network.Add, "left", "right"), loss("sum")}, "right", true},
		"a quarter, clipped":      {[]network.Node{relu, conv("second", "relu", 1, 2), loss("second")}, "", false},
		"a quarter, not clipped":  {[]network.Node{conv("second", "bn", 1, 2), loss("second")}, "", true},
		"residual sum":            {[]network.Node{relu, conv("second", "relu", 3, 1), node("sum", network.Add, "second", "relu"), loss("sum")}, "", false},
		"pool":                    {[]network.Node{relu, pool, loss("pool")}, "", false},
		"convolution and pool":    {[]network.Node{relu, conv("second", "relu", 2, 2), pool, node("sum", network.Concat, "second", "pool"), loss("sum")}, "", false},
		"loss":                    {[]network.Node{relu, loss("relu")}, "", false},
		"needed backwards":        {[]network.Node{node("relu", network.GELU, "bn"), conv("second", "relu", 3, 1), loss("second")}, "", false},
		"attention, not a weight": {[]network.Node{node("scores", network.MatMul, "bn", "first"), loss("scores")}, "", false},
	} {
		for k := range c.nodes {
			if c.nodes[k].Op == network.MatMul {
				c.nodes[k].TransposeB = true
			}
			if c.nodes[k].Op == network.Concat {
				c.nodes[k].Axis = 3
				c.nodes[0], c.nodes[1] = relu, conv("second", "relu", 1, 2)
				c.nodes[1].Kernel, c.nodes[1].Pads = [2]int64{2, 2}, [4]int64{}
			}
		}
		step := stepOf(t, c.nodes...)
		can := step.Foldable()
		if (len(can) > 0) != c.can {
			t.Errorf("%s: %v", name, can)
			continue
		}
		if !c.can {
			if _, err := step.OnRead([]string{"bn"}); err == nil {
				t.Errorf("%s: it is applied where it is read", name)
			}
			continue
		}
		if can[0] != (workloads.Foldable{Layer: "bn", Channels: 16}) {
			t.Errorf("%s: %+v", name, can)
		}
		folded, err := step.OnRead([]string{"bn"})
		if err != nil {
			t.Fatal(err)
		}
		masks := 0
		for i := range folded.Items {
			it := &folded.Items[i]
			if it.Layer == "bn" && it.Stage == workloads.FF && len(it.Passes) > 0 {
				t.Errorf("%s: %v is still a pass", name, it.Passes[0].Kind)
			}
			for k := range it.Products {
				p := &it.Products[k]
				was := &step.Items[i].Products[k]
				read := was.Norm == nil && p.Norm != nil
				if want := was.West.Name != p.West.Name; read != want || read && (p.West.Name != "first" || p.West.Elements != was.West.Elements) {
					t.Errorf("%s: %s %s reads %+v, and read %+v", name, it.Layer, it.Stage, p.West, was.West)
				}
				if !read {
					continue
				}
				if n := p.Norm; n.Stats.Name != "bn.stats" || n.Vector.Name != "bn.scale_shift" {
					t.Errorf("%s: %+v", name, n)
				}
				if n := p.Norm.Mask.Elements; n > 0 {
					masks++
					if it.Layer != c.mask || it.Stage != workloads.FF || n != 2*8*8*16 {
						t.Errorf("%s: %s %s writes a mask of %d", name, it.Layer, it.Stage, n)
					}
				}
			}
		}
		if want := min(len(c.mask), 1); masks != want {
			t.Errorf("%s: %d masks, want %d", name, masks, want)
		}
		if slices.ContainsFunc(folded.Saved, func(s workloads.Tensor) bool { return s.Name == "relu" || s.Name == "bn" }) {
			t.Errorf("%s: the result is kept: %v", name, folded.Saved)
		}
	}
}
