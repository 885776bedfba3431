package netlist

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// chain is a netlist of cells in a row, each written as "TYPE in[i] out[o]": a flip-flop at both ends, and a net between two.
func chain(t *testing.T, cells ...string) *Netlist {
	t.Helper()
	list := map[string]any{}
	for i, text := range cells {
		var kind, in, out string
		if _, err := fmt.Sscan(text, &kind, &in, &out); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		pins, directions := map[string][]any{}, map[string]string{}
		place := func(pin string, net int, direction string) {
			name, index := pin, 0
			if at := strings.IndexByte(pin, '['); at >= 0 {
				name = pin[:at]
				fmt.Sscanf(pin[at:], "[%d]", &index)
			}
			bits := make([]any, index+1)
			for b := range bits {
				bits[b] = "x"
			}
			bits[index] = net
			pins[name], directions[name] = bits, direction
		}
		place(in, i+1, "input")
		place(out, i+2, "output")
		list[fmt.Sprintf("c%02d", i)] = map[string]any{"type": kind, "port_directions": directions, "connections": pins}
	}
	n, err := Parse(netlistOf(t, list))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func netlistOf(t *testing.T, cells map[string]any) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{"modules": map[string]any{
		"LUT1": map[string]any{"attributes": map[string]any{"blackbox": "1"}},
		"top":  map[string]any{"attributes": map[string]any{"top": "1"}, "cells": cells},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func registers(t *testing.T, n *Netlist) Path {
	t.Helper()
	timing, err := n.Walk(UltraScalePlus())
	if err != nil {
		t.Fatal(err)
	}
	return timing.Registers
}

// By hand, in picoseconds: clock to output 80; a net and a LUT 400 + 150.
func TestPathsByHand(t *testing.T) {
	const from, to = "FDRE D Q", "FDRE D Q"
	for _, c := range []struct {
		cells []string
		want  int
	}{
		{[]string{}, 80 + 400},                                           // from one flip-flop into another slice's
		{[]string{"LUT6 I0 O"}, 80 + 550},                                // its flip-flop is beside it
		{[]string{"LUT2 I0 O", "LUT6 I5 O"}, 80 + 2*550},                 //
		{[]string{"LUT2 I0 O", "INV I O", "LUT6 I5 O"}, 80 + 2*550},      // a LUT takes an inverter in
		{[]string{"LUT2 I0 O", "INV I O", "CARRY4 S[3] O[3]"}, 630 + 20}, //
		{[]string{"INV I O", "LUT6 I5 O", "INV I O"}, 630},               //
		{[]string{"INV I O", "CARRY4 S[3] O[3]"}, 630 + 20},              // without one it is one
		{[]string{"LUT6 I0 O", "MUXF7 I0 O", "MUXF8 I1 O"}, 630 + 260},   // all in one slice
		{[]string{"LUT6 I0 O", "MUXF7 S O"}, 630 + 400 + 130},            // a selector comes by a net
		{[]string{"LUT2 I0 O", "CARRY4 S[1] O[3]"}, 630 + 3*20},          // bits 1, 2 and 3
		{[]string{"LUT2 I0 O", "CARRY4 S[0] CO[3]", "CARRY4 CI O[2]"}, 630 + 4*20 + 3*20},
		{[]string{"CARRY4 CYINIT CO[3]"}, 80 + 400 + 4*20},                 // a carry from outside
		{[]string{"CARRY4 DI[1] O[1]"}, 0},                                 // it takes part in the next bit's sum only
		{[]string{"CARRY4 S[2] O[1]"}, 0},                                  // no way back
		{[]string{"DSP48E2 A[3] P[7]"}, 80 + 400 + 1840 + 400},             //
		{[]string{"RAM32M16 ADDRB[2] DOB[1]"}, max(80+400+150, 900) + 400}, // its own clock to output is later
		{[]string{"LUT6 I0 O", "LUT6 I0 O", "RAM32M16 ADDRB[2] DOB[1]"}, 80 + 1100 + 550 + 400},
		{[]string{"RAM32M16 ADDRH[2] DOB[1]"}, 900 + 400},             // a write address reads nothing
		{[]string{"RAMB36E2 ADDRARDADDR[9] DOUTADOUT[0]"}, 900 + 400}, //
		// A path of a vendor's report, of 3967 ps there: see package doc.
		{[]string{
			"LUT4 I0 O", "LUT5 I4 O", "LUT4 I0 O", "LUT5 I0 O", "LUT4 I3 O", "LUT5 I1 O", "CARRY8 DI[2] O[4]", "LUT5 I4 O", "LUT3 I1 O", "LUT5 I1 O",
			"CARRY8 DI[2] CO[7]", "CARRY8 CI CO[7]", "CARRY8 CI CO[7]", "LUT5 I0 O",
		}, 80 + 10*550 + (3+6+8+8)*20},
	} {
		p := registers(t, chain(t, append(append([]string{from}, c.cells...), to)...))
		if p.Delay != c.want {
			t.Errorf("%v: %d ps, want %d: %+v", c.cells, p.Delay, c.want, p)
		}
	}
}

// Ports are registers of a neighbour. By hand: in -> LUT2 -> flip-flop 630; flip-flop -> LUT1 -> out 630; in -> LUT3 -> LUT1 -> out 1180.
func TestPathsOfPorts(t *testing.T) {
	cell := func(kind string, pins map[string]int) map[string]any {
		connections, directions := map[string][]int{}, map[string]string{}
		for name, bit := range pins {
			connections[name], directions[name] = []int{bit}, "input"
			if name == "O" || name == "Q" {
				directions[name] = "output"
			}
		}
		return map[string]any{"type": kind, "connections": connections, "port_directions": directions}
	}
	text, err := json.Marshal(map[string]any{"modules": map[string]any{"top": map[string]any{
		"attributes": map[string]any{"top": 1},
		"ports": map[string]any{
			"clk": map[string]any{"direction": "input", "bits": []int{2}},
			"in":  map[string]any{"direction": "input", "bits": []int{3}},
			"out": map[string]any{"direction": "output", "bits": []int{8}},
		},
		"cells": map[string]any{
			"l2": cell("LUT2", map[string]int{"I0": 3, "I1": 5, "O": 4}),
			"ff": cell("FDRE", map[string]int{"C": 2, "D": 4, "Q": 5}),
			"l3": cell("LUT3", map[string]int{"I0": 3, "I1": 5, "O": 7}),
			"l1": cell("LUT1", map[string]int{"I0": 7, "O": 8}),
		},
		"netnames": map[string]any{
			"state": map[string]any{"hide_name": 0, "bits": []int{5}},
			"$auto": map[string]any{"hide_name": 1, "bits": []int{5}},
		},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	n, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := n.Walk(UltraScalePlus())
	if err != nil {
		t.Fatal(err)
	}
	if d := [4]int{got.Registers.Delay, got.FromPorts.Delay, got.ToPorts.Delay, got.Through.Delay}; d != [4]int{630, 630, 1180, 1180} {
		t.Errorf("%v: %+v", d, got)
	}
	if p := got.Registers; p.From != "state" || p.To != "state" || len(p.Steps) != 1 || p.Steps[0] != (Step{"LUT2", "I1", "O", 550}) {
		t.Errorf("%+v", p)
	}
	if p := got.ToPorts; p.To != "out" || len(p.Steps) != 2 {
		t.Errorf("%+v", p)
	}
}

func TestNetlistsThatAreNone(t *testing.T) {
	lut := func(in, out int) map[string]any {
		return map[string]any{"type": "LUT1", "connections": map[string][]int{"I0": {in}, "O": {out}}, "port_directions": map[string]string{"I0": "input", "O": "output"}}
	}
	ff := map[string]any{"type": "FDRE", "connections": map[string][]int{"D": {3}}, "port_directions": map[string]string{"D": "input"}}
	for want, cells := range map[string]map[string]any{
		"net 3 is in a loop without a register": {"a": lut(2, 3), "b": lut(3, 2), "f": ff},
		"net 3 has two drivers":                 {"a": lut(2, 3), "b": lut(2, 3)},
		`cell "a" is a "NAND"`:                  {"a": map[string]any{"type": "NAND"}},
		`direction "inout"`: {"a": map[string]any{
			"type": "LUT1", "connections": map[string][]int{"I0": {2}}, "port_directions": map[string]string{"I0": "inout"}}},
	} {
		n, err := Parse(netlistOf(t, cells))
		if err == nil {
			_, err = n.Walk(UltraScalePlus())
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	for _, text := range []string{"", "{}", `{"modules":{"a":{"attributes":{"top":1}},"b":{"attributes":{"top":1}}}}`,
		`{"modules":{"a":{"attributes":{"top":1},"ports":{"p":{"direction":"input","bits":[-3]}}}}}`} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

// Of the source in testdata, by hand: 36 bits of parity are at least six LUT6 and one more, and 14 bits of the sum a LUT each; 11 x 11 bits are one slice; 14 bits of 16 words are one RAM32M16, of eight
// LUTs; 21 steps are a shift register of one; a sum of 16 bits has 16 carry bits. Flip-flops: 36 + 1 + 11 + 11 + 22 + 14 + 16 and none of the line.
func TestCellsOfASynthesis(t *testing.T) {
	witness.Foreign(t)
	if err := verilog.Synthesis(); err != nil {
		witness.Missing(t, "yosys")
	}
	source, err := os.ReadFile("testdata/cells.v")
	if err != nil {
		t.Fatal(err)
	}
	text, err := verilog.Synthesize(t.Context(), t.TempDir(), verilog.Design{Top: "cells", Sources: []verilog.Source{{Name: "cells.v", Text: string(source)}}})
	if err != nil {
		t.Fatal(err)
	}
	n, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	c, err := n.Count()
	if err != nil {
		t.Fatal(err)
	}
	if c.LUTs() < 7+14 || c.DSP != 1 || c.Memory != 8+1 || c.CarryBit != 16 || c.FF != 111 {
		t.Errorf("%+v", c)
	}
	// The product is the longest: clock to output, a net, the slice, a net to its flip-flops.
	timing, err := n.Walk(UltraScalePlus())
	if err != nil {
		t.Fatal(err)
	}
	if p := timing.Registers; p.Delay != 80+400+1840+400 || p.Steps[0].Type != "DSP48E2" || !strings.HasPrefix(p.To, "product") {
		t.Errorf("%+v", p)
	}
}

// Whatever the text, it is refused or walked; a path's steps add up to it.
func FuzzParse(f *testing.F) {
	source := `{"modules":{"top":{"attributes":{"top":"1"},"ports":{"d":{"direction":"input","bits":[2]}},"cells":{
		"c":{"type":"CARRY4","port_directions":{"S":"input","CO":"output"},"connections":{"S":[4,5,"0","1"],"CO":[6,7]}},
		"l":{"type":"LUT2","port_directions":{"I0":"input","I1":"input","O":"output"},"connections":{"I0":[2],"I1":[3],"O":[4]}},
		"f":{"type":"FDRE","port_directions":{"D":"input","Q":"output"},"connections":{"D":[7],"Q":[3]}}}}}}`
	f.Add([]byte(source))
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := Parse(text)
		if err != nil {
			return
		}
		if _, err := n.Count(); err != nil {
			return
		}
		table := UltraScalePlus()
		timing, err := n.Walk(table)
		if err != nil {
			return
		}
		for _, p := range []Path{timing.Registers, timing.FromPorts, timing.ToPorts, timing.Through} {
			sum := 0
			for _, s := range p.Steps {
				sum += s.Delay
			}
			// What is left is how it starts and a net at its end.
			if rest := p.Delay - sum; p.Delay > 0 && rest != 80 && rest != 480 && rest != 900 && rest != 1300 {
				t.Errorf("%d ps, of which steps are %d", p.Delay, sum)
			}
		}
	})
}
