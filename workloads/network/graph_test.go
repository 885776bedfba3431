package network

import (
	"fmt"
	"testing"

	"satsim/workloads"
)

func resnet18(size, classes, batch int64) *Graph {
	g := &Graph{Name: "r18", Inputs: []Input{{Name: "images", Shape: Shape{batch, size, size, 3}}}}
	add := func(n Node) string { g.Nodes = append(g.Nodes, n); return n.Name }
	cbr := func(name, in string, c, k, s int64, relu bool) string {
		x := add(Node{Name: name + ".conv", Op: Conv, Inputs: []string{in}, Channels: c, Kernel: [2]int64{k, k}, Stride: [2]int64{s, s}, Pads: [4]int64{k / 2, k / 2, k / 2, k / 2}})
		x = add(Node{Name: name + ".bn", Op: BatchNorm, Inputs: []string{x}})
		if relu {
			x = add(Node{Name: name + ".relu", Op: ReLU, Inputs: []string{x}})
		}
		return x
	}
	x := cbr("stem", "images", 64, 7, 2, true)
	x = add(Node{Name: "maxpool", Op: MaxPool, Inputs: []string{x}, Kernel: [2]int64{3, 3}, Stride: [2]int64{2, 2}, Pads: [4]int64{1, 1, 1, 1}})
	for i, c := range []int64{64, 128, 256, 512} {
		for j := range 2 {
			s := int64(1)
			if j == 0 && i > 0 {
				s = 2
			}
			p := fmt.Sprintf("layer%d.%d", i+1, j)
			y := cbr(p+".1", x, c, 3, s, true)
			y = cbr(p+".2", y, c, 3, 1, false)
			if s == 2 {
				x = cbr(p+".down", x, c, 1, 2, false)
			}
			y = add(Node{Name: p + ".add", Op: Add, Inputs: []string{y, x}})
			x = add(Node{Name: p + ".relu", Op: ReLU, Inputs: []string{y}})
		}
	}
	x = add(Node{Name: "avgpool", Op: GlobalAvgPool, Inputs: []string{x}})
	x = add(Node{Name: "flatten", Op: Flatten, Inputs: []string{x}})
	x = add(Node{Name: "fc", Op: Linear, Inputs: []string{x}, Channels: classes, Bias: true})
	add(Node{Name: "loss", Op: Loss, Inputs: []string{x}})
	return g
}

// The figures of torchvision's table of pre-trained models: ResNet-18 has 11,689,512 parameters and 1.814 GMACs at 224x224.
func TestGraphBuiltInGo(t *testing.T) {
	s, err := resnet18(224, 1000, 1).Step()
	if err != nil {
		t.Fatal(err)
	}
	var macs int64
	for _, it := range s.Items {
		for _, p := range it.Products {
			if p.Stage == workloads.FF {
				macs += p.MACs()
			}
		}
	}
	if s.Parameters != 11_689_512 || (macs+500_000)/1_000_000 != 1814 {
		t.Errorf("%d parameters and %d MACs; want 11689512 and 1814 million", s.Parameters, macs)
	}
}
