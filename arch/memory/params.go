package memory

import (
	"errors"
	"fmt"

	"satsim/internal/quantity"
)

// Models by name.
const (
	ModelFast     = "fast"
	ModelDetailed = "detailed"
)

// MaxChannels is the width of the channel mask of a Request.
const MaxChannels = 64

// Params describes the off-chip memory and the port through which the accelerator sees each of its channels.
type Params struct {
	Model              string             `yaml:"model"`                // fast or detailed
	Technology         string             `yaml:"technology"`           // name of a DRAM with a service table
	Channels           int                `yaml:"channels"`             // independent channels (HBM2: pseudo-channels)
	CapacityPerChannel quantity.Bytes     `yaml:"capacity_per_channel"` //
	PortWidthBits      int                `yaml:"port_width_bits"`      // controller-side port of one channel
	PortClock          quantity.Frequency `yaml:"port_clock"`           //
	PortDuplex         bool               `yaml:"port_duplex"`          // reads and writes cross the port side by side
	CrossingLatency    int64              `yaml:"crossing_latency"`     // core cycles through the clock crossing, each way
	Interleave         quantity.Bytes     `yaml:"interleave"`           // granule at which a striped tensor changes channel
}

// Default is the memory of a VCU1525: four DDR4-2400 DIMMs of 16 GiB (board data sheet UG1268, from memory), each behind a 512-bit port.
func Default() Params {
	return Params{
		Model:              ModelFast, // what full steps need
		Technology:         DDR4,
		Channels:           4,
		CapacityPerChannel: 16 << 30,
		PortWidthBits:      512,         // the native width of the vendor's controller for a 64-bit DIMM: 8 beats of 64 bits
		PortClock:          200_000_000, // assumption: the accelerator's clock, so that no data crossing is wider than it
		PortDuplex:         false,       // assumption: one native command port, a 64 B read or write a cycle
		CrossingLatency:    6,           // assumption: see doc.go
		Interleave:         4096,        // assumption: the smallest page of a DMA descriptor
	}
}

// Validate reports every parameter that no memory can have.
func (p Params) Validate() error {
	var errs []error
	refuse := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	refuse(p.Model != ModelFast && p.Model != ModelDetailed, "model: %q is not known; %s and %s are accepted", p.Model, ModelFast, ModelDetailed)
	refuse(p.Model == ModelDetailed && p.PortDuplex, "port_duplex: the detailed model's port takes one burst after the other; false is accepted")
	t, ok := technologyOf(p.Technology)
	refuse(!ok, "technology: %q is not known; %s are accepted", p.Technology, Technologies())
	refuse(p.Channels < 1 || p.Channels > MaxChannels, "channels: %d is out of range; 1 to %d are accepted", p.Channels, MaxChannels)
	refuse(p.CapacityPerChannel < 1, "capacity_per_channel: %d B is no capacity; at least 1 B is accepted", int64(p.CapacityPerChannel))
	refuse(p.PortWidthBits < 8 || p.PortWidthBits > 1<<16 || p.PortWidthBits&(p.PortWidthBits-1) != 0,
		"port_width_bits: %d is no port width; a power of two from 8 to 65536 is accepted", p.PortWidthBits)
	refuse(p.PortClock < 1 || p.PortClock > maxHz, "port_clock: %d Hz is out of range; 1 Hz to 10 GHz are accepted", int64(p.PortClock))
	refuse(p.CrossingLatency < 0 || p.CrossingLatency > 1<<20, "crossing_latency: %d is out of range; 0 to %d core cycles are accepted", p.CrossingLatency, 1<<20)
	refuse(ok && (p.Interleave < quantity.Bytes(t.device.BurstBytes) || int64(p.Interleave)%t.device.BurstBytes != 0),
		"interleave: %d B is no whole number of bursts; multiples of %d B are accepted", int64(p.Interleave), t.device.BurstBytes)
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
