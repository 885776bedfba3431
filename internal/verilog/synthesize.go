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
// clock buffers, and one module, the hierarchy being flattened.
func Synthesize(ctx context.Context, dir string, d Design) ([]byte, error) {
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
	script.WriteString("\n" + SynthesisCommand + "\nwrite_json netlist.json\n")
	if err := os.WriteFile(filepath.Join(dir, "synthesize.ys"), []byte(script.String()), 0o666); err != nil {
		return nil, err
	}
	if _, err := call(ctx, dir, "yosys", "-q", "-s", "synthesize.ys"); err != nil {
		return nil, fmt.Errorf("synthesizing %s: %w", d.Top, err)
	}
	return os.ReadFile(filepath.Join(dir, "netlist.json"))
}
