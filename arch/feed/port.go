package feed

// The modules in Verilog.
const (
	ReaderModule = "feed_reader"
	WriterModule = "feed_writer"
)

// What every reader and writer in Verilog has: the bits of an address, and of a number of rows.
const (
	AddressBits = 16
	RowBits     = 32
)

// Port is a reader or a writer as a unit's module in Verilog (UNIT_fed.v) has it.
type Port struct {
	Writes bool
	Lanes  int // of a writer
	Width  int // bits of a word
	Used   int // of those, the ones that the unit reads, or gives, as it is built: a tool may leave out the others
	Parts  int // addresses of a reader
	ByRow  int // a bit a part: its address moves on with rows
	Words  int // bits of the words in a row
}

// Module is its module.
func (p Port) Module() string {
	if p.Writes {
		return WriterModule
	}
	return ReaderModule
}

// Reads is a reader of words of so many bits, from so many addresses.
func Reads(width, parts, words int) Port {
	return Port{Width: width, Used: width, Parts: parts, Words: words}
}

// Writes is a writer of so many bits a lane.
func Writes(lanes, bits, words int) Port {
	return Port{Writes: true, Lanes: lanes, Width: lanes * bits, Used: lanes * bits, Words: words}
}
