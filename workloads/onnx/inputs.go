package onnx

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/pb"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// inputs gives values to the file's inputs. A file without weights lists them among its inputs: those are what stands where an operator takes
// a weight and, in such a file, every other floating-point input of known shape but the first.
func (im *importer) inputs(nodes []*file.Node) error {
	weights := map[string]bool{}
	for _, n := range nodes {
		for _, w := range im.weightSlots(n) {
			weights[w] = true
		}
	}
	im.fixedRows(nodes, weights)
	var first *pb.ValueInfoProto
	for _, in := range im.model.inputs {
		switch {
		case len(im.readers[in.GetName()]) == 0:
		case weights[in.GetName()]:
			im.stripped = true
		case first == nil:
			first = in
		}
	}
	if first == nil {
		return errors.New("no input is data of the network: nodes read none, or as weights alone")
	}
	if err := im.setBatch(first); err != nil {
		return err
	}
	var errs []error
	for _, in := range im.model.inputs {
		name := in.GetName()
		if len(im.readers[name]) == 0 {
			continue
		}
		if im.isCache(name) {
			im.values[name] = &value{name: name, kind: side, origin: name}
			continue
		}
		t := in.GetType().GetTensorType()
		if t == nil || t.GetShape() == nil {
			errs = append(errs, fmt.Errorf("input %q has no shape", name))
			continue
		}
		isWeight := weights[name] || im.stripped && in != first && file.IsFloat(t.GetElemType()) && allKnown(t.GetShape())
		s, err := im.inputShape(in, isWeight)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		data := len(s) > 0 && !isWeight && (file.IsFloat(t.GetElemType()) || im.becomesData(name, 16))
		if data && im.unbatched {
			s = append(symbolic.Shape{{N: 1, Batch: true}}, s...)
		}
		all, err := s.Elements()
		if whole := file.WholeType(t.GetElemType()); err == nil && whole != "" && !data && !isWeight && im.reachesLayer(name, 16) {
			err = fmt.Errorf("layers read it, and it holds %s numbers; floating-point ones are trained, and images of whole ones that a Cast turns into such", whole)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("input %q: %w", name, err))
			continue
		}
		v := &value{name: name, bare: data && im.unbatched, shape: s, kind: side, origin: name, whole: file.WholeType(t.GetElemType())}
		switch {
		case isWeight:
			v.kind, v.root = parameter, newRoot(name, s, all.N)
		case data:
			v.kind, v.layout = activation, batchFirst(s, im.inputLayout(name, len(s)))
			v.tensor = im.newInput(name, s.Take(v.layout), false)
			im.made(v)
		}
		im.values[name] = v
	}
	return errors.Join(errs...)
}

// becomesData reports whether whole numbers are data: a Cast makes them floating-point ones, and nothing but numbers of the file meets them before a
// layer, norm or pool reads them. Ids go into a look-up as they are, and masks meet scores.
func (im *importer) becomesData(name string, depth int) bool {
	if depth == 0 {
		return false
	}
	for _, n := range im.readers[name] {
		switch n.Op {
		case "Shape", "Size":
			continue
		case "Cast":
			if file.IsFloat(int32(n.Int("to", 0))) && im.reachesLayer(n.Output(), depth-1) {
				return true
			}
		case "DequantizeLinear":
			if im.reachesLayer(n.Output(), depth-1) {
				return true
			}
		case "Transpose", "Identity", "Reshape", "Squeeze", "Unsqueeze":
			if im.becomesData(n.Output(), depth-1) {
				return true
			}
		}
	}
	return false
}

// reachesLayer follows data to the first layer, norm or pool.
func (im *importer) reachesLayer(name string, depth int) bool {
	for _, n := range im.readers[name] {
		switch n.Op {
		case "Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization", "LayerNormalization", "InstanceNormalization", "MaxPool", "AveragePool", "GlobalAveragePool", "Resize", "Upsample":
			if n.Input(0) == name {
				return true
			}
		case "Add", "Sub", "Mul", "Div":
			other := n.Input(1)
			if other == name {
				other = n.Input(0)
			}
			if depth > 0 && im.fromFile(other, 8) && im.reachesLayer(n.Output(), depth-1) {
				return true
			}
		case "Transpose", "Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Pad", "Clip", "Slice", "Concat", "QuantizeLinear", "DequantizeLinear":
			if depth > 0 && im.reachesLayer(n.Output(), depth-1) {
				return true
			}
		}
	}
	return false
}

