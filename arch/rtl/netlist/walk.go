package netlist

import (
	"fmt"
	"slices"
)

// Table is delays in picoseconds; package doc says where they are from.
type Table struct {
	LUT        int
	Net        int
	ClockToOut int
	Mux        int // MUXF7 to MUXF9
	Carry      int // a bit
	Multiply   int // through a DSP slice
	Memory     int // clock to output of LUTs as memory
	BlockRAM   int
	UltraRAM   int
}

// UltraScalePlus is the table for the family at speed grade -2.
func UltraScalePlus() Table {
	return Table{LUT: 150, Net: 400, ClockToOut: 80, Mux: 130, Carry: 20, Multiply: 1840, Memory: 900, BlockRAM: 900, UltraRAM: 900}
}

// Path is a longest path.
type Path struct {
	Delay int    // in picoseconds; 0: there is none
	From  string // the net that a register or port drives
	To    string // the net of the register or port at the end, or the cell and its pin
	Steps []Step // the cells between
}

// Step is a cell on a path.
type Step struct {
	Type    string
	In, Out string // pins
	Delay   int    // the net in front and the cell
}

// Timing is the longest path of each kind.
type Timing struct {
	Registers Path // from a register to a register
	FromPorts Path // from a port, as if a register drove it, to a register
	ToPorts   Path // from a register to a port
	Through   Path // from a port to a port
}

// Longest is the longest of the paths, each port being a register of a neighbour.
func (t *Timing) Longest() Path {
	paths := []Path{t.Registers, t.FromPorts, t.ToPorts, t.Through}
	return slices.MaxFunc(paths, func(a, b Path) int { return a.Delay - b.Delay })
}

// origin of a path.
const (
	register = iota
	port
	origins
)

// arrival is when a bit is there at the latest, and where it comes from.
type arrival struct {
	delay int // -1: never
	cell  int // whose output it is; -1 for a port
	pin   int // the input that it came through; -1: it was launched here
	bit   int
	own   int // of delay: the net and the cell
}

// source is what drives a bit.
type source struct{ cell, pin, bit int } // cell -1: an input port

type walker struct {
	n       *Netlist
	t       *Table
	kinds   []kind
	drivers map[Bit]source
	times   map[Bit]*[origins]arrival
}

// Walk finds the longest paths.
func (n *Netlist) Walk(t Table) (Timing, error) {
	w := &walker{n: n, t: &t, drivers: map[Bit]source{}, times: map[Bit]*[origins]arrival{}}
	timing, err := w.walk()
	if err != nil {
		return Timing{}, fmt.Errorf("walking netlist %q: %w", n.Name, err)
	}
	return timing, nil
}

func (w *walker) drive(b Bit, s source) error {
	if b < 0 {
		return nil
	}
	if _, twice := w.drivers[b]; twice {
		return fmt.Errorf("net %s has two drivers", w.name(b))
	}
	w.drivers[b] = s
	return nil
}

