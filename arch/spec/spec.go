package spec

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"satsim/arch/buffer"
	"satsim/arch/controller"
	"satsim/arch/memory"
	"satsim/arch/norm"
	"satsim/arch/sore"
	"satsim/arch/stce"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/arch/wuve"
	"satsim/internal/diag"
	"satsim/internal/param"
	"satsim/internal/quantity"
)

// Arch is the accelerator without its board: the content of a file of kind arch.
type Arch struct {
	Name       string             `yaml:"name"`
	Note       string             `yaml:"note"`
	Clock      quantity.Frequency `yaml:"clock"` // of the whole core
	STCE       stce.Params        `yaml:"stce"`
	SORE       sore.Params        `yaml:"sore"`
	WUVE       wuve.Params        `yaml:"wuve"`
	Vector     vector.Params      `yaml:"vector"`
	Norm       norm.Params        `yaml:"norm,omitempty"` // left out of a hash where it is not built
	Buffers    buffer.Params      `yaml:"buffers"`
	Controller controller.Params  `yaml:"controller"`
	Dataflow   Dataflow           `yaml:"dataflow"`
	FPGA       Implementation     `yaml:"fpga"`
}

// Dataflow switches the dataflow's optimisations by name.
type Dataflow struct {
	InterleaveMapping bool `yaml:"interleave_mapping"` // several outputs a PE, so that additions of one do not wait for another
	Pregeneration     bool `yaml:"pregeneration"`      // pruned copies made once, after the update
	// PruneAt says where weights are pruned without pre-generation: fetch (between memory and the north buffer, once per fetch) or edge
	// (between the north buffer and the array, each time a fold reads them).
	PruneAt           word.PrunePlace `yaml:"prune_at"`
	OfflineScheduling bool            `yaml:"offline_scheduling"` // words searched per layer and stage; off: one rule for all
	OverlapPasses     bool            `yaml:"overlap_passes"`     // passes run beside a weight update that does not need them
	JoinGroups        bool            `yaml:"join_groups"`        // products of grouped convolutions side by side in one
	VectorUpdates     bool            `yaml:"vector_updates"`     // weight updates of depthwise convolutions on the vector unit
	Objective         Objective       `yaml:"objective"`          // of the search for words
	// Omit names kinds of vector work that are left out, to compare with studies that do; OmitAll stands for every kind.
	Omit []string `yaml:"omit"`
}

// OmitAll in a list of vector work that is left out: all of it.
const OmitAll = "all"

// Omitted lists the kinds of vector work that are left out.
func (d Dataflow) Omitted() []word.PassKind {
	if slices.Contains(d.Omit, OmitAll) {
		return allKinds()
	}
	var out []word.PassKind
	for _, k := range d.Omit {
		out = append(out, word.PassKind(k))
	}
	return out
}

// Objective is what a schedule minimises.
type Objective string

// The objectives. Energy and EDP (energy times delay) need an energy table.
const (
	ObjectiveLatency Objective = "latency"
	ObjectiveBytes   Objective = "bytes"
	ObjectiveEnergy  Objective = "energy"
	ObjectiveEDP     Objective = "edp"
)

// File is a file of kind arch: an Arch, and the names of its board and, if that is not to be the board's, of its energy table.
type File struct {
	Arch   `yaml:",inline"`
	Board  string `yaml:"board" config:"required"`
	Energy string `yaml:"energy"`
}

// Board is what the accelerator is put on: the content of a file of kind board.
type Board struct {
	Name   string        `yaml:"name"`
	Note   string        `yaml:"note"`
	Memory memory.Params `yaml:"memory"`
	Device Device        `yaml:"device"`
}

// BoardFile is a file of kind board: a Board and the name of its energy table.
type BoardFile struct {
	Board  `yaml:",inline"`
	Energy string `yaml:"energy"`
}

// Spec is an accelerator on its board.
type Spec struct {
	Arch  `yaml:",inline"`
	Board Board `yaml:"board"`
}

// DefaultArch holds the default of every unit.
func DefaultArch() Arch {
	a := DefaultFile().Arch
	a.Follow()
	return a
}

// DefaultFile is a file that leaves out all that may be left out.
func DefaultFile() File { return param.Defaults[File](Declared()) }

// Follow gives the parameters that follow others, where they are 0, the values of those: SORE sorts what the array takes.
func (a *Arch) Follow() {
	if a.SORE.MaxN == 0 {
		a.SORE.MaxN = a.STCE.MaxN
	}
	if a.SORE.MaxM == 0 {
		a.SORE.MaxM = a.STCE.MaxM
	}
}

// DefaultBoard holds the defaults of a board.
func DefaultBoard() Board { return param.Defaults[BoardFile](DeclaredOfBoard()).Board }

// Validate checks what no unit can check alone.
func (s Spec) Validate() error {
	var own []param.Param
	for _, p := range Declared() {
		if p.Key == "clock" || strings.HasPrefix(p.Key, "dataflow.") || strings.HasPrefix(p.Key, "fpga.") {
			own = append(own, p)
		}
	}
	errs := []error{param.Validate(s, own)}
	s.Follow()
	if s.SORE.Built() && (s.SORE.MaxN > s.STCE.MaxN || s.SORE.MaxM > s.STCE.MaxM) {
		errs = append(errs, fmt.Errorf("sore sorts up to %d:%d, stce takes up to %d:%d; sore.max_n and sore.max_m may not exceed the array's",
			s.SORE.MaxN, s.SORE.MaxM, s.STCE.MaxN, s.STCE.MaxM))
	}
	for _, k := range s.Dataflow.Omit {
		if _, ok := s.Vector.Ops.Of(word.PassKind(k)); !ok && k != OmitAll {
			errs = append(errs, diag.Field("dataflow.omit", fmt.Sprintf("%q is no kind of vector work", k), omittable()))
		}
	}
	return errors.Join(errs...)
}

// allKinds of vector work that may be left out.
func allKinds() []word.PassKind { return append(vector.Kinds(), vector.OnceAGroup()...) }

// omittable lists what dataflow.omit takes, as a sentence does.
func omittable() string {
	list := OmitAll
	kinds := allKinds()
	for i, k := range kinds {
		if i == len(kinds)-1 {
			list += " and " + string(k)
			break
		}
		list += ", " + string(k)
	}
	return list
}

// PeakMACs is the number of dense multiply-accumulates a second.
func (s Spec) PeakMACs() float64 {
	return float64(s.STCE.Rows) * float64(s.STCE.Cols) * float64(s.Clock)
}

// Seconds of so many core cycles.
func (s Spec) Seconds(cycles int64) float64 { return float64(cycles) / float64(s.Clock) }
