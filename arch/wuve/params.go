package wuve

import (
	"fmt"

	"satsim/arch/fp"
	"satsim/arch/word"
	"satsim/internal/param"
)

// Params of the weight update vector engine.
type Params struct {
	// Lanes update one parameter a cycle each.
	Lanes int `yaml:"lanes"`
	// Optimiser is the largest one that the lanes have operators for.
	Optimiser word.Optimiser `yaml:"optimiser"`
	// Latencies of the FP32 operators, each of which starts a new operation every cycle.
	MulLatency  int `yaml:"mul_latency"`
	AddLatency  int `yaml:"add_latency"`
	DivLatency  int `yaml:"div_latency"`
	SqrtLatency int `yaml:"sqrt_latency"`
	// ConvertLatency of FP32 to FP16.
	ConvertLatency int `yaml:"convert_latency"`
	// Subnormals are flushed, or kept as IEEE 754 has them.
	Subnormals fp.Subnormals `yaml:"subnormals"`
}

// Declared are the parameters, each once.
func Declared() []param.Param {
	stages := param.AtLeast(0, "0 is a result in the same cycle")
	deeper := param.Times(1, 2, "a lane as a whole has 10 ps to spare, and a vendor's operators are up to twice as deep (PG060, recalled)")
	return []param.Param{
		param.Of("lanes", 32, "lanes", param.AtLeast(1, "every step updates"), "update one parameter a cycle each", "assumption: as many as SORE, which SAT states at 32").InDoubt(param.Choice("a size")),
		param.Of("optimiser", string(word.AdamW), "word", param.OneOf(names()...), "the largest one that the lanes have operators for", "assumption: any optimiser can run").InDoubt(param.Choice("what is built")),
		param.Of("mul_latency", 3, "cycles", stages, "stages of the FP32 multiplier", "by the netlist: the fewest registers with every path under 0.8 of 200 MHz (docs/rtl.md)").InDoubt(deeper),
		param.Of("add_latency", 5, "cycles", stages, "stages of the FP32 adder", "as mul_latency").InDoubt(deeper),
		param.Of("div_latency", 15, "cycles", stages, "stages of the FP32 divider", "as mul_latency, of the latencies that were tried: 14 has 4.9 ns, and 28 is one a bit").InDoubt(deeper),
		param.Of("sqrt_latency", 14, "cycles", stages, "stages of the FP32 square root", "as div_latency: 12 has 4.1 ns").InDoubt(deeper),
		param.Of("convert_latency", 2, "cycles", stages, "stages from FP32 to FP16", "as mul_latency").InDoubt(deeper),
		param.Of("subnormals", "flush", "word", param.OneOf("ieee", "flush"), "subnormal numbers are kept as IEEE 754 has them, or flushed to zero", "vendor FPGA operators flush"),
	}
}

// Default is an engine of as many lanes as SORE has, which takes what it produces.
func Default() Params { return param.Defaults[Params](Declared()) }

// Validate names every key that is out of range.
func (p Params) Validate() error { return param.Validate(p, Declared()) }

// Accepts says why a job cannot run on this engine.
func (p Params) Accepts(j Job) error {
	if err := known(j.Optimiser); err != nil {
		return fmt.Errorf("updating weights: %w", err)
	}
	if rank(j.Optimiser) > rank(p.Optimiser) {
		return fmt.Errorf("updating weights with %v: the engine's lanes are built for %v (optimiser)", j.Optimiser, p.Optimiser)
	}
	if j.Parameters < 0 {
		return fmt.Errorf("updating %d parameters: the number may not be negative", j.Parameters)
	}
	return nil
}
