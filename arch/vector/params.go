package vector

import (
	"fmt"

	"satsim/internal/param"
)

// Params of the vector unit.
type Params struct {
	// Lanes work in lockstep on one element each.
	Lanes int `yaml:"lanes"`
	// PipelineLatency of a lane's multiply-add: a result can be used that many cycles after its operation was issued.
	PipelineLatency int `yaml:"pipeline_latency"`
	// DivideLatency of a row's quotient or root.
	DivideLatency int `yaml:"divide_latency"`
	// Strip is the number of elements that a lane has in flight: it does one operation on all of them before the next.
	Strip int `yaml:"strip"`
	// CountRows counts what rows take beside their elements, as the unit in Verilog does.
	CountRows bool `yaml:"count_rows"`
	// Ops is the work on an element of each kind.
	Ops Ops `yaml:"ops"`
}

// Declared are the parameters, each once.
func Declared() []param.Param {
	return append([]param.Param{
		param.Of("lanes", 32, "lanes", param.AtLeast(1, "every step has work that is no product"), "work in lockstep on one element each", "assumption: as wide as SORE and WUVE; the report shows the sensitivity to it").
			InDoubt(param.Shares("what fits the board with them rests on what a lane takes, of which estimates and Verilog differ four times", 0.25, 0.5, 1)),
		param.Of("pipeline_latency", 8, "cycles", param.AtLeast(0, ""), "from the issue of a lane's multiply-add to the use of its result", "assumption: a fused FP32 multiply-add at 200 MHz").
			InDoubt(param.Times(1, 2, "a lane as a whole takes longer than its operators, and a vendor's are up to twice as deep (PG060, recalled)")),
		param.Of("divide_latency", 16, "cycles", param.AtLeast(0, ""), "from the issue of a quotient or root once a row to the use of its result",
			"14 registers in divider and root, one before and one after them").
			InDoubt(param.Times(1, 2, "as pipeline_latency; a vendor's have 28")),
		param.Of("strip", 32, "elements", param.AtLeast(1, ""), "in flight a lane, which does one operation on all of them before the next",
			"a lane's file is distributed RAM, which is 32 deep; 8, the pipeline latency, would do without a hazard, and rows wait for their folds less often in longer strips"),
		param.Of("count_rows", true, "switch", param.Range{}, "rows begin with a wave, and their folds and work once a row take cycles, as in the exact model and in Verilog; else none",
			"the exact model; off, other work would have to fill that time"),
	}, param.Under("ops", operations())...)
}

// Default is a unit as wide as SORE and WUVE.
func Default() Params { return param.Defaults[Params](Declared()) }

// Validate names every key that is out of range.
func (p Params) Validate() error { return param.Validate(p, Declared()) }

// Accepts says why a job cannot run on this unit.
func (p Params) Accepts(j Job) error {
	if _, ok := p.Ops.Of(j.Kind); !ok {
		return fmt.Errorf("vector work of kind %q is unknown", j.Kind)
	}
	if j.Elements < 0 {
		return fmt.Errorf("vector work %s on %d elements: the number may not be negative", j.Kind, j.Elements)
	}
	return nil
}
