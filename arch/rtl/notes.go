package rtl

import (
	"fmt"

	"satsim/arch/fp"
	"satsim/arch/spec"
	"satsim/arch/wuve"
)

// What the paths of all modules were measured to hold (arch/rtl/synthesis): 0.8 of a cycle of this clock, in picoseconds.
const (
	measuredClock = 200e6
	measuredPath  = 4000
)

// latency is a key of an architecture, what it has there, and the fewest registers with which every path holds what was measured.
type latency struct {
	key         string
	has, fewest int
}

// latencies are those that decide a path: of the array's elements, of lanes of updates, of the vector unit and of the normaliser.
func latencies(s *spec.Spec) []latency {
	all := []latency{
		{"stce.mul_latency", s.STCE.MulLatency, 2}, {"stce.add_latency", s.STCE.AddLatency, 6},
		{"wuve.mul_latency", s.WUVE.MulLatency, 3}, {"wuve.add_latency", s.WUVE.AddLatency, 5}, {"wuve.convert_latency", s.WUVE.ConvertLatency, 2},
		{"vector.pipeline_latency", s.Vector.PipelineLatency, 10}, {"vector.divide_latency", s.Vector.DivideLatency, 17},
	}
	if s.Norm.Built() {
		all = append(all, latency{"norm.pipeline_latency", s.Norm.PipelineLatency, 11})
	}
	if wuve.StateWords(s.WUVE.Optimiser) > 1 { // others neither divide nor take roots
		all = append(all, latency{"wuve.div_latency", s.WUVE.DivLatency, 15}, latency{"wuve.sqrt_latency", s.WUVE.SqrtLatency, 14})
	}
	return all
}

// size is a key by whose number a module grows, what it has there, and the most that were measured.
type size struct {
	key       string
	has, most int
	what      string
}

// sizes are those by which paths grow: of SORE's counters, of a column of the array and of the normaliser's tables.
func sizes(s *spec.Spec) []size {
	all := []size{{"sore.lanes", s.SORE.Lanes, 128, "what they count"}, {"stce.rows", s.STCE.Rows, 32, "a column's edges"}}
	if s.Norm.Built() {
		all = append(all, size{"norm.channels", s.Norm.Channels, 512 * s.Norm.Lanes, "a lane's tables"})
	}
	return all
}

// Notes are what an architecture in Verilog is told beside its files: adders that are others than those that are counted, and by which keys it may be slower than its clock.
func Notes(s *spec.Spec) (all []string) {
	if text := Adders(s); text != "" {
		all = append(all, text)
	}
	const slower = "slower than the clock may be: "
	if float64(s.Clock) > measuredClock {
		all = append(all, fmt.Sprintf("%sclock: %v; modules were measured to hold 0.8 of a cycle of 200 MHz, %.1f ns, at the fewest registers, where 0.8 of this clock's is %.1f ns; satsim rtl --synth prints their longest paths.",
			slower, s.Clock, measuredPath/1e3, 0.8e9/float64(s.Clock)))
	}
	for _, l := range latencies(s) {
		if l.has < l.fewest {
			all = append(all, fmt.Sprintf("%s%s: %d; %d or more were measured to hold 0.8 of a cycle of 200 MHz.", slower, l.key, l.has, l.fewest))
		}
	}
	passes := "lanes of the vector unit"
	if s.Norm.Built() {
		passes += " and of the normaliser"
	}
	for _, of := range []struct {
		key, lanes string
		subnormals fp.Subnormals
	}{{"wuve.subnormals", "lanes of updates", s.WUVE.Subnormals}, {"stce.subnormals", passes, s.STCE.Subnormals}} {
		if of.subnormals == fp.IEEE {
			all = append(all, fmt.Sprintf("%s%s: ieee; %s that keep subnormal numbers were measured to take more than 8 ns; with flush they hold %.1f ns.", slower, of.key, of.lanes, measuredPath/1e3))
		}
	}
	for _, of := range sizes(s) {
		if of.has > of.most {
			all = append(all, fmt.Sprintf("%s%s: %d; no more than %d were measured, and paths of %s grow with them; satsim rtl --synth prints them.", slower, of.key, of.has, of.most, of.what))
		}
	}
	if err := s.STCE.HoldsClock(); err != nil {
		all = append(all, slower+"stce."+err.Error())
	}
	return all
}
