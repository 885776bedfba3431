package rtl

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"satsim/arch/buffer"
	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/internal/quantity"
	"satsim/internal/verilog"
)

// room is what a unit gives to a bundle.
type room struct {
	unit       string // its key in an architecture, and the name of its module
	module     string // that it is in, with what feeds it
	means      string
	sources    []verilog.Source
	benches    []verilog.Source
	from       fs.FS               // its own room
	parameters []verilog.Parameter // of the module, as the architecture has them
	bench      bench
	moments    []unit.Moment // of a unit but the array: what it does in its bench, by cycle
}

// bench is a module that holds a unit to its exact model.
type bench struct {
	module     string
	parameters []verilog.Parameter
	files      map[string]string // that it reads, in the folder in which it runs
	args       []string          // what it is told
	jobs       int               // what it counts when all is equal: tiles or jobs
}

// oneOf so many cycles is without operands in the benches of all units but the array.
const oneOf = 8

// rooms are the units that have Verilog. An architecture that they cannot be is refused, by all of its keys at once.
func rooms(s *spec.Spec, o Options) ([]room, error) {
	if err := errors.Join(buildable(s), prefixed("vector", s.Vector.BuildableRTL())); err != nil {
		return nil, noVerilog(err)
	}
	a, err := array(s.STCE, o)
	if err != nil {
		return nil, err
	}
	v, err := passer(s.Vector, s.STCE.Subnormals, o)
	if err != nil {
		return nil, err
	}
	u, err := updater(s.WUVE, o)
	if err != nil {
		return nil, err
	}
	all := []room{a}
	if s.SORE.Built() {
		e, err := sorter(s.SORE, o)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	all = append(all, u, v)
	if s.Norm.Built() {
		n, err := normaliser(s.Norm, s.STCE.Subnormals, o)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

// CheckUnit says which units of an architecture have Verilog, if a name is none of them.
func CheckUnit(s *spec.Spec, name string) error {
	var names []string
	for _, p := range fpga.Estimate(s) {
		if p.Module != "" && !slices.Contains(names, p.Unit) {
			names = append(names, p.Unit)
		}
	}
	if slices.Contains(names, name) {
		return nil
	}
	return fmt.Errorf("%q is no unit of this architecture that has Verilog; %s are accepted", name, strings.Join(names, ", "))
}

// buildable says what the array in Verilog cannot be.
func buildable(s *spec.Spec) error {
	err := prefixed("stce", s.STCE.BuildableRTL())
	if w := s.STCE.LinkWidth; w > 0 && w&(w-1) != 0 {
		err = errors.Join(err, fmt.Errorf("stce.link_width: %d divides in every element; 1, 2, 4, 8, ... are accepted", w))
	}
	err = errors.Join(err, reached("west", s.Buffers.West), reached("north", s.Buffers.North), reached("output", s.Buffers.Output))
	if g := s.FPGA.GroupStorage; g != spec.StorageLUTRAM {
		err = errors.Join(err, fmt.Errorf("fpga.group_storage: an element's files are %s, not %s", spec.StorageLUTRAM, g))
	}
	return err
}

// reached refuses a buffer of the array with banks that are deeper than its addresses reach.
func reached(name string, g buffer.Geometry) error {
	bank := int64(g.Banks) * int64(g.WordBits) // bits of a word of all banks
	words := int64(g.Capacity) * 8 / max(bank, 1)
	if words <= stce.AddressWords {
		return nil
	}
	return fmt.Errorf("buffers.%s.capacity: %v in %d banks of %d bits, %d words a row; the array's addresses reach 65,536 words a row, %v is accepted",
		name, g.Capacity, g.Banks, g.WordBits, words, quantity.Bytes(stce.AddressWords*bank/8))
}

// noVerilog is the refusal of an architecture, key by key.
func noVerilog(err error) error { return fmt.Errorf("no Verilog for this architecture: %w", err) }

// take has the sources of a unit's own room, benches apart.
func (r *room) take(from fs.FS) error {
	r.from = from
	all, err := verilog.Sources(from)
	for _, s := range all {
		if strings.Contains(s.Name, "_bench") {
			r.benches = append(r.benches, s)
		} else {
			r.sources = append(r.sources, s)
		}
	}
	return err
}

// depth is the words of each memory of a bench that replays jobs.
const depth = 65536

// replays is the bench of a unit that takes jobs, of these parameters, on vectors.
func (r *room) replays(parameters []verilog.Parameter, v unit.Vectors) error {
	shared, err := verilog.Sources(unit.Bench)
	r.benches = append(shared, r.benches...)
	r.bench = bench{
		module: r.unit + "_bench", parameters: append(parameters, verilog.Parameter{Name: "DEPTH", Value: depth}),
		files: v.Files, args: v.Args(v.Reset), jobs: v.Jobs,
	}
	r.moments = v.Moments
	return err
}

// prefixed puts a unit's name in front of every line of an error, if there is one.
func prefixed(unit string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s.%s", unit, strings.ReplaceAll(err.Error(), "\n", "\n"+unit+"."))
}

// array is the tensor engine.
func array(p stce.Params, o Options) (room, error) {
	read := verilog.Parameter{Name: "READ_LATENCY", Value: int64(o.Read)}
	if o.Read < 1 || o.Read > MostRead {
		return room{}, fmt.Errorf("buffers that answer in %d cycles; 1 to %d are accepted", o.Read, MostRead)
	}
	r := room{unit: arrayUnit, module: arrayUnit, means: "systolic tensor engine", parameters: append(constants(p, o.Held), read)}
	if err := r.take(stce.RTL); err != nil {
		return r, err
	}
	small := Small(p, o)
	cases, reset, err := arrayCases(small, o)
	r.bench = bench{
		module: "stce_bench", parameters: append(constants(small, o.Held), read), files: map[string]string{arrayFile: string(cases)}, args: []string{plus("reset", reset)}, jobs: o.Tiles,
	}
	return r, err
}

// arrayUnit is the array's key in an architecture.
const arrayUnit = "stce"

// arrayFile is what the array's bench reads.
const arrayFile = "stce_bench.txt"

// constants are the array's parameters; that it has places is said of one that does.
func constants(p stce.Params, held bool) []verilog.Parameter {
	var all []verilog.Parameter
	of := p.Constants()
	if held {
		of = append(of, stce.Places(held))
	}
	for _, c := range of {
		all = append(all, verilog.Parameter{Name: c.Name, Value: c.Value})
	}
	return all
}

// shared are the floating-point operators that all units use, and what feeds all but the array.
func shared() ([]verilog.Source, error) {
	all, err := verilog.Sources(fp.RTL, feed.RTL)
	return slices.DeleteFunc(all, func(s verilog.Source) bool { return strings.Contains(s.Name, "_bench") }), err
}

// fedUnit is a unit but the array: what feeds it stands around it.
func fedUnit(unit, means string, parameters []verilog.Parameter, o Options) room {
	return room{unit: unit, module: unit + "_fed", means: means, parameters: fed(parameters, o)}
}

// fed adds to a unit's parameters how long its buffers take.
func fed(parameters []verilog.Parameter, o Options) []verilog.Parameter {
	return append(parameters, verilog.Parameter{Name: "READ", Value: int64(o.Read)})
}
