package verilog

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Synthesis names the tool of Synthesize, as an error of type Missing; nil: it is installed.
func Synthesis() error { return find("yosys") }

// SynthesisCommand is what Synthesize has yosys do once it has read a design.
const SynthesisCommand = "synth_xilinx -family xcup -flatten -noiopad -noclkbuf"

// SynthesisVersion is what yosys says that it is.
func SynthesisVersion(ctx context.Context) (string, error) {
	text, err := call(ctx, "", "yosys", "-V")
	return strings.TrimSpace(text), err
}

// SynthesisScript are the commands of yosys with which Synthesize makes a netlist, in a file of that name: of a design whose sources are read by these words.
func SynthesisScript(d Design, sources, netlist string, parts ...string) []string {
	top := "hierarchy -top " + d.Top
	for _, p := range d.Parameters {
		top += fmt.Sprintf(" -chparam %s %d", p.Name, p.Value)
	}
	all := []string{"read_verilog -defer " + sources, top}
	for _, p := range parts {
		all = append(all, fmt.Sprintf("setattr -mod -set keep_hierarchy 1 *%s*", p))
	}
	all = append(all, SynthesisCommand)
	if len(parts) > 0 {
		all = append(all, "setattr -mod -unset keep_hierarchy *", "flatten")
	}
	return append(all, "write_json "+netlist)
}

// Script is all that Synthesize has yosys do, a command a line: of the design's sources by their names, into netlist.json.
func (d Design) Script(parts ...string) string {
	var names []string
	for _, s := range d.Sources {
		if d.compiled(s) {
			names = append(names, s.Name)
		}
	}
	return strings.Join(SynthesisScript(d, strings.Join(names, " "), "netlist.json", parts...), "\n") + "\n"
}

// Synthesize maps a design to cells of the UltraScale+ family with yosys and returns the netlist that its write_json writes. It stands by itself: no pads, no
// clock buffers, and one module, the hierarchy being flattened. Modules of a design that are named parts are made by themselves, once for all that are equal, and put together
// at the end: what is large is so made in the time of its parts.
func Synthesize(ctx context.Context, dir string, d Design, parts ...string) ([]byte, error) {
	if _, err := d.write(dir); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "synthesize.ys"), []byte(d.Script(parts...)), 0o666); err != nil {
		return nil, err
	}
	if _, err := call(ctx, dir, "yosys", "-q", "-s", "synthesize.ys"); err != nil {
		return nil, fmt.Errorf("synthesizing %s: %w", d.Top, err)
	}
	return os.ReadFile(filepath.Join(dir, "netlist.json"))
}