func (w *walker) connect() error {
	for p, in := range w.n.Inputs {
		for i, b := range in.Bits {
			if err := w.drive(b, source{-1, p, i}); err != nil {
				return err
			}
		}
	}
	for c := range w.n.Cells {
		cell := &w.n.Cells[c]
		k := kindOf(cell)
		if k == unknown {
			return fmt.Errorf("cell %q is a %q, of which no delay is known", cell.Name, cell.Type)
		}
		w.kinds = append(w.kinds, k)
		for p, out := range cell.Outputs {
			for i, b := range out.Bits {
				if err := w.drive(b, source{c, p, i}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (w *walker) walk() (Timing, error) {
	var t Timing
	if err := w.connect(); err != nil {
		return t, err
	}
	into := [origins]*Path{register: &t.Registers, port: &t.FromPorts}
	for c := range w.n.Cells {
		cell := &w.n.Cells[c]
		if _, ends := launches(cell, w.kinds[c], w.t); !ends {
			continue
		}
		for _, in := range cell.Inputs {
			if clock(in.Name) {
				continue
			}
			for _, b := range in.Bits {
				err := w.end(b, w.kinds[c], in.Name, into, func() string { return w.end1(cell, in.Name) })
				if err != nil {
					return t, err
				}
			}
		}
	}
	into = [origins]*Path{register: &t.ToPorts, port: &t.Through}
	for _, out := range w.n.Outputs {
		for i, b := range out.Bits {
			name := out.Name
			if len(out.Bits) > 1 {
				name = fmt.Sprintf("%s[%d]", name, i)
			}
			if err := w.end(b, flipflop, "D", into, func() string { return name }); err != nil {
				return t, err
			}
		}
	}
	return t, nil
}

// end1 names where a path ends: a flip-flop by what it drives.
func (w *walker) end1(c *Cell, pin string) string {
	if kindOf(c) == flipflop && len(c.Outputs) > 0 && len(c.Outputs[0].Bits) > 0 {
		name := w.name(c.Outputs[0].Bits[0])
		if pin != "D" {
			name += "." + pin
		}
		return name
	}
	return c.Name + "." + pin
}

// absorbed is the net in front of an inverter that a LUT takes in: the one behind it, or the one before it.
func (w *walker) absorbed(b Bit, k kind) Bit {
	for {
		s, driven := w.drivers[b]
		if !driven || s.cell < 0 || w.n.Cells[s.cell].Type != "INV" {
			return b
		}
		in := w.n.Cells[s.cell].Inputs
		if len(in) == 0 || len(in[0].Bits) == 0 || in[0].Bits[0] == b {
			return b
		}
		if before, driven := w.drivers[in[0].Bits[0]]; k != lut && (!driven || before.cell < 0 || w.kinds[before.cell] != lut) {
			return b
		}
		b = in[0].Bits[0]
	}
}

// end takes a path that ends at a pin, if it is the longest of its kind.
func (w *walker) end(b Bit, k kind, pin string, into [origins]*Path, name func() string) error {
	if b = w.absorbed(b, k); b < 0 {
		return nil
	}
	at, err := w.at(b)
	if err != nil || at == nil {
		return err
	}
	for o := range at {
		if at[o].delay < 0 {
			continue
		}
		from := flipflop
		if at[o].cell >= 0 {
			from = w.kinds[at[o].cell]
		}
		if d := at[o].delay + net(from, k, pin, w.t); d > into[o].Delay {
			*into[o] = w.path(b, o)
			into[o].Delay, into[o].To = d, name()
		}
	}
	return nil
}

// path goes back from a bit to where its path begins.
func (w *walker) path(b Bit, origin int) Path {
	var p Path
	for {
		a := w.times[b][origin]
		if a.pin < 0 {
			p.From = w.name(b)
			slices.Reverse(p.Steps)
			return p
		}
		c, out := &w.n.Cells[a.cell], w.drivers[b]
		p.Steps = append(p.Steps, Step{Type: c.Type, In: c.Inputs[a.pin].Name, Out: c.Outputs[out.pin].Name, Delay: a.own})
		b = w.absorbed(c.Inputs[a.pin].Bits[a.bit], w.kinds[a.cell])
	}
}

// at is when a bit is there, for each origin of its paths; nil for a constant and for what nothing drives.
func (w *walker) at(b Bit) (*[origins]arrival, error) {
	s, driven := w.drivers[b]
	if !driven {
		return nil, nil
	}
	if a, known := w.times[b]; known {
		if a == nil {
			return nil, fmt.Errorf("net %s is in a loop without a register", w.name(b))
		}
		return a, nil
	}
	w.times[b] = nil // being walked
	a := &[origins]arrival{{delay: -1}, {delay: -1}}
	if s.cell < 0 {
		a[port] = arrival{delay: w.t.ClockToOut, cell: -1, pin: -1}
	} else if err := w.through(a, s); err != nil {
		return nil, err
	}
	w.times[b] = a
	return a, nil
}

// through takes the latest of what a cell's inputs bring to one of its outputs.
func (w *walker) through(a *[origins]arrival, s source) error {
	cell, k := &w.n.Cells[s.cell], w.kinds[s.cell]
	out := cell.Outputs[s.pin].Name
	if d, ok := launches(cell, k, w.t); ok {
		a[register] = arrival{delay: d, cell: s.cell, pin: -1}
	}
	for p, in := range cell.Inputs {
		for i, b := range in.Bits {
			d, ok := arc(cell, k, in.Name, i, out, s.bit, w.t)
			if !ok {
				continue
			}
			if b = w.absorbed(b, k); b < 0 {
				continue
			}
			before, err := w.at(b)
			if err != nil {
				return err
			}
			if before == nil {
				continue
			}
			for o := range before {
				if before[o].delay < 0 {
					continue
				}
				from := flipflop
				if before[o].cell >= 0 {
					from = w.kinds[before[o].cell]
				}
				own := d + net(from, k, in.Name, w.t)
				if t := before[o].delay + own; t > a[o].delay {
					a[o] = arrival{t, s.cell, p, i, own}
				}
			}
		}
	}
	return nil
}

func (w *walker) name(b Bit) string {
	if name, ok := w.n.names[b]; ok {
		return name
	}
	return fmt.Sprintf("net %d", b)
}
