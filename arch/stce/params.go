package stce

import (
	"errors"
	"fmt"

	"satsim/arch/fp"
	"satsim/internal/diag"
	"satsim/internal/nm"
	"satsim/internal/param"
)

// Params describes one systolic tensor engine.
type Params struct {
	Rows          int           `yaml:"rows" json:"rows"`                     // rows of processing elements, R
	Cols          int           `yaml:"cols" json:"cols"`                     // columns of processing elements, C
	MulLatency    int           `yaml:"mul_latency" json:"mul_latency"`       // cycles of the FP16 multiplier, 0 or more
	AddLatency    int           `yaml:"add_latency" json:"add_latency"`       // cycles of the FP32 adder, 1 or more
	MaxN          int           `yaml:"max_n" json:"max_n"`                   // kept weights of a group that the registers hold
	MaxM          int           `yaml:"max_m" json:"max_m"`                   // operands of a group that the registers hold
	MaxInterleave int           `yaml:"max_interleave" json:"max_interleave"` // outputs that a processing element may interleave
	LinkWidth     int           `yaml:"link_width" json:"link_width"`         // west operands a link moves a cycle, w
	EdgeFolds     EdgeFolds     `yaml:"edge_folds" json:"edge_folds"`         // exact | full
	Preload       Preload       `yaml:"preload" json:"preload"`               // shadow | serial | chase
	Drain         Drain         `yaml:"drain" json:"drain"`                   // overlap | serial | hidden
	PartialSums   Sums          `yaml:"partial_sums" json:"partial_sums"`     // charged | free
	Subnormals    fp.Subnormals `yaml:"subnormals" json:"subnormals"`         // ieee | flush
	// OverlapProducts runs the products of a tile as its folds follow each other, not one after the other's end.
	OverlapProducts bool  `yaml:"overlap_products" json:"overlap_products,omitempty"`
	AddIn           Adder `yaml:"add_in" json:"-"` // dsp | logic
}

// Declared are the parameters, each once.
func Declared() []param.Param {
	const latency = "far above any real operator's, and small enough for one byte of slot control"
	return []param.Param{
		param.Of("rows", 32, "rows", param.Between(1, maxSide, "what is simulated"), "rows of processing elements, R",
			"assumption: 1024 PEs, a round size that leaves an XCVU9P room for the other units").
			InDoubt(param.Choice("a size")),
		param.Of("cols", 32, "columns", param.Between(1, maxSide, "what is simulated"), "columns of processing elements, C", "assumption: square, so that no product shape is favoured").
			InDoubt(param.Choice("a size")),
		param.Of("mul_latency", 2, "cycles", param.Between(0, maxLatency, latency), "stages of the FP16 multiplier",
			"by the netlist: the fewest registers with every path of an element under 0.8 of 200 MHz (docs/rtl.md)").
			InDoubt(param.Times(1, 3, "wires between DSP slices may want registers that the netlist does not; a vendor's operator has up to 6 stages or so (recalled)")),
		param.Of("add_latency", 6, "cycles", param.Between(1, maxLatency, latency), "stages of the FP32 adder, after which its result can be added to",
			"as mul_latency").
			InDoubt(param.Times(5./6, 11./6, "one register less misses the netlist's limit by little; a vendor's operator in DSP slices has up to 11 (PG060, recalled)")),
		param.Of("max_n", 8, "weights", param.Between(1, nm.MaxM, "no more than max_m"), "kept weights of a group that the registers hold",
			"assumption: one step beyond the 2:8 and 4:8 of the literature").InDoubt(param.Choice("a size")),
		param.Of("max_m", 16, "operands", param.Between(1, nm.MaxM, "an index has a byte's half"), "operands of a group that the registers hold", "assumption: as max_n").InDoubt(param.Choice("a size")),
		param.Of("max_interleave", 8, "outputs", param.Between(1, maxInterleave, "small enough for one byte of slot control"), "outputs that a processing element may interleave",
			"assumption: the add latency, at which interleaving hides it").InDoubt(param.Choice("a size")),
		param.Of("link_width", 4, "operands a cycle", param.Between(1, nm.MaxM*maxInterleave, "more than all registers hold is no use"), "west operands that a link moves, w",
			"assumption: M/N of 2:8, the rate at which no fold over T waits for operands").
			InDoubt(param.Shares("four operands are 64 wires between any two elements of a row; a router may leave half", 0.5, 1)),
		param.Of("edge_folds", "exact", "word", param.OneOf("exact", "full"), "lanes outside of a product: masked, or clocked through", "assumption: they are masked").
			InDoubt(param.UpTo("nothing known of SAT says so", "full", "exact")),
		param.Of("preload", "chase", "word", param.OneOf("shadow", "serial", "chase"), "the next weights enter beside the present ones, after them, or beside them row by row", "assumption: shadow registers, whose loader counts rows downwards as well").
			InDoubt(param.UpTo("nothing known of SAT says that it has a second set of weight registers", "serial", "shadow", "chase")),
		param.Of("drain", "overlap", "word", param.OneOf("overlap", "serial", "hidden"), "results leave beside the next fold, before it, or at no cost", "assumption: they overlap").
			InDoubt(param.UpTo("nothing known of SAT says that results leave through registers of their own", "serial", "overlap")),
		param.Of("partial_sums", "charged", "word", param.OneOf("charged", "free"), "reads and writes of the sums of split reductions: counted, or at no cost", "they take buffer accesses, so they count"),
		param.Of("overlap_products", true, "switch", param.Range{}, "products of one tile, as the heads of attention: a product's folds begin beside the last of the one before, or after its end",
			"assumption: a counter of products, and an address a row").
			InDoubt(param.UpTo("nothing known of SAT says so", "false", "true")),
		param.Of("subnormals", "flush", "word", param.OneOf("ieee", "flush"), "subnormal numbers are kept, or flushed to zero",
			"FPGA units flush them, e.g. Intel's Nios V (document 683632, floating point operations)"),
		param.Of("add_in", "dsp", "word", param.OneOf("dsp", "logic"), "what the FP32 adders are built of: a vendor's operator in DSP slices, or LUTs, as the Verilog's; resources, not cycles",
			"assumption: a DSP slice costs less than the 170 LUTs that an XCVU9P has a slice").
			InDoubt(param.Choice("what is built; no cycles depend on it")),
	}
}

