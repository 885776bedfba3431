package fpga

import "satsim/arch/spec"

// storage is a small memory of words x bits beside an operator: ports words are written side by side (each to a bank of its own),
// one is read a cycle.
func storage(kind spec.GroupStorage, words, bits, ports int64) ResourceUse {
	if words <= 0 {
		return ResourceUse{}
	}
	ports = min(ports, words)
	bank := ceil(words, ports)
	var u ResourceUse
	switch kind {
	case spec.StorageFF:
		mux := multiplexer(words) * bits
		// High: an enable for each word, two words a LUT (assumption).
		u = logic(Range{mux, mux + ceil(words, 2)}, exactly(words*bits))
		return u
	case spec.StorageSRL:
		n := ports * bits * ceil(bank, 32) // F7 to F9 join up to 8 of them; deeper ones select by LUTs
		u[LUT], u[LUTMemory] = exactly(n+ports*bits*multiplexer(ceil(bank, 256))), exactly(n)
	case spec.StorageLUTRAM:
		n := ports * lutRAM(bank, bits)
		u[LUT], u[LUTMemory] = exactly(n+ports*bits*multiplexer(ceil(bank, 64))), exactly(n)
	}
	u[LUT] = Range{u[LUT].Low + bits*multiplexer(ports), u[LUT].High + bits*multiplexer(ports)}
	u[FF] = exactly(bits) // the word read
	// High: an address counter a bank for writing and one for reading, of the bank's address bits (assumption).
	address := (ports + 1) * bitsFor(bank)
	u[LUT].High += address
	u[FF].High += address
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

// bitsFor is the bits that number n things.
func bitsFor(n int64) int64 {
	b := int64(0)
	for 1<<b < n {
		b++
	}
	return b
}
