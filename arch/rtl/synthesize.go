package rtl

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/fpga"
	"satsim/arch/norm"
	"satsim/arch/rtl/netlist"
	"satsim/arch/rtl/synthesis"
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/vector"
	"satsim/arch/wuve"
	"satsim/internal/verilog"
)

// Module is a module of a unit as an architecture has it, of which there are Count: a whole array does not end in yosys, its modules do.
type Module struct {
	Unit     string
	Name     string // of readers and writers, of which a unit has several, with what tells them apart
	Point    synthesis.Point
	Count    int64
	Estimate fpga.ResourceUse // of all of them
}

// Synthesized is a module that yosys has made.
type Synthesized struct {
	Module
	Cells   netlist.Counts // of one
	Longest int            // path of one between registers, every port being a register of a neighbour, in picoseconds
}

// Modules are those of an architecture, or of one unit of it, that arch/fpga estimates one by one. The array's adders are of logic in Verilog, whatever stce.add_in says, and so are
// estimated here. Readers are of buffers that answer in as many cycles as the options say; elements that have places are modules of their own, and no estimate has the places.
func Modules(s *spec.Spec, unit string, o Options) ([]Module, error) {
	if err := buildable(s); err != nil {
		return nil, noVerilog(err)
	}
	if unit != "" {
		if err := CheckUnit(s, unit); err != nil {
			return nil, err
		}
	}
	sources, err := synthesizable()
	if err != nil {
		return nil, err
	}
	built := *s
	built.STCE.AddIn = stce.AdderLogic
	var all []Module
	for _, p := range fpga.Estimate(&built) {
		if p.Module == "" || unit != "" && p.Unit != unit {
			continue
		}
		if p.Feeds != (feed.Port{}) {
			all = append(all, feeder(&p, o.Read))
			continue
		}
		if o.Held && p.Module == "stce_uspe" {
			p.Module = "stce_held"
		}
		if n := len(all); n > 0 && all[n-1].Point.Module == p.Module {
			all[n-1].Estimate = all[n-1].Estimate.Plus(p.Use)
			continue
		}
		m, err := head(p.Module, sources)
		if err != nil {
			return nil, err
		}
		all = append(all, Module{Unit: p.Unit, Name: p.Module, Count: p.Count, Estimate: p.Use, Point: synthesis.Point{Module: p.Module, Parameters: m.among(inside(s, p.Unit))}})
	}
	return all, nil
}

// Synthesize has yosys make modules in a folder, which keeps their netlists, as many at a time as there are processors. It tells of each that is made; what the folder has of
// the same sources, parameters and version of yosys is not made again.
func Synthesize(ctx context.Context, dir string, all []Module, made func(what string, done, total int)) ([]Synthesized, error) {
	if err := verilog.Synthesis(); err != nil {
		return nil, err
	}
	version, err := verilog.SynthesisVersion(ctx)
	if err != nil {
		return nil, err
	}
	sources, err := synthesizable()
	if err != nil {
		return nil, err
	}
	out, done := make([]Synthesized, len(all)), 0
	var telling sync.Mutex
	together, ctx := errgroup.WithContext(ctx)
	together.SetLimit(runtime.GOMAXPROCS(0))
	for _, i := range largestFirst(all) {
		m := all[i]
		together.Go(func() error {
			text, err := synthesis.Kept(ctx, dir, version, sources, m.Point)
			if err != nil {
				return err
			}
			row, err := synthesis.Measure(m.Point, text)
			out[i] = Synthesized{Module: m, Cells: row.Cells, Longest: row.Longest()}
			telling.Lock()
			defer telling.Unlock()
			done++
			made(m.Name, done, len(all))
			return err
		})
	}
	if err := together.Wait(); err != nil {
		return nil, err
	}
	return out, nil
}

// largestFirst are the places of modules in the order in which they are begun: what takes longest is not begun last.
func largestFirst(all []Module) []int {
	at := make([]int, len(all))
	for i := range at {
		at[i] = i
	}
	one := func(i int) int64 { return all[i].Estimate[fpga.LUT].High / max(all[i].Count, 1) }
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(one(b), one(a)) })
	return at
}

func synthesizable() ([]verilog.Source, error) {
	return verilog.Sources(fp.RTL, stce.RTL, sore.RTL, wuve.RTL, vector.RTL, norm.RTL, feed.RTL)
}

// feeder is a reader or writer of a unit, with the parameters that the unit's module sets.
func feeder(p *fpga.Part, read int) Module {
	f := &p.Feeds
	m := Module{Unit: p.Unit, Name: p.Module, Count: p.Count, Estimate: p.Use}
	if f.Writes {
		m.Name = fmt.Sprintf("%s %dx%d", p.Module, f.Lanes, f.Width/f.Lanes)
		m.Point = synthesis.Of(p.Module, "LANES", f.Lanes, "WIDTH", f.Width, "WORDS", f.Words)
	} else {
		m.Point = synthesis.Of(p.Module, "WIDTH", f.Width, "READ", read, "PARTS", f.Parts, "BY_ROW", f.ByRow, "WORDS", f.Words)
	}
	return m
}

// file is a name of the module for files: readers and writers are of one unit, and all others have their own names.
func (m *Module) file() string {
	if m.Name == m.Point.Module && m.Name != feed.ReaderModule {
		return m.Name
	}
	return m.Unit + "_" + strings.ReplaceAll(m.Name, " ", "_")
}

// among are those of some parameters that a module has.
func (m *module) among(all []verilog.Parameter) (has []verilog.Parameter) {
	for _, p := range all {
		if slices.ContainsFunc(m.parameters, func(c constant) bool { return c.name == p.Name }) {
			has = append(has, p)
		}
	}
	return has
}

// inside are the parameters of a unit, and what its own module sets of those within by them.
func inside(s *spec.Spec, unit string) []verilog.Parameter {
	width := func(n int) int64 { return int64(bits.Len(uint(n))) } // bits of 0 to n
	switch unit {
	case "stce":
		return constants(s.STCE, false)
	case "sore":
		p := s.SORE
		return append(sorterConstants(p), verilog.Parameter{Name: "N_BITS", Value: width(p.MaxN)}, verilog.Parameter{Name: "M_BITS", Value: width(p.MaxM)},
			verilog.Parameter{Name: "INDEX", Value: max(width(p.MaxM-1), 1)})
	case "norm":
		p := s.Norm
		return append(normaliserConstants(p, s.STCE.Subnormals), verilog.Parameter{Name: "COUNT", Value: width(p.Lanes)}, verilog.Parameter{Name: "PLACE", Value: max(width(p.Places()-1), 1)},
			verilog.Parameter{Name: "LATENCY", Value: int64(p.PipelineLatency)})
	case "vector":
		return passerInside(s.Vector, s.STCE.Subnormals)
	case "wuve":
		p := s.WUVE
		longest := 2*p.MulLatency + 4*p.AddLatency
		if wuve.StateWords(p.Optimiser) > 1 {
			longest = 5*p.MulLatency + 5*p.AddLatency + p.SqrtLatency + p.DivLatency
		}
		return append(updaterConstants(p), verilog.Parameter{Name: "COUNT", Value: width(p.Lanes)}, verilog.Parameter{Name: "BITS", Value: width(longest + p.ConvertLatency + 1)})
	}
	return nil
}
