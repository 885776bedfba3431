package diff

import (
	"encoding/json"
	"fmt"
	"math"

	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/internal/config"
	"satsim/results/record"
)

// amounts are what a side takes, in parts.
func (s *Side) amounts() ([]amount, error) {
	cycles, err := s.cycles()
	if err != nil {
		return nil, err
	}
	out := []amount{cycles}
	if s.run.Energy != nil {
		out = append(out, s.joules())
	}
	taken, err := s.resources()
	return append(out, taken...), err
}

// cycles by layer, stage and what the array's lane did in them.
func (s *Side) cycles() (amount, error) {
	out := amount{of: "cycles", unit: "cycles", total: s.run.Total.Cycles}
	if len(s.run.Groups) == 0 && out.total > 0 {
		return out, fmt.Errorf("%s has no word groups, which its cycles are parts of", s.Name)
	}
	for i := range s.run.Groups {
		g := &s.run.Groups[i]
		for _, c := range Causes(g) {
			out.parts = append(out.parts, share{g.Layer, g.Stage, c.Name, c.Cycles})
		}
	}
	return out, nil
}

// Cause is a part of a word group's cycles.
type Cause struct {
	Name   string
	Cycles int64
}

// Causes is what the array's lane did in a group, or waited for; they add up to the group's cycles. Where the lane has no word, the group is a cause of its own.
func Causes(g *record.Group) []Cause {
	l := arrayOf(g)
	if l == nil {
		reconfigure := int64(0)
		if len(g.Lanes) > 0 {
			reconfigure = g.Lanes[0].Reconfigure
		}
		return []Cause{{"no product: " + g.Kind, g.Cycles - reconfigure}, {"reconfigures", reconfigure}}
	}
	out := []Cause{{"computes", l.Computing}, {"fills", l.Filling}, {"drains", l.Draining}}
	for _, w := range l.Waits {
		out = append(out, Cause{"waits for " + w.Unit, w.Cycles})
	}
	return append(out, Cause{"has no word", l.NoWord}, Cause{"reconfigures", l.Reconfigure})
}

// arrayOf is the array's lane of a group; nil: it has no word for it.
func arrayOf(g *record.Group) *record.Lane {
	for i := range g.Lanes {
		if g.Lanes[i].Lane == "array" {
			return &g.Lanes[i]
		}
	}
	return nil
}

// joules by layer, stage and unit, in whole nanojoules.
func (s *Side) joules() amount {
	nano := func(j float64) int64 { return int64(math.Round(j * 1e9)) }
	out := amount{of: "energy", unit: "nJ", total: nano(s.run.Energy.Joules.Value)}
	sum := int64(0)
	for i := range s.run.Layers {
		l := &s.run.Layers[i]
		if l.Energy == nil {
			continue
		}
		for _, u := range l.Energy.Units {
			n := nano(u.Joules.Value)
			out.parts = append(out.parts, share{l.Layer, l.Stage, u.Unit, n})
			sum += n
		}
	}
	out.parts = append(out.parts, share{cause: rounding, n: out.total - sum})
	return out
}

// rounding is what whole nanojoules leave.
const rounding = "rounding"

// resources by unit, at both ends of their estimates. A machine that this program cannot read any more has none.
func (s *Side) resources() ([]amount, error) {
	machine, err := specOf(s.record.Arch)
	if err != nil {
		return nil, nil // a machine that had other keys
	}
	report := fpga.Assess(&machine)
	var out []amount
	for r := range fpga.Resource(fpga.Resources) {
		for _, end := range []struct {
			name string
			of   func(fpga.Range) int64
		}{{"low", func(u fpga.Range) int64 { return u.Low }}, {"high", func(u fpga.Range) int64 { return u.High }}} {
			a := amount{of: r.String() + ", " + end.name, unit: r.String(), total: end.of(report.Lines[r].Use)}
			for i := range report.Units {
				a.parts = append(a.parts, share{cause: report.Units[i].Name, n: end.of(report.Units[i].Use[r])})
			}
			out = append(out, a)
		}
	}
	return out, nil
}

// specOf reads a machine with its board as a record has it.
func specOf(text json.RawMessage) (spec.Spec, error) {
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	const head = `{"kind": "arch", `
	if len(text) == 0 || text[0] != '{' {
		return s, fmt.Errorf("the record has no architecture")
	}
	err := config.Decode(config.Source{Name: "record", Data: append([]byte(head), text[1:]...)}, "arch", &s)
	return s, err
}

// figures of two runs.
func figures(a, b *record.Run) []Figure {
	out := []Figure{
		{"time", "s", a.Total.TimeS, b.Total.TimeS}, {"samples a second", "1/s", a.ImagesPS, b.ImagesPS}, {"dense MACs", "MACs", float64(a.Total.DenseMACs), float64(b.Total.DenseMACs)},
		{"performed MACs", "MACs", float64(a.Total.PerformedMACs), float64(b.Total.PerformedMACs)}, {"MAC utilisation", "", a.Total.Utilisation, b.Total.Utilisation},
		{"DRAM reads", "bytes", float64(a.Total.ReadBytes), float64(b.Total.ReadBytes)}, {"DRAM writes", "bytes", float64(a.Total.WriteBytes), float64(b.Total.WriteBytes)},
		{"footprint", "bytes", float64(a.FootprintBytes), float64(b.FootprintBytes)},
	}
	if a.Energy != nil && b.Energy != nil {
		out = append(out, Figure{"energy", "J", a.Energy.Joules.Value, b.Energy.Joules.Value}, Figure{"power", "W", a.Energy.PowerW.Value, b.Energy.PowerW.Value})
	}
	return out
}
