package nm

// Format is how the elements of a tensor are stored: the only source of its bytes.
type Format struct {
	Bits  int   // of a stored element
	Ratio Ratio // N of every M consecutive channels are stored, each with its index; the zero Ratio: all of them
}

// The formats of a training step.
var (
	FP16 = Format{Bits: valueBits} // activations, gradients of them, weights that products read
	FP32 = Format{Bits: 32}        // gradients of weights, master weights, optimiser state, statistics
	Bit  = Format{Bits: 1}         // masks
	Word = Format{Bits: 32}        // token ids, labels
)

// Coded is a whole number of so many bits an element, such as a position inside a pooling window.
func Coded(bits int) Format { return Format{Bits: bits} }

// Packed is the FP16 format pruned to a ratio, with indices; FP16 where nothing is pruned.
func Packed(r Ratio) Format {
	f := FP16
	if !r.IsDense() {
		f.Ratio = r
	}
	return f
}

// StoredBits of an element that is stored, with its index.
func (f Format) StoredBits() int64 { return int64(f.Bits + f.Ratio.IndexBits()) }

// Bytes of n elements in one run, rounded up.
func (f Format) Bytes(n int64) int64 { return f.Tile(1, n, 1) }

// Tile is the bytes of so many runs of so many consecutive channels, rounded up to whole bursts of so many bytes.
func (f Format) Tile(runs, channels, burst int64) int64 {
	kept := channels
	if r := f.Ratio; r != (Ratio{}) {
		kept = int64(r.Kept(int(channels)))
	}
	return (runs*kept*f.StoredBits() + 8*burst - 1) / (8 * burst) * burst
}
