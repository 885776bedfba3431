package norm

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/x448/float16"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/unit"
	"satsim/internal/param"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// built is a unit, and how it treats subnormal numbers.
type built struct {
	Params
	s fp.Subnormals
}

// design is the unit in its bench, whose memories hold so many words; fed from buffers that answer in so many cycles, unless that is 0.
func (b built) design(t *testing.T, read, depth int) verilog.Design {
	sources, err := verilog.Sources(fp.RTL, feed.RTL, RTL, unit.Bench)
	if err != nil {
		t.Fatal(err)
	}
	d := verilog.Design{Top: "norm_bench", Sources: sources}
	parameter := func(name string, value int) {
		d.Parameters = append(d.Parameters, verilog.Parameter{Name: name, Value: int64(value)})
	}
	front, mul, add, convert := b.Stages()
	parameter("LANES", b.Lanes)
	parameter("PLACES", b.Places())
	parameter("FRONT", front)
	parameter("MUL", mul)
	parameter("ADD", add)
	parameter("CONVERT", convert)
	parameter("FLUSH", unit.Digit(b.s == fp.Flush))
	parameter("READ", read)
	parameter("DEPTH", depth)
	return d
}

// drawWork are jobs that make factors and tiles that find them in the tables, in any order, with channels that lanes divide or not, on numbers of every class: a quarter of the elements tie where
// they are rounded, for their scale is 1 and their shift a small power of two.
func (b built) drawWork(r *rand.Rand, jobs, waves int) (all []Work) {
	held := 0
	for range jobs {
		if held == 0 || r.IntN(3) == 0 {
			n := 1 + r.IntN(b.Places())
			w := Work{Job: Job{Factors: int64(n * b.Lanes)}}
			if held > 0 && r.IntN(3) == 0 { // the last place is not of all lanes
				w.Factors = int64(1 + r.IntN(n*b.Lanes))
			}
			plain := r.IntN(2) == 0
			for range w.Factors {
				mean, rstd, gamma, beta := single(r), single(r), half(r), half(r)
				if plain {
					rstd, gamma, mean, beta = 1, 0x3c00, []float32{0, 1.0 / 1024, -1.0 / 2048, 3.0 / 4096}[r.IntN(4)], 0
				}
				w.Of.Mean, w.Of.Rstd, w.Of.Gamma, w.Of.Beta = append(w.Of.Mean, mean), append(w.Of.Rstd, rstd), append(w.Of.Gamma, gamma), append(w.Of.Beta, beta)
			}
			held = max(held, int(w.Factors)/b.Lanes)
			all = append(all, w)
			continue
		}
		w := Work{Job: Job{Runs: int64(r.IntN(5)), Run: int64(r.IntN(waves * b.Lanes)), Begin: int64(r.IntN(b.Lanes))}, Clip: Clip(r.IntN(3))}
		for w.Channels = 1 + r.IntN(held*b.Lanes); places(int64(w.Channels), int64(b.Lanes)) > int64(held); {
			w.Channels--
		}
		w.First = (r.IntN(held)*b.Lanes + int(w.Begin)) % w.Channels
		for range w.Elements() {
			x := half(r)
			if r.IntN(4) == 0 {
				x = special[r.IntN(len(special))]
			}
			w.X = append(w.X, x)
		}
		all = append(all, w)
	}
	return all
}

// special numbers, where scale is 1 and shift 0, are at and around the ends of clips, and among the smallest and the largest.
var special = [...]float16.Float16{0x4600, 0x45ff, 0x4601, 0x0000, 0x8000, 0x0001, 0x8001, 0x03ff, 0x0400, 0x8400, 0x7bff, 0x7c00, 0xfc00, 0x7c01}

