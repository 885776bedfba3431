package sore

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/unit"
	"satsim/internal/nm"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// design is the engine of these parameters in its bench, whose memories hold so many words; fed from buffers that answer in so many cycles, unless that is 0.
func (p Params) design(t *testing.T, read, depth int) verilog.Design {
	sources, err := verilog.Sources(fp.RTL, feed.RTL, RTL, unit.Bench)
	if err != nil {
		t.Fatal(err)
	}
	d := verilog.Design{Top: "sore_bench", Sources: sources}
	parameter := func(name string, value int) {
		d.Parameters = append(d.Parameters, verilog.Parameter{Name: name, Value: int64(value)})
	}
	parameter("LANES", p.Lanes)
	parameter("MAX_N", p.MaxN)
	parameter("MAX_M", p.MaxM)
	parameter("STAGES", p.PipelineLatency)
	parameter("READ", read)
	parameter("DEPTH", depth)
	return d
}

// drawn are jobs of any ratio that the engine takes, some of them empty or with short groups, on values with many ties and all special ones.
func (p Params) drawn(r *rand.Rand, jobs, channels int) (list []Job, dense [][]uint16) {
	special := []uint16{0, 0x8000, 1, 0x8001, 0x3ff, 0x400, 0x3c00, 0xbc00, 0x7bff, 0x7c00, 0xfc00, 0x7c01, 0x7e00, 0xfe00, 0x7fff}
	for range jobs {
		n := 1 + r.IntN(p.MaxN)
		j := Job{Runs: int64(r.IntN(max(6, p.Lanes))), Channels: int64(r.IntN(channels)), Ratio: nm.Ratio{N: n, M: n + r.IntN(p.MaxM-n+1)}}
		values := make([]uint16, j.Elements())
		style := r.IntN(3)
		for i := range values {
			switch style {
			case 0:
				values[i] = uint16(r.Uint32())
			case 1: // ties
				values[i] = uint16(r.IntN(2))<<15 | 0x3c00 + uint16(r.IntN(3))
			default:
				values[i] = special[r.IntN(len(special))]
			}
		}
		list, dense = append(list, j), append(dense, values)
	}
	return list, dense
}

// replay runs vectors in a built bench, to a cycle in which it is reset and then as a whole, and says what differs.
func replay(t *testing.T, program *verilog.Program, v unit.Vectors, reset int) string {
	out, err := program.Replay(context.Background(), t.TempDir(), v.Files, v.Args(reset)...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// cosimulate holds random jobs, with and without gaps between them and their slots, to the exact model in one simulator: so many runs on each of these engines.
func cosimulate(t *testing.T, s verilog.Simulator, engines []Params, runs, jobs, channels int) {
	if err := s.Missing(); err != nil {
		witness.Missing(t, s.Name)
	}
	r := rand.New(rand.NewPCG(17, 2))
	cycles := 0
	for i, p := range engines {
		read := i % (feed.MostRead + 1)
		if len(engines) == 1 {
			read = 2
		}
		program, err := s.Build(context.Background(), t.TempDir(), p.design(t, read, 256*channels))
		if err != nil {
			t.Fatal(err)
		}
		for run := range runs {
			list, dense := p.drawn(r, 1+r.IntN(jobs), channels)
			gaps := unit.Gaps{}
			if oneOf := []int{0, 2, 5, 10}[r.IntN(4)]; oneOf > 0 {
				gaps = unit.RandomGaps(r, oneOf)
			}
			var v unit.Vectors
			var cost unit.Cost
			if read == 0 {
				v, cost, err = p.Vectors(list, dense, gaps)
			} else {
				v, cost, err = p.FedVectors(list, dense, gaps, feed.RandomPace(r, read, []int{0, 2, 5, 20}[run%4]))
			}
			if err != nil {
				t.Fatal(err)
			}
			cycles += int(cost.Cycles)
			if out := replay(t, program, v, r.IntN(v.Cycles+1)); !strings.HasPrefix(out, "equal: ") {
				t.Fatalf("%+v, run %d, %+v\n%s", p, run, list, out)
			}
		}
	}
	t.Logf("%s: %d engines, %d runs each, %d cycles equal", s.Name, len(engines), runs, cycles)
}

// someEngines are of every size, the smallest among them.
func someEngines(r *rand.Rand, count int) []Params {
	list := []Params{{Lanes: 1, MaxN: 1, MaxM: 1}}
	for len(list) < count {
		m := 1 + r.IntN(nm.MaxM)
		list = append(list, Params{Lanes: 1 + r.IntN(5), MaxN: 1 + r.IntN(min(m, 8)), MaxM: m, PipelineLatency: r.IntN(5)})
	}
	return list
}

// What lanes count is added up in parts of 16 beyond 32 lanes: engines of one part more than a lane, of two and a rest, and of all that were measured.
func manyLanes() []Params {
	return []Params{{Lanes: 33, MaxN: 2, MaxM: 4, PipelineLatency: 0}, {Lanes: 55, MaxN: 4, MaxM: 8, PipelineLatency: 1}, {Lanes: 128, MaxN: 3, MaxM: 5, PipelineLatency: 3}}
}

func TestManyLanesAreExactInIcarus(t *testing.T) {
	witness.Foreign(t)
	cosimulate(t, verilog.Icarus(), manyLanes(), 6, 4, 12)
}

func TestVerilogIsExactInIcarus(t *testing.T) {
	witness.Foreign(t)
	cosimulate(t, verilog.Icarus(), someEngines(rand.New(rand.NewPCG(17, 3)), 6), 8, 8, 30)
}

// One engine, so that every change is held to the other simulator as well: a build of some seconds.
func TestOneEngineIsExactInVerilator(t *testing.T) {
	witness.Foreign(t)
	cosimulate(t, verilog.Verilator(), []Params{{Lanes: 3, MaxN: 3, MaxM: 8, PipelineLatency: 2}}, 12, 8, 40)
}

// It is of the slow tier: .ci/witness rtl.
func TestVerilogIsExactInVerilator(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("slow: SATSIM_RTL=1 runs it")
	}
	cosimulate(t, verilog.Verilator(), append(append(someEngines(rand.New(rand.NewPCG(17, 4)), 9), Default()), manyLanes()[1]), 40, 8, 200)
}

func TestVerilogHasNoWarnings(t *testing.T) {
	witness.Foreign(t)
	for _, p := range append(append(someEngines(rand.New(rand.NewPCG(17, 5)), 2), Default()), manyLanes()...) {
		d := p.design(t, 2, 16)
		d.Top, d.Parameters = "sore_fed", d.Parameters[:len(d.Parameters)-1]
		d.Sources = slices.DeleteFunc(d.Sources, func(s verilog.Source) bool { return strings.Contains(s.Name, "_bench") })
		out, err := verilog.Lint(context.Background(), t.TempDir(), d)
		if missing := new(verilog.Missing); errors.As(err, &missing) {
			witness.Missing(t, missing.Tool)
		}
		if err != nil || out != "" {
			t.Errorf("%+v: %v\n%s", p, err, out)
		}
	}
}
