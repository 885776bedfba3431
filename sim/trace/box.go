package trace

import (
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/workloads"
)

// span is a half-open range.
type span struct{ from, to int64 }

// run is a contiguous part of a region.
type run struct {
	at, bytes int64
	saved     bool // it is no part of the op's operand: a mask, statistics, what is saved beside it
}

// tensor is an NHWC array of FP16 from which tiles are cut: positions x groups x channels. An array of attention has its groups outermost.
type tensor struct {
	positions, groups, channels int64
	outer                       bool // groups are outermost
}

func (t *tensor) bytes() int64 { return 2 * t.positions * t.groups * t.channels }

// box is a tile of a tensor: channels of some groups at some positions.
type box struct {
	positions        []int64
	groups, channels span
}

func (b *box) bytes() int64 {
	return 2 * int64(len(b.positions)) * (b.groups.to - b.groups.from) * (b.channels.to - b.channels.from)
}

// runs lists where the box lies in the tensor, neighbours joined.
func (t *tensor) runs(b *box) []run {
	var out []run
	add := func(at int64) {
		r := run{at: 2 * (at*t.channels + b.channels.from), bytes: 2 * (b.channels.to - b.channels.from)}
		if k := len(out) - 1; k >= 0 && out[k].at+out[k].bytes == r.at {
			out[k].bytes += r.bytes
			return
		}
		out = append(out, r)
	}
	if t.outer {
		for g := b.groups.from; g < b.groups.to; g++ {
			for _, p := range b.positions {
				add(g*t.positions + p)
			}
		}
		return out
	}
	for _, p := range b.positions {
		for g := b.groups.from; g < b.groups.to; g++ {
			add(p*t.groups + g)
		}
	}
	return out
}

// grid lists the positions of some rows and columns of images of high x wide.
func grid(images span, rows, columns []int64, high, wide int64) []int64 {
	out := make([]int64, 0, (images.to-images.from)*int64(len(rows)*len(columns)))
	for i := images.from; i < images.to; i++ {
		for _, h := range rows {
			for _, w := range columns {
				out = append(out, (i*high+h)*wide+w)
			}
		}
	}
	return out
}

// window are the input positions that outputs from..to-1 read on one axis, padding left out.
func window(o span, in, kernel, stride, dilation, pad int64) []int64 {
	var out []int64
	next := int64(0)
	seen := map[int64]bool{}
	for i := o.from; i < o.to; i++ {
		for k := range kernel {
			if p := i*stride + k*dilation - pad; p >= 0 && p < in && !seen[p] {
				seen[p] = true
				next = max(next, p+1)
			}
		}
	}
	for p := range next {
		if seen[p] {
			out = append(out, p)
		}
	}
	return out
}

// cut is where a tile begins and ends in each dimension.
type cut map[word.Dim]span

// cutAt is the tile of the iteration number n of an op at a level.
func cutAt(g *dataflow.Group, loops []word.Loop, level int, n int64) cut {
	s := g.Tiled
	k := s.C
	if !s.WU && s.Taps > 1 {
		k = s.Taps
	}
	c := cut{word.DimG: {0, s.G}, word.DimB: {0, s.B}, word.DimT: {0, s.OH}, word.DimK: {0, k}, word.DimF: {0, s.F}}
	for i := level - 1; i >= 0; i-- {
		l := &loops[i]
		at := n % l.Trips
		n /= l.Trips
		d := span{at * l.Step, (at + 1) * l.Step}
		if at == l.Trips-1 {
			d.to = at*l.Step + l.Edge
		}
		c[l.Dim] = d
	}
	return c
}

// patches is the array that rows of a product gather from, and the box of a tile of so many bytes. Bands inside an image are all fetched as
// the longest of them, so a band that the border makes shorter brings neighbouring rows along.
func patches(s *geometry.Shape, c cut, bytes int64) (tensor, box) {
	g := &s.Gather
	t := tensor{positions: g.Images * g.InH * g.InW, groups: max(s.CTotal/s.PositionChannels(), 1), channels: s.PositionChannels(), outer: s.CTotal == s.C && s.G > 1}
	if t.outer {
		t.groups = s.G
	}
	high := window(c[word.DimT], g.InH, g.KernelH, g.StrideH, g.DilationH, g.PadTop)
	if len(high) == 0 {
		high = []int64{0}
	}
	wide := window(span{0, s.OW}, g.InW, g.KernelW, g.StrideW, g.DilationW, g.PadLeft)
	b := box{positions: grid(c[word.DimB], high, wide, g.InH, g.InW), groups: c[word.DimG], channels: c[word.DimK]}
	if !s.Join.IsNone() || !s.WU && s.Taps > 1 {
		b.channels = span{0, t.channels}
	}
	if row := b.bytes() / int64(len(high)); bytes > b.bytes() && bytes%row == 0 {
		for n := bytes / row; int64(len(high)) < n && int64(len(high)) < g.InH; {
			if last := high[len(high)-1]; last+1 < g.InH {
				high = append(high, last+1)
			} else {
				high = append([]int64{high[0] - 1}, high...)
			}
		}
		b.positions = grid(c[word.DimB], high, wide, g.InH, g.InW)
	}
	return t, b
}

// spread is how the outputs of a product lie in a larger array: those of a phase of a strided BP. Phases of one tap have their positions in
// one row, whatever the image.
type spread struct {
	outH, outW       int64 // of an image, of the product
	high, wide       int64 // of an image, of the array
	strideH, strideW int64
	firstH, firstW   int64
}

// rows is an array of positions x F and the box of a tile. at is nil for outputs that fill their array.
func rows(s *geometry.Shape, c cut, at *spread) (tensor, box) {
	t := tensor{positions: s.B * s.OH * s.OW, groups: max(s.FTotal/s.F, 1), channels: s.F, outer: s.FTotal == s.F && s.G > 1}
	if t.outer {
		t.groups = s.G
	}
	b := box{positions: grid(c[word.DimB], all(c[word.DimT]), all(span{0, s.OW}), s.OH, s.OW), groups: c[word.DimG], channels: c[word.DimF]}
	if at != nil {
		t.positions = t.positions / (at.outH * at.outW) * at.high * at.wide
		for i, p := range b.positions {
			image, h, w := p/(at.outH*at.outW), p/at.outW%at.outH, p%at.outW
			b.positions[i] = (image*at.high+h*at.strideH+at.firstH)*at.wide + w*at.strideW + at.firstW
		}
	}
	return t, b
}

// all are the numbers of a span.
func all(o span) []int64 {
	out := make([]int64, 0, o.to-o.from)
	for i := o.from; i < o.to; i++ {
		out = append(out, i)
	}
	return out
}

// spreadOf finds where a product's outputs lie: phases of a BP are spread over the input of the layer's forward product.
func spreadOf(step *workloads.Step, item int, pr *workloads.Product, s *geometry.Shape) *spread {
	if !s.Scattered {
		return nil
	}
	it := &step.Items[item]
	for i := range step.Items {
		f := &step.Items[i]
		if f.Layer != it.Layer || f.Stage != workloads.FF || len(f.Products) == 0 {
			continue
		}
		g := &f.Products[0].Patches
		return &spread{
			outH: pr.Patches.OutH, outW: pr.Patches.OutW, high: g.InH, wide: g.InW, strideH: g.StrideH, strideW: g.StrideW,
			firstH: int64(pr.Phase) / g.StrideW, firstW: int64(pr.Phase) % g.StrideW,
		}
	}
	return nil
}
