package onnx

import (
	"testing"

	"satsim/workloads/network"
)

// Windows over four frames of 6x6 with 3 channels, each output of 8 a sum over as many elements as its weight has for it; then a pool and a linear layer of 8 to 4 (32
// MACs, 36 parameters). A second window, depthwise, reads what the first one made and has BP.
func TestVolumes(t *testing.T) {
	const fc, places = 32, 4 * 36
	for name, c := range map[string]struct {
		ff, bp, wu, parameters int64
		has                    map[network.Op]int
	}{
		"conv3_space": {places * 8 * 27, 0, places * 8 * 27, 216, map[network.Op]int{network.Conv: 1, network.Concat: 0}},
		"conv3_time":  {places * 8 * 9, 0, places * 8 * 9, 72, map[network.Op]int{network.Conv: 1, network.Concat: 0}},
		"conv3_full":  {places * 8 * 81, 0, places * 8 * 81, 648 + 8, map[network.Op]int{network.Conv: 1, network.Concat: 2, network.Slice: 3}},
		// Two frames of 3x3.
		"conv3_stride":    {18 * 8 * 81, 0, 18 * 8 * 81, 648 + 8, map[network.Op]int{network.Conv: 1, network.Slice: 6}},
		"conv3_depthwise": {2 * places * 8 * 27, places * 8 * 27, 2 * places * 8 * 27, 432, map[network.Op]int{network.Conv: 2, network.Concat: 2}},
		"pool3":           {places * 8 * 27, 0, places * 8 * 27, 216, map[network.Op]int{network.MaxPool: 2}},
	} {
		made{fc + c.ff, fc + c.bp, fc + c.wu, 36 + c.parameters, nil}.has(t, name, c.has)
	}
}

// What is padded otherwise than with zeros before a convolution: copies. Around the convolution of images (13824 MACs, 216 weights), a pool and a linear layer.
func TestPadsThatAreCopies(t *testing.T) {
	const conv, fc = 64 * 8 * 27, 32
	for name, has := range map[string]map[network.Op]int{
		"pad_reflect":  {network.Concat: 2, network.Slice: 4},
		"pad_edge":     {network.Concat: 2, network.Slice: 4},
		"pad_relu":     {network.Concat: 2, network.ReLU: 1},
		"pad_channels": {network.Concat: 1, network.Slice: 1},
		"maximum":      {network.Add: 2, network.ReLU: 1, network.Sigmoid: 1},
		"log_softmax":  {network.Softmax: 1},
		"grid_sample":  {network.Resize: 1},
	} {
		made{conv + fc, fc, conv + fc, 216 + 36, nil}.has(t, name, has)
	}
	made{conv + fc, fc, conv + fc, 216 + 36 + 8, nil}.has(t, "prelu6", map[network.Op]int{network.PReLU: 1})
	// Phases of 2 and 1 taps on 7 positions each way; those of 1 do not read the first position, those of 2 have BP on all 8.
	made{conv + fc + (14+7)*(14+7)*64, fc + (16+7)*(16+7)*64, conv + fc + (14+7)*(14+7)*64, 216 + 36 + 9*64, nil}.has(t, "transposed_border", map[network.Op]int{network.Conv: 5})
}

// has is macs, and how many nodes there are of which kind.
func (want made) has(t *testing.T, name string, counts map[network.Op]int) {
	t.Helper()
	i := want.macs(t, name)
	have := map[network.Op]int{}
	for _, n := range i.Graph.Nodes {
		have[n.Op]++
	}
	for op, want := range counts {
		if have[op] != want {
			t.Errorf("%s: %d nodes %s; want %d", name, have[op], op, want)
		}
	}
}
