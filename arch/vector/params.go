package vector

import (
	"fmt"

	"satsim/internal/microcode"
	"satsim/internal/param"
)

// mostPlaces are those that a job's descriptor numbers.
const mostPlaces = 1 << 15

// portLatency is how many registers a job's elements pass beside pipeline_latency: one where they enter, two in which they are rounded. No operation waits for them.
const portLatency = 3

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
	// Constants are the places of a lane for constants of columns, each of four at each.
	Constants int `yaml:"constants"`
	// Sums are the places of a lane for sums over columns and windows, each of two at each.
	Sums int `yaml:"sums"`
	// Random is how many numbers the generators make a cycle; 0: there is none, nor a way of what lanes have once a group to the divider.
	Random int `yaml:"random"`
	// CountRows counts what rows take beside their elements, as the unit in Verilog does.
	CountRows bool `yaml:"count_rows"`
	// Ops is the work on an element of each kind.
	Ops Ops `yaml:"ops"`
}

// Declared are the parameters, each once.
func Declared() []param.Param {
	return append([]param.Param{
		param.Of("lanes", 32, "lanes", param.AtLeast(1, "every step has work that is no product"), "work in lockstep on one element each", "assumption: as wide as SORE and WUVE; the report shows the sensitivity to it").
			InDoubt(param.Choice("a size, as those of the array: what a lane takes is fitted to its Verilog")),
		param.Of("pipeline_latency", 10, "cycles", param.AtLeast(0, ""), "from the issue of a lane's multiply-add to the use of its result",
			"by the netlist of a lane: the fewest registers with every path under 0.8 of 200 MHz (docs/rtl.md)").
			InDoubt(param.Times(1, 2, "a vendor's operators are up to twice as deep (PG060, recalled)")),
		param.Of("divide_latency", 17, "cycles", param.AtLeast(0, ""), "from the issue of a quotient or root once a row to the use of its result",
			"as pipeline_latency: two registers of the operands, and 15 of the divider").
			InDoubt(param.Times(1, 2, "as pipeline_latency; a vendor's have 28")),
		param.Of("strip", 32, "elements", param.AtLeast(1, ""), "in flight a lane, which does one operation on all of them before the next",
			"a lane's file is distributed RAM, which is 32 deep; 16, more than the pipeline latency, would do without a hazard, and rows wait for their folds less often in longer strips"),
		param.Of("constants", 64, "places", param.Between(1, mostPlaces, "a place is a number of a lane's memory"), "of a lane, each for the constants of a column; work on more columns is cut",
			"assumption: as many as a block RAM of 512 words has beside two tables; 2,048 channels on 32 lanes").
			InDoubt(param.Choice("a size of a lane's memory")),
		param.Of("sums", 256, "places", param.Between(microcode.ColumnWays, mostPlaces, "a column has 32 sums"), "of a lane, each for the sums of a column, 32 a column, or a window's; work on more columns is cut",
			"assumption: as many as a block RAM of 512 words has beside those of rows, 256 channels on 32 lanes; 2048 are as many channels as a shipped network has").
			InDoubt(param.Choice("a size of a lane's memory")),
		param.Of("random", 0, "numbers a cycle", param.AtLeast(0, "0: no generator, and recipes that draw are refused"), "random numbers of 23 bits, of a counter-based generator (SplitMix64) each",
			"what a recipe draws is no part of BDWP: the shipped machine has none"),
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
	if (j.Kind == Random || j.Kind == Divide) && p.Random == 0 {
		return fmt.Errorf("vector work %s: vector.random is 0, and the unit has no generator, and no way from lanes to its divider; 1 or more is accepted", j.Kind)
	}
	if j.Elements < 0 {
		return fmt.Errorf("vector work %s on %d elements: the number may not be negative", j.Kind, j.Elements)
	}
	return nil
}
