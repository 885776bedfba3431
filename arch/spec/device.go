package spec

import (
	"fmt"

	"satsim/arch/memory"
	"satsim/internal/diag"
	"satsim/internal/param"
)

// DefaultEnergy is the energy table of a board that names none: the shipped one of its memory's technology.
func DefaultEnergy(technology string) string {
	if technology == memory.HBM2 {
		return "fpga16-hbm2"
	}
	return "fpga16-ddr4"
}

// Device is what the board's FPGA has. All zero: the board's file does not say, and nothing can be said about what fits.
type Device struct {
	Part      string `yaml:"part"`
	LUTs      int64  `yaml:"luts"`
	LUTMemory int64  `yaml:"luts_as_memory"` // of the LUTs, those that can be RAM or shift registers
	FlipFlops int64  `yaml:"flip_flops"`
	DSPs      int64  `yaml:"dsps"`
	BlockRAMs int64  `yaml:"block_rams"` // of 36 Kb
	UltraRAMs int64  `yaml:"ultra_rams"` // of 288 Kb
	Dies      int    `yaml:"dies"`       // super logic regions
}

// Known reports whether the board's file says what the FPGA has.
func (d Device) Known() bool { return d.LUTs > 0 }

// Validate names every number that no device has.
func (d Device) Validate() error {
	err := param.Validate(d, declaredOfDevice())
	if d.LUTMemory > d.LUTs && err == nil {
		err = diag.Field("luts_as_memory", fmt.Sprint(d.LUTMemory), fmt.Sprintf("at most luts, which is %d", d.LUTs))
	}
	return err
}

// GroupStorage is what the operand and weight registers of a processing element are built of.
type GroupStorage string

// The kinds of group storage.
const (
	StorageLUTRAM GroupStorage = "lutram" // distributed RAM
	StorageSRL    GroupStorage = "srl"    // addressable shift registers
	StorageFF     GroupStorage = "ff"     // flip-flops and a multiplexer
)

// UnmarshalText reads lutram, srl or ff.
func (g *GroupStorage) UnmarshalText(b []byte) error {
	switch v := GroupStorage(b); v {
	case StorageLUTRAM, StorageSRL, StorageFF:
		*g = v
		return nil
	}
	return fmt.Errorf("%q is no kind of storage; lutram, srl and ff are accepted", b)
}

// Implementation is how the accelerator is built where its timing leaves a choice.
type Implementation struct {
	GroupStorage GroupStorage `yaml:"group_storage"`
}
