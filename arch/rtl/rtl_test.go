package rtl

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"satsim/arch/fp"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

func design() *spec.Spec {
	s := &spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.Name = "small"
	s.STCE.MaxN, s.STCE.MaxM, s.SORE.MaxN, s.SORE.MaxM, s.SORE.Lanes = 2, 4, 2, 4, 3
	s.STCE.AddLatency, s.STCE.MaxInterleave = 3, 2
	s.WUVE.Optimiser = word.Momentum
	s.Norm.Lanes, s.Norm.Channels = 3, 40
	return s
}

func options() Options { return Options{Seed: 7, Tiles: 8, Side: 2, Read: 2} }

func made(t *testing.T) *Bundle {
	t.Helper()
	b, err := New(design(), options())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func icarus(t *testing.T) []verilog.Simulator {
	t.Helper()
	s := verilog.Icarus()
	if s.Missing() != nil {
		witness.Missing(t, s.Name)
	}
	return []verilog.Simulator{s}
}

func TestTheSameBytesEveryTime(t *testing.T) {
	a, b := made(t), made(t)
	if !maps.EqualFunc(a.Files, b.Files, bytes.Equal) {
		t.Error("two bundles of one architecture differ")
	}
	for _, want := range []string{"Makefile", "README.md", "small.core", "constraints/satsim.xdc", "rtl/satsim_top.v", "rtl/satsim_params.vh", "rtl/stce.v", "rtl/sore.v",
		"rtl/fp32_add.v", "bench/stce_bench.v", "bench/stce/stce_bench.txt", "bench/sore/edges.hex", "rtl/wuve.v", "bench/wuve/jobs.hex", "rtl/vector.v", "bench/vector/words.hex", "waves/stce-os-f.svg", "waves/stce-ws-t.json", "CONTRACT.md", "bundle.json"} {
		if len(a.Files[want]) == 0 {
			t.Errorf("no %s", want)
		}
	}
	o := options()
	o.Seed++
	if c, err := New(design(), o); err != nil || bytes.Equal(c.Files["bench/stce/stce_bench.txt"], a.Files["bench/stce/stce_bench.txt"]) {
		t.Errorf("%v; another seed makes the same tiles", err)
	}
}

// All that synthesis is to read is clean, at the size of the bench.
func TestTheTopIsClean(t *testing.T) {
	witness.Foreign(t)
	if verilog.Verilator().Missing() != nil {
		witness.Missing(t, "verilator")
	}
	b, d := made(t), verilog.Design{Top: "satsim_top"}
	for _, name := range slices.Sorted(maps.Keys(b.Files)) {
		if strings.HasPrefix(name, "rtl/") {
			d.Sources = append(d.Sources, verilog.Source{Name: filepath.Base(name), Text: string(b.Files[name])})
		}
	}
	d.Parameters = []verilog.Parameter{{Name: "STCE_ROWS", Value: 2}, {Name: "STCE_COLS", Value: 3}}
	if out, err := verilog.Lint(t.Context(), t.TempDir(), d); err != nil || strings.TrimSpace(out) != "" {
		t.Errorf("%v\n%s", err, out)
	}
}

// outcomes are those of a check.
func outcomes(t *testing.T, b *Bundle, simulators []verilog.Simulator) (all []Outcome) {
	t.Helper()
	if err := b.Check(t.Context(), t.TempDir(), simulators, func(o Outcome) { all = append(all, o) }); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCheckIsEqual(t *testing.T) {
	witness.Foreign(t)
	outcomes := outcomes(t, made(t), icarus(t))
	if len(outcomes) != 5 {
		t.Fatalf("%d outcomes", len(outcomes))
	}
	for _, o := range outcomes {
		if o.Differs != nil || o.Equal != options().Tiles {
			t.Errorf("%+v: %v", o, o.Differs)
		}
	}
}

// The array hides what its buffers take, whatever it is within the contract: in the fastest and the slowest the same tiles are equal.
func TestBuffersMayTakeOneToThreeCycles(t *testing.T) {
	witness.Foreign(t)
	for _, read := range []int{1, MostRead} {
		o := options()
		o.Read = read
		b, err := New(design(), o)
		if err != nil {
			t.Fatal(err)
		}
		b.Benches = b.Benches[:1]
		if !slices.Contains(b.Benches[0].Design.Parameters, verilog.Parameter{Name: "READ_LATENCY", Value: int64(read)}) {
			t.Errorf("%v", b.Benches[0].Design.Parameters)
		}
		if all := outcomes(t, b, icarus(t)); len(all) != 1 || all[0].Unit != "stce" || all[0].Differs != nil {
			t.Errorf("%d cycles: %+v", read, all)
		}
	}
	for _, read := range []int{0, MostRead + 1} {
		o := options()
		o.Read = read
		if _, err := New(design(), o); err == nil || !strings.Contains(err.Error(), "1 to 3 are accepted") {
			t.Errorf("%d cycles: %v", read, err)
		}
	}
}

// A fault in the rounding of the adder, and one in the sorter's comparison: each is found in the unit that has it, and named by port and bit.
func TestCheckNamesWhatDiffers(t *testing.T) {
	witness.Foreign(t)
	b := made(t)
	for i := range b.Benches {
		sources := slices.Clone(b.Benches[i].Design.Sources)
		for k := range sources {
			for _, fault := range [][3]string{
				{"fp32_add.v", "guard & (rest | frac9[0])", "1'b1"},
				{"sore_lane.v", "(~is_full | key > pair[14:0]);", "(~is_full | key >= pair[14:0]);"},
			} {
				if sources[k].Name == fault[0] {
					text := strings.Replace(sources[k].Text, fault[1], fault[2], 1)
					if text == sources[k].Text {
						t.Errorf("%s has no %q", fault[0], fault[1])
					}
					sources[k].Text = text
				}
			}
		}
		b.Benches[i].Design.Sources = sources
	}
	outcomes := outcomes(t, b, icarus(t))
	if d := outcomes[0].Differs; d == nil || d.Port != "south" || d.Is == d.Want || d.Cycle < 1 || d.Tile < 0 {
		t.Errorf("stce: %+v", d)
	}
	if d := outcomes[1].Differs; d == nil || d.Port != "out_index" || d.Is == d.Want || d.Cycle < 1 || d.Tile >= 0 {
		t.Errorf("sore: %+v", d)
	}
}

// Subnormals are flushed or not: whichever the architecture has not is found in the bench of the array, whose numbers have them.
func TestSpecialNumbersAreCompared(t *testing.T) {
	witness.Foreign(t)
	for _, f := range []fp.Subnormals{fp.Flush, fp.IEEE} {
		d := design()
		d.STCE.Subnormals = f
		b, err := New(d, options())
		if err != nil {
			t.Fatal(err)
		}
		b.Benches = b.Benches[:1]
		parameters := slices.Clone(b.Benches[0].Design.Parameters)
		at := slices.IndexFunc(parameters, func(p verilog.Parameter) bool { return p.Name == "FLUSH" })
		parameters[at].Value = 1 - parameters[at].Value
		b.Benches[0].Design.Parameters = parameters
		if all := outcomes(t, b, icarus(t)); len(all) != 1 || all[0].Unit != "stce" || all[0].Differs == nil {
			t.Errorf("%v in the model, the other in Verilog: %+v", f, all)
		} else {
			t.Logf("%v in the model: %v", f, all[0].Differs)
		}
	}
}

// What the benches print, by hand: 3c01 and 3c04 first differ in bit 0, 3c00 and 3c08 in bit 3, an undefined digit in its lowest. The array's bench has tiles, the others run their jobs as one; counts, sums
// and what is in the output buffers are compared in the end, and of no cycle. The array's counts are those of stce.v, the eleventh that of empty cycles.
func TestDifferences(t *testing.T) {
	for text, want := range map[string]struct {
		of    Difference
		reads string
	}{
		"tile 3 cycle 17 south 2: 3c00, not 3c08\n":               {Difference{Tile: 3, Cycle: 17, Port: "south", Lane: 2, Bit: 3, Is: "3c00", Want: "3c08"}, "tile 3, cycle 17, south 2, bit 3: 3c00 in Verilog, 3c08 in the model"},
		"tile 0 cycle 4 west 1: 00xx, not 0012\n":                 {Difference{Cycle: 4, Port: "west", Lane: 1, Is: "00xx", Want: "0012"}, "tile 0, cycle 4, west 1, bit 0: 00xx in Verilog, 0012 in the model"},
		"tile 4 cycle 9 count 10: 12, not 14\n":                   {Difference{Tile: 3, End: true, Port: "count of empty", Lane: -1, Bit: 1, Is: "12", Want: "14"}, "after tile 3, count of empty, bit 1: 12 in Verilog, 14 in the model"},
		"tile 4 cycle 9 output 1: 12, not 13\n":                   {Difference{Tile: 3, End: true, Port: "output buffer", Lane: 1, Is: "12", Want: "13"}, "after tile 3, output buffer 1, bit 0: 12 in Verilog, 13 in the model"},
		"cycle 9, value, lane 5: 3c01, want 3c04\nmore":           {Difference{Tile: -1, Cycle: 9, Port: "value", Lane: 5, Is: "3c01", Want: "3c04"}, "cycle 9, value 5, bit 0: 3c01 in Verilog, 3c04 in the model"},
		"replay tile 3 cycle 17 south 2: 3c00, not 3c08\n":        {Difference{Tile: 3, Replay: true, Cycle: 17, Port: "south", Lane: 2, Bit: 3, Is: "3c00", Want: "3c08"}, "tile 3, replay after a reset, cycle 17, south 2, bit 3: 3c00 in Verilog, 3c08 in the model"},
		"replay cycle -2, busy, lane 0: 1, want 0\nmore":          {Difference{Tile: -1, Replay: true, Cycle: -2, Port: "busy", Is: "1", Want: "0"}, "replay after a reset, cycle -2, busy 0, bit 0: 1 in Verilog, 0 in the model"},
		"replay cycle 187, sum 0, lane 3: 00f, want 00e\nmore":    {Difference{Tile: -1, Replay: true, End: true, Port: "sum 0", Lane: 3, Is: "00f", Want: "00e"}, "after the last job, sum 0 3, bit 0: 00f in Verilog, 00e in the model"},
		"cycle 187, count of groups, lane 0: 00f, want 00e\nmore": {Difference{Tile: -1, End: true, Port: "count of groups", Lane: -1, Is: "00f", Want: "00e"}, "after the last job, count of groups, bit 0: 00f in Verilog, 00e in the model"},
		"cycle 187, sum 1, lane 3: 00f, want 00e\nmore":           {Difference{Tile: -1, End: true, Port: "sum 1", Lane: 3, Is: "00f", Want: "00e"}, "after the last job, sum 1 3, bit 0: 00f in Verilog, 00e in the model"},
	} {
		var o Outcome
		if err := o.read(text, 8); err != nil || o.Differs == nil || *o.Differs != want.of || o.Differs.String() != want.reads {
			t.Errorf("%q: %v %+v: %v", text, err, o.Differs, o.Differs)
		}
	}
	var o Outcome
	if err := o.read("equal: 197 cycles, 8 jobs, 176 slots\n", 8); err != nil || o.Differs != nil || o.Equal != 8 {
		t.Errorf("%v %+v", err, o)
	}
	for _, text := range []string{"", "equal: 7 tiles\n", "segmentation fault"} {
		if err := o.read(text, 8); err == nil {
			t.Errorf("%q is a verdict", text)
		}
	}
}

func TestWhatNoVerilogIsIsRefused(t *testing.T) {
	s := design()
	s.STCE.Drain, s.STCE.PartialSums = stce.DrainHidden, stce.SumsFree
	_, err := New(s, options())
	if err == nil || !strings.Contains(err.Error(), "stce.drain: hidden") || !strings.Contains(err.Error(), "stce.partial_sums: free") {
		t.Errorf("%v", err)
	}
	s.Vector.PipelineLatency, s.FPGA.GroupStorage = 4, spec.StorageFF
	_, err = New(s, options())
	want := []string{"no Verilog for this architecture: stce.drain: hidden", "\nstce.partial_sums: free", "\nfpga.group_storage: an element's files are lutram, not ff", "\nvector.pipeline_latency: 4"}
	for _, key := range want {
		if err == nil || strings.Count(err.Error(), key) != 1 {
			t.Errorf("%q is not said once: %v", key, err)
		}
	}
	s = design()
	s.FPGA.GroupStorage = spec.StorageFF
	if _, err := New(s, options()); err == nil || !strings.Contains(err.Error(), "fpga.group_storage: an element's files are lutram, not ff") {
		t.Errorf("%v", err)
	}
	if _, err := Modules(s, "", options()); err == nil || !strings.Contains(err.Error(), "fpga.group_storage") {
		t.Errorf("%v", err)
	}
	for width, ok := range map[int]bool{1: true, 2: true, 3: false, 4: true, 6: false, 8: true, 12: false} {
		s = design()
		s.STCE.LinkWidth = width
		_, err := Modules(s, "stce", options())
		if said := fmt.Sprintf("stce.link_width: %d divides in every element; 1, 2, 4, 8, ... are accepted", width); ok && err != nil || !ok && (err == nil || !strings.Contains(err.Error(), said)) {
			t.Errorf("%v, want %q: %v", err, said, !ok)
		}
	}
	// 32 banks of 64 bits: 256 bytes a word of all, 16 MiB at 65,536.
	s = design()
	if s.Buffers.West.Capacity = 16 << 20; buildable(s) != nil {
		t.Errorf("%v", buildable(s))
	}
	s.Buffers.West.Capacity, s.Buffers.North.Capacity, s.Buffers.Output.Capacity = 256<<20, 16<<20, 16<<20
	err = buildable(s)
	for _, key := range []string{
		"buffers.west.capacity: 256MiB in 32 banks of 64 bits, 1048576 words a row; the array's addresses reach 65,536 words a row, 16MiB is accepted",
		"\nbuffers.north.capacity: 16MiB in 32 banks of 32 bits, 131072 words a row; the array's addresses reach 65,536 words a row, 8MiB is accepted",
		"\nbuffers.output.capacity: 16MiB",
	} {
		if err == nil || strings.Count(err.Error(), key) != 1 {
			t.Errorf("%q is not said once: %v", key, err)
		}
	}
}

// Nothing is spared a warning without a reason: a comment on the line of a lint_off, or on one beside it, and a line of the Makefile for what benches are spared.
func TestEveryWaiverHasAReason(t *testing.T) {
	files, waived := made(t).Files, 0
	for name, text := range files {
		if !strings.HasSuffix(name, ".v") {
			continue
		}
		lines := strings.Split(string(text), "\n")
		for i, line := range lines {
			if !strings.Contains(line, "lint_off") {
				continue
			}
			waived++
			if !strings.Contains(strings.Join(lines[max(0, i-1):min(len(lines), i+2)], "\n"), "//") {
				t.Errorf("%s:%d: no reason for%s", name, i+1, line)
			}
		}
	}
	if waived < 40 {
		t.Errorf("%d waivers were looked at", waived)
	}
	spared := regexp.MustCompile(`--timing( -Wno-[A-Z]+)+`).FindString(string(files["Makefile"]))
	for _, w := range regexp.MustCompile(`-Wno-([A-Z]+)`).FindAllStringSubmatch(spared, -1) {
		if !regexp.MustCompile(`(?m)^#   ` + w[1] + `: \S`).Match(files["Makefile"]) {
			t.Errorf("the Makefile has no reason for %s", w[0])
		}
	}
	if strings.Count(spared, "-Wno-") != 5 {
		t.Errorf("benches are spared %q", spared)
	}
}

// A bundle is replaced by another only as it was written; what the Makefile built does not count.
func TestOnlyAnUnchangedBundleIsReplaced(t *testing.T) {
	b, dir := made(t), filepath.Join(t.TempDir(), "out")
	if err := b.Write(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "build"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "build", "log"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := b.Write(dir); err != nil {
		t.Errorf("an unchanged one: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "rtl", "fp32_add.v"), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := b.Write(dir); err == nil || !strings.Contains(err.Error(), "rtl/fp32_add.v was changed, since") {
		t.Errorf("a changed one: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "rtl", "sore.v")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := b.Write(dir); err == nil || !strings.Contains(err.Error(), "notes.txt was added, rtl/fp32_add.v was changed, rtl/sore.v is missing, since the bundle was written; it is not replaced") {
		t.Errorf("one with a file more, and one less: %v", err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "rtl", "fp32_add.v")); err != nil || string(text) != "mine" {
		t.Errorf("%v: %q", err, text)
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "thesis.tex"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := b.Write(other); err == nil || !strings.Contains(err.Error(), "holds other files") {
		t.Errorf("somebody's folder: %v", err)
	}
}

// A bundle's list of files as the first layout has it (docs/formats.md) is still read: an unchanged bundle is told from a changed one by it.
func TestAKeptBundleIsRead(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/bundle-1")); err != nil {
		t.Fatal(err)
	}
	if err := unchanged(dir); err != nil {
		t.Errorf("as it was kept: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "rtl", "kept.v"), []byte("// mine\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := unchanged(dir); err == nil || !strings.Contains(err.Error(), "rtl/kept.v was changed") {
		t.Errorf("changed: %v", err)
	}
}
