package stce

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/fp"
	"satsim/internal/nm"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// Random arrays in Verilog, of cosimTiles tiles each: a build and some seconds an array.
var (
	cosim      = flag.Int("stce.cosim", 4, "random arrays in Icarus Verilog")
	cosimFrom  = flag.Int("stce.cosim.from", 0, "the first of them")
	verilators = flag.Int("stce.verilator", 2, "random arrays in Verilator, which needs SATSIM_RTL=1")
)

const cosimTiles = 8

// sources are the array, its bench and the operators.
func sources(t testing.TB) []verilog.Source {
	t.Helper()
	var all []verilog.Source
	for _, s := range []struct {
		fs      fs.FS
		pattern string
	}{{RTL, "rtl/*.vh"}, {RTL, "rtl/*.v"}, {RTL, "rtl/bench/*.v"}, {fp.RTL, "rtl/*.v"}} {
		names, err := fs.Glob(s.fs, s.pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(s.fs, name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, verilog.Source{Name: path.Base(name), Text: string(text)})
		}
	}
	return all
}

// rtlJob is an array and tiles for it.
type rtlJob struct {
	P     Params
	Read  int // cycles of the buffers
	Cases []byte
	Tiles int
	Of    []Tile
	Holds [][]int
	Took  int  // cycles of the tiles
	Reset int  // the one of them in which the array is reset, and all runs again
	Held  bool // elements have places
}

// design is the bench of the array.
func (j rtlJob) design(sources []verilog.Source, top string) verilog.Design {
	d := verilog.Design{Top: top, Sources: sources}
	for _, c := range append(j.P.Constants(), Constant{"READ_LATENCY", int64(j.Read)}, Places(j.Held)) {
		d.Parameters = append(d.Parameters, verilog.Parameter{Name: c.Name, Value: c.Value})
	}
	return d
}

// add writes a tile for the bench, of which some folds are held back. Three of four begin where the tile before ends, without a cycle between.
func (j *rtlJob) add(t *rapid.T, tile Tile, holds []int) {
	var b bytes.Buffer
	in := numbers(t, tile, true)
	if tile.Held {
		holdPlaces(t, tile, &in)
	}
	res, err := j.P.BenchCase(&b, tile, in, BenchRun{holds, j.Tiles%4 > 0}, nil)
	if err != nil {
		t.Fatal(err)
	}
	j.Took += int(res.Cycles)
	j.Cases = append(j.Cases, b.Bytes()...)
	j.Tiles++
	j.Of, j.Holds = append(j.Of, tile), append(j.Holds, holds)
}

// resets draws the cycle of the reset, all as likely, when all tiles are there.
func (j *rtlJob) resets(t *rapid.T) {
	j.Reset = rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "reset"), 0)).IntN(j.Took)
}

