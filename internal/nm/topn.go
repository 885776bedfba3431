package nm

// nanMagnitude is above infinity's 0x7c00.
const nanMagnitude = 0x7c01

// Magnitude orders FP16 bit patterns by size: 0 for both zeros, up to infinity, then one value for every NaN.
func Magnitude(fp16 uint16) uint16 { return min(fp16&0x7fff, nanMagnitude) }

// Keep says which elements of one group of at most M stay: bit i stands for element i. It is the definition, not an
// algorithm for hardware: an element stays when fewer than N others come before it.
func (r Ratio) Keep(group []uint16) uint32 {
	var kept uint32
	for i, x := range group {
		before := 0
		for j, y := range group {
			if a, b := Magnitude(x), Magnitude(y); b > a || b == a && j < i {
				before++
			}
		}
		if before < r.N {
			kept |= 1 << i
		}
	}
	return kept
}
