package rtl

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"satsim/arch/spec"
	"satsim/internal/verilog"
)

// plus is a number as a bench is told of it.
func plus(name string, v int) string { return fmt.Sprintf("+%s=%d", name, v) }

// flags writes parameters for a tool.
func flags(format string, ps []verilog.Parameter) string {
	var b strings.Builder
	for _, p := range ps {
		fmt.Fprintf(&b, " "+format, p.Name, p.Value)
	}
	return b.String()
}

// args are what a bench is told, for a shell.
func args(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return " " + strings.Join(all, " ")
}

// small are the parameters of the module at the size of its bench.
func (r *room) small() []verilog.Parameter {
	var all []verilog.Parameter
	for _, p := range r.bench.parameters {
		if slices.ContainsFunc(r.parameters, func(q verilog.Parameter) bool { return q.Name == p.Name }) {
			all = append(all, p)
		}
	}
	return all
}

// lintFlags make the top as small as the benches: what there is to say of a module is said of one.
func lintFlags(rs []room) string {
	s := ""
	for _, r := range rs {
		s += flags("-G"+strings.ToUpper(r.unit)+"_%s=%d", r.small())
	}
	return s
}

// waiver is a warning that a bench is spared, and why.
type waiver struct{ warning, reason string }

// benchWaivers are what of a bench is not warned of.
func benchWaivers() []waiver {
	return []waiver{
		{"TIMESCALEMOD", "a module has a time scale only where it counts time"},
		{"BLKSEQ", "files are read, and what is expected is worked out, by blocking assignments, in the order of the text"},
		{"UNUSEDSIGNAL", "a word of a file has whole digits, and a field more bits than some port that it goes to"},
		{"WIDTH", "integers, which have 32 bits, are cut and extended"},
		{"PINCONNECTEMPTY", "a buffer that only gives leaves open the port at which the bench looks into others"},
	}
}

// reasons say why benches are spared their warnings, for the Makefile.
func reasons() string {
	s := ""
	for _, w := range benchWaivers() {
		s += fmt.Sprintf("#   %s: %s\n", w.warning, w.reason)
	}
	return s
}

// linted are the rules that lint what has a size: the top and the benches as small as the benches are, and the units' modules as the architecture has them, one of each. The top as
// large as that is Verilator's work of many minutes.
func linted(rs []room, modules []Module) string {
	spared := "--timing"
	for _, w := range benchWaivers() {
		spared += " -Wno-" + w.warning
	}
	s := fmt.Sprintf("\tverilator --lint-only -Wall -Irtl --top-module satsim_top%s $(RTL)\n", lintFlags(rs))
	for _, m := range modules {
		s += fmt.Sprintf("\tverilator --lint-only -Wall -Irtl --top-module %s%s $(RTL)\n", m.Point.Module, flags("-G%s=%d", m.Point.Parameters))
	}
	for _, r := range rs {
		s += fmt.Sprintf("\tverilator --lint-only -Wall %s -Irtl --top-module %s%s $(RTL) $(BENCH)\n", spared, r.bench.module, flags("-G%s=%d", r.bench.parameters))
	}
	return s
}

