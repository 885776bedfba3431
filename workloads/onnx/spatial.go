package onnx

import (
	"errors"
	"fmt"
	"slices"

	"satsim/workloads/network"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/pb"
	"satsim/workloads/onnx/internal/symbolic"
)

// resize makes images of another height and width: by sizes or scales, which are attributes or inputs as the operator set has them.
func (im *importer) resize(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	if x.rank() != 4 && x.rank() != 3 {
		return nil, fmt.Errorf("it resizes %v; one or two axes behind the channels are accepted", x.shape)
	}
	out, err := im.resized(n, in)
	if err != nil {
		return nil, err
	}
	spatial := x.rank() - 2
	size := [2]int64{1, 1}
	for i, e := range out {
		switch {
		case i < 2 && e != x.shape[i]:
			return nil, fmt.Errorf("it makes %v of %v; height and width alone may change", out, x.shape)
		case i >= 2 && (e.Batch || e.N < 1):
			return nil, fmt.Errorf("it makes %v of %v", out, x.shape)
		case i >= 2:
			size[2-spatial+i-2] = e.N
		}
	}
	taps := map[string]int64{"nearest": 1, "": 1, "linear": 2, "bilinear": 2, "cubic": 4}[n.Text("mode")]
	if taps == 0 {
		return nil, fmt.Errorf("mode is %q; nearest, linear and cubic are accepted", n.Text("mode"))
	}
	kernel := [2]int64{taps, taps}
	if spatial == 1 {
		kernel[0] = 1
	}
	t, s, err := im.images(x)
	if err != nil {
		return nil, err
	}
	if x.zeros != nil {
		return nil, errPadded
	}
	y, err := im.emit(network.Node{Name: label(n, ""), Op: network.Resize, Inputs: []string{t}, Shape: size[:], Kernel: kernel},
		symbolic.Shape{s[0], symbolic.Fixed(size[0]), symbolic.Fixed(size[1]), s[3]})
	if err != nil {
		return nil, err
	}
	return im.fromImages(y, spatial)
}

// gridSample reads an image at places that are given: each output of as many inputs as a resize has. No gradient comes back to the places.
func (im *importer) gridSample(n *file.Node, in []*value) ([]*value, error) {
	x, grid := in[0], in[1]
	if x.rank() != 4 || grid.rank() != 4 || grid.shape[0] != x.shape[0] || grid.shape[3] != symbolic.Fixed(2) || grid.shape[1].Batch || grid.shape[2].Batch {
		return nil, fmt.Errorf("its places %v do not fit images %v", grid.shape, x.shape)
	}
	taps := map[string]int64{"nearest": 1, "": 2, "linear": 2, "bilinear": 2, "cubic": 4, "bicubic": 4}[n.Text("mode")]
	if taps == 0 {
		return nil, fmt.Errorf("mode is %q; nearest, linear and cubic are accepted", n.Text("mode"))
	}
	im.leaveOut("samples at given places are counted as a resize, whose places get no gradient (%d)")
	t, s, err := im.images(x)
	if err != nil {
		return nil, err
	}
	size := []int64{grid.shape[1].N, grid.shape[2].N}
	y, err := im.emit(network.Node{Name: label(n, ""), Op: network.Resize, Inputs: []string{t}, Shape: size, Kernel: [2]int64{taps, taps}},
		symbolic.Shape{s[0], grid.shape[1], grid.shape[2], s[3]})
	if err != nil {
		return nil, err
	}
	return im.fromImages(y, 2)
}

// resized is the shape of a Resize's output.
func (im *importer) resized(n *file.Node, in []*value) (symbolic.Shape, error) {
	x := in[0].shape
	axes := identity(len(x))
	if n.Has("axes") {
		axes = nil
		for _, a := range n.Ints("axes") {
			at, err := symbolic.Axis(a, len(x))
			if err != nil {
				return nil, err
			}
			axes = append(axes, at)
		}
	}
	var scales []float64
	switch {
	case n.Has("scales"):
		for _, f := range n.Attrs["scales"].GetFloats() {
			scales = append(scales, float64(f))
		}
	case n.Has("height_scale"):
		scales = []float64{1, 1, n.Float("height_scale", 1), n.Float("width_scale", 1)}
	default:
		at := 1 // Upsample, and Resize before operator set 11
		if n.Op == "Resize" && n.Opset >= 11 {
			at = 2
		}
		if len(in) > 3 && in[3] != nil {
			target, ok := in[3].lit.Extents()
			if !ok || len(target) != len(axes) {
				return nil, errors.New("its sizes are not known before the network runs")
			}
			out := slices.Clone(x)
			for i, a := range axes {
				out[a] = target[i]
				if x[a].Batch { // which no resize changes
					out[a] = x[a]
				}
			}
			return out, nil
		}
		if at < len(in) && in[at] != nil {
			scales, _ = in[at].lit.Floats()
		}
	}
	if len(scales) != len(axes) {
		return nil, errors.New("its scales are not known before the network runs")
	}
	out := slices.Clone(x)
	for i, a := range axes {
		if scales[i] != 1 {
			out[a].N = int64(float64(x[a].N) * scales[i]) // rounded down, as the specification says
		}
	}
	return out, nil
}

