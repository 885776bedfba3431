package train

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// Augment is how training images are changed each time they are shown (He et al., CVPR 2016, section 4.2: a crop of the image padded by 4 pixels
// of 32, or of its mirror image). What an image becomes depends on the seed, the epoch and the image alone, so neither workers nor an interruption
// matter, and recipes see the same images. Test images stay as they are.
type Augment struct {
	Flip  bool `json:"flip,omitempty"`  // left for right, every other time
	Shift int  `json:"shift,omitempty"` // up to so many pixels up or down, left or right; what comes in is pixel value 0
}

// maxShift is half of the smallest shipped image.
const maxShift = 14

// ParseAugment reads words such as flip and shift=2.
func ParseAugment(words []string) (Augment, error) {
	var a Augment
	for _, w := range words {
		name, value, given := strings.Cut(w, "=")
		switch {
		case name == "flip" && !given:
			a.Flip = true
		case name == "shift" && given:
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 || n > maxShift {
				return Augment{}, fmt.Errorf("shift=%s; 1 to %d pixels are accepted", value, maxShift)
			}
			a.Shift = n
		default:
			return Augment{}, fmt.Errorf("%q; flip and shift=PIXELS are accepted", w)
		}
	}
	return a, nil
}

// String is what ParseAugment reads, with spaces between the words.
func (a Augment) String() string {
	var words []string
	if a.Flip {
		words = append(words, "flip")
	}
	if a.Shift > 0 {
		words = append(words, fmt.Sprintf("shift=%d", a.Shift))
	}
	return strings.Join(words, " ")
}

// view is where a shown image's pixels come from.
type view struct {
	flip       bool
	down, left int // row y of what is shown is row y+down of the image, column x is column x+left, before the mirror
}

// draw is the view of an image in an epoch.
func (a Augment) draw(seed uint64, epoch int64, image int) view {
	if a == (Augment{}) {
		return view{}
	}
	r := rand.New(rand.NewPCG(seed, 2<<62|uint64(epoch)<<32|uint64(image)))
	v := view{flip: a.Flip && r.IntN(2) == 1}
	if a.Shift > 0 {
		v.down, v.left = r.IntN(2*a.Shift+1)-a.Shift, r.IntN(2*a.Shift+1)-a.Shift
	}
	return v
}

// from is the index of the pixel that is shown in row y and column x, and whether there is one.
func (v view) from(y, x, height, width int) (int, bool) {
	if v.flip {
		x = width - 1 - x
	}
	y, x = y+v.down, x+v.left
	return y*width + x, y >= 0 && y < height && x >= 0 && x < width
}