// makefile runs the tools that Check and Synthesize run, in the same way.
func makefile(rs []room, modules []Module) string {
	var b strings.Builder
	all := func(prefix string) string {
		s := ""
		for _, r := range rs {
			s += " " + prefix + r.unit
		}
		return s
	}
	fmt.Fprintf(&b, `# make sim    the benches in Icarus Verilog        make simv   in Verilator
# make wave   their signals: build/UNIT/wave.vcd   make lint   Verilator's warnings: of the top and the benches at the size of the benches, of modules at the architecture's
# make synth  the units' modules in yosys, for UltraScale+, as the architecture has them and one of each: build/synth/MODULE.txt and .json
#
# Debian: apt-get install iverilog verilator g++ make yosys. What is made goes to build. make -j2 does two at a time.

RTL := $(wildcard rtl/*.v)
BENCH := $(wildcard bench/*.v)

.PHONY: sim simv wave synth lint clean%s%s%s%s
sim:%s
simv:%s
wave:%s
synth:%s
# What benches are not warned of:
%slint:
%sclean:
	rm -rf build
`, all("sim-"), all("simv-"), all("wave-"), all("synth-"), all("sim-"), all("simv-"), all("wave-"), all("synth-"), reasons(), linted(rs, modules))
	for _, r := range rs {
		made, rules := r.synthesis(modules)
		fmt.Fprintf(&b, `
build/%[1]s/sim.vvp: $(RTL) $(BENCH)
	mkdir -p build/%[1]s
	iverilog -g2005 -Wall -Wno-timescale -Irtl -s %[2]s%[3]s -o $@ $(RTL) $(BENCH)

sim-%[1]s: build/%[1]s/sim.vvp
	cd bench/%[1]s && vvp -n ../../build/%[1]s/sim.vvp%[5]s >../../build/%[1]s/sim.txt
	@cat build/%[1]s/sim.txt
	@grep -q '^equal: ' build/%[1]s/sim.txt

wave-%[1]s: build/%[1]s/sim.vvp
	cd bench/%[1]s && vvp -n ../../build/%[1]s/sim.vvp%[5]s +vcd=../../build/%[1]s/wave.vcd

simv-%[1]s:
	mkdir -p build/%[1]s
	verilator --binary --timing -MAKEFLAGS "%[8]s" -Wno-fatal -Wno-lint -Wno-style -Irtl --top-module %[2]s%[4]s -Mdir build/%[1]s/verilated -o sim $(RTL) $(BENCH)
	cd bench/%[1]s && ../../build/%[1]s/verilated/sim%[5]s >../../build/%[1]s/simv.txt
	@cat build/%[1]s/simv.txt
	@grep -q '^equal: ' build/%[1]s/simv.txt

synth-%[1]s:%[6]s
%[7]s`, r.unit, r.bench.module, flags("-P"+r.bench.module+".%s=%d", r.bench.parameters), flags("-G%s=%d", r.bench.parameters), args(r.bench.args), made, rules, strings.Join(verilog.VerilatorMake(), " "))
	}
	return b.String()
}

// synthesis is what yosys makes of a unit's modules, and the rules that make it.
func (r *room) synthesis(modules []Module) (made, rules string) {
	for _, m := range modules {
		if m.Unit != r.unit {
			continue
		}
		made += " build/synth/" + m.file() + ".txt"
		script := verilog.SynthesisScript(verilog.Design{Top: m.Point.Module, Parameters: m.Point.Parameters}, "-Irtl $(RTL)", "build/synth/"+m.file()+".json", m.Point.Parts()...)
		rules += fmt.Sprintf(`
build/synth/%[1]s.txt: $(RTL)
	mkdir -p build/synth
	yosys -q -p "%[2]s; tee -o $@ stat"
	cat $@
`, m.file(), strings.Join(script, "; "))
	}
	return made, rules
}

