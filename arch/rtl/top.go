package rtl

import (
	"fmt"
	"regexp"
	"strings"
)

var identifier = regexp.MustCompile("`?[A-Za-z_]\\w*")

// own puts a unit's name in front of the parameters that an expression names; macros stay.
func (m *module) own(unit, expression string) string {
	return identifier.ReplaceAllStringFunc(expression, func(w string) string {
		for _, p := range m.parameters {
			if p.name == w {
				return strings.ToUpper(unit) + "_" + w
			}
		}
		return w
	})
}

// header is the parameters of all units as macros.
func header(rs []room) string {
	var b strings.Builder
	b.WriteString("// Parameters of the units, of this architecture.\n\n`ifndef SATSIM_PARAMS\n`define SATSIM_PARAMS\n")
	for _, r := range rs {
		b.WriteByte('\n')
		for _, p := range r.parameters {
			fmt.Fprintf(&b, "`define SATSIM_%s_%s %d\n", strings.ToUpper(r.unit), p.Name, p.Value)
		}
	}
	b.WriteString("\n`endif\n")
	return b.String()
}

// top is a module of all units side by side, each with its ports under its own name. Between them stand the buffers of whoever builds the accelerator.
func top(rs []room, heads []module) string {
	var b strings.Builder
	b.WriteString("// The units of the accelerator side by side, each with its feeders and drains. Between their ports come buffers, memory and the controller, which are not here.\n//\n")
	b.WriteString("//   clk        of all units\n" +
		"//   rst        may come and go at any time; held for the longest that a unit asks for, and two cycles more. It reaches the units two cycles late, through rst_in, so inputs stay\n" +
		"//              quiet, nothing valid, written or started, until three cycles after it has fallen\n")
	for i := range rs {
		fmt.Fprintf(&b, "//   %s_*     ports of module %s, which says what they are\n", rs[i].unit, heads[i].name)
	}
	b.WriteString("\n`default_nettype none\n`include \"satsim_params.vh\"\n")
	for _, r := range rs {
		for _, s := range r.sources {
			if strings.HasSuffix(s.Name, ".vh") {
				fmt.Fprintf(&b, "`include %q\n", s.Name)
			}
		}
	}
	b.WriteString("\nmodule satsim_top #(\n")
	var lines []string
	for i, r := range rs {
		m := &heads[i]
		for _, p := range m.parameters {
			value := m.own(r.unit, p.value)
			for _, set := range r.parameters {
				if set.Name == p.name {
					value = fmt.Sprintf("`SATSIM_%s_%s", strings.ToUpper(r.unit), p.name)
				}
			}
			lines = append(lines, fmt.Sprintf("    parameter %s_%s = %s", strings.ToUpper(r.unit), p.name, value))
		}
	}
	b.WriteString(strings.Join(lines, ",\n") + "\n) (\n    input  wire clk,\n    input  wire rst")
	for i, r := range rs {
		m := &heads[i]
		for _, p := range m.ports {
			if p.name == "clk" || p.name == "rst" {
				continue
			}
			width := ""
			if p.width != "" {
				width = "[" + m.own(r.unit, p.width) + ":0] "
			}
			fmt.Fprintf(&b, ",\n    %-6s wire %s%s_%s", p.direction, width, r.unit, p.name)
		}
	}
	b.WriteString("\n);\n\n  (* ASYNC_REG = \"TRUE\" *) reg [1:0] rst_in;\n  always @(posedge clk) rst_in <= {rst_in[0], rst};\n")
	for i, r := range rs {
		m := &heads[i]
		var ps, ports []string
		for _, p := range m.parameters {
			ps = append(ps, fmt.Sprintf("      .%s(%s_%s)", p.name, strings.ToUpper(r.unit), p.name))
		}
		for _, p := range m.ports {
			to := r.unit + "_" + p.name
			switch p.name {
			case "clk":
				to = "clk"
			case "rst":
				to = "rst_in[1]"
			}
			ports = append(ports, fmt.Sprintf("      .%s(%s)", p.name, to))
		}
		fmt.Fprintf(&b, "\n  %s #(\n%s\n  ) %s (\n%s\n  );\n", m.name, strings.Join(ps, ",\n"), r.unit+"_0", strings.Join(ports, ",\n"))
	}
	b.WriteString("\nendmodule\n\n`default_nettype wire\n")
	return b.String()
}
