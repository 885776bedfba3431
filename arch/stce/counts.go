package stce

import "satsim/arch/unit"

// The counts of the array: its actions, then what its cycles went to. The eight cycle counts add up to the cycles of the run that they
// were counted in. The last two are of a tile as a word asks for it.
const (
	MACs = iota
	UsefulMACs
	Multiplies
	Adds
	SelectorUses
	WestWords
	WestHops
	GroupWrites
	NorthWords
	WeightHops
	StartHops
	SumHops
	DrainHops
	OutputReads
	OutputFP32
	OutputFP16
	IdlePECycles

	IssueCycles
	HazardCycles
	LinkCycles
	OrderCycles
	SumCycles
	PreloadCycles
	EmptyCycles
	DrainCycles

	Folds
	BufferCycles
	counts
)

// OfTile is how many counts the closed form and the exact model of a tile have: all but those of a word.
const OfTile = Folds

var counters = [counts]unit.Counter{
	MACs:         {Name: "macs", Of: unit.Operation, Means: "slots in which a processing element multiplied and added"},
	UsefulMACs:   {Name: "useful_macs", Of: unit.Operation, Means: "of the dense product: rows x reduction x columns; of joined products their own"},
	Multiplies:   {Name: "multiplies", Of: unit.Operation, Means: "FP16 multiplier uses"},
	Adds:         {Name: "adds", Of: unit.Operation, Means: "FP32 adder uses"},
	SelectorUses: {Name: "selector_uses", Of: unit.Operation, Means: "M-to-1 selections; none when M is 1"},
	WestWords:    {Name: "west_words", Of: unit.Word, Means: "link words entering at the west edge, up to link_width operands each"},
	WestHops:     {Name: "west_hops", Of: unit.Word, Means: "link words arriving at a processing element"},
	GroupWrites:  {Name: "group_writes", Of: unit.Word, Means: "operands written into group registers"},
	NorthWords:   {Name: "north_words", Of: unit.Word, Means: "weights (value and index) entering at the north edge"},
	WeightHops:   {Name: "weight_hops", Of: unit.Word, Means: "weights arriving at a processing element"},
	StartHops:    {Name: "start_hops", Of: unit.Word, Means: "OS: FP32 start values arriving at a processing element"},
	SumHops:      {Name: "sum_hops", Of: unit.Word, Means: "WS: FP32 partial sums taken over from the row above or the edge"},
	DrainHops:    {Name: "drain_hops", Of: unit.Word, Means: "OS: FP32 results moved one row south"},
	OutputReads:  {Name: "output_reads", Of: unit.Word, Means: "FP32 words read from the output buffer"},
	OutputFP32:   {Name: "output_fp32", Of: unit.Word, Means: "FP32 words written to the output buffer"},
	OutputFP16:   {Name: "output_fp16", Of: unit.Word, Means: "FP16 words written to the output buffer"},
	IdlePECycles: {Name: "idle_pe_cycles", Of: unit.Cycle, Means: "PE-cycles without a MAC"},

	IssueCycles:   {Name: "issue_cycles", Of: unit.Cycle, Means: "the first processing element has a slot"},
	HazardCycles:  {Name: "hazard_cycles", Of: unit.Cycle, Means: "rounds shorter than the adder"},
	LinkCycles:    {Name: "link_cycles", Of: unit.Cycle, Means: "operands still on the west link"},
	OrderCycles:   {Name: "order_cycles", Of: unit.Cycle, Means: "WS: a fold of less skew would overtake the one before"},
	SumCycles:     {Name: "sum_cycles", Of: unit.Cycle, Means: "WS: partial sums of the fold before not yet in the buffer"},
	PreloadCycles: {Name: "preload_cycles", Of: unit.Cycle, Means: "weights or start values still entering"},
	EmptyCycles:   {Name: "empty_cycles", Of: unit.Cycle, Means: "the pipeline and the skew run empty"},
	DrainCycles:   {Name: "drain_cycles", Of: unit.Cycle, Means: "OS: results of a fold still leaving"},

	Folds:        {Name: "folds", Of: unit.Operation, Means: "folds of the array"},
	BufferCycles: {Name: "buffer_cycles", Of: unit.Cycle, Means: "cycles by which banks that could not keep up stretched tiles"},
}

// TileCounts are what a tile did, indexed by the constants above.
type TileCounts unit.Counts

// MarshalJSON writes the counts of a tile by name.
func (c TileCounts) MarshalJSON() ([]byte, error) {
	return unit.AppendJSON(nil, counters[:OfTile], (*unit.Counts)(&c)), nil
}

// UnmarshalJSON reads the counts of a tile by name.
func (c *TileCounts) UnmarshalJSON(b []byte) error {
	return unit.ParseJSON(b, counters[:OfTile], (*unit.Counts)(c))
}

// TileCost is what a fold or a tile takes.
type TileCost struct {
	Cycles int64      `yaml:"cycles" json:"cycles"`
	Counts TileCounts `yaml:"counts" json:"counts"`
}

// Add returns c and d together.
func (c TileCounts) Add(d TileCounts) TileCounts {
	return TileCounts(unit.Counts(c).Plus(unit.Counts(d)))
}

// Scale returns c taken k times.
func (c TileCounts) Scale(k int64) TileCounts { return TileCounts(unit.Counts(c).Times(k)) }

// CycleSum adds the cycles of every cause.
func (c TileCounts) CycleSum() (n int64) {
	for i := IssueCycles; i <= DrainCycles; i++ {
		n += c[i]
	}
	return n
}