// fixedRows adds inputs of the file that are tables of which rows of fixed numbers are taken, such as positions: matrices of known shape, beside which there is
// other data.
func (im *importer) fixedRows(nodes []*file.Node, weights map[string]bool) {
	tables := map[string]bool{}
	for _, n := range nodes {
		if n.Op != "Gather" || n.Int("axis", 0) != 0 || !im.fromFile(n.Input(1), 8) {
			continue
		}
		for _, in := range im.model.inputs {
			s := in.GetType().GetTensorType().GetShape()
			if in.GetName() == n.Input(0) && len(s.GetDim()) == 2 && allKnown(s) {
				tables[n.Input(0)] = true
			}
		}
	}
	others := slices.ContainsFunc(im.model.inputs, func(in *pb.ValueInfoProto) bool {
		return len(im.readers[in.GetName()]) > 0 && !weights[in.GetName()] && !tables[in.GetName()]
	})
	if others {
		maps.Copy(weights, tables)
	}
}

// weightSlots lists the inputs of a node that are weights by their place.
func (im *importer) weightSlots(n *file.Node) []string {
	rest := func(from int) []string { return n.In[min(from, len(n.In)):] }
	switch n.Op {
	case "Conv", "Gemm", "BatchNormalization", "LayerNormalization":
		return rest(1)
	case "Gather":
		if !im.fromFile(n.Input(1), 8) { // rows by ids; fixed numbers may choose channels of images
			return n.In[:min(1, len(n.In))]
		}
	case "Transpose":
		// A linear layer on sequences is a product with a transposed weight.
		readers := im.readers[n.Output()]
		if len(readers) == 1 && readers[0].Op == "MatMul" && readers[0].Input(1) == n.Output() {
			return rest(0)
		}
	}
	return nil
}

func allKnown(s *pb.TensorShapeProto) bool {
	return !slices.ContainsFunc(s.GetDim(), func(d *pb.TensorShapeProto_Dimension) bool { return d.GetDimValue() < 1 })
}

// called are names that exporters give the batch.
var called = []string{"batch", "batch_size", "batchsize", "bs", "n", "unk__batch"}

// setBatch finds the batch: the extent that is asked for, one that is called so, or the first input's first.
func (im *importer) setBatch(first *pb.ValueInfoProto) error {
	im.batch = im.options.Batch
	dims := first.GetType().GetTensorType().GetShape().GetDim()
	im.batchAxis = -1
	if im.unbatched = im.options.BatchAxis == noBatch; im.unbatched {
		return im.oneSample()
	}
	for _, in := range im.model.inputs {
		for i, d := range in.GetType().GetTensorType().GetShape().GetDim() {
			if len(im.readers[in.GetName()]) == 0 || im.options.BatchAxis == "" || openExtent(in, i) != im.options.BatchAxis && fmt.Sprintf("%s.%d", in.GetName(), i) != im.options.BatchAxis {
				continue
			}
			im.batchAxis, im.symbol, im.hint = i, d.GetDimParam(), max(d.GetDimValue(), 0)
		}
	}
	if im.options.BatchAxis != "" && im.batchAxis < 0 {
		return fmt.Errorf("no input has an extent %q that could be the batch; it is an extent's name, input.axis, or none", im.options.BatchAxis)
	}
	for i, d := range dims {
		if im.batchAxis < 0 && slices.Contains(called, strings.ToLower(d.GetDimParam())) {
			im.batchAxis, im.symbol = i, d.GetDimParam()
		}
	}
	if im.batchAxis < 0 && im.withoutBatch(first.GetName()) {
		return im.oneSample()
	}
	if im.batchAxis < 0 {
		im.batchAxis = 0
		if len(dims) > 0 {
			im.symbol, im.hint = dims[0].GetDimParam(), max(dims[0].GetDimValue(), 0)
			im.saysBatch(first)
		}
	}
	if im.batch < 1 {
		im.batch = im.hint
	}
	if im.batch < 1 {
		im.batch = defaultBatch
	}
	return nil
}

// saysBatch says which extent is taken for the batch where none is called so, unless it is one sample's.
func (im *importer) saysBatch(in *pb.ValueInfoProto) {
	is := im.symbol
	switch {
	case is == "" && im.hint == 0:
		is = "open"
	case is == "":
		is = fmt.Sprint(im.hint)
	}
	if im.hint != 1 {
		im.notes = append(im.notes, fmt.Sprintf("the batch is taken for the first extent of %s (%s), as none is called so; --batch-axis says otherwise", in.GetName(), is))
	}
}

// oneSample puts the batch before the axes of what enters.
func (im *importer) oneSample() error {
	im.unbatched, im.hint = true, 1
	if im.batch < 1 {
		im.batch = 1
	}
	im.notes = append(im.notes, "the file takes one sample without an axis for the batch, which is put before the others")
	return nil
}

