package netlist

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Bit is a net of one bit; negative ones are constants.
type Bit int

const constant Bit = -1

// UnmarshalJSON reads a number, or the "0", "1", "x" or "z" of a constant.
func (b *Bit) UnmarshalJSON(text []byte) error {
	switch string(text) {
	case `"0"`, `"1"`, `"x"`, `"z"`:
		*b = constant
		return nil
	}
	n, err := strconv.ParseInt(string(text), 10, 32)
	if err != nil || n < 0 {
		return fmt.Errorf("bit %.20s: a number from 0, or a constant, is accepted", text)
	}
	*b = Bit(n)
	return nil
}

// Cell is a cell of the netlist: its pins by name, each of several bits.
type Cell struct {
	Name    string
	Type    string
	Inputs  []Pin // by name
	Outputs []Pin
	params  map[string]json.RawMessage
}

// Pin is a port of a cell, or of the netlist.
type Pin struct {
	Name string
	Bits []Bit
}

// Netlist is a flat module.
type Netlist struct {
	Name    string
	Cells   []Cell // by name
	Inputs  []Pin
	Outputs []Pin
	names   map[Bit]string
}

type file struct {
	Modules map[string]module `json:"modules"`
}

type module struct {
	Attributes map[string]json.RawMessage `json:"attributes"`
	Ports      map[string]struct {
		Direction string `json:"direction"`
		Bits      []Bit  `json:"bits"`
	} `json:"ports"`
	Cells map[string]struct {
		Type           string                     `json:"type"`
		Parameters     map[string]json.RawMessage `json:"parameters"`
		PortDirections map[string]string          `json:"port_directions"`
		Connections    map[string][]Bit           `json:"connections"`
	} `json:"cells"`
	Netnames map[string]struct {
		HideName int   `json:"hide_name"`
		Bits     []Bit `json:"bits"`
	} `json:"netnames"`
}

// Parse reads the output of write_json. The netlist is the module that is marked as the top.
func Parse(text []byte) (*Netlist, error) {
	var f file
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&f); err != nil {
		return nil, fmt.Errorf("reading a netlist: %w", err)
	}
	top := ""
	for _, name := range slices.Sorted(maps.Keys(f.Modules)) {
		if _, ok := f.Modules[name].Attributes["top"]; !ok {
			continue
		}
		if top != "" {
			return nil, fmt.Errorf("reading a netlist: both %q and %q are marked as the top", top, name)
		}
		top = name
	}
	if top == "" {
		return nil, fmt.Errorf("reading a netlist: none of %d modules is marked as the top", len(f.Modules))
	}
	n, err := f.Modules[top].flat(top)
	if err != nil {
		return nil, fmt.Errorf("reading netlist %q: %w", top, err)
	}
	return n, nil
}

func (m module) flat(name string) (*Netlist, error) {
	n := &Netlist{Name: name, names: map[Bit]string{}}
	for _, port := range slices.Sorted(maps.Keys(m.Ports)) {
		p := m.Ports[port]
		switch p.Direction {
		case "input":
			n.Inputs = append(n.Inputs, Pin{port, p.Bits})
		case "output":
			n.Outputs = append(n.Outputs, Pin{port, p.Bits})
		default:
			return nil, fmt.Errorf("port %q: direction %q; input and output are accepted", port, p.Direction)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Cells)) {
		c := m.Cells[name]
		cell := Cell{Name: name, Type: c.Type, params: c.Parameters}
		for _, port := range slices.Sorted(maps.Keys(c.Connections)) {
			pin := Pin{port, c.Connections[port]}
			switch c.PortDirections[port] {
			case "input":
				cell.Inputs = append(cell.Inputs, pin)
			case "output":
				cell.Outputs = append(cell.Outputs, pin)
			default:
				return nil, fmt.Errorf("cell %q, port %q: direction %q; input and output are accepted", name, port, c.PortDirections[port])
			}
		}
		n.Cells = append(n.Cells, cell)
	}
	// The names that the source gave, before those that synthesis made; of several, the first.
	for _, hidden := range []int{0, 1} {
		for _, name := range slices.Sorted(maps.Keys(m.Netnames)) {
			w := m.Netnames[name]
			if w.HideName != hidden {
				continue
			}
			for i, b := range w.Bits {
				if _, named := n.names[b]; named || b < 0 {
					continue
				}
				n.names[b] = name
				if len(w.Bits) > 1 {
					n.names[b] = fmt.Sprintf("%s[%d]", name, i)
				}
			}
		}
	}
	return n, nil
}

// set reads whether a parameter of a cell is not zero: a string of bits, or a number.
func (c *Cell) set(parameter string) bool {
	for _, r := range bytes.Trim(c.params[parameter], `"`) {
		if r >= '1' && r <= '9' {
			return true
		}
	}
	return false
}
