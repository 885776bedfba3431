package onnx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

var (
	errPadded  = errors.New("its input is padded with zeros, which only convolutions and pools can take in")
	errDilated = errors.New("its window is dilated")
)

// concatenated lays activations side by side along an axis, in the order of the first.
func (im *importer) concatenated(name string, parts []*value, axis int) (*value, error) {
	like := parts[0]
	var inputs []string
	out := slices.Clone(like.shape)
	out[axis] = symbolic.Fixed(0)
	for _, p := range parts {
		t, err := im.ordered(p, like.layout)
		if err != nil {
			return nil, err
		}
		if p.shape[axis].Batch {
			return nil, errors.New("it joins samples")
		}
		inputs = append(inputs, t)
		out[axis].N += p.shape[axis].N
	}
	y, err := im.emit(network.Node{Name: name, Op: network.Concat, Inputs: inputs, Axis: int64(like.position(axis))}, out.Take(like.layout))
	return &value{kind: activation, shape: out, tensor: y, layout: like.layout}, err
}

// padded puts zeros, which are an input without gradient, before and behind an axis: a copy.
func (im *importer) padded(name string, x *value, axis int, before, after int64) (*value, error) {
	if before == 0 && after == 0 {
		return x, nil
	}
	if x.shape[axis].Batch {
		return nil, symbolic.ErrBatchAxis
	}
	zeros := func(size int64) (*value, error) {
		s := slices.Clone(x.shape)
		s[axis] = symbolic.Fixed(size)
		return im.table(&value{kind: constant, name: strings.Trim(fmt.Sprintf("zeros.%v", s.At(1)), "[]"), shape: s}, x)
	}
	parts := []*value{x}
	if before > 0 {
		z, err := zeros(before)
		if err != nil {
			return nil, err
		}
		parts = append([]*value{z}, parts...)
	}
	if after > 0 {
		z, err := zeros(after)
		if err != nil {
			return nil, err
		}
		parts = append(parts, z)
	}
	im.leaveOut("zeros that no convolution or pool takes in are an input, and padding is a copy (%d)")
	return im.concatenated(name, parts, axis)
}

// withZeros makes zeros that a Pad left to its readers part of the data.
func (im *importer) withZeros(name string, v *value) (*value, error) {
	if v.zeros == nil {
		return v, nil
	}
	rank := v.rank()
	x := *v
	x.zeros, x.shape = nil, slices.Clone(v.shape)
	for i := 2; i < rank; i++ {
		at := i + 2 - rank
		x.shape[i].N -= v.zeros[at] + v.zeros[at+2]
	}
	out := &x
	for i := 2; i < rank; i++ {
		at := i + 2 - rank
		var err error
		if out, err = im.padded(fmt.Sprintf("%s.pad%d", name, i), out, i, v.zeros[at], v.zeros[at+2]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// takesZeros reports whether an operator takes zeros around height and width in, or hands them on.
func takesZeros(n *file.Node, x *value) bool {
	switch n.Op {
	case "Conv", "MaxPool", "AveragePool":
		return x.rank() < 5
	case "Pad", "Shape", "Size", "Identity", "Cast", "Dropout", "QuantizeLinear", "DequantizeLinear":
		return true
	case "Concat":
		return len(n.In) == 1
	case "Unsqueeze":
		return x.bare
	}
	return false
}

// mirrored pads by what stands at the border: rows in the other order, or the last one again. Either is a copy of as many rows.
func (im *importer) mirrored(n *file.Node, x *value, pads []int64) (*value, error) {
	rank := x.rank()
	edge := n.Text("mode") == "edge"
	for axis := range rank {
		before, after := pads[axis], pads[axis+rank]
		if before == 0 && after == 0 {
			continue
		}
		size := x.shape[axis].N
		if x.shape[axis].Batch || before < 0 || after < 0 || !edge && max(before, after) >= size {
			return nil, fmt.Errorf("pads %v do not fit %v", pads, x.shape)
		}
		border := func(side string, at, count int64) (*value, error) {
			name := fmt.Sprintf("%s.%s%d", label(n, ""), side, axis)
			if !edge {
				return im.part(name, x, axis, at, count)
			}
			p, err := im.part(name, x, axis, at, 1)
			if err != nil || count == 1 {
				return p, err
			}
			return im.copies(name+".rows", p, axis, count)
		}
		parts := []*value{x}
		if before > 0 {
			at := int64(1)
			if edge {
				at = 0
			}
			p, err := border("before", at, before)
			if err != nil {
				return nil, err
			}
			parts = append([]*value{p}, parts...)
		}
		if after > 0 {
			at := size - 1 - after
			if edge {
				at = size - 1
			}
			p, err := border("after", at, after)
			if err != nil {
				return nil, err
			}
			parts = append(parts, p)
		}
		y, err := im.concatenated(fmt.Sprintf("%s.%d", label(n, ""), axis), parts, axis)
		if err != nil {
			return nil, err
		}
		x = y
	}
	return x, nil
}
