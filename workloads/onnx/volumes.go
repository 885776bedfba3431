package onnx

import (
	"fmt"
	"slices"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// volumeLayout is channels last: samples, time, height, width, channels.
var volumeLayout = []int{0, 2, 3, 4, 1}

// volume is what a convolution or pool of three axes moves over: one window over time, one over height and width.
type volume struct {
	x           *value
	time, space *window
	before      int64 // zeros before the first frame
}

// volumeOf takes a window of three axes apart.
func volumeOf(n *file.Node, x *value, kernel []int64) (*volume, error) {
	if x.zeros != nil {
		return nil, errPadded
	}
	one := func(attr string, otherwise int64) ([]int64, error) { return n.Same(attr, 3, otherwise) }
	strides, err := one("strides", 1)
	if err != nil {
		return nil, err
	}
	dilations, err := one("dilations", 1)
	if err != nil {
		return nil, err
	}
	pads, err := n.Same("pads", 6, 0)
	if err != nil {
		return nil, err
	}
	s := x.shape
	time, space := *x, *x
	time.shape, space.shape = symbolic.Shape{s[0], s[1], s[2]}, symbolic.Shape{s[0], s[1], s[3], s[4]}
	v := &volume{x: x}
	v.time, err = newWindow(with(n, numbersOf("strides", strides[:1]), numbersOf("dilations", dilations[:1]), numbersOf("pads", []int64{pads[0], pads[3]})), &time, kernel[:1])
	if err != nil {
		return nil, err
	}
	v.space, err = newWindow(with(n, numbersOf("strides", strides[1:]), numbersOf("dilations", dilations[1:]), numbersOf("pads", []int64{pads[1], pads[2], pads[4], pads[5]})), &space, kernel[1:])
	if err != nil {
		return nil, err
	}
	v.before = v.time.pads[1]
	return v, nil
}

// trivial reports whether a window is one element that moves by one.
func (w *window) trivial() bool {
	return w.kernel == [2]int64{1, 1} && w.stride == [2]int64{1, 1} && w.pads == [4]int64{}
}

// conv3 convolves over time, height and width. A window that is 1 in time is a convolution of frames, one that is 1 in space a convolution over time; another one is a
// convolution of frames with as many others beside them, as channels, as the window has in time.
func (im *importer) conv3(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	w, err := fixedExtents(in[1], 5)
	if err != nil {
		return nil, err
	}
	groups := n.Int("group", 1)
	if channels := x.shape[1]; channels.Batch || groups < 1 || channels.N != w[1]*groups {
		return nil, fmt.Errorf("its weight has shape %v; the input %v and %d groups do not fit that", in[1].shape, x.shape, groups)
	}
	if owner, taken := im.ownerOf(in[1], ""); taken {
		return nil, fmt.Errorf("it shares its weight with %q", owner)
	}
	v, err := volumeOf(n, x, w[2:])
	if err != nil {
		return nil, err
	}
	op := network.Node{Name: label(n, rootName(in[1])), Op: network.Conv, Channels: w[0], Groups: groups, Bias: len(in) > 2 && in[2] != nil}
	y, err := im.moved(op, v)
	if err != nil {
		return nil, err
	}
	im.ownerOf(in[1], y.tensor)
	conv := y.tensor
	if m := im.maker(conv); m != nil && m.Op == network.Reshape {
		conv = m.Inputs[0]
		im.ownerOf(in[1], conv)
	}
	im.keeps(conv, in[2:]...)
	return []*value{y}, nil
}

// moved is a convolution by a window of three axes.
func (im *importer) moved(op network.Node, v *volume) (*value, error) {
	if v.space.trivial() {
		return im.overTime(op, v.x, v.time)
	}
	x := v.x
	if !v.time.trivial() {
		var err error
		if x, err = im.beside(op.Name, v); err != nil {
			return nil, err
		}
	}
	return im.ofFrames(op, x, v.space)
}

// overTime moves over time alone: frames are rows of an image.
func (im *importer) overTime(op network.Node, x *value, w *window) (*value, error) {
	t, err := im.ordered(x, volumeLayout)
	if err != nil {
		return nil, err
	}
	s := im.shapes[t]
	pixels, err := s[2:4].Elements()
	if err != nil {
		return nil, err
	}
	if t, err = im.reshapeTo(t, symbolic.Shape{s[0], s[1], pixels, s[4]}); err != nil {
		return nil, err
	}
	op.Inputs = []string{t}
	op.Kernel, op.Stride, op.Pads = [2]int64{w.kernel[1], 1}, [2]int64{w.stride[1], 1}, [4]int64{w.pads[1], 0, w.pads[3], 0}
	channels := s[4]
	if op.Op == network.Conv {
		op.Dilation, channels = [2]int64{w.dilation[1], 1}, symbolic.Fixed(op.Channels)
	}
	y, err := im.emit(op, symbolic.Shape{s[0], w.out[1], pixels, channels})
	if err != nil {
		return nil, err
	}
	return im.frames(y, symbolic.Shape{s[0], w.out[1], s[2], s[3], channels})
}

// ofFrames moves over height and width of each frame.
func (im *importer) ofFrames(op network.Node, x *value, w *window) (*value, error) {
	t, err := im.ordered(x, volumeLayout)
	if err != nil {
		return nil, err
	}
	s := im.shapes[t]
	all, err := s[:2].Elements()
	if err != nil {
		return nil, err
	}
	if t, err = im.reshapeTo(t, symbolic.Shape{all, s[2], s[3], s[4]}); err != nil {
		return nil, err
	}
	op.Inputs, op.Kernel, op.Stride, op.Pads = []string{t}, w.kernel, w.stride, w.pads
	channels := s[4]
	if op.Op == network.Conv {
		op.Dilation, channels = w.dilation, symbolic.Fixed(op.Channels)
	}
	y, err := im.emit(op, symbolic.Shape{all, w.out[0], w.out[1], channels})
	if err != nil {
		return nil, err
	}
	return im.frames(y, symbolic.Shape{s[0], s[1], w.out[0], w.out[1], channels})
}

// frames is a tensor as samples of frames.
func (im *importer) frames(t string, s symbolic.Shape) (*value, error) {
	y, err := im.reshapeTo(t, s)
	return &value{kind: activation, shape: symbolic.Shape{s[0], s[4], s[1], s[2], s[3]}, tensor: y, layout: volumeLayout}, err
}

// beside puts the frames that a window over time reads beside each other, as channels.
func (im *importer) beside(name string, v *volume) (*value, error) {
	w, x := v.time, v.x
	kernel, stride, dilation, out := w.kernel[1], w.stride[1], w.dilation[1], w.out[1].N
	im.leaveOut("windows over time as well as space read frames that a copy lays side by side as channels (%d)")
	after := (kernel-1)*dilation + out*stride - x.shape[2].N - v.before
	x, err := im.padded(name+".pad", x, 2, v.before, max(after, 0))
	if err != nil {
		return nil, err
	}
	var parts []*value
	for k := range kernel {
		base := fmt.Sprintf("%s.frame%d", name, k)
		p, err := im.part(base, x, 2, k*dilation, out*stride)
		if err != nil {
			return nil, err
		}
		if stride > 1 {
			split := slices.Insert(slices.Clone(p.shape), 3, symbolic.Fixed(stride))
			split[2] = symbolic.Fixed(out)
			if p, err = im.reshape(p, split, false); err != nil {
				return nil, err
			}
			if p, err = im.part(base+".first", p, 3, 0, 1); err != nil {
				return nil, err
			}
			whole := slices.Clone(x.shape)
			whole[2] = symbolic.Fixed(out)
			if p, err = im.reshape(p, whole, false); err != nil {
				return nil, err
			}
		}
		parts = append(parts, p)
	}
	if kernel == 1 {
		return parts[0], nil
	}
	return im.concatenated(name+".frames", parts, 1)
}

// pool3 pools over time, height and width: one after the other.
func (im *importer) pool3(n *file.Node, x *value, kernel []int64, op network.Op) ([]*value, error) {
	v, err := volumeOf(n, x, kernel)
	if err != nil {
		return nil, err
	}
	if v.time.dilation != [2]int64{1, 1} || v.space.dilation != [2]int64{1, 1} {
		return nil, errDilated
	}
	y := x
	if !v.space.trivial() {
		if y, err = im.ofFrames(network.Node{Name: label(n, ""), Op: op}, y, v.space); err != nil {
			return nil, err
		}
	}
	if !v.time.trivial() {
		if y, err = im.overTime(network.Node{Name: label(n, "") + ".time", Op: op}, y, v.time); err != nil {
			return nil, err
		}
	}
	return same(y), nil
}