// hold runs the tiles, to a reset under way and then as a whole: nil if all is equal, else what the bench says.
func (j rtlJob) hold(t testing.TB, s verilog.Simulator, sources []verilog.Source) error {
	t.Helper()
	dir := t.TempDir()
	program, err := s.Build(t.Context(), filepath.Join(dir, "build"), j.design(sources, "stce_bench"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "stce_bench.txt"), j.Cases, 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := program.Run(t.Context(), dir, fmt.Sprintf("+reset=%d", j.Reset))
	if err == nil && !strings.Contains(out, fmt.Sprintf("equal: %d tiles\n", j.Tiles)) {
		err = fmt.Errorf("%+v, read latency %d, reset in cycle %d: %s", j.P, j.Read, j.Reset, strings.TrimSpace(out))
	}
	return err
}

// simulator is one that must be there.
func simulator(t testing.TB, s verilog.Simulator) verilog.Simulator {
	t.Helper()
	if err := s.Missing(); err != nil {
		witness.Missing(t, s.Name)
	}
	return s
}

// randomJobs are arrays up to 5 x 5 with any parameters that hardware can have, and tiles of any shape, mode, ratio and numbers, of several folds each way,
// some held back between folds.
var randomJobs = rapid.Custom(func(t *rapid.T) rtlJob { return tilesFor(t, drawArray(t)) })

// drawArray draws an array that hardware can be, and how long its buffers take.
func drawArray(t *rapid.T) rtlJob {
	p := drawParams(t, 1)
	p.AddLatency = max(p.AddLatency, 2-p.MulLatency)
	p.Drain = Drain(rapid.IntRange(0, 1).Draw(t, "drain that hardware has"))
	p.PartialSums = SumsCharged
	p.OverlapProducts = rapid.Bool().Draw(t, "overlap products")
	return rtlJob{P: p, Read: rapid.IntRange(1, 3).Draw(t, "read latency")}
}

// tilesFor draws an array's tiles; where elements have places, every second one holds them.
func tilesFor(t *rapid.T, j rtlJob) rtlJob {
	p := j.P
	for i := range cosimTiles {
		c := drawConfig(t, p)
		if j.Held && i%2 == 0 {
			c.Mode, c.Ratio.N, c.Diagonal, c.Held = OS, 1, false, true
		}
		tile := drawTile(t, p, c)
		if !p.OverlapProducts {
			tile.Products = 1
		}
		j.add(t, tile, rapid.SliceOfN(rapid.IntRange(0, 9), 0, 4).Draw(t, "holds"))
	}
	j.resets(t)
	return j
}

// holdingJobs are arrays whose elements have places, with tiles of any kind between those whose outputs hold them.
var holdingJobs = rapid.Custom(func(t *rapid.T) rtlJob {
	j := drawArray(t)
	j.Held = true
	return tilesFor(t, j)
})

// TestAllThatHardwareHasIsDrawn: of the first arrays that random tests take, every setting, and every kind of tile, is in some.
func TestAllThatHardwareHasIsDrawn(t *testing.T) {
	drawn := map[string]int{}
	for i := range 40 {
		j := randomJobs.Example(i)
		p := j.P
		drawn[fmt.Sprintf("preload %v", p.Preload)]++
		drawn[fmt.Sprintf("drain %v", p.Drain)]++
		drawn[fmt.Sprintf("overlap_products %v", p.OverlapProducts)]++
		drawn[fmt.Sprintf("edge_folds %v", p.EdgeFolds)]++
		drawn[fmt.Sprintf("subnormals %v", p.Subnormals)]++
		drawn[fmt.Sprintf("read latency %d", j.Read)]++
		for is, yes := range map[string]bool{"mul_latency 0": p.MulLatency == 0, "a link of 1": p.LinkWidth == 1, "a row": p.Rows == 1, "a column": p.Cols == 1} {
			if yes {
				drawn[is]++
			}
		}
		for k, tile := range j.Of {
			drawn[fmt.Sprintf("%v over %v", tile.Mode, tile.Over)]++
			held := false
			for _, h := range j.Holds[k] {
				held = held || h > 0
			}
			g := newGroups(tile.Config, tile.Taps, tile.Channels)
			for is, yes := range map[string]bool{
				"dense": tile.Ratio == nm.Dense, "N below M": tile.Ratio.N < tile.Ratio.M, "N = M": tile.Ratio.N == tile.Ratio.M && tile.Ratio.N > 1, "several taps": tile.Taps > 1, "several products": tile.Products > 1,
				"a short group": g.shortM > 0, "Resume": tile.Resume, "Spill": tile.Spill, "held back": held, "follows without a cycle between": k%4 > 0, "diagonal": tile.Diagonal,
				"interleaved": tile.Interleave > 1, "several row folds": tile.Rows > p.rowsPerFold(tile.Config), "several column folds": tile.Cols > p.colsPerFold(tile.Config),
				"several K folds": tile.Mode == WS && g.total() > int64(p.Rows), "an edge fold": tile.Cols%p.colsPerFold(tile.Config) > 0,
			} {
				if yes {
					drawn[is]++
				}
			}
		}
	}
	for _, want := range []string{
		"preload shadow", "preload serial", "preload chase", "overlap_products true", "overlap_products false", "several products", "drain overlap", "drain serial", "edge_folds exact", "edge_folds full", "subnormals ieee", "subnormals flush",
		"read latency 1", "read latency 2", "read latency 3", "mul_latency 0", "a link of 1", "a row", "a column", "os over f", "os over t", "ws over f", "ws over t",
		"dense", "N below M", "N = M", "several taps", "a short group", "Resume", "Spill", "held back", "follows without a cycle between", "diagonal", "interleaved",
		"several row folds", "several column folds", "several K folds", "an edge fold",
	} {
		if drawn[want] == 0 {
			t.Errorf("%s is never drawn", want)
		}
	}
	t.Log(drawn)
}

// TestVerilogEqualsExactModel: what crosses the edges in every cycle, results in the buffers, cycles and counts.
func TestVerilogEqualsExactModel(t *testing.T) {
	witness.Foreign(t)
	s, all := simulator(t, verilog.Icarus()), sources(t)
	for i := *cosimFrom; i < *cosimFrom+*cosim; i++ {
		if err := randomJobs.Example(i).hold(t, s, all); err != nil {
			t.Errorf("-stce.cosim.from %d: %v", i, err)
		}
	}
}

// large is an array of 8 x 8 as the default is otherwise, weights chasing the skew, and tiles of two products in every mode and three ratios.
var large = rapid.Custom(func(t *rapid.T) rtlJob {
	p := Default()
	p.Rows, p.Cols = 8, 8
	j := rtlJob{P: p, Read: 2}
	for mode := OS; mode <= WS; mode++ {
		for over := OverF; over <= OverT; over++ {
			for _, r := range []nm.Ratio{{N: 1, M: 1}, {N: 2, M: 8}, {N: 8, M: 16}} {
				j.add(t, Tile{Config: Config{Mode: mode, Over: over, Interleave: 8, Ratio: r}, Products: 2, Rows: 75, Cols: 70, Taps: 3, Channels: 50, Resume: r.N == 2, Spill: r.N == 8}, nil)
			}
		}
	}
	j.resets(t)
	return j
})

// TestOneArrayInVerilator is a small array with a tile of every mode, so that every change is held to the other simulator as well: a build of some seconds.
func TestOneArrayInVerilator(t *testing.T) {
	witness.Foreign(t)
	if err := busy.Example(1).hold(t, simulator(t, verilog.Verilator()), sources(t)); err != nil {
		t.Error(err)
	}
}

// TestArrayInVerilator is the same in the other simulator, and a large array: minutes of compiling each.
func TestArrayInVerilator(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("minutes; SATSIM_RTL=1 runs it")
	}
	s, all := simulator(t, verilog.Verilator()), sources(t)
	if err := large.Example(1).hold(t, s, all); err != nil {
		t.Error(err)
	}
	for i := *cosimFrom; i < *cosimFrom+*verilators; i++ {
		if err := randomJobs.Example(i).hold(t, s, all); err != nil {
			t.Errorf("-stce.cosim.from %d: %v", i, err)
		}
	}
}

