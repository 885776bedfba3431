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
	at := 0
	for img := first; img < first+images; img++ {
		image := src[img*h.In*w.In*channels:]
		for oh := range h.Out {
			for ow := range w.Out {
				for _, fh := range h.Offsets {
					y := oh*h.Stride + fh
					if x := ow*w.Stride + w.first(); whole && y >= 0 && y < h.In && x >= 0 && x+len(w.Offsets) <= w.In {
						n := len(w.Offsets) * count
						copy(dst[at:at+n], image[(y*w.In+x)*channels:])
						at += n
						continue
					}
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
