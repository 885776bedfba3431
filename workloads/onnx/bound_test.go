package onnx

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/pb"
)

// chain is a file of n nodes: linear layers, activations and transposes, one behind the other.
func chain(t *testing.T, n int) []byte {
	var nodes []*pb.NodeProto
	var weights []*pb.TensorProto
	from := "x"
	for i := range n {
		to := fmt.Sprintf("y%d", i)
		switch i % 3 {
		case 0:
			weights = append(weights, weight("w"+to, 8, 8))
			nodes = append(nodes, nodeOf("MatMul", "", []string{from, "w" + to}, to))
		case 1:
			nodes = append(nodes, nodeOf("Relu", "", []string{from}, to))
		default:
			nodes = append(nodes, nodeOf("Transpose", "", []string{from}, to, intsAttr("perm", 0, 2, 1)))
		}
		from = to
	}
	return encode(t, fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, 8, 8)}, weights, nodes...))
}

// TestMemoryIsLinear: four times the nodes take four times the memory, with some room for what grows by doubling.
func TestMemoryIsLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("makes large graphs")
	}
	allocated := func(n int) uint64 {
		b := chain(t, n)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m, err := Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Import(Options{Name: "x"}); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	if small, large := allocated(1500), allocated(6000); large > 5*small {
		t.Errorf("1,500 nodes allocate %d bytes, 6,000 allocate %d", small, large)
	}
}

// TestBoundsAreNamed: what is too large for a network is refused, with the bound.
func TestBoundsAreNamed(t *testing.T) {
	if testing.Short() {
		t.Skip("makes graphs of 100,000 nodes")
	}
	b := chain(t, network.MaxNodes+1)
	want := fmt.Sprintf("the graph has %d nodes; a network takes %d", network.MaxNodes+1, network.MaxNodes)
	if _, err := Read(bytes.NewReader(b), int64(len(b))); err == nil || err.Error() != want {
		t.Errorf("error %v; want %s", err, want)
	}
	wide := fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, 8, 7, 7)}, []*pb.TensorProto{weight("w", 10_000_000, 8, 3, 3)},
		nodeOf("Conv", "c", []string{"x", "w"}, "y"))
	if _, err := importOf(t, wide, Options{}); err == nil || !strings.Contains(err.Error(), "channels is 10000000") || !strings.Contains(err.Error(), "1 to 2^20") {
		t.Errorf("error %v; want the bound of channels", err)
	}
}