// chasing is busy with weights that chase the skew.
var chasing = rapid.Custom(func(t *rapid.T) rtlJob { return busyWith(t, PreloadChase) })

// busy is an array of 2 x 3 with a tile of every mode, so that every module takes part. Nine rows are a full and a smaller fold in OS, over T with an extra
// output in one row. Nine channels are groups of 4, 4 and 1: in WS the second K fold is faster than the first, and in the last tile it waits for sums, to take
// the last of them in as soon as it is there (its skew, 4, is no less than 2 outputs twice, less one).
var busy = rapid.Custom(func(t *rapid.T) rtlJob { return busyWith(t, PreloadShadow) })

func busyWith(t *rapid.T, preload Preload) rtlJob {
	j := rtlJob{P: Params{
		Rows: 2, Cols: 3, MulLatency: 2, AddLatency: 4, MaxN: 2, MaxM: 4, MaxInterleave: 3, LinkWidth: 1, EdgeFolds: EdgeExact, Preload: preload,
		Drain: DrainOverlap, PartialSums: SumsCharged, Subnormals: fp.Flush, OverlapProducts: true,
	}, Read: 2}
	for mode := OS; mode <= WS; mode++ {
		for over := OverF; over <= OverT; over++ {
			j.add(t, Tile{Config: Config{Mode: mode, Over: over, Interleave: 3, Ratio: nm.Ratio{N: 2, M: 4}}, Products: 2 - int64(over), Rows: 9, Cols: 10, Taps: 1, Channels: 9, Resume: true, Spill: over == OverT}, nil)
		}
	}
	j.add(t, Tile{Config: Config{Mode: WS, Over: OverF, Interleave: 2, Ratio: nm.Ratio{N: 2, M: 4}}, Rows: 2, Cols: 10, Taps: 1, Channels: 9}, nil)
	j.resets(t)
	return j
}

