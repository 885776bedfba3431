package synthesis

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/norm"
	"satsim/arch/sore"
	"satsim/arch/stce"
	"satsim/arch/vector"
	"satsim/arch/wuve"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// The table, and what it was made with.
const (
	table = "testdata/grid.csv"
	made  = "testdata/grid.txt"
)

// command makes the table anew.
const command = "SATSIM_GRID=FOLDER go test ./arch/rtl/synthesis -run 'TestGrid$' -timeout 4h"

func sources(t *testing.T) []verilog.Source {
	t.Helper()
	all, err := verilog.Sources(fp.RTL, stce.RTL, sore.RTL, wuve.RTL, vector.RTL, norm.RTL, feed.RTL)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func rows(t *testing.T) []Row {
	t.Helper()
	text, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	all, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if again := Format(all); !bytes.Equal(again, text) {
		t.Error("the table is not what its rows are written as")
	}
	return all
}

// With SATSIM_GRID naming a folder the table is measured; netlists that lie there are not made again.
func TestGrid(t *testing.T) {
	if dir := os.Getenv("SATSIM_GRID"); dir != "" {
		measureGrid(t, dir)
	}
	all, grid := rows(t), Grid()
	for i, p := range grid {
		if i >= len(all) || all[i].Module != p.Module || all[i].Parameters != p.String() {
			t.Fatalf("line %d of the table is not %s %s", i+2, p.Module, p)
		}
	}
	if len(all) != len(grid) {
		t.Errorf("%d rows of %d points", len(all), len(grid))
	}
	text, err := os.ReadFile(made)
	if lines := strings.Split(string(text), "\n"); err != nil || len(lines) != 4 || lines[0] != command || !strings.HasPrefix(lines[1], "Yosys ") || lines[2] != verilog.SynthesisCommand {
		t.Errorf("%s does not say what made the table: %q (%v)", made, text, err)
	}
}

func measureGrid(t *testing.T, dir string) {
	version, err := verilog.SynthesisVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	src, grid := sources(t), Grid()
	all := make([]Row, len(grid))
	var together errgroup.Group
	together.SetLimit(2)
	for i, p := range grid {
		together.Go(func() error {
			text, err := Kept(t.Context(), dir, version, src, p)
			if err != nil {
				return err
			}
			all[i], err = Measure(p, text)
			t.Log(all[i])
			return err
		})
	}
	if err := together.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(table, Format(all), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(made, []byte(command+"\n"+version+"\n"+verilog.SynthesisCommand+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
}

// A netlist is kept under all that yosys is told to make it: another command, another order, or a line less is another key, and so is another parameter, which is in the script.
func TestKeysAreOfTheWholeScript(t *testing.T) {
	src, p := sources(t), Of("wuve_lane", "OPTIMISER", 1, "MUL", 3)
	d := p.design(src)
	script := d.Script(p.Parts()...)
	if got := keyOf(d, "yosys 1", script); got != p.key(src, "yosys 1") || !strings.HasPrefix(got, "wuve_lane-") {
		t.Errorf("%s", got)
	}
	for _, says := range []string{"read_verilog -defer ", " wuve_lane.v", "hierarchy -top wuve_lane -chparam OPTIMISER 1 -chparam MUL 3\n", "setattr -mod -set keep_hierarchy 1 *fp32_div*\n", verilog.SynthesisCommand + "\n", "\nflatten\n", "write_json netlist.json\n"} {
		if !strings.Contains(script, says) {
			t.Errorf("the script has no %q:\n%s", says, script)
		}
	}
	seen := map[string]bool{p.key(src, "yosys 1"): true}
	lines := strings.SplitAfter(script, "\n")
	lines = lines[:len(lines)-1]
	other := func(changed []string) {
		key := keyOf(d, "yosys 1", strings.Join(changed, ""))
		if seen[key] {
			t.Errorf("another script has the same key:\n%s", strings.Join(changed, ""))
		}
		seen[key] = true
	}
	for i := range lines {
		other(slices.Delete(slices.Clone(lines), i, i+1))
		changed := slices.Clone(lines)
		changed[i] = "# " + changed[i]
		other(changed)
	}
	swapped := slices.Clone(lines)
	swapped[1], swapped[2] = swapped[2], swapped[1]
	other(swapped)
}

// A netlist that is kept is taken for its own point, sources and tool, and for no other: what lies there is given back without a tool, which is not installed here.
func TestWhatIsKeptIsOfItsSources(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	dir, src, p := t.TempDir(), sources(t), Of("fp16_mul", "LATENCY", 2)
	if err := os.WriteFile(filepath.Join(dir, p.key(src, "yosys 1")+".json"), []byte("kept"), 0o666); err != nil {
		t.Fatal(err)
	}
	if text, err := Kept(t.Context(), dir, "yosys 1", src, p); err != nil || string(text) != "kept" {
		t.Errorf("%q, %v", text, err)
	}
	other := slices.Clone(src)
	for i := range other {
		if other[i].Name == "fp_delay.v" { // fp16_mul names it
			other[i].Text += "\n"
		}
	}
	for what, miss := range map[string]func() ([]byte, error){
		"another version": func() ([]byte, error) { return Kept(t.Context(), dir, "yosys 2", src, p) },
		"another point":   func() ([]byte, error) { return Kept(t.Context(), dir, "yosys 1", src, Of("fp16_mul", "LATENCY", 3)) },
		"another source":  func() ([]byte, error) { return Kept(t.Context(), dir, "yosys 1", other, p) },
	} {
		if text, err := miss(); err == nil || !strings.Contains(err.Error(), "yosys is not installed") {
			t.Errorf("%s: %q, %v", what, text, err)
		}
	}
}

// Two points measured again are what the table says.
func TestTheTableIsOfTheseSources(t *testing.T) {
	witness.Foreign(t)
	if verilog.Synthesis() != nil {
		witness.Missing(t, "yosys")
	}
	src := sources(t)
	for _, p := range []Point{Of("fp16_mul", "LATENCY", 2, "FLUSH", 1, "OPEN", 0), Of("fp32_to_fp16", "LATENCY", 2, "FLUSH", 1, "OPEN", 0)} {
		want, ok := Find(rows(t), p)
		if !ok {
			t.Fatalf("the table lacks %s %s", p.Module, p)
		}
		text, err := Synthesize(t.Context(), t.TempDir(), src, p)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Measure(p, text)
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s %s: %+v, in the table %+v", p.Module, p, got, want)
		}
	}
}

// At 200 MHz, 0.8 of the clock is 4 ns. What docs/rtl.md says of latencies is what the table says.
func TestFewestRegisters(t *testing.T) {
	all := rows(t)
	element := []string{"MAX_N=2", "MAX_M=8", "MAX_I=8", "LINK_W=4", "FLUSH=1", "SHADOW=1"}
	for _, c := range []struct {
		module, parameter string
		others            []string
		want              int // 0: none of those measured
	}{
		{"stce_uspe", "MUL_LATENCY", append([]string{"ADD_LATENCY=8"}, element...), 2},
		{"stce_uspe", "ADD_LATENCY", append([]string{"MUL_LATENCY=3"}, element...), 6},
		{"fp16_mul", "LATENCY", []string{"OPEN=0", "FLUSH=1"}, 1},
		{"fp32_add", "LATENCY", []string{"OPEN=0", "FLUSH=1"}, 5},
		{"fp32_mul", "LATENCY", []string{"OPEN=0", "FLUSH=1"}, 3},
		{"fp32_div", "LATENCY", []string{"OPEN=0", "FLUSH=1"}, 15},
		{"fp32_sqrt", "LATENCY", []string{"OPEN=0", "FLUSH=1"}, 14},
		{"fp32_to_fp16", "LATENCY", []string{"OPEN=0", "FLUSH=1"}, 2},
	} {
		if got, _ := Fewest(all, 4000, c.module, c.parameter, c.others...); got != c.want {
			t.Errorf("%s: %d, want %d", c.module, got, c.want)
		}
	}
}

// A lane of the vector unit and its work once a row hold the clock at the latencies of the default, and a lane does so with no register less.
func TestLanesOfTheVectorUnitHoldTheClock(t *testing.T) {
	all, d := rows(t), vector.Default()
	mul, add := d.Stages()
	found := 0
	for i := range all {
		r := &all[i]
		if !strings.HasPrefix(r.Module, "vector_") || !strings.Contains(r.Parameters, "FLUSH=1") {
			continue
		}
		latencies := fmt.Sprintf("MUL=%d ADD=%d ", mul, add)
		if r.Module == "vector_scalar" {
			latencies += fmt.Sprintf("DIVIDE=%d ", d.DivideLatency)
		}
		same := strings.Contains(r.Parameters, latencies)
		if same && r.Longest() > 4000 {
			t.Errorf("%s %s: %d ps", r.Module, r.Parameters, r.Longest())
		}
		if same {
			found++
		}
	}
	if found < 5 {
		t.Errorf("%d rows have the latencies of the default", found)
	}
	for _, less := range [][2]int{{mul - 1, add}, {mul, add - 1}} {
		r, ok := Find(all, Of("vector_lane", "STRIP", 32, "PLACE", 5, "BWORD", 9, "CWORD", 9, "SWORD", 9, "MUL", less[0], "ADD", less[1], "FLUSH", 1))
		if !ok || r.Longest() <= 4000 {
			t.Errorf("with %d registers of the multiplier and %d of the adder the longest path has %d ps", less[0], less[1], r.Longest())
		}
	}
}

// A lane of updates holds the clock as a whole at the latencies of the default.
func TestLanesOfUpdatesHoldTheClock(t *testing.T) {
	all, d := rows(t), wuve.Default()
	latencies := fmt.Sprintf(" MUL=%d ADD=%d DIV=%d SQRT=%d CONVERT=%d FLUSH=1 ", d.MulLatency, d.AddLatency, d.DivLatency, d.SqrtLatency, d.ConvertLatency)
	found := 0
	for i := range all {
		r := &all[i]
		if r.Module != "wuve_lane" || !strings.Contains(r.Parameters, latencies) {
			continue
		}
		found++
		t.Logf("%s: %d ps", r.Parameters, r.Longest())
		if r.Longest() >= 4000 {
			t.Errorf("%s: %d ps", r.Parameters, r.Longest())
		}
	}
	if found < 3 {
		t.Errorf("%d rows have the latencies of the default", found)
	}
}

// What a unit has beside elements and lanes (their operators are chosen by latency) is within 0.8 of 200 MHz, every port being a register of a neighbour.
func TestControlHoldsTheClock(t *testing.T) {
	all := rows(t)
	for i := range all {
		if r := &all[i]; !strings.HasPrefix(r.Module, "fp") && r.Module != "stce_uspe" && r.Module != "wuve_lane" && r.Module != "vector_lane" && r.Module != "vector_scalar" && r.Module != "norm_lane" {
			if r.Longest() > 4000 {
				t.Errorf("%s %s: %d ps", r.Module, r.Parameters, r.Longest())
			}
		}
	}
}
