package fpga

import "satsim/arch/spec"

// storage is a small memory beside an operator: banks of words x bits, written side by side, of which one word a cycle is read.
func storage(kind spec.GroupStorage, banks, words, bits int64) (u ResourceUse) {
	if words <= 0 {
		return u
	}
	all := banks * words
	switch kind {
	case spec.StorageFF:
		mux := multiplexer(all) * bits
		// High: an enable for each word, two words a LUT (assumption).
		return logic(Range{mux, mux + ceil(all, 2)}, exactly(all*bits))
	case spec.StorageSRL:
		n := banks * bits * ceil(words, 32) // F7 to F9 join up to 8 of them; deeper ones select by LUTs
		u[LUT], u[LUTMemory] = exactly(n+bits*multiplexer(max(banks, ceil(all, 256)))), exactly(n)
	case spec.StorageLUTRAM:
		n := banks * lutRAM(words, bits)
		u[LUT], u[LUTMemory] = exactly(n+bits*multiplexer(max(banks, ceil(all, 64)))), exactly(n)
		if words > 64 { // high: which of several is written
			u[LUT].High += banks * ceil(words, 64)
		}
	}
	return u
}

// lutRAM is the LUTs of a RAM with a write and a read port: 8 LUTs are 32x14 or 64x7 bits.
func lutRAM(words, bits int64) int64 {
	if words <= 32 {
		return 8 * ceil(bits, 14)
	}
	return 8 * ceil(bits, 7) * ceil(words, 64)
}

// multiplexer is the LUTs of n:1 for one bit: 4:1 in a LUT, and 32:1 in 8 that are joined without more.
func multiplexer(n int64) int64 {
	if n <= 1 {
		return 0
	}
	leaves := ceil(n, 4)
	if leaves <= 8 {
		return leaves
	}
	return leaves + multiplexer(ceil(leaves, 8))
}

// power is the least power of two that is no less than n.
func power(n int64) int64 { return 1 << bitsFor(n) }

// bitsFor is the bits that number n things.
func bitsFor(n int64) int64 {
	b := int64(0)
	for 1<<b < n {
		b++
	}
	return b
}
