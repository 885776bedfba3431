package norm

import (
	"errors"
	"fmt"

	"satsim/internal/param"
)

// Params of the normaliser.
type Params struct {
	// Lanes are its multiply-adds. Without any it is not built, and every batch norm is a pass.
	Lanes int `yaml:"lanes"`
	// PipelineLatency from an operand to what is made of it.
	PipelineLatency int `yaml:"pipeline_latency"`
	// Channels is for how many its tables have scales and shifts.
	Channels int `yaml:"channels"`
}

// Declared are the parameters, each once.
func Declared() []param.Param {
	return []param.Param{
		param.Of("lanes", 0, "multiply-adds", param.Between(0, 4096, "0 is no unit: every batch norm is a pass of its own"), "between memory and the west buffer, which normalise what a layer reads",
			"off as before it was there; 32 are what a port of 512 bits brings a cycle"),
		param.Of("pipeline_latency", 11, "cycles", param.AtLeast(0, ""), "of a multiply-add with its conversions",
			"by the netlist of a lane: the fewest registers with every path under 0.8 of 200 MHz (docs/rtl.md)").
			InDoubt(param.Times(1, 2, "a vendor's operators are up to twice as deep (PG060, recalled)")),
		param.Of("channels", 2048, "channels", param.Between(1, 1<<20, "a layer of more keeps its pass"), "scales and shifts in the lanes' tables", "assumption: what the widest layer of ResNet-50 has").InDoubt(param.Choice("a size")),
	}
}

// Validate names every key that is out of range.
func (p Params) Validate() error { return param.Validate(p, Declared()) }

// Takes reports whether the tables hold the scales and shifts of so many channels.
func (p Params) Takes(channels int64) bool {
	return p.Built() && places(channels, int64(p.Lanes)) <= (int64(p.Channels)+int64(p.Lanes)-1)/int64(p.Lanes)
}

// InTables are the scales, and the shifts, that are made of so many channels: one of each for every place of every lane's table that they take.
func (p Params) InTables(channels int64) int64 {
	return int64(p.Lanes) * places(channels, int64(p.Lanes))
}

// places is how many channels a lane meets of so many.
func places(channels, lanes int64) int64 { return channels / gcd(channels, lanes) }

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Begin is the last lane at which a run may begin that begins at a multiple of so many elements.
func (p Params) Begin(granule int64) int64 { return int64(p.Lanes) - gcd(granule, int64(p.Lanes)) }

// Accepts says why a job cannot run on this unit.
func (p Params) Accepts(j Job) error {
	switch {
	case !p.Built():
		return errors.New("normalising on read: the machine has no unit for it (norm.lanes)")
	case j.Runs < 0 || j.Run < 0 || j.Factors < 0 || j.Begin < 0 || j.Begin >= int64(p.Lanes):
		return fmt.Errorf("normalising on read: %d runs of %d elements from lane %d, %d factors: none may be negative, and there are %d lanes", j.Runs, j.Run, j.Begin, j.Factors, p.Lanes)
	case j.Factors > 0 && j.Runs > 0:
		return errors.New("normalising on read: a job makes factors or takes a tile")
	}
	return nil
}