// convTranspose is a convolution for each phase of the stride, with its own taps, whose results are laid side by side: the products are those that a
// transposed convolution has, and no zeros are multiplied.
func (im *importer) convTranspose(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	w, err := fixedExtents(in[1], 4)
	if err != nil {
		return nil, err
	}
	groups := n.Int("group", 1)
	if x.rank() != 4 || x.shape[1] != symbolic.Fixed(w[0]) || groups < 1 || w[0]%groups != 0 || x.zeros != nil {
		return nil, fmt.Errorf("its weight has shape %v; the input %v and %d groups do not fit that", in[1].shape, x.shape, groups)
	}
	if owner, taken := im.ownerOf(in[1], ""); taken {
		return nil, fmt.Errorf("it shares its weight with %q", owner)
	}
	stride, err := n.Same("strides", 2, 1)
	if err != nil {
		return nil, err
	}
	pads, err := n.Same("pads", 4, 0)
	if err != nil {
		return nil, err
	}
	more, err := n.Same("output_padding", 2, 0)
	if err != nil {
		return nil, err
	}
	dilations, err := n.Same("dilations", 2, 1)
	if err != nil {
		return nil, err
	}
	if auto := n.Text("auto_pad"); dilations[0] != 1 || dilations[1] != 1 || n.Has("output_shape") || auto != "" && auto != "NOTSET" {
		return nil, errors.New("its window is dilated, or its output is given by auto_pad or output_shape; pads are accepted")
	}
	t, s, err := im.images(x)
	if err != nil {
		return nil, err
	}
	base := label(n, rootName(in[1]))
	out := w[1] * groups
	var size, whole [2]int64
	for i := range 2 {
		if stride[i] < 1 || stride[i] > w[2+i] {
			return nil, fmt.Errorf("stride %d with %d taps: some of its outputs would have none", stride[i], w[2+i])
		}
		size[i] = stride[i]*(s[1+i].N-1) + more[i] + w[2+i] - pads[i] - pads[i+2]
		whole[i] = (size[i] + stride[i] - 1) / stride[i]
	}
	var parts []string
	alone := stride[0] == 1 && stride[1] == 1
	for p := range stride[0] {
		for q := range stride[1] {
			op := network.Node{Name: fmt.Sprintf("%s.phase%d", base, len(parts)), Op: network.Conv, Channels: out, Groups: groups}
			read := t
			for i, r := range []int64{p, q} {
				first, jump := (r+pads[i])%stride[i], (r+pads[i])/stride[i]
				k := (w[2+i]-first-1)/stride[i] + 1
				before := k - 1 - jump
				after := whole[i] - s[1+i].N + k - 1 - before
				if before < 0 || after < 0 { // the phase does not read what is at the border
					if read, err = im.cropped(fmt.Sprintf("%s.border%d", op.Name, i), read, 1+i, max(0, -before), max(0, -after)); err != nil {
						return nil, err
					}
					before, after = max(0, before), max(0, after)
				}
				op.Kernel[i], op.Stride[i], op.Pads[i], op.Pads[i+2] = k, 1, before, after
			}
			op.Inputs = []string{read}
			if alone {
				op.Name, op.Bias = base, len(in) > 2 && in[2] != nil
			}
			y, err := im.emit(op, symbolic.Shape{s[0], symbolic.Fixed(whole[0]), symbolic.Fixed(whole[1]), symbolic.Fixed(out)})
			if err != nil {
				return nil, err
			}
			parts = append(parts, y)
		}
	}
	im.ownerOf(in[1], parts[0])
	if alone {
		return im.fromImages(parts[0], 2)
	}
	im.leaveOut("transposed convolutions are one convolution a phase of their stride, and a copy that lays the phases side by side (%d)")
	y, err := im.interleaved(base, parts, s[0], whole, stride, out)
	if err != nil {
		return nil, err
	}
	v, err := im.fromImages(y, 2)
	if err != nil {
		return nil, err
	}
	for i := range 2 {
		if size[i] != whole[i]*stride[i] {
			if v[0], err = im.part(fmt.Sprintf("%s.cut%d", base, i), v[0], 2+i, 0, size[i]); err != nil {
				return nil, err
			}
		}
	}
	if len(in) < 3 || in[2] == nil {
		return v, nil
	}
	bias := *in[2]
	bias.shape = symbolic.Shape{symbolic.Fixed(out), symbolic.Fixed(1), symbolic.Fixed(1)}
	v[0].name = n.Output()
	learned, err := im.table(&bias, v[0])
	if err != nil {
		return nil, err
	}
	return im.join(&file.Node{Name: base + ".bias", Out: n.Out}, network.Add, v[0], learned)
}

