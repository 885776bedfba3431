package rtl

import (
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// What a description for FuseSoC names is in the bundle; a target sets what its bench is told, and no two of its files are copied to one name.
func TestTheCoreIsWhole(t *testing.T) {
	b := made(t)
	var c struct {
		Filesets map[string]struct{ Files []any }
		Targets  map[string]struct {
			Filesets   []string
			Toplevel   string
			Parameters []string
		}
		Parameters map[string]struct{ Paramtype string }
	}
	if err := yaml.Unmarshal(b.Files["small.core"], &c); err != nil {
		t.Fatal(err)
	}
	for _, bench := range b.Benches {
		if c.Targets["sim-"+bench.Unit].Toplevel != bench.Design.Top {
			t.Errorf("no target simulates %s", bench.Unit)
		}
		for _, a := range bench.Args {
			if !slices.Contains(c.Targets["sim-"+bench.Unit].Parameters, strings.TrimPrefix(a, "+")) {
				t.Errorf("sim-%s lacks %s", bench.Unit, a)
			}
		}
	}
	for name, target := range c.Targets {
		to := map[string]bool{}
		for _, set := range target.Filesets {
			if len(c.Filesets[set].Files) == 0 {
				t.Errorf("%s: no files in %q", name, set)
			}
			for _, f := range c.Filesets[set].Files {
				file, copied := "", ""
				switch f := f.(type) {
				case string:
					file, copied = f, f
				case map[string]any:
					for k, v := range f {
						file, copied = k, k
						if as, ok := v.(map[string]any)["copyto"].(string); ok {
							copied = as
						}
					}
				}
				if len(b.Files[file]) == 0 || to[copied] {
					t.Errorf("%s: %q is not in the bundle, or %q is of another file too", name, file, copied)
				}
				to[copied] = true
			}
		}
		for _, p := range target.Parameters {
			if key, _, _ := strings.Cut(p, "="); c.Parameters[key].Paramtype == "" {
				t.Errorf("%s sets %s, which is of no type", name, p)
			}
		}
	}
}

// make synth makes what --synth does, of the architecture's sizes.
func TestTheMakefileSynthesizesModules(t *testing.T) {
	text := string(made(t).Files["Makefile"])
	modules, err := Modules(design(), "", options())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range modules {
		rule := regexp.MustCompile(`(?m)^build/synth/` + m.file() + `\.txt: .*\n.*\n.*-top ` + m.Point.Module + `( -chparam \w+ \d+)*; .*` + regexp.QuoteMeta(verilog.SynthesisCommand) + ";.*").FindString(text)
		if rule == "" {
			t.Errorf("no rule makes %s", m.Point.Module)
		}
		script := verilog.SynthesisScript(verilog.Design{Top: m.Point.Module, Parameters: m.Point.Parameters}, "", "build/synth/"+m.file()+".json", m.Point.Parts()...)
		for _, command := range script[1:] { // behind what is read
			if !strings.Contains(rule, "; "+command+"; ") {
				t.Errorf("%s is made without %q, which --synth does", m.Point.Module, command)
			}
		}
		for _, p := range m.Point.Parameters {
			if !strings.Contains(rule, " -chparam "+p.Name+" ") {
				t.Errorf("%s is made without %s", m.Point.Module, p.Name)
			}
		}
	}
	if len(modules) != 35 || strings.Contains(text, "-top stce -chparam") || !strings.Contains(text, "-chparam ROWS 32 ") {
		t.Errorf("%d modules; the array is made as one, or not as large as it is", len(modules))
	}
}

// A lane of updates by parts, as --synth has it.
func TestTheMakefileMakesALaneOfUpdatesByParts(t *testing.T) {
	text := string(made(t).Files["Makefile"])
	for _, part := range []string{"fp32_mul", "fp32_add", "fp32_div", "fp32_sqrt", "fp32_to_fp16"} {
		if !regexp.MustCompile(`-top wuve_lane .*; setattr -mod -set keep_hierarchy 1 \*` + part + `\*; .*; flatten; write_json`).MatchString(text) {
			t.Errorf("%s is not made by itself", part)
		}
	}
}

// make lint reads the top and the benches at the size of the benches, and modules at the architecture's own sizes.
func TestTheMakefileLintsAllSizes(t *testing.T) {
	b := made(t)
	text := string(b.Files["Makefile"])
	modules, err := Modules(design(), "", options())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range modules {
		rule := "--top-module " + m.Point.Module
		for _, p := range m.Point.Parameters {
			rule += fmt.Sprintf(" -G%s=%d", p.Name, p.Value)
		}
		if !strings.Contains(text, "verilator --lint-only -Wall -Irtl "+rule+" $(RTL)\n") {
			t.Errorf("%s is not linted as the architecture has it", m.Point.Module)
		}
	}
	for _, bench := range b.Benches {
		if !regexp.MustCompile(`verilator --lint-only -Wall --timing .*--top-module ` + bench.Design.Top + ` .*\$\(BENCH\)`).MatchString(text) {
			t.Errorf("%s is not linted", bench.Design.Top)
		}
	}
}

// What make lint says of a small bundle is nothing.
func TestTheMakefileLintsClean(t *testing.T) {
	witness.Foreign(t)
	if verilog.Verilator().Missing() != nil {
		witness.Missing(t, "verilator")
	}
	s := design()
	s.STCE.Rows, s.STCE.Cols, s.WUVE.Lanes, s.Vector.Lanes = 3, 2, 2, 2
	b, err := New(s, options())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "out")
	if err := b.Write(dir); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), "make", "-s", "lint")
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

