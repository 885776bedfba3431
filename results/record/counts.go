package record

// Counts are the actions of a layer, by unit.
type Counts struct {
	STCE         STCECounts   `json:"stce"`
	SORE         SORECounts   `json:"sore"`
	WUVE         WUVECounts   `json:"wuve"`
	Vector       VectorCounts `json:"vector"`
	Folds        int64        `json:"folds"`         // of the array
	BufferCycles int64        `json:"buffer_cycles"` // by which banks that could not keep up stretched tiles
	// Buffers are the accesses to the on-chip buffers, by link; in no file.
	Buffers []Access `json:"-"`
}

// STCECounts are the actions of the array and what its cycles went to.
type STCECounts struct {
	MACs         int64 `json:"macs"`           // slots in which a processing element multiplied and added
	UsefulMACs   int64 `json:"useful_macs"`    // of the dense product: rows x reduction x columns
	Multiplies   int64 `json:"multiplies"`     // FP16 multiplier uses
	Adds         int64 `json:"adds"`           // FP32 adder uses
	SelectorUses int64 `json:"selector_uses"`  // M-to-1 selections; none when M is 1
	WestWords    int64 `json:"west_words"`     // link words entering at the west edge, up to link_width operands each
	WestHops     int64 `json:"west_hops"`      // link words arriving at a processing element
	GroupWrites  int64 `json:"group_writes"`   // operands written into group registers
	NorthWords   int64 `json:"north_words"`    // weights (value and index) entering at the north edge
	WeightHops   int64 `json:"weight_hops"`    // weights arriving at a processing element
	StartHops    int64 `json:"start_hops"`     // OS: FP32 start values arriving at a processing element
	SumHops      int64 `json:"sum_hops"`       // WS: FP32 partial sums taken over from the row above or the edge
	DrainHops    int64 `json:"drain_hops"`     // OS: FP32 results moved one row south
	OutputReads  int64 `json:"output_reads"`   // FP32 words read from the output buffer
	OutputFP32   int64 `json:"output_fp32"`    // FP32 words written to the output buffer
	OutputFP16   int64 `json:"output_fp16"`    // FP16 words written to the output buffer
	IdlePECycles int64 `json:"idle_pe_cycles"` // PE-cycles without a MAC

	IssueCycles   int64 `json:"issue_cycles"`   // the first processing element has a slot
	HazardCycles  int64 `json:"hazard_cycles"`  // rounds shorter than the adder
	LinkCycles    int64 `json:"link_cycles"`    // operands still on the west link
	OrderCycles   int64 `json:"order_cycles"`   // WS: a fold of less skew would overtake the one before
	SumCycles     int64 `json:"sum_cycles"`     // WS: partial sums of the fold before not yet in the buffer
	PreloadCycles int64 `json:"preload_cycles"` // weights or start values still entering
	EmptyCycles   int64 `json:"empty_cycles"`   // the pipeline and the skew run empty
	DrainCycles   int64 `json:"drain_cycles"`   // OS: results of a fold still leaving
}

// SORECounts are the actions of the reduction engine.
type SORECounts struct {
	Groups         int64 `json:"groups"`           // full and short
	Elements       int64 `json:"elements"`         // inserted into a sorter
	Kept           int64 `json:"kept"`             // value and index pairs that left
	Compares       int64 `json:"compares"`         // of an element with one register of a sorter
	IdleLaneCycles int64 `json:"idle_lane_cycles"` // of a lane that takes no element while jobs issue
}

// WUVECounts are the actions of the weight update engine.
type WUVECounts struct {
	Parameters     int64 `json:"parameters"`       // updated
	Multiplies     int64 `json:"multiplies"`       // FP32
	Adds           int64 `json:"adds"`             // FP32, subtractions included
	Divides        int64 `json:"divides"`          // FP32
	SquareRoots    int64 `json:"square_roots"`     // FP32
	Converts       int64 `json:"converts"`         // FP32 to FP16
	IdleLaneCycles int64 `json:"idle_lane_cycles"` // of a lane that takes no parameter up to the last one in
}

// VectorCounts are the actions of the vector unit.
type VectorCounts struct {
	Elements       int64 `json:"elements"`
	Operations     int64 `json:"operations"`       // lane-cycles with an element
	IdleLaneCycles int64 `json:"idle_lane_cycles"` // of lanes without an element beside others that had one
	StallCycles    int64 `json:"stall_cycles"`     // in which no lane could issue: the operand is in the pipeline
}

// Access is what was read from a buffer and written into it.
type Access struct {
	ReadBits  int64 `json:"read_bits"`
	WriteBits int64 `json:"write_bits"`
}
