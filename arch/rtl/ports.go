package rtl

import (
	"fmt"
	"regexp"
	"strings"

	"satsim/internal/verilog"
)

// port is a port of a module, and the width of it as the module writes it: "" for one bit.
type port struct{ name, direction, width string }

// module is the head of a module: parameters with their defaults, in their order, and ports.
type module struct {
	name       string
	header     string // the comment above it
	parameters []constant
	ports      []port
}

type constant struct{ name, value string }

var (
	moduleHead   = regexp.MustCompile(`(?m)^module (\w+)`)
	parameterRow = regexp.MustCompile(`^\s*parameter\s+(\w+)\s*=\s*(.*?),?\s*(?://.*)?$`)
	portRow      = regexp.MustCompile(`^\s*(input|output)\s+(?:wire|reg)\s*(?:\[\s*(.*?)\s*:\s*0\])?\s*(.*?),?\s*(?://.*)?$`)
	commaRow     = regexp.MustCompile(`\s*,\s*`)
)

// head reads the head of a module. Sources write a parameter or a port a line, with ports of one width together.
func head(name string, sources []verilog.Source) (module, error) {
	m := module{name: name}
	for _, s := range sources {
		at := moduleHead.FindStringSubmatchIndex(s.Text)
		if at == nil || s.Text[at[2]:at[3]] != name {
			continue
		}
		for _, line := range strings.Split(s.Text[:at[0]], "\n") {
			if text, ok := strings.CutPrefix(line, "//"); ok {
				m.header += strings.TrimPrefix(text, " ") + "\n"
			}
		}
		end := strings.Index(s.Text[at[0]:], "\n);")
		if end < 0 {
			return m, fmt.Errorf("module %s has no end of its ports", name)
		}
		for _, line := range strings.Split(s.Text[at[0]:at[0]+end], "\n") {
			if p := parameterRow.FindStringSubmatch(line); p != nil {
				m.parameters = append(m.parameters, constant{p[1], p[2]})
			} else if p := portRow.FindStringSubmatch(line); p != nil {
				for _, n := range commaRow.Split(p[3], -1) {
					m.ports = append(m.ports, port{n, p[1], p[2]})
				}
			}
		}
		if len(m.ports) == 0 {
			return m, fmt.Errorf("module %s has no ports", name)
		}
		return m, nil
	}
	return m, fmt.Errorf("no source has module %s", name)
}

// field is a macro of a header of fields, with what stands beside it.
type field struct{ name, value, means string }

var fieldRow = regexp.MustCompile("^`define[ \\t]+(\\w+)[ \\t]+(\\d+)(?:[ \\t]+// *(.*))?$")

// fields reads a header of fields: blocks, each under a paragraph that begins with what it is of. What stands under another paragraph are no fields.
func fields(text string) (blocks []string, of map[string][]field) {
	of = map[string][]field{}
	paragraph, block := "", ""
	for _, line := range strings.Split(text, "\n") {
		if text, ok := strings.CutPrefix(line, "// "); ok {
			paragraph = strings.TrimSpace(paragraph + " " + text)
			continue
		}
		if paragraph != "" {
			block = ""
			if strings.HasPrefix(paragraph, "Of ") || strings.HasPrefix(paragraph, "Between ") {
				block = paragraph
				blocks = append(blocks, block)
			}
			paragraph = ""
		}
		if m := fieldRow.FindStringSubmatch(line); m != nil && block != "" {
			of[block] = append(of[block], field{m[1], m[2], m[3]})
		}
	}
	return blocks, of
}
