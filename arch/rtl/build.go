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

// makefile runs the tools that Check runs, in the same way.
func makefile(rs []room) string {
	var b strings.Builder
	all := func(prefix string) string {
		s := ""
		for _, r := range rs {
			s += " " + prefix + r.unit
		}
		return s
	}
	fmt.Fprintf(&b, `# make sim    the benches in Icarus Verilog        make simv   in Verilator
# make lint   Verilator's warnings, all of them    make synth  each unit in yosys, for UltraScale+
#
# Debian: apt-get install iverilog verilator g++ make yosys. What is made goes to build.

RTL := $(wildcard rtl/*.v)
BENCH := $(wildcard bench/*.v)

.PHONY: sim simv lint synth clean%s%s%s
sim:%s
simv:%s
synth:%s
lint:
	verilator --lint-only -Wall -Irtl --top-module satsim_top%s $(RTL)
clean:
	rm -rf build
`, all("sim-"), all("simv-"), all("synth-"), all("sim-"), all("simv-"), all("synth-"), lintFlags(rs))
	for _, r := range rs {
		fmt.Fprintf(&b, `
sim-%[1]s:
	mkdir -p build/%[1]s
	iverilog -g2005 -Wall -Wno-timescale -Irtl -s %[2]s%[3]s -o build/%[1]s/sim.vvp $(RTL) $(BENCH)
	cd bench/%[1]s && vvp -n ../../build/%[1]s/sim.vvp%[6]s

simv-%[1]s:
	mkdir -p build/%[1]s
	verilator --binary --timing -Wno-fatal -Wno-lint -Wno-style -Irtl --top-module %[2]s%[4]s -Mdir build/%[1]s/verilated -o sim $(RTL) $(BENCH)
	cd bench/%[1]s && ../../build/%[1]s/verilated/sim%[6]s

# The whole unit, at the size of the bench: larger ones take yosys long.
synth-%[1]s:
	mkdir -p build/%[1]s
	yosys -q -p "read_verilog -defer -Irtl $(RTL); hierarchy -top %[1]s%[5]s; synth_xilinx -family xcup -flatten -noiopad -noclkbuf; write_json build/%[1]s/netlist.json; tee -o build/%[1]s/cells.txt stat"
	cat build/%[1]s/cells.txt
`, r.unit, r.bench.module, flags("-P"+r.bench.module+".%s=%d", r.bench.parameters), flags("-G%s=%d", r.bench.parameters), flags("-chparam %s %d", r.small()), args(r.bench.args))
	}
	return b.String()
}

// core is the description for FuseSoC, of the format CAPI2.
func core(name string, rs []room, rtl, bench []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CAPI=2:\n# FuseSoC: fusesoc --cores-root . run --target sim-%s satsim:satsim:%s\nname: satsim:satsim:%s:1.0.0\ndescription: Units of %s\n\nfilesets:\n  rtl:\n    files:\n",
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
	b.WriteString("  cases:\n    files:\n")
	for _, r := range rs {
		for _, name := range slices.Sorted(maps.Keys(r.bench.files)) {
			fmt.Fprintf(&b, "      - bench/%s/%s: {copyto: %s}\n", r.unit, name, name)
		}
	}
	b.WriteString("    file_type: user\n  constraints:\n    files:\n      - constraints/satsim.xdc: {file_type: xdc}\n\ntargets:\n  default:\n    filesets: [rtl]\n    toplevel: satsim_top\n")
	for _, r := range rs {
		fmt.Fprintf(&b, "  sim-%s:\n    default_tool: icarus\n    filesets: [rtl, bench, cases]\n    toplevel: %s\n    parameters:\n", r.unit, r.bench.module)
		for _, p := range r.bench.parameters {
			fmt.Fprintf(&b, "      - %s=%d\n", p.Name, p.Value)
		}
	}
	b.WriteString("  lint:\n    default_tool: verilator\n    filesets: [rtl]\n    toplevel: satsim_top\n    tools:\n      verilator: {mode: lint-only, verilator_options: [-Wall]}\n")
	b.WriteString("\nparameters:\n")
	seen := map[string]bool{}
	for _, r := range rs {
		for _, p := range r.bench.parameters {
			if !seen[p.Name] {
				fmt.Fprintf(&b, "  %s: {datatype: int, paramtype: vlogparam}\n", p.Name)
			}
			seen[p.Name] = true
		}
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
		"set_input_delay  -clock clk 0.5 [all_inputs]\nset_output_delay -clock clk 0.5 [all_outputs]\n\n" +
		"# rst is held for many cycles (see the head of each module).\nset_false_path -from [get_ports rst]\n")
	if d.Dies > 1 {
		fmt.Fprintf(&b, "\n# %s has %d dies. Rows of the array should not be split between columns: a hop is one register, with no time for a crossing beside logic.\n", d.Part, d.Dies)
		for i := range d.Dies {
			fmt.Fprintf(&b, "# create_pblock die%d; resize_pblock die%d -add SLR%d\n", i, i, i)
		}
	}
	return b.String()
}