// TestFaultsInVerilogAreFound plants a fault in each module.
func TestFaultsInVerilogAreFound(t *testing.T) {
	witness.Foreign(t)
	s, all := simulator(t, verilog.Icarus()), sources(t)
	shadow, chase := busy.Example(1), chasing.Example(1)
	for _, j := range []rtlJob{shadow, chase} {
		if err := j.hold(t, s, all); err != nil {
			t.Fatal(err)
		}
	}
	type fault struct{ file, from, to string }
	faults := []fault{
		{"stce_counters.v", "cause2 == 3'd1 ? 4'd3", "cause2 == 3'd1 ? 4'd2"},                       // a drain cycle counts as an empty one
		{"stce_array.v", "row_any = row_any | i[ROW_W-1:0] & {ROW_W{has[i]}}", "row_any = row_any"}, // results leave below row 0
		{"stce_registers.v", "wa[4:0] == i[4:0]", "wa[3:0] == i[3:0]"},                              // fields 16 on overwrite those below
		{"stce_sequencer.v", "next <= next_first;", "next <= now_first;"},                           // a cycle late after the first fold
		{"stce_sequencer.v", "product ? 4'd`STCE_PAIR_PRODUCT : column", "column"},                  // from a product to the next as to its own next column fold
		{"stce_row.v", "west_base : word_next;", "west_base : west_base;"},                          // operands of a later product's column folds are the first product's
		{"stce_hop.v", "left <= skew - 1'b1;", "left <= skew;"},                                     // rows a cycle apart too much
		{"stce_row.v", "words <= 2;", "words <= 3;"},                                                // a visit begins before its last word is there
		{"stce_loader.v", "row < extra;", "row <= extra;"},                                          // a row too many is wanted
		{"stce_uspe.v", "assign {place, factor} = ws", "assign {place, factor} = ~ws"},              // kept weights in OS
		{"stce_ram.v", "if (we) held[wa] <= d;", "if (we) held[wa] <= d ^ 1;"},                      // a bit
		{"stce_column.v", "result_addr == wanted_at", "1'b0"},                                       // no forwarding of this cycle's result
	}
	chased := []fault{
		{"stce_loader.v", "? row + 1'b1 :", "? row :"},                               // all weights are row 0's
		{"stce_sequencer.v", "CHASE != 0 ? to_end_waits : bottom[16]", "bottom[16]"}, // as if the bottom row's came first
	}
	for i, f := range append(faults, chased...) {
		mutant := append([]verilog.Source(nil), all...)
		for i := range mutant {
			if mutant[i].Name != f.file {
				continue
			}
			if strings.Count(mutant[i].Text, f.from) != 1 {
				t.Errorf("%s has %q %d times", f.file, f.from, strings.Count(mutant[i].Text, f.from))
			}
			mutant[i].Text = strings.Replace(mutant[i].Text, f.from, f.to, 1)
		}
		j := shadow
		if i >= len(faults) {
			j = chase
		}
		err := j.hold(t, s, mutant)
		if err == nil || !strings.Contains(err.Error(), "tile ") {
			t.Errorf("%s with %q: %v, want a difference", f.file, f.to, err)
		}
	}
}

// TestVerilogLints: no warning in any build, with and without shadow registers, and places.
func TestVerilogLints(t *testing.T) {
	witness.Foreign(t)
	simulator(t, verilog.Verilator())
	var array []verilog.Source
	for _, s := range sources(t) {
		if !strings.HasPrefix(s.Name, "stce_bench") {
			array = append(array, s)
		}
	}
	j := busy.Example(1)
	for _, preload := range []Preload{PreloadShadow, PreloadSerial, PreloadChase} {
		for _, held := range []bool{false, true} {
			j.P.Preload, j.Held = preload, held
			out, err := verilog.Lint(t.Context(), t.TempDir(), j.design(array, "stce"))
			if err != nil || strings.TrimSpace(out) != "" {
				t.Errorf("preload: %v, places %v: %v\n%s", preload, held, err, out)
			}
		}
	}
}

// TestWhatHardwareCannotBe: settings that only account.
func TestWhatHardwareCannotBe(t *testing.T) {
	hidden, free := Default(), Default()
	hidden.Drain, free.PartialSums = DrainHidden, SumsFree
	tile := Tile{Config: Config{Mode: OS, Over: OverF, Interleave: 1, Ratio: nm.Dense}, Rows: 1, Cols: 1, Taps: 1, Channels: 1}
	for key, p := range map[string]Params{"drain: hidden": hidden, "partial_sums: free": free} {
		if _, err := p.Registers(tile); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%v, want it to name %s", err, key)
		}
	}
	tile.Channels = 65536 // groups of a tap, in a register of 16 bits
	if _, err := Default().Registers(tile); err == nil || !strings.Contains(err.Error(), "channels: register 5 would be 65536; 0 to 65535 is accepted") {
		t.Errorf("%v, want it to name the channels and what the register of a tap's groups holds", err)
	}
}