// Default is a 32 x 32 array for an FPGA at about 200 MHz.
func Default() Params { return param.Defaults[Params](Declared()) }

// ScaleSimIdeal is the array of SCALE-Sim's arithmetic: no pipeline, no overlap of folds, full edge folds, free drain.
func ScaleSimIdeal(rows, cols int) Params {
	return Params{
		Rows: rows, Cols: cols, MulLatency: 0, AddLatency: 1, MaxN: 1, MaxM: 1, MaxInterleave: 1, LinkWidth: 1,
		EdgeFolds: EdgeFull, Preload: PreloadSerial, Drain: DrainHidden, PartialSums: SumsFree, Subnormals: fp.IEEE,
	}
}

// limits of what is built: latencies and depths far above any real operator's, small enough for one byte of slot control.
const (
	maxSide       = 1024
	maxLatency    = 64
	maxInterleave = 128
)

// Validate reports every parameter that is out of range, by its key.
func (p Params) Validate() error {
	err := param.Validate(p, Declared())
	if p.MaxN > p.MaxM && err == nil {
		err = diag.Field("max_n", fmt.Sprintf("%d is out of range", p.MaxN), fmt.Sprintf("1 to max_m, which is %d", p.MaxM))
	}
	return err
}

// Config is how the array is set up for a run of folds: one reconfiguration word's worth.
type Config struct {
	Mode       Mode     `yaml:"mode" json:"mode"`
	Over       Over     `yaml:"over" json:"over"`
	Interleave int      `yaml:"interleave" json:"interleave"`
	Ratio      nm.Ratio `yaml:"ratio" json:"ratio"` // 1:1 is dense; N:N is dense, value-serial in groups of N
	// Diagonal: products side by side share the groups, and each column keeps its own product's terms. What it does not keep is nobody's: not useful.
	Diagonal bool `yaml:"diagonal,omitempty" json:"diagonal,omitempty"`
	// Held: the place that an output takes of every group is its own, and held by its element: 1:M, OS.
	Held bool `yaml:"held,omitempty" json:"held,omitempty"`
}

// Check refuses what the array was not built for.
func (p Params) Check(c Config) error {
	var errs []error
	if c.Mode != OS && c.Mode != WS {
		errs = append(errs, fmt.Errorf("mode: %v; os or ws is accepted", c.Mode))
	}
	if c.Over != OverF && c.Over != OverT {
		errs = append(errs, fmt.Errorf("over: %v; f or t is accepted", c.Over))
	}
	if c.Interleave < 1 || c.Interleave > p.MaxInterleave {
		errs = append(errs, fmt.Errorf("interleave: %d; 1 to max_interleave %d is accepted", c.Interleave, p.MaxInterleave))
	}
	if c.Held && (c.Mode != OS || c.Ratio.N != 1 || c.Diagonal) {
		errs = append(errs, fmt.Errorf("held: places of %v, mode %v, diagonal %v; 1:M, os, one product is accepted", c.Ratio, c.Mode, c.Diagonal))
	}
	if err := c.Ratio.Validate(); err != nil {
		errs = append(errs, fmt.Errorf("ratio: %w", err))
	} else {
		if c.Ratio.N > p.MaxN {
			errs = append(errs, fmt.Errorf("ratio: N of %v exceeds max_n %d", c.Ratio, p.MaxN))
		}
		if c.Ratio.M > p.MaxM {
			errs = append(errs, fmt.Errorf("ratio: M of %v exceeds max_m %d", c.Ratio, p.MaxM))
		}
	}
	return errors.Join(errs...)
}
