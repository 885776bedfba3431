package rtl

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"satsim/internal/verilog"
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
	modules, err := Modules(design(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range modules {
		rule := regexp.MustCompile(`(?m)^build/synth/` + m.Point.Module + `\.txt: .*\n.*\n.*-top ` + m.Point.Module + `( -chparam \w+ \d+)*; ` + regexp.QuoteMeta(verilog.SynthesisCommand) + ";").FindString(text)
		if rule == "" {
			t.Errorf("no rule makes %s", m.Point.Module)
		}
		for _, p := range m.Point.Parameters {
			if !strings.Contains(rule, " -chparam "+p.Name+" ") {
				t.Errorf("%s is made without %s", m.Point.Module, p.Name)
			}
		}
	}
	if len(modules) != 20 || strings.Contains(text, "-top stce -chparam") || !strings.Contains(text, "-chparam ROWS 32 ") {
		t.Errorf("%d modules; the array is made as one, or not as large as it is", len(modules))
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

// Without a sorter an architecture still updates its weights.
func TestADenseArchitectureUpdates(t *testing.T) {
	s := design()
	s.SORE.Lanes = 0
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
		want += fmt.Sprintf("# add_cells_to_pblock die%d [get_cells {stce_0/col[%d].column stce_0/array/row[*].col[%d].element}]\n", die, c, c)
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
