package memory

import (
	"errors"
	"fmt"

	"satsim/internal/diag"
	"satsim/internal/param"
	"satsim/internal/quantity"
)

// ModelKind names a Model.
type ModelKind string

// The models.
const (
	ModelFast     ModelKind = "fast"
	ModelDetailed ModelKind = "detailed"
)

// MaxChannels is the width of the channel mask of a Request.
const MaxChannels = 64

// Params describes the off-chip memory and the port through which the accelerator sees each of its channels.
type Params struct {
	Model              ModelKind          `yaml:"model"`                // what serves requests
	Technology         string             `yaml:"technology"`           // name of a DRAM with a service table
	Channels           int                `yaml:"channels"`             // independent channels (HBM2: pseudo-channels)
	CapacityPerChannel quantity.Bytes     `yaml:"capacity_per_channel"` //
	PortWidthBits      int                `yaml:"port_width_bits"`      // controller-side port of one channel
	PortClock          quantity.Frequency `yaml:"port_clock"`           //
	PortDuplex         bool               `yaml:"port_duplex"`          // reads and writes cross the port side by side
	CrossingLatency    int64              `yaml:"crossing_latency"`     // core cycles through the clock crossing, each way
	Interleave         quantity.Bytes     `yaml:"interleave"`           // granule at which a striped tensor changes channel
}

// Declared are the parameters, each once. The defaults are the memory of a VCU1525: four DDR4-2400 DIMMs of 16 GiB, each behind a 512-bit port, as the vendor's
// board files have them (configs/board/vcu1525.yaml).
func Declared() []param.Param {
	return []param.Param{
		param.Of("model", string(ModelFast), "word", param.OneOf(string(ModelFast), string(ModelDetailed)), "service tables, or every command of the DRAM", "what full steps need"),
		param.Of("technology", DDR4, "name", param.OneOf(Technologies()...), "a DRAM with a service table", "the vendor's board files of the VCU1525: RDIMMs at 2400 MT/s"),
		param.Of("channels", 4, "channels", param.Between(1, MaxChannels, "the width of a request's mask"), "independent ones (HBM2: pseudo-channels)", "the vendor's board files of the VCU1525: four controllers").
			InDoubt(param.Shares("controllers lie in three dies; how many a design of one clock can use is not known; one alone would not hold a step of ResNet-50", 0.5, 1)),
		param.Of("capacity_per_channel", "16GiB", "bytes", param.Says("what the technology's rows can make up: 2GiB to 32GiB of ddr4-2400, 128MiB to 512MiB of hbm2-1800, in powers of two"), "of one channel", "the vendor's board files of the VCU1525: RDIMMs of 16 GB"),
		param.Of("port_width_bits", 512, "bits", param.PowersOfTwo(8, 1<<16, "bytes"), "of the controller-side port of one channel",
			"the native width of the vendor's controller for a 64-bit DIMM: 8 beats of 64 bits"),
		param.Of("port_clock", "200MHz", "hertz", param.Between(1, maxHz, "what the times are counted in").In("1Hz", "10GHz"), "of that port",
			"assumption: the accelerator's clock, so that no data crossing is wider than it").
			InDoubt(param.Times(0.6, 1.5, "an interconnect, other masters and a worse service than the table's may leave 60 %; a controller's own clock at DDR4-2400 is 300 MHz")),
		param.Of("port_duplex", false, "switch", param.Range{}, "reads and writes cross the port side by side", "assumption: one native command port, a 64 B read or write a cycle").InDoubt(param.Choice("what is built")),
		param.Of("crossing_latency", 6, "core cycles", param.Between(0, 1<<20, "far above any crossing"), "through the clock crossing, each way", "assumption: two synchronisers and a queue, about 30 ns; a run hides it behind tiles").
			InDoubt(param.Times(0.5, 4, "two synchronisers at the least; an interconnect with its own queues at the most")),
		param.Of("interleave", "4KiB", "bytes", param.Says("whole bursts of the technology"), "granule at which a striped tensor changes channel", "assumption: the smallest page of a DMA descriptor").InDoubt(param.Choice("a placement of tensors")),
	}
}

// Default is the memory of a VCU1525.
func Default() Params { return param.Defaults[Params](Declared()) }

// Validate reports every parameter that no memory can have.
func (p Params) Validate() error {
	errs := []error{param.Validate(p, Declared())}
	if p.Model == ModelDetailed && p.PortDuplex {
		errs = append(errs, diag.Field("port_duplex", "the detailed model's port takes one burst after the other", "false"))
	}
	if t, ok := technologyOf(p.Technology); ok && (p.Interleave < quantity.Bytes(t.device.BurstBytes) || int64(p.Interleave)%t.device.BurstBytes != 0) {
		errs = append(errs, diag.Field("interleave", fmt.Sprintf("%d B is no whole number of bursts", int64(p.Interleave)), fmt.Sprintf("multiples of %d B", t.device.BurstBytes)))
	}
	if _, known := technologyOf(p.Technology); known {
		_, err := p.Device()
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Capacity is the bytes of all channels together.
func (p Params) Capacity() quantity.Bytes { return quantity.Bytes(p.Channels) * p.CapacityPerChannel }

// PortBandwidth is what one channel's port carries, in bytes a second.
func (p Params) PortBandwidth() quantity.Bandwidth {
	return quantity.Bandwidth(int64(p.PortWidthBits) / 8 * int64(p.PortClock))
}

// PeakBandwidth is what the pins of one channel carry, in bytes a second.
func (p Params) PeakBandwidth() quantity.Bandwidth {
	t, _ := technologyOf(p.Technology)
	return quantity.Bandwidth(t.device.PeakBandwidth())
}

// AllChannels is the mask of every channel.
func (p Params) AllChannels() uint64 { return ^uint64(0) >> (MaxChannels - uint(p.Channels)) }

// PortUnits is for how long the port is taken by reads and by writes, which go side by side if it is duplex.
func (p Params) PortUnits(port [2]int64) int64 {
	if p.PortDuplex {
		return max(port[0], port[1])
	}
	return port[0] + port[1]
}
