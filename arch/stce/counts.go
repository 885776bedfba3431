package stce

// Counts are the actions of the array and what its cycles went to. The eight cycle counts add up to the cycles of the run
// that they were counted in.
type Counts struct {
	MACs         int64 `yaml:"macs" json:"macs"`                     // slots in which a processing element multiplied and added
	UsefulMACs   int64 `yaml:"useful_macs" json:"useful_macs"`       // of the dense product: rows x reduction x columns
	Multiplies   int64 `yaml:"multiplies" json:"multiplies"`         // FP16 multiplier uses
	Adds         int64 `yaml:"adds" json:"adds"`                     // FP32 adder uses
	SelectorUses int64 `yaml:"selector_uses" json:"selector_uses"`   // M-to-1 selections; none when M is 1
	WestWords    int64 `yaml:"west_words" json:"west_words"`         // link words entering at the west edge, up to link_width operands each
	WestHops     int64 `yaml:"west_hops" json:"west_hops"`           // link words arriving at a processing element
	GroupWrites  int64 `yaml:"group_writes" json:"group_writes"`     // operands written into group registers
	NorthWords   int64 `yaml:"north_words" json:"north_words"`       // weights (value and index) entering at the north edge
	WeightHops   int64 `yaml:"weight_hops" json:"weight_hops"`       // weights arriving at a processing element
	StartHops    int64 `yaml:"start_hops" json:"start_hops"`         // OS: FP32 start values arriving at a processing element
	SumHops      int64 `yaml:"sum_hops" json:"sum_hops"`             // WS: FP32 partial sums taken over from the row above or the edge
	DrainHops    int64 `yaml:"drain_hops" json:"drain_hops"`         // OS: FP32 results moved one row south
	OutputReads  int64 `yaml:"output_reads" json:"output_reads"`     // FP32 words read from the output buffer
	OutputFP32   int64 `yaml:"output_fp32" json:"output_fp32"`       // FP32 words written to the output buffer
	OutputFP16   int64 `yaml:"output_fp16" json:"output_fp16"`       // FP16 words written to the output buffer
	IdlePECycles int64 `yaml:"idle_pe_cycles" json:"idle_pe_cycles"` // PE-cycles without a MAC

	IssueCycles   int64 `yaml:"issue_cycles" json:"issue_cycles"`     // the first processing element has a slot
	HazardCycles  int64 `yaml:"hazard_cycles" json:"hazard_cycles"`   // rounds shorter than the adder
	LinkCycles    int64 `yaml:"link_cycles" json:"link_cycles"`       // operands still on the west link
	OrderCycles   int64 `yaml:"order_cycles" json:"order_cycles"`     // WS: a fold of less skew would overtake the one before
	SumCycles     int64 `yaml:"sum_cycles" json:"sum_cycles"`         // WS: partial sums of the fold before not yet in the buffer
	PreloadCycles int64 `yaml:"preload_cycles" json:"preload_cycles"` // weights or start values still entering
	EmptyCycles   int64 `yaml:"empty_cycles" json:"empty_cycles"`     // the pipeline and the skew run empty
	DrainCycles   int64 `yaml:"drain_cycles" json:"drain_cycles"`     // OS: results of a fold still leaving
}

// Cost is what a fold or a tile takes.
type Cost struct {
	Cycles int64  `yaml:"cycles" json:"cycles"`
	Counts Counts `yaml:"counts" json:"counts"`
}

// Add returns c and d together.
func (c Counts) Add(d Counts) Counts {
	return combine(c, d, 1)
}

// Scale returns c taken k times.
func (c Counts) Scale(k int64) Counts {
	return combine(Counts{}, c, k)
}

func combine(c, d Counts, k int64) Counts {
	c.MACs += k * d.MACs
	c.UsefulMACs += k * d.UsefulMACs
	c.Multiplies += k * d.Multiplies
	c.Adds += k * d.Adds
	c.SelectorUses += k * d.SelectorUses
	c.WestWords += k * d.WestWords
	c.WestHops += k * d.WestHops
	c.GroupWrites += k * d.GroupWrites
	c.NorthWords += k * d.NorthWords
	c.WeightHops += k * d.WeightHops
	c.StartHops += k * d.StartHops
	c.SumHops += k * d.SumHops
	c.DrainHops += k * d.DrainHops
	c.OutputReads += k * d.OutputReads
	c.OutputFP32 += k * d.OutputFP32
	c.OutputFP16 += k * d.OutputFP16
	c.IdlePECycles += k * d.IdlePECycles
	c.IssueCycles += k * d.IssueCycles
	c.HazardCycles += k * d.HazardCycles
	c.LinkCycles += k * d.LinkCycles
	c.OrderCycles += k * d.OrderCycles
	c.SumCycles += k * d.SumCycles
	c.PreloadCycles += k * d.PreloadCycles
	c.EmptyCycles += k * d.EmptyCycles
	c.DrainCycles += k * d.DrainCycles
	return c
}

// CycleSum adds the cycles of every cause.
func (c Counts) CycleSum() int64 {
	return c.IssueCycles + c.HazardCycles + c.LinkCycles + c.OrderCycles + c.SumCycles + c.PreloadCycles + c.EmptyCycles + c.DrainCycles
}