// cropped leaves out what is at the borders of an axis of a tensor of the graph.
func (im *importer) cropped(name, t string, axis int, before, after int64) (string, error) {
	s := slices.Clone(im.shapes[t])
	size := s[axis].N - before - after
	if size < 1 {
		return "", fmt.Errorf("nothing is left of axis %d of %v", axis, s)
	}
	s[axis] = symbolic.Fixed(size)
	return im.emit(network.Node{Name: name, Op: network.Slice, Inputs: []string{t}, Axis: int64(axis), Start: before, Size: size}, s)
}

// interleaved lays phases of images side by side.
func (im *importer) interleaved(base string, parts []string, batch symbolic.Extent, size [2]int64, stride []int64, channels int64) (string, error) {
	f := symbolic.Fixed
	all, err := im.emit(network.Node{Name: base + ".phases", Op: network.Concat, Inputs: parts, Axis: 3},
		symbolic.Shape{batch, f(size[0]), f(size[1]), f(channels * int64(len(parts)))})
	if err != nil {
		return "", err
	}
	split, err := im.reshapeTo(all, symbolic.Shape{batch, f(size[0]), f(size[1]), f(stride[0]), f(stride[1]), f(channels)})
	if err != nil {
		return "", err
	}
	turned, err := im.emit(network.Node{Name: base + ".interleave", Op: network.Transpose, Inputs: []string{split}, Axes: []int64{0, 1, 3, 2, 4, 5}},
		symbolic.Shape{batch, f(size[0]), f(stride[0]), f(size[1]), f(stride[1]), f(channels)})
	if err != nil {
		return "", err
	}
	return im.reshapeTo(turned, symbolic.Shape{batch, f(size[0] * stride[0]), f(size[1] * stride[1]), f(channels)})
}

// blocks moves blocks of an image's positions into its channels, or back.
func (im *importer) blocks(n *file.Node, in []*value) ([]*value, error) {
	x, b := in[0], n.Int("blocksize", 0)
	if x.rank() != 4 || b < 1 || x.shape[1].Batch || x.shape[2].Batch || x.shape[3].Batch {
		return nil, fmt.Errorf("blocks of %d do not fit %v", b, x.shape)
	}
	c, h, w := x.shape[1].N, x.shape[2].N, x.shape[3].N
	f := symbolic.Fixed
	var split, out symbolic.Shape
	var perm []int64
	switch {
	case n.Op == "SpaceToDepth" && h%b == 0 && w%b == 0:
		split, perm = symbolic.Shape{x.shape[0], f(c), f(h / b), f(b), f(w / b), f(b)}, []int64{0, 3, 5, 1, 2, 4}
		out = symbolic.Shape{x.shape[0], f(c * b * b), f(h / b), f(w / b)}
	case n.Op == "DepthToSpace" && c%(b*b) == 0 && n.Text("mode") == "CRD":
		split, perm = symbolic.Shape{x.shape[0], f(c / b / b), f(b), f(b), f(h), f(w)}, []int64{0, 1, 4, 2, 5, 3}
		out = symbolic.Shape{x.shape[0], f(c / b / b), f(h * b), f(w * b)}
	case n.Op == "DepthToSpace" && c%(b*b) == 0:
		split, perm = symbolic.Shape{x.shape[0], f(b), f(b), f(c / b / b), f(h), f(w)}, []int64{0, 3, 4, 1, 5, 2}
		out = symbolic.Shape{x.shape[0], f(c / b / b), f(h * b), f(w * b)}
	default:
		return nil, fmt.Errorf("blocks of %d do not fit %v", b, x.shape)
	}
	v, err := im.reshape(x, split, false)
	if err != nil {
		return nil, err
	}
	turned, err := im.transpose(&file.Node{Attrs: map[string]*pb.AttributeProto{"perm": {Ints: perm}}}, []*value{v})
	if err != nil {
		return nil, err
	}
	v, err = im.reshape(turned[0], out, false)
	return []*value{v}, err
}

