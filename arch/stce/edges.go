package stce

import (
	"fmt"
	"math"
	"strings"

	"github.com/x448/float16"

	"satsim/arch/fp"
)

// port is what crosses one side of the array, by cycle and lane (row or column), as fields in hexadecimal.
type port struct {
	lanes  int
	idle   string
	cycles [][]string
}

func (p *port) grow(cycles int) {
	for len(p.cycles) < cycles {
		lanes := make([]string, p.lanes)
		for i := range lanes {
			lanes[i] = p.idle
		}
		p.cycles = append(p.cycles, lanes)
	}
}

func (p *port) put(cycle, lane int, text string) {
	p.grow(cycle + 1)
	p.cycles[cycle][lane] = text
}

// lines are so many cycles, the lane of row or column 0 leftmost.
func (p *port) lines(cycles int) []string {
	p.grow(cycles)
	all := make([]string, cycles)
	for i, lanes := range p.cycles {
		all[i] = strings.Join(lanes, "_")
	}
	return all
}

// edges is what crosses the edges of the array in a run.
type edges struct {
	west, weight, sum, south port
}

// watch listens at the edges.
func (m *machine) watch() *edges {
	e := &edges{
		west:   port{lanes: m.Rows, idle: "00" + strings.Repeat("_0000", m.LinkWidth)},
		weight: port{lanes: m.Cols, idle: "00_00_0000"},
		sum:    port{lanes: m.Cols, idle: "00_00000000"},
		south:  port{lanes: m.Cols, idle: "00_00000000"},
	}
	m.probe = &probe{
		onWest: func(_, cycle, row int, operands []float32) {
			text := fmt.Sprintf("%02x", len(operands))
			for _, v := range operands {
				text += "_" + hex16(float16.Fromfloat32(v))
			}
			e.west.put(cycle, row, text+strings.Repeat("_0000", m.LinkWidth-len(operands)))
		},
		onWeight: func(_, cycle, col int, w weight) {
			e.weight.put(cycle, col, fmt.Sprintf("01_%02x_%s", w.place(), hex16(float16.Fromfloat32(w.value()))))
		},
		onSum: func(_, cycle, col int, v float32) {
			e.sum.put(cycle, col, "01_"+hex32(v))
		},
		onPlace: func(int, int, int, uint8) {},
		onResult: func(_, cycle, arrayCol, _, _ int, v float32) {
			e.south.put(cycle, arrayCol, "01_"+hex32(fp.Canonical(v)))
		},
	}
	return e
}

func hex16(h float16.Float16) string { return fmt.Sprintf("%04x", h.Bits()) }

func hex32(v float32) string { return fmt.Sprintf("%08x", math.Float32bits(v)) }
