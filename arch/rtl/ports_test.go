package rtl

import (
	"slices"
	"testing"

	"satsim/internal/verilog"
)

const source = `// A thing.
//
//   clk   rising edge

module other (input wire clk);
endmodule
`

const thing = `// A thing.
//
//   a, b  operands

` + "`default_nettype none" + `

module thing #(
    parameter W    = 4,             // bits
    parameter LAST = W * 2,
    parameter N_W  = ` + "`BITS(LAST + 1)" + `
) (
    input  wire         clk,
    input  wire [W-1:0] a, b,
    output reg  [  7:0] y,          // their product
    output wire [N_W:0] n
);
endmodule
`

func TestHead(t *testing.T) {
	m, err := head("thing", []verilog.Source{{Name: "other.v", Text: source}, {Name: "thing.v", Text: thing}})
	if err != nil {
		t.Fatal(err)
	}
	if m.header != "A thing.\n\n  a, b  operands\n" {
		t.Errorf("%q", m.header)
	}
	if want := []constant{{"W", "4"}, {"LAST", "W * 2"}, {"N_W", "`BITS(LAST + 1)"}}; !slices.Equal(m.parameters, want) {
		t.Errorf("%v", m.parameters)
	}
	if want := []port{{"clk", "input", ""}, {"a", "input", "W-1"}, {"b", "input", "W-1"}, {"y", "output", "7"}, {"n", "output", "N_W"}}; !slices.Equal(m.ports, want) {
		t.Errorf("%v", m.ports)
	}
	if got := m.own("u", m.parameters[2].value); got != "`BITS(U_LAST + 1)" {
		t.Error(got)
	}
	for width, want := range map[string]string{"W-1": "W", "7": "8", "N_W": "N_W+1"} {
		if got := bitsOf(width); got != want {
			t.Errorf("%s: %s bits", width, got)
		}
	}
	if _, err := head("none", nil); err == nil {
		t.Error("a module that there is not has a head")
	}
}

func TestFields(t *testing.T) {
	blocks, of := fields("// Of a tile, at 0 on.\n`define A_MODE 0  // bit 0: WS\n`define A_N 1\n\n// Between two folds,\n// at 8 on.\n`define A_GAP 2  // wait\n`define A_BITS(n) (n)\n\n// How many.\n`define A_WORDS 9\n")
	if !slices.Equal(blocks, []string{"Of a tile, at 0 on.", "Between two folds, at 8 on."}) {
		t.Errorf("%v", blocks)
	}
	if got := of[blocks[0]]; !slices.Equal(got, []field{{"A_MODE", "0", "bit 0: WS"}, {"A_N", "1", ""}}) {
		t.Errorf("%v", got)
	}
	if got := of[blocks[1]]; !slices.Equal(got, []field{{"A_GAP", "2", "wait"}}) {
		t.Errorf("%v", got)
	}
}
