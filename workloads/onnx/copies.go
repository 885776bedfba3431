package onnx

import (
	"errors"
	"fmt"
	"slices"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// expand changes nothing, or copies what an axis of one element has.
func (im *importer) expand(n *file.Node, in []*value) ([]*value, error) {
	s, err := im.outputShape(n, in)
	if err != nil {
		return nil, err
	}
	v := in[0]
	for v.rank() < len(s) {
		if v, err = im.reshape(v, append(symbolic.Shape{symbolic.Fixed(1)}, v.shape...), false); err != nil {
			return nil, err
		}
	}
	for axis := range s {
		if s[axis] == v.shape[axis] {
			continue
		}
		if s[axis].Batch || !v.shape[axis].Unit() {
			return nil, fmt.Errorf("it repeats %v to %v", in[0].shape, s)
		}
		if v, err = im.copies(fmt.Sprintf("%s.%d", label(n, ""), axis), v, axis, s[axis].N); err != nil {
			return nil, err
		}
	}
	return same(v), nil
}

// tile repeats axes: each behind one of one element, which is stretched.
func (im *importer) tile(n *file.Node, in []*value) ([]*value, error) {
	v := in[0]
	repeats, ok := in[1].lit.Ints()
	if !ok || len(repeats) != v.rank() {
		return nil, errors.New("how often it repeats is not known before the network runs")
	}
	for axis, r := range repeats {
		if r == 1 {
			continue
		}
		if r < 1 || v.shape[axis].Batch && axis > 0 {
			return nil, fmt.Errorf("it repeats axis %d of %v %d times", axis, v.shape, r)
		}
		if v.shape[axis].Batch {
			var err error
			if v, err = im.repeatedBatch(label(n, "")+".0", v, r); err != nil {
				return nil, err
			}
			continue
		}
		whole := append(symbolic.Shape{}, v.shape...)
		whole[axis].N *= r
		split, err := im.reshape(v, slices.Insert(slices.Clone(v.shape), axis, symbolic.Fixed(1)), false)
		if err != nil {
			return nil, err
		}
		if split, err = im.copies(fmt.Sprintf("%s.%d", label(n, ""), axis), split, axis, r); err != nil {
			return nil, err
		}
		if v, err = im.reshape(split, whole, false); err != nil {
			return nil, err
		}
	}
	return same(v), nil
}

// repeatedBatch is all samples, again and again: copies of each, of which a transpose makes rows of samples.
func (im *importer) repeatedBatch(name string, v *value, times int64) (*value, error) {
	t, err := im.ordered(v, identity(v.rank()))
	if err != nil {
		return nil, err
	}
	row, err := v.shape[1:].Elements()
	if err != nil {
		return nil, err
	}
	one, many := symbolic.Fixed(1), symbolic.Fixed(times)
	if t, err = im.reshapeTo(t, symbolic.Shape{v.shape[0], one, one, row}); err != nil {
		return nil, err
	}
	y, err := im.emit(network.Node{Name: name, Op: network.Resize, Inputs: []string{t}, Shape: []int64{times, 1}, Kernel: [2]int64{1, 1}},
		symbolic.Shape{v.shape[0], many, one, row})
	if err != nil {
		return nil, err
	}
	if y, err = im.reshapeTo(y, symbolic.Shape{v.shape[0], many, row}); err != nil {
		return nil, err
	}
	all, ok := v.shape[0].Times(many)
	if !ok {
		return nil, symbolic.ErrBatchAxis
	}
	copies := &value{kind: activation, shape: symbolic.Shape{many, v.shape[0], row}, tensor: y, layout: []int{1, 0, 2}}
	if im.hint == 1 { // of one sample, the order of copies and samples is not said: as everywhere, samples are outermost
		copies.shape, copies.layout = symbolic.Shape{v.shape[0], many, row}, identity(3)
	}
	rows, err := im.reshape(copies, symbolic.Shape{all, row}, false)
	if err != nil {
		return nil, err
	}
	return im.reshape(rows, append(symbolic.Shape{all}, v.shape[1:]...), false)
}

// copies makes an axis as long as there are places to choose from it: each is a copy of one of its elements.
func (im *importer) copies(name string, v *value, axis int, size int64) (*value, error) {
	t, err := im.ordered(v, identity(v.rank()))
	if err != nil {
		return nil, err
	}
	before, err := v.shape[:axis].Elements()
	if err != nil {
		return nil, err
	}
	after, err := v.shape[axis+1:].Elements()
	if err != nil {
		return nil, err
	}
	if after.Batch {
		return nil, symbolic.ErrBatchAxis
	}
	one, out := symbolic.Fixed(1), slices.Clone(v.shape)
	out[axis] = symbolic.Fixed(size)
	if t, err = im.reshapeTo(t, symbolic.Shape{before, v.shape[axis], one, after}); err != nil {
		return nil, err
	}
	y, err := im.emit(network.Node{Name: name, Op: network.Resize, Inputs: []string{t}, Shape: []int64{size, 1}, Kernel: [2]int64{1, 1}},
		symbolic.Shape{before, out[axis], one, after})
	if err != nil {
		return nil, err
	}
	y, err = im.reshapeTo(y, out)
	return &value{kind: activation, shape: out, tensor: y, layout: identity(v.rank())}, err
}