// groupNorm is a GroupNormalization, or an InstanceNormalization, whose groups are channels.
func (im *importer) groupNorm(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	if x.rank() < 3 || x.shape[1].Batch {
		return nil, fmt.Errorf("its input %v has no channels and positions", x.shape)
	}
	groups := n.Int("num_groups", x.shape[1].N)
	layout := last(x.layout, 1)
	t, err := im.ordered(x, layout)
	if err != nil {
		return nil, err
	}
	op := network.Node{Name: label(n, n.Input(1)), Op: network.GroupNorm, Inputs: []string{t}, Groups: groups}
	if n.Op == "GroupNormalization" && n.Opset < 21 && len(in) > 1 { // whose scales were those of groups
		op.Channels = groups
	}
	y, err := im.emit(op, im.shapes[t])
	im.keeps(y, in[1:]...)
	return []*value{{kind: activation, shape: x.shape, tensor: y, layout: layout}}, err
}

// localResponse divides by a power of a sum of squares over neighbouring channels: a square, a pool along channels, a function and a product.
func (im *importer) localResponse(n *file.Node, in []*value) ([]*value, error) {
	x, size := in[0], n.Int("size", 0)
	if x.rank() != 4 || size < 1 {
		return nil, fmt.Errorf("%d channels of %v", size, x.shape)
	}
	layout := channelsLast(4)
	t, err := im.ordered(x, layout)
	if err != nil {
		return nil, err
	}
	s, base, f := im.shapes[t], label(n, ""), symbolic.Fixed
	emit := func(op network.Node, shape symbolic.Shape) string {
		var y string
		if err == nil {
			y, err = im.emit(op, shape)
		}
		return y
	}
	view := func(t string, to symbolic.Shape) string {
		var y string
		if err == nil {
			y, err = im.reshapeTo(t, to)
		}
		return y
	}
	positions := symbolic.Shape{s[0], f(s[1].N * s[2].N), s[3], f(1)}
	squares := view(emit(network.Node{Name: base + ".squares", Op: network.Mul, Inputs: []string{t, t}}, s), positions)
	sums := emit(network.Node{
		Name: base + ".sums", Op: network.AvgPool, Inputs: []string{squares}, Kernel: [2]int64{1, size}, Pads: [4]int64{0, (size - 1) / 2, 0, size / 2},
	}, positions)
	powers := emit(network.Node{Name: base + ".power", Op: network.Function, Inputs: []string{view(sums, s)}}, s)
	y := emit(network.Node{Name: base, Op: network.Mul, Inputs: []string{t, powers}}, s)
	return []*value{{kind: activation, shape: x.shape, tensor: y, layout: layout}}, err
}

// prelu has a slope for each channel, or one for all.
func (im *importer) prelu(n *file.Node, in []*value) ([]*value, error) {
	x, p := in[0], in[1]
	if p.single() {
		im.leaveOut("leaky ReLUs count as ReLU: one comparison forward, one bit backward (%d)")
		return im.unary(n, x, network.ReLU)
	}
	if n.Opset < 7 && p.rank() == 1 && x.rank() > 2 { // which then stood for channels
		p = &value{name: p.name, kind: p.kind, root: p.root, shape: append(symbolic.Shape{p.shape[0]}, symbolic.FixedShape(slices.Repeat([]int64{1}, x.rank()-2))...)}
	}
	if p.rank() > 0 && p.shape[0] == x.shape[1] && x.zeros == nil {
		t, err := im.ordered(x, last(x.layout, 1)) // channels last, as slopes are
		if err != nil {
			return nil, err
		}
		x = &value{name: x.name, kind: activation, shape: x.shape, tensor: t, layout: last(x.layout, 1)}
	}
	if !im.perChannel(x, p) {
		return nil, fmt.Errorf("its slopes %v are not one for each channel of %v", p.shape, x.shape)
	}
	y, err := im.unary(&file.Node{Name: label(n, rootName(p)), Out: n.Out}, x, network.PReLU)
	if err == nil {
		im.keeps(y[0].tensor, p)
	}
	return y, err
}
