package dataflow_test

import (
	"strings"
	"testing"

	"satsim/internal/nm"
	"satsim/internal/quantity"
	"satsim/workloads/network"
)

// By hand: tensors of 2^20 samples by 4,096 values of 2 B are 8 GiB each, and four are alive at the loss: images, first, n and n's gradient. With the
// weights that is more than 32 GiB, four channels of 8; what the refusal names has to be a DRAM that there is, and to be enough.
func TestARefusedStepNamesMemoryThatWouldDo(t *testing.T) {
	p := layer(t, network.Shape{1 << 20, 4096}, network.Node{Op: network.Linear, Channels: 4096}, nm.Ratio{N: 2, M: 8})
	m := &p.Spec.Board.Memory
	for _, short := range []quantity.Bytes{2 << 30, 8 << 30} {
		m.CapacityPerChannel = short
		err := p.Capacity()
		if err == nil || !strings.HasSuffix(err.Error(), "; a smaller batch or board.memory.capacity_per_channel=16GiB makes it fit") {
			t.Fatalf("4 channels of %v: %v", short, err)
		}
	}
	m.CapacityPerChannel = 16 << 30
	if err := p.Capacity(); err != nil {
		t.Error(err)
	}
	if err := p.Spec.Board.Memory.Validate(); err != nil {
		t.Error(err)
	}
	// 64 times as many samples: no DDR4 will do.
	p = layer(t, network.Shape{1 << 26, 4096}, network.Node{Op: network.Linear, Channels: 4096}, nm.Ratio{N: 2, M: 8})
	if err := p.Capacity(); err == nil || !strings.HasSuffix(err.Error(), "; a smaller batch makes it fit") {
		t.Error(err)
	}
}