// replay runs vectors in a built bench, to a cycle in which it is reset and then as a whole, and says what differs.
func replay(t *testing.T, program *verilog.Program, v unit.Vectors, reset int) string {
	out, err := program.Replay(context.Background(), t.TempDir(), v.Files, v.Args(reset)...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// cosimulate holds random jobs, with and without gaps between them and their waves, to the exact model in one simulator: so many runs on each of these units.
func cosimulate(t *testing.T, s verilog.Simulator, units []built, runs, jobs, waves int) {
	if err := s.Missing(); err != nil {
		witness.Missing(t, s.Name)
	}
	r := rand.New(rand.NewPCG(17, 60))
	cycles, elements, factors := 0, int64(0), int64(0)
	for i, b := range units {
		read := i % (feed.MostRead + 1)
		if len(units) == 1 {
			read = 2
		}
		program, err := s.Build(context.Background(), t.TempDir(), b.design(t, read, 65536))
		if err != nil {
			t.Fatal(err)
		}
		for run := range runs {
			work := b.drawWork(r, 1+r.IntN(jobs), waves)
			gaps := unit.Gaps{}
			if oneOf := []int{0, 2, 5, 10}[r.IntN(4)]; oneOf > 0 {
				gaps = unit.RandomGaps(r, oneOf)
			}
			var v unit.Vectors
			var cost unit.Cost
			if read == 0 {
				v, cost, err = b.Vectors(b.s, work, gaps)
			} else {
				v, cost, err = b.FedVectors(b.s, work, gaps, feed.RandomPace(r, read, []int{0, 2, 5, 20}[run%4]))
			}
			if err != nil {
				t.Fatal(err)
			}
			cycles += int(cost.Cycles)
			elements, factors = elements+cost.Counts[Elements], factors+cost.Counts[Factors]
			if out := replay(t, program, v, r.IntN(v.Cycles+1)); !strings.HasPrefix(out, "equal: ") {
				t.Fatalf("%+v, run %d, %d jobs\n%s%s", b, run, len(work), v.Files["jobs.hex"], out)
			}
		}
	}
	t.Logf("%s: %d units, %d runs each, %d cycles, %d elements and %d factors equal", s.Name, len(units), runs, cycles, elements, factors)
}

// someUnits are of every size and latency, the smallest among them, and of each latency at which a register comes in.
func someUnits(r *rand.Rand, count int) []built {
	list := []built{{Params{Lanes: 1, Channels: 1}, fp.Flush}, {Params{Lanes: 3, PipelineLatency: 1, Channels: 7}, fp.IEEE}}
	for len(list) < count {
		lanes := 1 + r.IntN(6)
		list = append(list, built{Params{Lanes: lanes, PipelineLatency: r.IntN(16), Channels: 1 + r.IntN(8*lanes)}, fp.Subnormals(r.IntN(2))})
	}
	return list
}

func TestVerilogIsExactInIcarus(t *testing.T) {
	witness.Foreign(t)
	cosimulate(t, verilog.Icarus(), someUnits(rand.New(rand.NewPCG(17, 61)), 7), 8, 8, 4)
}

// One unit, so that every change is held to the other simulator as well: a build of some seconds.
func TestOneUnitIsExactInVerilator(t *testing.T) {
	witness.Foreign(t)
	cosimulate(t, verilog.Verilator(), []built{{Params{Lanes: 3, PipelineLatency: 11, Channels: 14}, fp.Flush}}, 12, 8, 5)
}

// It is of the slow tier: .ci/witness rtl.
func TestVerilogIsExactInVerilator(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("slow: SATSIM_RTL=1 runs it")
	}
	whole := param.Defaults[Params](Declared())
	whole.Lanes = 32
	cosimulate(t, verilog.Verilator(), append(someUnits(rand.New(rand.NewPCG(17, 62)), 9), built{whole, fp.Flush}), 40, 10, 10)
}

func TestVerilogHasNoWarnings(t *testing.T) {
	witness.Foreign(t)
	whole := param.Defaults[Params](Declared())
	whole.Lanes = 32
	for _, b := range append(someUnits(rand.New(rand.NewPCG(17, 63)), 4), built{whole, fp.Flush}) {
		d := b.design(t, 2, 16)
		d.Top, d.Parameters = "norm_fed", d.Parameters[:len(d.Parameters)-1]
		d.Sources = slices.DeleteFunc(d.Sources, func(s verilog.Source) bool { return strings.Contains(s.Name, "_bench") })
		out, err := verilog.Lint(context.Background(), t.TempDir(), d)
		if missing := new(verilog.Missing); errors.As(err, &missing) {
			witness.Missing(t, missing.Tool)
		}
		if err != nil || out != "" {
			t.Errorf("%+v: %v\n%s", b, err, out)
		}
	}
}
