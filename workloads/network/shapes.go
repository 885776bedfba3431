package network

import "fmt"

// Bounds of attributes: sums and products of a few of them stay in an int64, and a BP has at most maxStride^2 phases.
const (
	maxExtent = 1 << 30
	// maxChannels of a weighted layer: four times the widest vocabulary of a published language model. The search of the words of a product
	// takes time with its size.
	maxChannels = 1 << 20
	maxSide     = 1 << 20
	maxWindow   = 1 << 12
	maxStride   = 1 << 6
	maxResize   = 4 // of a cubic
)

// The shape of an operator's output follows from those of its inputs.

func sameShape(_ Node, in []Shape) (Shape, error) { return in[0], nil }

// softmaxShape: a causal one is of square matrices.
func softmaxShape(n Node, in []Shape) (Shape, error) {
	x := in[0]
	if n.Causal && (len(x) < 2 || x[len(x)-1] != x[len(x)-2]) {
		return nil, fmt.Errorf("input %v is not square; causal softmax takes as many columns as rows", x)
	}
	return x, nil
}

// atLeast refuses inputs of fewer extents.
func atLeast(rank int, x Shape) error {
	if len(x) < rank {
		return fmt.Errorf("input %v has %d extents; at least %d are needed", x, len(x), rank)
	}
	return nil
}

func images(x Shape) error {
	if len(x) != 4 {
		return fmt.Errorf("input %v has %d extents; images x height x width x channels is needed", x, len(x))
	}
	return nil
}

func linearShape(n Node, in []Shape) (Shape, error) {
	if n.Channels < 1 || n.Channels > maxChannels {
		return nil, fmt.Errorf("channels is %d; 1 to 2^20 is accepted", n.Channels)
	}
	if err := atLeast(2, in[0]); err != nil {
		return nil, err
	}
	return in[0].with(n.Channels), nil
}

func lookupShape(n Node, in []Shape) (Shape, error) {
	if n.Channels < 1 || n.Channels > maxExtent || n.Rows < 1 || n.Rows > maxExtent {
		return nil, fmt.Errorf("rows is %d and channels %d; 1 to 2^30 is accepted", n.Rows, n.Channels)
	}
	return append(append(Shape{}, in[0]...), n.Channels), nil
}

func channelShape(_ Node, in []Shape) (Shape, error) { return in[0], atLeast(2, in[0]) }

func groupShape(n Node, in []Shape) (Shape, error) {
	if err := atLeast(2, in[0]); err != nil {
		return nil, err
	}
	if n.Groups < 1 || in[0].last()%n.Groups != 0 {
		return nil, fmt.Errorf("groups is %d; a divisor of the %d channels is accepted", n.Groups, in[0].last())
	}
	if n.Channels != 0 && n.Channels != n.Groups {
		return nil, fmt.Errorf("channels is %d; the %d groups, for a scale and a shift a group, or nothing, for one a channel, are accepted", n.Channels, n.Groups)
	}
	return in[0], nil
}

func resizeShape(n Node, in []Shape) (Shape, error) {
	x := in[0]
	if err := images(x); err != nil {
		return nil, err
	}
	if len(n.Shape) != 2 || n.Shape[0] < 1 || n.Shape[1] < 1 || n.Shape[0] > maxSide || n.Shape[1] > maxSide {
		return nil, fmt.Errorf("shape is %v; the height and width of the result, 1 to 2^20 each, are accepted", n.Shape)
	}
	for _, k := range n.Kernel {
		if k < 1 || k > maxResize {
			return nil, fmt.Errorf("kernel is %v; 1 to %d inputs each way make an output", n.Kernel, maxResize)
		}
	}
	return Shape{x[0], n.Shape[0], n.Shape[1], x[3]}, nil
}

func pairShape(_ Node, in []Shape) (Shape, error) {
	if in[0].last()%2 != 0 {
		return nil, fmt.Errorf("last extent of %v is odd; rotary turns pairs", in[0])
	}
	return in[0], nil
}

func globalShape(_ Node, in []Shape) (Shape, error) {
	if err := images(in[0]); err != nil {
		return nil, err
	}
	return Shape{in[0][0], 1, 1, in[0][3]}, nil
}

func broadcastShape(_ Node, in []Shape) (Shape, error) { return broadcast(in[0], in[1]) }

func flatShape(_ Node, in []Shape) (Shape, error) {
	x := in[0]
	if err := atLeast(2, x); err != nil {
		return nil, err
	}
	return Shape{x[0], x.Elements() / x[0]}, nil
}

func sliceShape(n Node, in []Shape) (Shape, error) {
	x := in[0]
	if n.Axis < 0 || n.Axis >= int64(len(x)) {
		return nil, fmt.Errorf("axis is %d; 0 to %d is accepted for %v", n.Axis, len(x)-1, x)
	}
	if n.Start < 0 || n.Size < 1 || n.Start > x[n.Axis] || n.Size > x[n.Axis]-n.Start {
		return nil, fmt.Errorf("start %d and size %d do not fit extent %d of axis %d", n.Start, n.Size, x[n.Axis], n.Axis)
	}
	out := append(Shape{}, x...)
	out[n.Axis] = n.Size
	return out, nil
}

func lossShape(Node, []Shape) (Shape, error) { return Shape{1}, nil }

