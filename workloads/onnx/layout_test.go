package onnx

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/pb"
)

// coordinates turns a row-major index into one index for each axis.
func coordinates(dims []int64, index int64) []int64 {
	c := make([]int64, len(dims))
	for i := len(dims) - 1; i >= 0; i-- {
		c[i] = index % dims[i]
		index /= dims[i]
	}
	return c
}

// flat is the inverse of coordinates.
func flat(dims, c []int64) int64 {
	var index int64
	for i, d := range dims {
		index = index*d + c[i]
	}
	return index
}

// array is a row-major tensor of numbered elements.
type array struct {
	dims  []int64
	elems []int
}

func numbered(dims []int64) array {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	a := array{dims: dims}
	for i := range n {
		a.elems = append(a.elems, int(i))
	}
	return a
}

// pick builds an array whose element at c is the one at from(c).
func (a array) pick(dims []int64, from func(c []int64) []int64) array {
	out := numbered(dims)
	for i := range out.elems {
		out.elems[i] = a.elems[flat(a.dims, from(coordinates(dims, int64(i))))]
	}
	return out
}

func (a array) transpose(perm []int64) array {
	dims := make([]int64, len(perm))
	for i, p := range perm {
		dims[i] = a.dims[p]
	}
	return a.pick(dims, func(c []int64) []int64 {
		from := make([]int64, len(c))
		for i, p := range perm {
			from[p] = c[i]
		}
		return from
	})
}

func (a array) cut(axis, start, size int64) array {
	dims := slices.Clone(a.dims)
	dims[axis] = size
	return a.pick(dims, func(c []int64) []int64 {
		from := slices.Clone(c)
		from[axis] += start
		return from
	})
}

func (a array) join(b array, axis int64) array {
	both := array{dims: slices.Clone(a.dims)}
	both.dims[axis] += b.dims[axis]
	out := numbered(both.dims)
	for i := range out.elems {
		c := coordinates(out.dims, int64(i))
		if c[axis] < a.dims[axis] {
			out.elems[i] = a.elems[flat(a.dims, c)]
		} else {
			c[axis] -= a.dims[axis]
			out.elems[i] = b.elems[flat(b.dims, c)]
		}
	}
	return out
}

// run executes views of a graph on an array.
func run(t *rapid.T, g *network.Graph, input array) map[string]array {
	at := map[string]array{g.Inputs[0].Name: input}
	for _, n := range g.Nodes {
		x := at[n.Inputs[0]]
		switch n.Op {
		case network.Transpose:
			at[n.Name] = x.transpose(n.Axes)
		case network.Reshape:
			at[n.Name] = array{n.Shape, x.elems}
		case network.Slice:
			at[n.Name] = x.cut(n.Axis, n.Start, n.Size)
		case network.Concat:
			at[n.Name] = x.join(at[n.Inputs[1]], n.Axis)
		default:
			t.Fatalf("a view became %s", n.Op)
		}
	}
	return at
}

// regroup draws another shape of the same elements: neighbours are joined, extents are split, ones come and go.
func regroup(t *rapid.T, dims []int64) []int64 {
	out := slices.Clone(dims)
	for range rapid.IntRange(1, 3).Draw(t, "changes") {
		i := rapid.IntRange(0, len(out)-1).Draw(t, "axis")
		switch rapid.IntRange(0, 2).Draw(t, "change") {
		case 0:
			if i+1 < len(out) {
				out = slices.Replace(out, i, i+2, out[i]*out[i+1])
			}
		case 1:
			for _, f := range []int64{2, 3} {
				if out[i]%f == 0 {
					out = slices.Replace(out, i, i+1, f, out[i]/f)
					break
				}
			}
		default:
			out = slices.Insert(out, i, 1)
		}
	}
	return out
}

// TestViewsMoveElementsRightly runs random transposes, reshapes, slices and concats as ONNX defines them, on numbered elements, and the graph
// that the importer made of them: through the order that the importer keeps, both must hold the same elements.
func TestViewsMoveElementsRightly(t *testing.T) {
	compared := 0
	property := func(t *rapid.T) {
		dims := []int64{2}
		for range rapid.IntRange(1, 3).Draw(t, "axes") {
			dims = append(dims, rapid.SampledFrom([]int64{1, 2, 3, 4, 6}).Draw(t, "extent"))
		}
		want := numbered(dims)
		var nodes []*pb.NodeProto
		var constants []*pb.TensorProto
		name := "x"
		for i := range rapid.IntRange(1, 6).Draw(t, "nodes") {
			out := fmt.Sprintf("y%d", i)
			axis := int64(rapid.IntRange(0, len(want.dims)-1).Draw(t, "at"))
			switch rapid.IntRange(0, 3).Draw(t, "operator") {
			case 0:
				var perm []int64
				for _, p := range rapid.Permutation(identity(len(want.dims))).Draw(t, "perm") {
					perm = append(perm, int64(p))
				}
				nodes = append(nodes, nodeOf("Transpose", "", []string{name}, out, intsAttr("perm", perm...)))
				want = want.transpose(perm)
			case 1:
				to := regroup(t, want.dims)
				constants = append(constants, listOf("to"+out, to...))
				nodes = append(nodes, nodeOf("Reshape", "", []string{name, "to" + out}, out))
				want = array{to, want.elems}
			case 2:
				size := rapid.Int64Range(1, want.dims[axis]).Draw(t, "size")
				start := rapid.Int64Range(0, want.dims[axis]-size).Draw(t, "start")
				nodes = append(nodes, nodeOf("Slice", "", []string{name}, out, intsAttr("axes", axis), intsAttr("starts", start), intsAttr("ends", start+size)))
				want = want.cut(axis, start, size)
			default:
				nodes = append(nodes, nodeOf("Concat", "", []string{name, name}, out, intAttr("axis", axis)))
				want = want.join(want, axis)
			}
			name = out
		}
		file := fileOf(9, []*pb.ValueInfoProto{inputOf("x", dims...)}, constants, nodes...)
		b, err := proto.Marshal(file)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		im := newImporter(m, Options{})
		if err := im.build(); err != nil {
			return // along the batch, or mixing it with other axes
		}
		compared++
		v := im.values[name]
		if !slices.Equal(v.shape.At(2), want.dims) {
			t.Fatalf("shape %v; want %v", v.shape, want.dims)
		}
		x := im.values["x"]
		in := numbered(dims)
		var order, last []int64
		for _, a := range x.layout {
			order = append(order, int64(a))
		}
		for _, a := range v.layout {
			last = append(last, int64(a))
		}
		got := run(t, &im.graph, in.transpose(order))[v.tensor]
		if ordered := want.transpose(last); !slices.Equal(got.elems, ordered.elems) || !slices.Equal(got.dims, ordered.dims) {
			t.Fatalf("the graph holds %v %v; want %v %v (order %v)\n%v", got.dims, got.elems, ordered.dims, ordered.elems, v.layout, im.graph.Nodes)
		}
	}
	for range 20 {
		rapid.Check(t, property) // a hundred networks each: about half of them are refused
	}
	if compared == 0 {
		t.Error("nothing was compared")
	}
}
