package rtl

import (
	"fmt"
	"io/fs"
	"strings"

	"satsim/arch/fp"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/internal/verilog"
)

// room is what a unit gives to a bundle.
type room struct {
	unit       string // its key in an architecture, and the name of its module
	means      string
	sources    []verilog.Source
	benches    []verilog.Source
	parameters []verilog.Parameter // of the module, as the architecture has them
	bench      bench
}

// bench is a module that holds a unit to its exact model.
type bench struct {
	module     string
	parameters []verilog.Parameter
	files      map[string][]byte // that it reads, in the folder in which it runs
	args       []string          // what it is told
	jobs       int               // what it counts when all is equal: tiles or jobs
}

// rooms are the units that have Verilog. An architecture that they cannot be is refused, by key.
func rooms(s *spec.Spec, o Options) ([]room, error) {
	if err := buildable(s); err != nil {
		return nil, err
	}
	if s.Norm.Built() {
		return nil, fmt.Errorf("no Verilog for this architecture: norm.lanes: %d multiply-adds at the memory's ports have none yet; 0 is accepted", s.Norm.Lanes)
	}
	p := s.STCE
	a, err := array(p, o)
	if err != nil {
		return nil, err
	}
	v, err := passer(s.Vector, p.Subnormals, o)
	if err != nil {
		return nil, err
	}
	u, err := updater(s.WUVE, o)
	if err != nil {
		return nil, err
	}
	if !s.SORE.Built() {
		return []room{a, u, v}, nil
	}
	e, err := sorter(s.SORE, o)
	if err != nil {
		return nil, err
	}
	return []room{a, e, u, v}, nil
}

// buildable says what the array in Verilog cannot be.
func buildable(s *spec.Spec) error {
	if err := s.STCE.BuildableRTL(); err != nil {
		return fmt.Errorf("no Verilog for this architecture: %w", prefixed("stce", err))
	}
	if g := s.FPGA.GroupStorage; g != spec.StorageLUTRAM {
		return fmt.Errorf("no Verilog for this architecture: fpga.group_storage: an element's files are %s, not %s", spec.StorageLUTRAM, g)
	}
	return nil
}

// take has the sources of a unit's own room, benches apart.
func (r *room) take(from fs.FS) error {
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

// prefixed puts a unit's name in front of every line of an error.
func prefixed(unit string, err error) error {
	return fmt.Errorf("%s.%s", unit, strings.ReplaceAll(err.Error(), "\n", "\n"+unit+"."))
}

// array is the tensor engine.
func array(p stce.Params, o Options) (room, error) {
	read := verilog.Parameter{Name: "READ_LATENCY", Value: int64(o.Read)}
	if o.Read < 1 || o.Read > MostRead {
		return room{}, fmt.Errorf("buffers that answer in %d cycles; 1 to %d are accepted", o.Read, MostRead)
	}
	r := room{unit: "stce", means: "systolic tensor engine", parameters: append(constants(p), read)}
	if err := r.take(stce.RTL); err != nil {
		return r, err
	}
	small := Small(p, o)
	cases, err := arrayCases(small, o)
	r.bench = bench{module: "stce_bench", parameters: append(constants(small), read), files: map[string][]byte{arrayFile: cases}, jobs: o.Tiles}
	return r, err
}

// arrayFile is what the array's bench reads.
const arrayFile = "stce_bench.txt"

func constants(p stce.Params) []verilog.Parameter {
	var all []verilog.Parameter
	for _, c := range p.Constants() {
		all = append(all, verilog.Parameter{Name: c.Name, Value: c.Value})
	}
	return all
}

// operators are the floating-point operators that all units use.
func operators() ([]verilog.Source, error) { return verilog.Sources(fp.RTL) }
