package rtl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"satsim/arch/rtl/wave"
	"satsim/arch/spec"
	"satsim/arch/stce"
)

// shown are the cycles of a diagram, at most.
const shown = 28

// diagrams draws what crosses the edges of the units in their benches, as the exact models have it and the benches compare it: of the array the first tile of each mode.
func (b *Bundle) diagrams(s *spec.Spec, o Options) error {
	p := Small(s.STCE, o)
	drawn := map[string]bool{}
	lines := strings.Split(string(b.Files["bench/stce/"+arrayFile]), "\n")
	for i, j := range Jobs(p, o) {
		edges, rest, err := edgesOf(lines, p)
		if err != nil {
			return fmt.Errorf("drawing tile %d of the bench: %w", i, err)
		}
		lines = rest
		name := fmt.Sprintf("stce-%v", j.Tile.Mode)
		if drawn[name] {
			continue
		}
		drawn[name] = true
		title := fmt.Sprintf("tile %d of the bench: %v over %v, %v, %d x %d outputs, %d x %d terms",
			i, j.Tile.Mode, j.Tile.Over, j.Tile.Ratio, j.Tile.Rows, j.Tile.Cols, j.Tile.Taps, j.Tile.Channels)
		if err := b.draw(name, title, arraySignals(edges)); err != nil {
			return err
		}
	}
	for _, l := range lanes() {
		if _, there := b.Files["bench/"+l.unit+"/edges.hex"]; !there {
			continue
		}
		signals, err := l.signals(b.Files)
		if err != nil {
			return fmt.Errorf("drawing %s: %w", l.unit, err)
		}
		if err := b.draw(l.unit, "jobs of the bench: "+l.unit+", lane 0", signals); err != nil {
			return err
		}
	}
	return nil
}

// draw adds a diagram of the first cycles, and if not all that leaves has begun to by then, one more of the cycles in which it has.
func (b *Bundle) draw(name, title string, signals []wave.Signal) error {
	if err := b.window(name, title, signals, 0); err != nil {
		return err
	}
	leaves := 0
	for i := range signals {
		if s := &signals[i]; s.Bus && (strings.HasPrefix(s.Name, "out") || strings.HasPrefix(s.Name, "south")) {
			leaves = max(leaves, slices.IndexFunc(s.Values, func(v string) bool { return v != "" }))
		}
	}
	if leaves < shown {
		return nil
	}
	return b.window(name+"-out", title+", later", signals, leaves-2)
}

// window is a diagram of signals from a cycle on; a bus that has nothing in it is not shown.
func (b *Bundle) window(name, title string, signals []wave.Signal, first int) error {
	d := &wave.Diagram{Title: title, First: first, Cycles: min(shown, len(signals[0].Values)-first)}
	for _, s := range signals {
		s.Values = s.Values[first : first+d.Cycles]
		if !s.Bus || slices.ContainsFunc(s.Values, func(v string) bool { return v != "" }) {
			d.Signals = append(d.Signals, s)
		}
	}
	text, err := d.JSON()
	if err != nil {
		return err
	}
	b.Files["waves/"+name+".json"], b.Files["waves/"+name+".svg"] = text, d.SVG()
	return nil
}

// crossing is a word that crosses an edge: port 0 west, 1 weight, 2 sum, 3 south.
type crossing struct {
	port, lane, operands int
	word                 string
}

// edgesOf reads a case of the bench: what crosses in each of its cycles. rest is the cases behind it.
func edgesOf(lines []string, p stce.Params) (edges [][]crossing, rest []string, err error) {
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "case ") && !strings.HasPrefix(lines[0], "next ") {
		return nil, nil, fmt.Errorf("no case begins at %.40q", strings.Join(lines[:min(1, len(lines))], ""))
	}
	cycles, err := strconv.ParseInt(strings.Fields(lines[0])[1], 16, 64)
	if err != nil {
		return nil, nil, err
	}
	first := 3 + p.Rows + 2*p.Cols // case, registers, holds; words of the buffers
	last := first + int(cycles) + 1
	if end := last + p.Cols + 1; len(lines) < end { // results and counts
		return nil, nil, fmt.Errorf("the case has %d lines; %d are expected", len(lines), end)
	}
	for _, line := range lines[first:last] {
		f := strings.Fields(line)
		var now []crossing
		for f = f[1:]; len(f) >= 4; f = f[4:] {
			var c crossing
			if _, err := fmt.Sscanf(strings.Join(f[:3], " "), "%x %x %x", &c.port, &c.lane, &c.operands); err != nil {
				return nil, nil, fmt.Errorf("line %q: %w", line, err)
			}
			c.word = f[3]
			now = append(now, c)
		}
		edges = append(edges, now)
	}
	return edges, lines[last+p.Cols+1:], nil
}

// arraySignals are the ports of rows 0 and 1 in the west, and of columns 0 and 1 in the north and the south.
func arraySignals(edges [][]crossing) (all []wave.Signal) {
	for port, name := range []string{"west", "weight", "sum", "south"} {
		for lane := range 2 {
			s := wave.Signal{Name: fmt.Sprintf("%s[%d]", name, lane), Bus: true, Values: make([]string, len(edges))}
			for c := range edges {
				for _, x := range edges[c] {
					if x.port == port && x.lane == lane {
						s.Values[c] = x.word
					}
				}
			}
			all = append(all, s)
		}
	}
	return all
}
