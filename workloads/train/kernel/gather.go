package kernel

// Axis is how windows read one dimension: output position o, tap i reads o*Stride + Offsets[i], which is padding outside [0, In).
type Axis struct {
	Out, In, Stride int
	Offsets         []int
}

// neighbours reports whether the taps read positions side by side.
func (a Axis) neighbours() bool {
	for i := 1; i < len(a.Offsets); i++ {
		if a.Offsets[i] != a.Offsets[i-1]+1 {
			return false
		}
	}
	return len(a.Offsets) > 0
}

// first is where the first tap of the first output reads.
func (a Axis) first() int {
	if len(a.Offsets) == 0 {
		return 0
	}
	return a.Offsets[0]
}

// Gather copies the windows of images [first, first+images) of src (NHWC, channels in all) into rows of dst: a row an output
// position, taps in order of height and width, of each tap the channels [from, from+count).
func Gather(dst, src []float32, first, images int, h, w Axis, channels, from, count int) {
	whole := count == channels && w.neighbours() // the taps of a row lie side by side
	if whole && len(h.Offsets) == 1 && len(w.Offsets) == 1 && w.Stride == 1 {
		gatherRows(dst, src, first, images, h, w, channels)
		return
	}
	if whole || len(w.Offsets) == 1 {
		gatherRuns(dst, src, first, images, h, w, channels, from, count)
		return
	}
	at := 0
	for img := first; img < first+images; img++ {
		image := src[img*h.In*w.In*channels:]
		for oh := range h.Out {
			for ow := range w.Out {
				for _, fh := range h.Offsets {
					y := oh*h.Stride + fh
					for _, fw := range w.Offsets {
						x := ow*w.Stride + fw
						out := dst[at : at+count]
						at += count
						if y < 0 || y >= h.In || x < 0 || x >= w.In {
							clear(out)
							continue
						}
						in := (y*w.In+x)*channels + from
						copy(out, image[in:in+count])
					}
				}
			}
		}
	}
}

// gatherRuns is Gather of windows whose taps of a row lie side by side: a run an output and a row of taps.
func gatherRuns(dst, src []float32, first, images int, h, w Axis, channels, from, count int) {
	n := len(w.Offsets) * count
	line := len(h.Offsets) * n
	// The outputs [low, high) have all taps inside.
	low, high := 0, w.Out
	for low < high && low*w.Stride+w.first() < 0 {
		low++
	}
	for high > low && (high-1)*w.Stride+w.first()+len(w.Offsets) > w.In {
		high--
	}
	for img := first; img < first+images; img++ {
		image := src[img*h.In*w.In*channels:]
		for oh := range h.Out {
			for f, fh := range h.Offsets {
				to := dst[oh*w.Out*line+f*n:]
				y := oh*h.Stride + fh
				if y < 0 || y >= h.In {
					for ow := range w.Out {
						clear(to[ow*line:][:n])
					}
					continue
				}
				row := image[y*w.In*channels:][:w.In*channels]
				for ow := range low {
					w.edge(to[ow*line:][:n], row, ow, channels, from, count)
				}
				if low < high {
					copyRows(high-low, n, to[low*line:], line, row[(low*w.Stride+w.first())*channels+from:], w.Stride*channels)
				}
				for ow := high; ow < w.Out; ow++ {
					w.edge(to[ow*line:][:n], row, ow, channels, from, count)
				}
			}
		}
		dst = dst[h.Out*w.Out*line:]
	}
}

// edge copies the taps that an output has inside a row of an image; the others are zeros.
func (a Axis) edge(to, row []float32, output, channels, from, count int) {
	x := output*a.Stride + a.first()
	left := min(max(-x, 0), len(a.Offsets))
	right := max(min(a.In-x, len(a.Offsets)), left)
	clear(to[:left*count])
	if left < right {
		copy(to[left*count:right*count], row[(x+left)*channels+from:])
	}
	clear(to[right*count:])
}

// plainRows copies rows of n values, one by one.
func plainRows(rows, n int, dst []float32, ldd int, src []float32, lds int) {
	for r := range rows {
		to := dst[r*ldd:][:n]
		if n >= 8 {
			copy(to, src[r*lds:][:n])
			continue
		}
		//lint:ignore S1001 a call of copy takes longer than so few values
		for i, v := range src[r*lds:][:n] {
			to[i] = v
		}
	}
}

// gatherRows is Gather of one tap of all channels without a stride: the positions of a row lie side by side, in and out.
func gatherRows(dst, src []float32, first, images int, h, w Axis, channels int) {
	shift := w.Offsets[0]
	from, to := min(max(-shift, 0), w.Out), max(min(w.In-shift, w.Out), 0)
	to = max(from, to)
	for img := first; img < first+images; img++ {
		image := src[img*h.In*w.In*channels:]
		for oh := range h.Out {
			row := dst[:w.Out*channels]
			dst = dst[len(row):]
			y := oh*h.Stride + h.Offsets[0]
			if y < 0 || y >= h.In || from == to {
				clear(row)
				continue
			}
			clear(row[:from*channels])
			copy(row[from*channels:to*channels], image[(y*w.In+from+shift)*channels:])
			clear(row[to*channels:])
		}
	}
}
