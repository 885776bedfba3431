package stce

import (
	"errors"
	"fmt"

	"satsim/internal/nm"
)

// Params describes one systolic tensor engine.
type Params struct {
	Rows          int        `yaml:"rows" json:"rows"`                     // rows of processing elements, R
	Cols          int        `yaml:"cols" json:"cols"`                     // columns of processing elements, C
	MulLatency    int        `yaml:"mul_latency" json:"mul_latency"`       // cycles of the FP16 multiplier, 0 or more
	AddLatency    int        `yaml:"add_latency" json:"add_latency"`       // cycles of the FP32 adder, 1 or more
	MaxN          int        `yaml:"max_n" json:"max_n"`                   // kept weights of a group that the registers hold
	MaxM          int        `yaml:"max_m" json:"max_m"`                   // operands of a group that the registers hold
	MaxInterleave int        `yaml:"max_interleave" json:"max_interleave"` // outputs that a processing element may interleave
	LinkWidth     int        `yaml:"link_width" json:"link_width"`         // west operands a link moves a cycle, w
	EdgeFolds     EdgeFolds  `yaml:"edge_folds" json:"edge_folds"`         // exact | full
	Preload       Preload    `yaml:"preload" json:"preload"`               // shadow | serial
	Drain         Drain      `yaml:"drain" json:"drain"`                   // overlap | serial | hidden
	PartialSums   Sums       `yaml:"partial_sums" json:"partial_sums"`     // charged | free
	Subnormals    Subnormals `yaml:"subnormals" json:"subnormals"`         // ieee | flush
}

// Default is a 32 x 32 array for an FPGA at about 200 MHz.
func Default() Params {
	return Params{
		Rows:          32, // assumption: 1024 PEs, a round size that leaves an XCVU9P room for the other units
		Cols:          32, // assumption: square, so that no product shape is favoured
		MulLatency:    4,  // assumption: a pipeline of a few stages closes timing at about 200 MHz
		AddLatency:    8,  // assumption: as above; align, add, normalise and round of FP32 take about twice the stages
		MaxN:          8,  // assumption: one step beyond the 2:8 and 4:8 of the literature
		MaxM:          16, // assumption: as above
		MaxInterleave: 8,  // assumption: the add latency, at which interleaving hides it
		LinkWidth:     4,  // assumption: M/N of 2:8, the rate at which no fold over T waits for operands
		EdgeFolds:     EdgeExact,
		Preload:       PreloadShadow,
		Drain:         DrainOverlap,
		PartialSums:   SumsCharged,
		Subnormals:    SubnormalsFlush, // FPGA units flush them, e.g. Intel's Nios V (document 683632, floating point operations)
	}
}

// ScaleSimIdeal is the array of SCALE-Sim's arithmetic: no pipeline, no overlap of folds, full edge folds, free drain.
func ScaleSimIdeal(rows, cols int) Params {
	return Params{
		Rows: rows, Cols: cols, MulLatency: 0, AddLatency: 1, MaxN: 1, MaxM: 1, MaxInterleave: 1, LinkWidth: 1,
		EdgeFolds: EdgeFull, Preload: PreloadSerial, Drain: DrainHidden, PartialSums: SumsFree, Subnormals: SubnormalsIEEE,
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
	var errs []error
	in := func(key string, v, lo, hi int) {
		if v < lo || v > hi {
			errs = append(errs, fmt.Errorf("%s: %d is out of range; %d to %d is accepted", key, v, lo, hi))
		}
	}
	in("rows", p.Rows, 1, maxSide)
	in("cols", p.Cols, 1, maxSide)
	in("mul_latency", p.MulLatency, 0, maxLatency)
	in("add_latency", p.AddLatency, 1, maxLatency)
	in("max_m", p.MaxM, 1, nm.MaxM)
	in("max_n", p.MaxN, 1, max(p.MaxM, 1))
	in("max_interleave", p.MaxInterleave, 1, maxInterleave)
	in("link_width", p.LinkWidth, 1, nm.MaxM*maxInterleave)
	in("edge_folds", int(p.EdgeFolds), int(EdgeExact), int(EdgeFull))
	in("preload", int(p.Preload), int(PreloadShadow), int(PreloadSerial))
	in("drain", int(p.Drain), int(DrainOverlap), int(DrainHidden))
	in("partial_sums", int(p.PartialSums), int(SumsCharged), int(SumsFree))
	in("subnormals", int(p.Subnormals), int(SubnormalsIEEE), int(SubnormalsFlush))
	return errors.Join(errs...)
}

// Config is how the array is set up for a run of folds: one reconfiguration word's worth.
type Config struct {
	Mode       Mode     `yaml:"mode" json:"mode"`
	Over       Over     `yaml:"over" json:"over"`
	Interleave int      `yaml:"interleave" json:"interleave"`
	Ratio      nm.Ratio `yaml:"ratio" json:"ratio"` // 1:1 is dense; N:N is dense, value-serial in groups of N
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
