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

// Synthesize maps a design to cells of the UltraScale+ family with yosys and returns the netlist that its write_json writes. It stands by itself: no pads, no
// clock buffers, and one module, the hierarchy being flattened. Modules of a design that are named parts are made by themselves, once for all that are equal, and put together
// at the end: what is large is so made in the time of its parts.
func Synthesize(ctx context.Context, dir string, d Design, parts ...string) ([]byte, error) {
	sources, err := d.write(dir)
	if err != nil {
		return nil, err
	}
	var script strings.Builder
	for _, s := range sources {
		fmt.Fprintf(&script, "read_verilog -defer %s\n", s)
	}
	fmt.Fprintf(&script, "hierarchy -top %s", d.Top)
	for _, p := range d.Parameters {
		fmt.Fprintf(&script, " -chparam %s %d", p.Name, p.Value)
	}
	script.WriteString("\n")
	for _, p := range parts {
		fmt.Fprintf(&script, "setattr -mod -set keep_hierarchy 1 *%s*\n", p)
	}
	script.WriteString(SynthesisCommand + "\n")
	if len(parts) > 0 {
		script.WriteString("setattr -mod -unset keep_hierarchy *\nflatten\n")
	}
	script.WriteString("write_json netlist.json\n")
	if err := os.WriteFile(filepath.Join(dir, "synthesize.ys"), []byte(script.String()), 0o666); err != nil {
		return nil, err
	}
	if _, err := call(ctx, dir, "yosys", "-q", "-s", "synthesize.ys"); err != nil {
		return nil, fmt.Errorf("synthesizing %s: %w", d.Top, err)
	}
	return os.ReadFile(filepath.Join(dir, "netlist.json"))
}
