package kernel

// Axis is how windows read one dimension: output position o, tap i reads o*Stride + Offsets[i], which is padding outside [0, In).
type Axis struct {
	Out, In, Stride int
	Offsets         []int
}

// Gather copies the windows of images [first, first+images) of src (NHWC, channels in all) into rows of dst: a row an output
// position, taps in order of height and width, of each tap the channels [from, from+count).
func Gather(dst, src []float32, first, images int, h, w Axis, channels, from, count int) {
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