// core is the description for FuseSoC, of the format CAPI2.
func core(name string, rs []room, rtl, bench []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CAPI=2:\n# Written after the format's documentation, and not run by FuseSoC yet: fusesoc --cores-root . run --target sim-%s satsim:satsim:%s\nname: satsim:satsim:%s:1.0.0\ndescription: Units of %s\n\nfilesets:\n  rtl:\n    files:\n",
		rs[0].unit, name, name, name)
	list := func(dir string, names []string) {
		for _, n := range names {
			more := ""
			if strings.HasSuffix(n, ".vh") {
				more = ": {is_include_file: true}"
			}
			fmt.Fprintf(&b, "      - %s/%s%s\n", dir, n, more)
		}
		b.WriteString("    file_type: verilogSource-2005\n")
	}
	list("rtl", rtl)
	b.WriteString("  bench:\n    files:\n")
	list("bench", bench)
	for _, r := range rs {
		fmt.Fprintf(&b, "  cases-%s:\n    files:\n", r.unit)
		for _, name := range slices.Sorted(maps.Keys(r.bench.files)) {
			fmt.Fprintf(&b, "      - bench/%s/%s: {copyto: %s}\n", r.unit, name, name)
		}
		b.WriteString("    file_type: user\n")
	}
	b.WriteString("  constraints:\n    files:\n      - constraints/satsim.xdc: {file_type: xdc}\n\ntargets:\n  default:\n    filesets: [rtl]\n    toplevel: satsim_top\n")
	kinds := map[string]string{}
	set := func(kind, name string, value any) {
		kinds[name] = kind
		fmt.Fprintf(&b, "      - %s=%v\n", name, value)
	}
	for _, r := range rs {
		fmt.Fprintf(&b, "  sim-%s:\n    default_tool: icarus\n    filesets: [rtl, bench, cases-%s]\n    toplevel: %s\n    tools:\n      icarus: {iverilog_options: [-g2005]}\n    parameters:\n", r.unit, r.unit, r.bench.module)
		for _, p := range r.bench.parameters {
			set("vlogparam", p.Name, p.Value)
		}
		for _, a := range r.bench.args {
			name, value, _ := strings.Cut(strings.TrimPrefix(a, "+"), "=")
			set("plusarg", name, value)
		}
	}
	b.WriteString("  lint:\n    default_tool: verilator\n    filesets: [rtl]\n    toplevel: satsim_top\n    tools:\n      verilator: {mode: lint-only, verilator_options: [-Wall]}\n    parameters:\n")
	for _, r := range rs {
		for _, p := range r.small() {
			set("vlogparam", strings.ToUpper(r.unit)+"_"+p.Name, p.Value)
		}
	}
	b.WriteString("  vivado:  # beside it: tools: {vivado: {part: the board's full part number}}\n    default_tool: vivado\n    filesets: [rtl, constraints]\n    toplevel: satsim_top\n")
	b.WriteString("\nparameters:\n")
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(&b, "  %s: {datatype: int, paramtype: %s}\n", name, kinds[name])
	}
	return b.String()
}

// constraints is where a user of Vivado begins.
func constraints(s *spec.Spec) string {
	d := s.Board.Device
	var b strings.Builder
	fmt.Fprintf(&b, "# A skeleton for Vivado: %s on %s. Nothing here was run through a vendor's tool.\n\n", s.Name, s.Board.Name)
	fmt.Fprintf(&b, "# clock: %v\ncreate_clock -name clk -period %.3f [get_ports clk]\n\n", s.Clock, 1e9/float64(s.Clock))
	b.WriteString("# The units are to be surrounded by registers of their buffers: synthesize out of context, with ports as late as a register and a net.\n" +
		"set_input_delay  -clock clk 0.5 [get_ports -filter {DIRECTION == IN && NAME != clk && NAME != rst}]\nset_output_delay -clock clk 0.5 [all_outputs]\n\n" +
		"# rst comes at any time: satsim_top takes it through two registers, and the units' resets are timed from the second one.\nset_false_path -from [get_ports rst] -to [get_pins {rst_in_reg[0]/D}]\n\n" +
		"# Counts go through multiplexers of all rows, and have two cycles.\nset_multicycle_path 2 -to [get_ports stce_count]\nset_multicycle_path 1 -hold -to [get_ports stce_count]\n")
	if d.Dies > 1 {
		fmt.Fprintf(&b, `
# %s has %d dies. A die may end between any two columns of the array: what crosses is the output of a register, and so is what it becomes. Between two rows it may as well, but
# for the multiplexer of a column's results, which joins all rows in one cycle. So columns are split here, and what is not named stays with the first.
`, d.Part, d.Dies)
		for i := range d.Dies {
			fmt.Fprintf(&b, "# create_pblock die%d; resize_pblock die%d -add SLR%d\n", i, i, i)
			for c := s.STCE.Cols * i / d.Dies; c < s.STCE.Cols*(i+1)/d.Dies; c++ {
				fmt.Fprintf(&b, "# add_cells_to_pblock die%d [get_cells {stce_0/col[%d].column stce_0/array/row[*].col[%d].*element}]\n", i, c, c)
			}
		}
	}
	return b.String()
}