func convShape(n Node, in []Shape) (Shape, error) {
	out, err := windowShape(n, in[0])
	if err != nil {
		return nil, err
	}
	if n.Channels < 1 || n.Channels > maxChannels || n.Groups < 1 {
		return nil, fmt.Errorf("channels is %d and groups %d; 1 to 2^20 and at least 1 are accepted", n.Channels, n.Groups)
	}
	if channels := in[0].last(); channels%n.Groups != 0 || n.Channels%n.Groups != 0 {
		return nil, fmt.Errorf("groups %d divide neither or only one of %d input and %d output channels; both are needed",
			n.Groups, channels, n.Channels)
	}
	out[3] = n.Channels
	return out, nil
}

// poolShape refuses a window that saw padding only: it would have no gradient and no maximum.
func poolShape(n Node, in []Shape) (Shape, error) {
	out, err := windowShape(n, in[0])
	if err != nil {
		return nil, err
	}
	for i, name := range []string{"height", "width"} {
		if k, before, after := n.Kernel[i], n.Pads[i], n.Pads[i+2]; before >= k || after >= k {
			return nil, fmt.Errorf("pads %d and %d of the %s reach over the window of %d", before, after, name, k)
		}
	}
	return out, nil
}

func windowShape(n Node, x Shape) (Shape, error) {
	if err := images(x); err != nil {
		return nil, err
	}
	out := Shape{x[0], 0, 0, x[3]}
	for i, name := range []string{"height", "width"} {
		k, s, d := n.Kernel[i], n.Stride[i], max(n.Dilation[i], 1)
		before, after := n.Pads[i], n.Pads[i+2]
		for _, v := range []struct {
			field string
			v     int64
			min   int64
			max   int64
		}{
			{"input extent", x[1+i], 1, maxSide}, {"kernel", k, 1, maxWindow}, {"stride", s, 1, maxStride},
			{"dilation", d, 1, maxWindow}, {"pads", before, 0, maxWindow}, {"pads", after, 0, maxWindow},
		} {
			if v.v < v.min || v.v > v.max {
				return nil, fmt.Errorf("%s of the %s is %d; %d to %d is accepted", v.field, name, v.v, v.min, v.max)
			}
		}
		room := x[1+i] + before + after - (d*(k-1) + 1)
		if room < 0 {
			return nil, fmt.Errorf("window of %d taps and dilation %d does not fit the %s %d with pads %d and %d",
				k, d, name, x[1+i], before, after)
		}
		out[1+i] = room/s + 1
	}
	return out, nil
}

func matmulShape(n Node, in []Shape) (Shape, error) {
	a, b := in[0], in[1]
	if len(a) < 2 || len(b) < 2 {
		return nil, fmt.Errorf("operands %v and %v; each needs at least 2 extents", a, b)
	}
	k, cols := b[len(b)-2], b[len(b)-1]
	if n.TransposeB {
		k, cols = cols, k
	}
	if a.last() != k {
		return nil, fmt.Errorf("operands %v and %v: the reduction is %d on one side and %d on the other", a, b, a.last(), k)
	}
	rank := max(len(a), len(b))
	if rank == 2 {
		return Shape{a[0], cols}, nil
	}
	batch, err := broadcast(pad(a, rank)[:rank-2], pad(b, rank)[:rank-2])
	if err != nil {
		return nil, err
	}
	return append(batch, a[len(a)-2], cols), nil
}

// pad puts extents of 1 before the shape until it has rank of them.
func pad(s Shape, rank int) Shape {
	out := Shape{}
	for range rank - len(s) {
		out = append(out, 1)
	}
	return append(out, s...)
}

func concatShape(n Node, in []Shape) (Shape, error) {
	out := append(Shape{}, in[0]...)
	if n.Axis < 0 || n.Axis >= int64(len(out)) {
		return nil, fmt.Errorf("axis is %d; 0 to %d is accepted for %v", n.Axis, len(out)-1, out)
	}
	for _, s := range in[1:] {
		same := len(s) == len(out)
		for i := 0; same && i < len(s); i++ {
			same = int64(i) == n.Axis || s[i] == out[i]
		}
		if !same {
			return nil, fmt.Errorf("shapes %v and %v differ elsewhere than at axis %d", in[0], s, n.Axis)
		}
		out[n.Axis] += s[n.Axis]
	}
	return out, nil
}

func reshapeShape(n Node, in []Shape) (Shape, error) {
	x := in[0]
	out := append(Shape{}, n.Shape...)
	known, open := int64(1), -1
	for i, d := range out {
		switch {
		case d == -1 && open < 0:
			open = i
		case d < 1 || d > maxElements/known:
			return nil, fmt.Errorf("shape %v: every extent must be at least 1, or -1 once", out)
		default:
			known *= d
		}
	}
	if open >= 0 && x.Elements()%known == 0 {
		out[open] = x.Elements() / known
		known = x.Elements()
	}
	if known != x.Elements() || open >= 0 && out[open] < 1 {
		return nil, fmt.Errorf("shape %v does not hold the %d elements of %v", Shape(n.Shape), x.Elements(), x)
	}
	return out, nil
}

func transposeShape(n Node, in []Shape) (Shape, error) {
	x := in[0]
	if len(n.Axes) != len(x) {
		return nil, fmt.Errorf("axes %v permute %d extents; input %v has %d", n.Axes, len(n.Axes), x, len(x))
	}
	seen := make([]bool, len(x))
	out := make(Shape, len(x))
	for i, a := range n.Axes {
		if a < 0 || a >= int64(len(x)) || seen[a] {
			return nil, fmt.Errorf("axes %v are no permutation of 0 to %d", n.Axes, len(x)-1)
		}
		seen[a] = true
		out[i] = x[a]
	}
	return out, nil
}
