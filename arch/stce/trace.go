package stce

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/x448/float16"
)

// Timeline is a run of a tile on a small array, cycle by cycle.
type Timeline struct {
	Rows   int      `json:"rows"`
	Cols   int      `json:"cols"`
	Cycles []Moment `json:"cycles"`
}

// Moment is one cycle.
type Moment struct {
	Cause    string        `json:"cause"`    // what the cycle of the first element goes to
	Elements []Element     `json:"elements"` // by row, then column
	Enter    []int         `json:"enter"`    // rows into whose west link a word has come
	Leave    []OutputPlace `json:"leave"`    // outputs that are readable at the south edge at the end of the cycle
}

// Element is what a processing element's multiplier does in a cycle.
type Element struct {
	Fold   int         `json:"fold"`   // by the order of Folds; -1 if no fold is here
	Busy   bool        `json:"busy"`   // false inside a fold is a stall, or an output that there is not
	Output OutputPlace `json:"output"` // of the tile
	Kept   int         `json:"kept"`   // which of the output's kept weights
}

// OutputPlace is an output of the tile.
type OutputPlace struct {
	Row int `json:"row"`
	Col int `json:"col"`
}

func (c cause) String() string {
	return [causes]string{"issue", "hazard", "empty", "drain", "order", "link", "sum", "preload"}[c]
}

// Trace runs a tile on the exact model and writes down what every element does. It refuses a tile that takes more than most
// element-cycles.
func (p Params) Trace(t Tile, most int64) (Timeline, error) {
	m, err := newMachine(p, t, blank(t), nil)
	if err != nil {
		return Timeline{}, err
	}
	elements := p.Rows * p.Cols
	if takes := p.Tile(t).Cycles * int64(elements); takes > most {
		return Timeline{}, fmt.Errorf("tracing a tile: it takes %d element-cycles; at most %d are accepted", takes, most)
	}
	tl := Timeline{Rows: p.Rows, Cols: p.Cols}
	var enter []int
	var leave []OutputPlace
	m.probe = &probe{
		onWest:   func(_, _, row int, _ []float32) { enter = append(enter, row) },
		onWeight: func(int, int, int, weight) {},
		onSum:    func(int, int, int, float32) {},
		onPlace:  func(int, int, int, uint8) {},
		onResult: func(_, _, _, row, col int, _ float32) { leave = append(leave, OutputPlace{row, col}) },
	}
	for m.advance() {
		now := Moment{Cause: m.spent.String(), Elements: make([]Element, elements)}
		for i := range now.Elements {
			now.Elements[i].Fold = -1
		}
		for _, f := range m.live {
			m.look(f, now.Elements)
		}
		m.step()
		slices.Sort(enter) // rows come from below
		now.Enter, enter = enter, nil
		now.Leave, leave = leave, nil
		tl.Cycles = append(tl.Cycles, now)
	}
	return tl, nil
}

// blank is operands of zeros that keep the first N of every group: what happens when does not depend on numbers.
func blank(t Tile) Operands {
	rows, cols := t.outputs()
	in := Operands{
		West: make([]float16.Float16, rows*t.Terms()), North: make([]float16.Float16, cols*t.Kept()),
		Index: make([]uint8, 0, cols*t.Kept()), Start: make([]float32, rows*t.Cols),
	}
	if t.Held {
		in.Index = make([]uint8, rows*t.Cols)
		return in
	}
	g := newGroups(t.Config, t.Taps, t.Channels)
	for range cols {
		for i := range g.total() {
			n, _ := g.at(i)
			for k := range n {
				in.Index = append(in.Index, uint8(k))
			}
		}
	}
	return in
}

// look notes the slots of a fold that are at the multipliers.
func (m *machine) look(f *run, elements []Element) {
	for r := range f.rows {
		for c := range f.cols {
			since := m.now - f.begins - r*f.skew - c
			if since < 0 || since >= f.length {
				continue
			}
			e := &elements[r*m.Cols+c]
			e.Fold = f.number
			s, visit := f.rowSlots[r][f.at(since)], int(f.visit[f.at(since)])
			if s.output() >= f.outputs[r][c] || f.kept[r] == 0 {
				continue
			}
			e.Busy, e.Kept = true, visit
			if f.Mode == WS {
				e.Kept = int(m.groups.stretch(0, f.FirstGroup+int64(r)).kept()) + int(s.kept())
			}
			e.Output = OutputPlace{m.outRow(f, r, int(s.output()), visit), m.outCol(f, c, int(s.output()))}
		}
	}
}

// Write prints a line a cycle: its cause, then for every element the output and the kept weight that it works on, - for a
// stall inside a fold, and . where no fold is.
func (tl Timeline) Write(w io.Writer) error {
	for i, now := range tl.Cycles {
		var b strings.Builder
		fmt.Fprintf(&b, "%5d %-8s", i, now.Cause)
		for j, e := range now.Elements {
			if j%tl.Cols == 0 {
				b.WriteString("|")
			}
			text := "."
			switch {
			case e.Busy:
				text = fmt.Sprintf("%d,%d:%d", e.Output.Row, e.Output.Col, e.Kept)
			case e.Fold >= 0:
				text = "-"
			}
			fmt.Fprintf(&b, " %-7s", text)
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(b.String(), " ")); err != nil {
			return fmt.Errorf("printing a timeline: %w", err)
		}
	}
	return nil
}
