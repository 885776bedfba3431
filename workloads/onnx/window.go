package onnx

import (
	"fmt"
	"slices"

	"satsim/workloads/network"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// window is what a convolution or pool moves over height and width; a sequence is an image of height 1.
type window struct {
	kernel, stride, dilation [2]int64
	pads                     [4]int64 // top, left, bottom, right
	out                      [2]symbolic.Extent
}

func newWindow(n *file.Node, x *value, kernel []int64) (*window, error) {
	spatial := len(kernel)
	w := &window{kernel: [2]int64{1, 1}, stride: [2]int64{1, 1}, dilation: [2]int64{1, 1}, out: [2]symbolic.Extent{symbolic.Fixed(1), symbolic.Fixed(1)}}
	strides, err := n.Same("strides", spatial, 1)
	if err != nil {
		return nil, err
	}
	dilations, err := n.Same("dilations", spatial, 1)
	if err != nil {
		return nil, err
	}
	pads, err := n.Same("pads", 2*spatial, 0)
	if err != nil {
		return nil, err
	}
	for i := range spatial {
		at := 2 - spatial + i
		in := x.shape[2+i]
		if in.Batch {
			return nil, symbolic.ErrBatchAxis
		}
		k, s, d := kernel[i], strides[i], dilations[i]
		if k < 1 || s < 1 || d < 1 || k > symbolic.MaxExtent/d {
			return nil, fmt.Errorf("kernel %d, stride %d and dilation %d; at least 1 is needed", k, s, d)
		}
		before, after := pads[i], pads[i+spatial]
		if x.zeros != nil {
			before, after = before+x.zeros[at], after+x.zeros[at+2]
			in.N -= x.zeros[at] + x.zeros[at+2]
		}
		span := d*(k-1) + 1
		switch auto := n.Text("auto_pad"); auto {
		case "", "NOTSET":
		case "VALID":
			before, after = 0, 0
		case "SAME_UPPER", "SAME_LOWER":
			total := max(0, ((in.N+s-1)/s-1)*s+span-in.N)
			before, after = total/2, total-total/2
			if auto == "SAME_LOWER" {
				before, after = after, before
			}
		default:
			return nil, fmt.Errorf("auto_pad is %q", auto)
		}
		if max(before, -before, after, -after) > symbolic.MaxExtent || in.N+before+after < span {
			return nil, fmt.Errorf("a window of %d does not fit an extent of %d with pads %d and %d", span, in.N, before, after)
		}
		out := (in.N+before+after-span)/s + 1
		if n.Int("ceil_mode", 0) != 0 && (in.N+before+after-span)%s != 0 && out*s < in.N+before {
			// One more window, which begins inside and reads over the end.
			out++
			after = (out-1)*s + span - in.N - before
		}
		w.kernel[at], w.stride[at], w.dilation[at] = k, s, d
		w.pads[at], w.pads[at+2] = before, after
		w.out[at] = symbolic.Fixed(out)
	}
	return w, nil
}

func (im *importer) pool(n *file.Node, in []*value) ([]*value, error) {
	kernel := n.Ints("kernel_shape")
	x := in[0]
	if len(kernel) != x.rank()-2 {
		return nil, fmt.Errorf("kernel_shape %v does not fit %v", kernel, x.shape)
	}
	return im.pooled(n, x, kernel, map[string]network.Op{"MaxPool": network.MaxPool, "AveragePool": network.AvgPool}[n.Op])
}

func (im *importer) pooled(n *file.Node, x *value, kernel []int64, op network.Op) ([]*value, error) {
	spatial := len(kernel)
	if spatial == 3 {
		return im.pool3(n, x, kernel, op)
	}
	if spatial != 1 && spatial != 2 {
		return nil, fmt.Errorf("it pools %v; one to three axes behind the channels are accepted", x.shape)
	}
	win, err := newWindow(n, x, kernel)
	if err != nil {
		return nil, err
	}
	if win.dilation != [2]int64{1, 1} {
		return nil, errDilated
	}
	t, s, err := im.images(x)
	if err != nil {
		return nil, err
	}
	y, err := im.emit(network.Node{
		Name: label(n, ""), Op: op, Inputs: []string{t}, Kernel: win.kernel, Stride: win.stride, Pads: win.pads,
	}, symbolic.Shape{s[0], win.out[0], win.out[1], s[3]})
	if err != nil {
		return nil, err
	}
	return im.fromImages(y, spatial)
}

// globalPool takes the mean or the maximum of each channel.
func (im *importer) globalPool(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	if x.rank() < 3 {
		return nil, fmt.Errorf("it pools %v; at least one axis behind the channels is needed", x.shape)
	}
	out := append(symbolic.Shape{}, x.shape...)
	var axes []int
	for i := 2; i < x.rank(); i++ {
		out[i] = symbolic.Fixed(1)
		axes = append(axes, i)
	}
	if n.Op == "GlobalAveragePool" {
		return im.means(n, x, axes, out)
	}
	var kernel []int64
	for _, e := range x.shape[2:] {
		if e.Batch {
			return nil, symbolic.ErrBatchAxis
		}
		kernel = append(kernel, e.N)
	}
	return im.pooled(&file.Node{Name: label(n, "")}, x, kernel, network.MaxPool)
}

// insteadOfMean says where a loss can be put where a node averages over the batch, as losses that are written out do: on what the network gave before squares and
// differences.
func (im *importer) insteadOfMean(n *file.Node, kept []int) string {
	if len(kept) > 0 && kept[0] == 0 {
		return ""
	}
	t := n.Input(0)
	for range 16 {
		m := im.makers[t]
		if m == nil {
			break
		}
		single := len(m.In) == 1 || m.Op == "Pow" || m.Op == "Mul" && m.Input(0) == m.Input(1)
		if !elementwise[m.Op] || !single && m.Op != "Sub" {
			break
		}
		next := m.Input(0)
		if m.Op == "Sub" && im.makers[next] == nil { // what is wanted, less what is given
			next = m.Input(1)
		}
		if m.Op == "Relu" || im.makers[next] == nil {
			break
		}
		if t = next; m.Op == "Sub" {
			break
		}
	}
	return fmt.Sprintf("; a loss that the file writes out is left to satsim: --loss-on %s puts one on what the network gives", t)
}

func (im *importer) reduceMean(n *file.Node, in []*value) ([]*value, error) {
	axes, err := symbolic.ReducedAxes(n, tensors(in))
	if err != nil {
		return nil, err
	}
	out, err := im.outputShape(n, in)
	if err != nil {
		return nil, err
	}
	if len(axes) == 0 {
		return same(in[0]), nil
	}
	return im.means(n, in[0], axes, out)
}

// reduceMax is a pool over all of some axes.
func (im *importer) reduceMax(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	axes, err := symbolic.ReducedAxes(n, tensors(in))
	if err != nil {
		return nil, err
	}
	out, err := im.outputShape(n, in)
	if err != nil {
		return nil, err
	}
	if len(axes) == 0 {
		return same(x), nil
	}
	var kept []int
	for i := range x.rank() {
		if !slices.Contains(axes, i) {
			kept = append(kept, i)
		}
	}
	t, err := im.ordered(x, slices.Concat(kept, axes))
	if err != nil {
		return nil, err
	}
	rows, err := x.shape.Take(kept).Elements()
	if err != nil {
		return nil, err
	}
	row, err := x.shape.Take(axes).Elements()
	if err != nil {
		return nil, err
	}
	if row.Batch || row.N > 1<<12 {
		return nil, fmt.Errorf("the largest of %v; up to 4096 numbers of a sample are accepted", row)
	}
	if t, err = im.reshapeTo(t, symbolic.Shape{rows, symbolic.Fixed(1), row, symbolic.Fixed(1)}); err != nil {
		return nil, err
	}
	one := symbolic.Shape{rows, symbolic.Fixed(1), symbolic.Fixed(1), symbolic.Fixed(1)}
	y, err := im.emit(network.Node{Name: label(n, ""), Op: network.MaxPool, Inputs: []string{t}, Kernel: [2]int64{1, row.N}, Stride: [2]int64{1, row.N}}, one)
	if err != nil {
		return nil, err
	}
	v, err := im.reshape(&value{kind: activation, shape: one, tensor: y, layout: identity(4)}, out, false)
	return []*value{v}, err
}

// reduceL2 is the root of a sum of squares.
func (im *importer) reduceL2(n *file.Node, in []*value) ([]*value, error) {
	squares, err := im.join(&file.Node{Name: label(n, "") + ".squares"}, network.Mul, in[0], in[0])
	if err != nil {
		return nil, err
	}
	sums, err := im.reduceMean(n, append([]*value{squares[0]}, in[1:]...))
	if err != nil {
		return nil, err
	}
	return im.unary(&file.Node{Name: label(n, "") + ".root"}, sums[0], network.Function)
}

// means averages over axes, as a global pool of images whose height is what is averaged and whose channels are what stays.
func (im *importer) means(n *file.Node, x *value, axes []int, out symbolic.Shape) ([]*value, error) {
	var kept []int
	for i := range x.rank() {
		if !slices.Contains(axes, i) {
			kept = append(kept, i)
		}
	}
	if len(kept) < 2 || kept[0] != 0 && !x.shape[kept[0]].Batch {
		return nil, fmt.Errorf("it averages %v over axes %v; the first axis or that of the batch, and another one, must stay%s", x.shape, axes, im.insteadOfMean(n, kept))
	}
	samples := x.shape[kept[0]]
	t, err := im.ordered(x, slices.Concat(kept[:1], axes, kept[1:]))
	if err != nil {
		return nil, err
	}
	pixels, err := x.shape.Take(axes).Elements()
	if err != nil {
		return nil, err
	}
	channels, err := x.shape.Take(kept[1:]).Elements()
	if err != nil {
		return nil, err
	}
	if pixels.Batch || channels.Batch {
		return nil, symbolic.ErrBatchAxis
	}
	if len(axes) != 2 || len(kept) != 2 {
		if t, err = im.reshapeTo(t, symbolic.Shape{samples, pixels, symbolic.Fixed(1), channels}); err != nil {
			return nil, err
		}
	}
	y, err := im.emit(network.Node{Name: label(n, ""), Op: network.GlobalAvgPool, Inputs: []string{t}},
		symbolic.Shape{samples, symbolic.Fixed(1), symbolic.Fixed(1), channels})
	if err != nil {
		return nil, err
	}
	v := &value{
		kind: activation, shape: symbolic.Shape{samples, symbolic.Fixed(1), symbolic.Fixed(1), channels}, tensor: y, layout: identity(4),
	}
	v, err = im.reshape(v, out, false)
	return []*value{v}, err
}

// pad keeps zeros around height and width for the convolution or pool behind it; what else it does is copies.
func (im *importer) pad(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	pads, given, err := symbolic.Numbers(n, "pads", tensors(in), 1)
	if err != nil {
		return nil, err
	}
	rank := x.rank()
	if len(in) > 3 && in[3] != nil { // since operator set 18
		axes, _, err := symbolic.Numbers(n, "axes", tensors(in), 3)
		if err != nil {
			return nil, err
		}
		if len(pads) != 2*len(axes) {
			return nil, fmt.Errorf("pads %v do not fit axes %v", pads, axes)
		}
		all := make([]int64, 2*rank)
		for i, a := range axes {
			at, err := symbolic.Axis(a, rank)
			if err != nil {
				return nil, err
			}
			all[at], all[at+rank] = pads[i], pads[i+len(axes)]
		}
		pads = all
	}
	if !given || len(pads) != 2*rank {
		return nil, fmt.Errorf("pads %v do not fit %v", pads, x.shape)
	}
	if !slices.ContainsFunc(pads, func(p int64) bool { return p != 0 }) {
		return same(x), nil
	}
	fill := n.Float("value", 0)
	if len(in) > 2 && in[2] != nil {
		var ok bool
		if fill, ok = in[2].scalar(); !ok {
			fill = 1
		}
	}
	mode := n.Text("mode")
	if mode != "" && mode != "constant" {
		x, err := im.withZeros(label(n, ""), x)
		if err != nil {
			return nil, err
		}
		y, err := im.mirrored(n, x, pads)
		return []*value{y}, err
	}
	deferred := fill == 0 && (rank == 3 || rank == 4)
	for i := range rank {
		before, after := pads[i], pads[i+rank]
		if before == 0 && after == 0 {
			continue
		}
		if max(before, after) > symbolic.MaxExtent || x.shape[i].Batch {
			return nil, fmt.Errorf("pads %v do not fit %v", pads, x.shape)
		}
		deferred = deferred && i > 1 && before >= 0 && after >= 0
	}
	if !deferred {
		return im.padEach(n, x, pads)
	}
	v := same(x)[0]
	v.zeros = &[4]int64{}
	if x.zeros != nil {
		*v.zeros = *x.zeros
	}
	v.shape = append(symbolic.Shape{}, x.shape...)
	for i := 2; i < rank; i++ {
		at := i + 2 - rank
		v.zeros[at] += pads[i]
		v.zeros[at+2] += pads[i+rank]
		v.shape[i] = symbolic.Fixed(x.shape[i].N + pads[i] + pads[i+rank])
	}
	return []*value{v}, nil
}

// padEach pads and crops one axis after the other.
func (im *importer) padEach(n *file.Node, x *value, pads []int64) ([]*value, error) {
	x, err := im.withZeros(label(n, ""), x)
	if err != nil {
		return nil, err
	}
	rank := x.rank()
	for i := range rank {
		before, after := pads[i], pads[i+rank]
		name := fmt.Sprintf("%s.%d", label(n, ""), i)
		if before < 0 || after < 0 {
			if x, err = im.part(name+".crop", x, i, max(0, -before), x.shape[i].N+min(0, before)+min(0, after)); err != nil {
				return nil, err
			}
		}
		if x, err = im.padded(name, x, i, max(0, before), max(0, after)); err != nil {
			return nil, err
		}
	}
	return same(x), nil
}