func (im *importer) inputShape(in *pb.ValueInfoProto, isWeight bool) (symbolic.Shape, error) {
	var out symbolic.Shape
	var errs []error
	name := in.GetName()
	for i, d := range in.GetType().GetTensorType().GetShape().GetDim() {
		param, n, label := d.GetDimParam(), d.GetDimValue(), openExtent(in, i)
		switch {
		case isWeight && n > 0:
		case i == im.batchAxis && n > 0 && n == im.hint, param != "" && param == im.symbol, i == im.batchAxis && n < 1 && param == "" && im.symbol == "" && im.hint == 0:
			out = append(out, symbolic.Extent{N: 1, Batch: true})
			continue
		case n < 1:
			n = im.options.Dims[label]
		}
		switch {
		case n > symbolic.MaxExtent:
			errs = append(errs, fmt.Errorf("input %q: extent %d is %d", name, i, n))
		case n < 1:
			errs = append(errs, fmt.Errorf("input %q: the file leaves extent %d (%s) open; give it a value, such as %s=128", name, i, label, label))
		}
		out = append(out, symbolic.Fixed(n))
	}
	return out, errors.Join(errs...)
}

// OpenExtents lists the extents of inputs that the file leaves open, but for the batch: their names, or input.axis where they have none.
func (m *Model) OpenExtents() []string {
	var out []string
	batch := ""
	for i, in := range m.inputs {
		dims := in.GetType().GetTensorType().GetShape().GetDim()
		if i == 0 && len(dims) > 0 {
			batch = openExtent(in, 0)
			for k := len(dims) - 1; k >= 0; k-- {
				if slices.Contains(called, strings.ToLower(dims[k].GetDimParam())) {
					batch = openExtent(in, k)
				}
			}
		}
		for k, d := range dims {
			name := openExtent(in, k)
			if d.GetDimValue() < 1 && name != batch && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// openExtent is what an extent is called.
func openExtent(in *pb.ValueInfoProto, axis int) string {
	if p := in.GetType().GetTensorType().GetShape().GetDim()[axis].GetDimParam(); p != "" {
		return p
	}
	return fmt.Sprintf("%s.%d", in.GetName(), axis)
}

// inputLayout is the order of an input's axes that its first layer wants: images may arrive in any.
func (im *importer) inputLayout(name string, rank int) []int {
	perm := identity(rank)
	for range 64 {
		i := slices.IndexFunc(im.readers[name], func(n *file.Node) bool { return n.Op != "Shape" })
		if i < 0 || rank < 3 {
			break
		}
		n := im.readers[name][i]
		switch n.Op {
		case "Conv", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "BatchNormalization":
			var out []int
			for _, a := range channelsLast(rank) {
				out = append(out, perm[a])
			}
			return out
		case "Transpose":
			p, err := symbolic.Permutation(n, rank)
			if err != nil {
				return identity(rank)
			}
			next := make([]int, rank)
			for i, a := range p {
				next[i] = perm[a]
			}
			perm = next
		case "Add", "Sub", "Mul", "Div", "Relu", "Clip", "Cast", "Identity", "Dropout", "Pad", "QuantizeLinear", "DequantizeLinear":
		case "Gather": // another order of channels
			v := im.values[n.Input(1)]
			if one := v != nil && v.rank() == 0 && n.Int("axis", 0) == 1; one && rank == 4 && !im.unbatched { // channels that are taken apart
				return []int{perm[0], perm[2], perm[3], perm[1]}
			}
			if !im.unbatched && (v == nil || v.rank() != 1) {
				return identity(rank)
			}
		case "Unsqueeze", "Squeeze", "Resize", "Concat": // to a batch of one and back
			if !im.unbatched {
				return identity(rank)
			}
		default:
			return identity(rank)
		}
		name = n.Output()
	}
	return identity(rank)
}

// batchFirst puts the axis with the batch before the others.
func batchFirst(s symbolic.Shape, layout []int) []int {
	for i, a := range layout {
		if s[a].Batch {
			return append([]int{a}, slices.Delete(slices.Clone(layout), i, i+1)...)
		}
	}
	return layout
}

// newInput declares an input of the graph.
func (im *importer) newInput(name string, s symbolic.Shape, indices bool) string {
	name = im.fresh(name)
	im.graph.Inputs = append(im.graph.Inputs, network.Input{Name: name, Shape: s.At(im.batch), Indices: indices})
	im.shapes[name] = s
	return name
}
