package route

import "math/bits"

// Copies are the FP16 forms in which an updated weight is stored, in bytes: 0 for one that nobody reads. Each is as long as its reader's
// tiles, padding included; the dense one, if several read it, as long as the tiles of the one whose padding is longest.
type Copies struct{ FF, BP, Dense int64 }

// copyKinds is how many kinds of copies there are.
const copyKinds = 3

// each lists the copies.
func (c Copies) each() [copyKinds]int64 { return [...]int64{c.FF, c.BP, c.Dense} }

// Bytes of all copies.
func (c Copies) Bytes() int64 { return c.FF + c.BP + c.Dense }

// share is what n of total parameters leave of the copies: in proportion, whole bytes. The last of them takes what rounding left.
func (c Copies) share(n, total int64) (sum int64) {
	for _, bytes := range c.each() {
		high, low := bits.Mul64(uint64(bytes), uint64(n))
		share, _ := bits.Div64(high, low, uint64(total))
		sum += int64(share)
	}
	return sum
}
