// Package wave draws timing diagrams: as WaveJSON, which WaveDrom and editors read, and as SVG.
//
// A Diagram is signals over cycles. A bit has a level a cycle; a bus has a value, or none, which is hatched. A value that stays is drawn once.
package wave

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Signal is a wire: of one bit if Bus is false.
type Signal struct {
	Name   string
	Bus    bool
	Values []string // a cycle each; of a bit "0" and "1"; of a bus "" is no value
}

// Diagram is signals over the same cycles.
type Diagram struct {
	Title   string
	First   int // the number of the first cycle
	Cycles  int
	Signals []Signal
}

// Bit is a signal of one bit.
func Bit(name string, levels []bool) Signal {
	s := Signal{Name: name}
	for _, l := range levels {
		v := "0"
		if l {
			v = "1"
		}
		s.Values = append(s.Values, v)
	}
	return s
}

// at is a signal's value; what it has none of is low, or none.
func (s *Signal) at(cycle int) string {
	if cycle < len(s.Values) {
		return s.Values[cycle]
	}
	if s.Bus {
		return ""
	}
	return "0"
}

// lane is a signal as WaveJSON has it.
type lane struct {
	Name string   `json:"name"`
	Wave string   `json:"wave"`
	Data []string `json:"data,omitempty"`
}

type file struct {
	Signal []lane `json:"signal"`
	Head   struct {
		Text string `json:"text"`
		Tick int    `json:"tick"`
	} `json:"head"`
}

// JSON is the diagram as WaveJSON, a clock above all.
func (d *Diagram) JSON() ([]byte, error) {
	f := file{Signal: []lane{{Name: "clk", Wave: clock(d.Cycles)}}}
	f.Head.Text, f.Head.Tick = d.Title, d.First
	for i := range d.Signals {
		s := &d.Signals[i]
		l := lane{Name: s.Name}
		last := "?"
		for c := range d.Cycles {
			v := s.at(c)
			switch {
			case c > 0 && v == last:
				l.Wave += "."
			case !s.Bus:
				l.Wave += v
			case v == "":
				l.Wave += "x"
			default:
				l.Wave += "="
				l.Data = append(l.Data, v)
			}
			last = v
		}
		f.Signal = append(f.Signal, l)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(f); err != nil {
		return nil, fmt.Errorf("writing a diagram: %w", err)
	}
	return b.Bytes(), nil
}

// clock has an edge at the beginning of every cycle.
func clock(cycles int) string {
	if cycles == 0 {
		return ""
	}
	return "p" + strings.Repeat(".", cycles-1)
}