// A reset is taken through registers in the top, so that a path from its port that is not timed ends there; inputs are those without the clock.
func TestConstraintsLeaveOutTheClockAndTheFirstRegisterOfReset(t *testing.T) {
	b := made(t)
	xdc, top := string(b.Files["constraints/satsim.xdc"]), string(b.Files["rtl/satsim_top.v"])
	if strings.Contains(xdc, "[all_inputs]") || !strings.Contains(xdc, "set_input_delay  -clock clk 0.5 [get_ports -filter {DIRECTION == IN && NAME != clk && NAME != rst}]") {
		t.Errorf("inputs have the clock among them:\n%s", xdc)
	}
	if !strings.Contains(xdc, "set_false_path -from [get_ports rst] -to [get_pins {rst_in_reg[0]/D}]") || !strings.Contains(top, "rst_in <= {rst_in[0], rst};") {
		t.Errorf("a reset is not timed behind its first register:\n%s", xdc)
	}
	if n := strings.Count(top, ".rst(rst_in[1])"); n != 5 || strings.Contains(top, ".rst(rst)") {
		t.Errorf("%d units have the reset behind registers", n)
	}
	if !strings.Contains(top, "until three cycles after it has fallen") {
		t.Error("the head does not say how long inputs stay quiet")
	}
}

// What the widths of ports are made of stands in the table of parameters of their unit, and every register has a meaning.
func TestTheReadmeSaysAllOfPorts(t *testing.T) {
	b := made(t)
	text := string(b.Files["README.md"])
	for _, unit := range strings.Split(text, "\n## ")[1:] {
		row := regexp.MustCompile(`(?m)^\| (\w+) \| (?:input|output) \| (.*) \|$`)
		for _, port := range row.FindAllStringSubmatch(unit, -1) {
			for _, name := range regexp.MustCompile(`[A-Z]\w*`).FindAllString(port[2], -1) {
				if !strings.Contains(unit, "\n| "+name+" | ") {
					t.Errorf("%.10s: port %s has a width of %s, which is not said", unit, port[1], name)
				}
			}
		}
	}
	for _, r := range regexp.MustCompile(`(?m)^\| \d+ \| (STCE_\w+) \| (.*) \|$`).FindAllStringSubmatch(text, -1) {
		if r[2] == "" || strings.HasSuffix(r[1], "_WORDS") {
			t.Errorf("%s is no register, or nobody says of what: %q", r[1], r[2])
		}
	}
	for _, said := range []string{"| STCE_SUM |", "fold to the next {1, 0, column class, next column class}", "That of sore_control:", "| ADDR_W | 16 |"} {
		if !strings.Contains(text, said) {
			t.Errorf("the README does not say %q", said)
		}
	}
	for name := range b.Files {
		if dir, _ := path.Split(name); dir == "waves/" && strings.HasSuffix(name, ".svg") && !strings.Contains(text, "("+name+")") {
			t.Errorf("the README does not show %s", name)
		}
	}
}

// Without a sorter, and a normaliser, an architecture still updates its weights.
func TestADenseArchitectureUpdates(t *testing.T) {
	s := design()
	s.SORE.Lanes, s.Norm.Lanes = 0, 0
	b, err := New(s, options())
	if err != nil {
		t.Fatal(err)
	}
	var units []string
	for _, bench := range b.Benches {
		units = append(units, bench.Unit)
	}
	if !slices.Equal(units, []string{"stce", "wuve", "vector"}) || len(b.Files["rtl/wuve_lane.v"]) == 0 || len(b.Files["rtl/sore.v"]) > 0 {
		t.Errorf("%v", units)
	}
}

// Where a board has several dies, every column of the array is on one of them, whole and in order; by the instances' names in the Verilog.
func TestColumnsAreSplitOverDies(t *testing.T) {
	s := design()
	s.STCE.Cols, s.Board.Device.Dies = 8, 3
	text, want := constraints(s), ""
	for c, die := range []int{0, 0, 1, 1, 1, 2, 2, 2} { // ends at 8/3 and 16/3 columns, rounded down
		want += fmt.Sprintf("# add_cells_to_pblock die%d [get_cells {stce_0/col[%d].column stce_0/array/row[*].col[%d].*element}]\n", die, c, c)
	}
	got := ""
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "# add_cells") {
			got += line
		}
	}
	if got != want {
		t.Errorf("%s\nwant\n%s", text, want)
	}
	b := made(t)
	for file, instances := range map[string][]string{
		"rtl/satsim_top.v": {") stce_0 ("}, "rtl/stce.v": {": col\n", ") column (", ") array ("}, "rtl/stce_array.v": {": row\n", ": col\n", ") element ("},
	} {
		for _, i := range instances {
			if !strings.Contains(string(b.Files[file]), i) {
				t.Errorf("%s has no %q", file, i)
			}
		}
	}
}
