package stce

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// VectorsSchema names the layout of the manifest and of the memory files that it lists.
const VectorsSchema = "satsim.stce.vectors/1"

// Manifest describes a set of test vectors.
type Manifest struct {
	Schema string       `json:"schema"`
	Params Params       `json:"params"`
	Tile   Tile         `json:"tile"`
	Cost   TileCost     `json:"cost"`
	Files  []MemoryFile `json:"files"`
}

// MemoryFile describes a file in the format of $readmemh: a hexadecimal word a line, address 0 first, the first field
// leftmost, fields parted by underscores.
type MemoryFile struct {
	Name    string   `json:"name"`
	Words   int      `json:"words"`
	Bits    int      `json:"bits"` // of a word
	Lanes   int      `json:"lanes"`
	Fields  []string `json:"fields"` // of each lane
	Content string   `json:"content"`
	lines   []string
}

// Vectors runs a tile and writes its operands, what crosses the edges of the array in every cycle, and its results, for a
// test bench to replay. create opens one file; ask, unless nil, watches the run and the writing.
func (p Params) Vectors(t Tile, in Operands, create func(name string) (io.WriteCloser, error), ask Watch) (Result, error) {
	if t.Mode == OS && p.Drain == DrainHidden {
		return Result{}, errors.New("writing test vectors: drain: hidden has no hardware; overlap or serial is accepted")
	}
	if t.Held {
		return Result{}, errors.New("writing test vectors: held: their layout has no places of outputs; kept weights that bring them are accepted")
	}
	m, err := newMachine(p, t, in, ask)
	if err != nil {
		return Result{}, err
	}
	e := m.watch()
	if err := m.run(); err != nil {
		return Result{}, err
	}
	res := m.result()
	man := Manifest{Schema: VectorsSchema, Params: p, Tile: t, Cost: res.TileCost}
	for _, f := range append(m.memories(in, res), m.ports(e)...) {
		if ask != nil {
			if err := ask(int64(m.now)); err != nil {
				return res, err
			}
		}
		f.Words = len(f.lines)
		if f.Words > 0 {
			f.Bits = 4 * len(strings.ReplaceAll(f.lines[0], "_", ""))
		}
		if err := store(create, f.Name, strings.Join(f.lines, "\n")+"\n"); err != nil {
			return res, err
		}
		man.Files = append(man.Files, f)
	}
	text, err := json.MarshalIndent(man, "", "  ")
	if err != nil {
		return res, fmt.Errorf("writing the manifest of test vectors: %w", err)
	}
	return res, store(create, "manifest.json", string(text)+"\n")
}

func store(create func(name string) (io.WriteCloser, error), name, text string) error {
	w, err := create(name)
	if err != nil {
		return fmt.Errorf("creating test vectors %s: %w", name, err)
	}
	_, err = io.WriteString(w, text)
	if err := errors.Join(err, w.Close()); err != nil {
		return fmt.Errorf("writing test vectors: %w", err)
	}
	return nil
}

// memories are the operands and the results.
func (m *machine) memories(in Operands, res Result) []MemoryFile {
	west := MemoryFile{Name: "west.hex", Lanes: 1, Fields: []string{"fp16"},
		Content: "dense operand, output row by output row: taps, channels fastest"}
	for _, h := range in.West {
		west.lines = append(west.lines, hex16(h))
	}
	north := MemoryFile{Name: "north.hex", Lanes: 1, Fields: []string{"place8", "fp16"},
		Content: "kept weights with their places in their groups, output column by output column"}
	for i, h := range in.North {
		north.lines = append(north.lines, fmt.Sprintf("%02x_%s", m.north[i].place(), hex16(h)))
	}
	result := MemoryFile{Name: "result.hex", Lanes: 1, Fields: []string{"fp16"}, Content: "results, output row by output row"}
	for _, h := range res.Half {
		result.lines = append(result.lines, hex16(h))
	}
	if m.tile.Spill {
		result.Fields[0] = "fp32"
		for _, v := range res.Sums {
			result.lines = append(result.lines, hex32(v))
		}
	}
	all := []MemoryFile{west, north, result}
	if m.tile.Resume {
		start := MemoryFile{Name: "start.hex", Lanes: 1, Fields: []string{"fp32"}, Content: "start values, output row by output row"}
		for _, v := range in.Start {
			start.lines = append(start.lines, hex32(v))
		}
		all = append(all, start)
	}
	return all
}

// ports are the edges, by cycle. The last cycle is the one after the run, in which the last result is readable.
func (m *machine) ports(e *edges) []MemoryFile {
	cycles := m.now + 1
	west := []string{"count8"}
	for range m.LinkWidth {
		west = append(west, "fp16")
	}
	return []MemoryFile{
		{Name: "edge_west.hex", Lanes: m.Rows, Fields: west, lines: e.west.lines(cycles),
			Content: "by cycle and row: the link word whose first count8 operands are readable in column 0 from this cycle on"},
		{Name: "edge_weight.hex", Lanes: m.Cols, Fields: []string{"valid8", "place8", "fp16"}, lines: e.weight.lines(cycles),
			Content: "by cycle and column: the weight driven into row 0; OS multiplies with it in this cycle, WS registers it at its end"},
		{Name: "edge_sum.hex", Lanes: m.Cols, Fields: []string{"valid8", "fp32"}, lines: e.sum.lines(cycles),
			Content: "by cycle and column: the sum driven into row 0; WS adds to it in this cycle, OS registers it at its end"},
		{Name: "edge_south.hex", Lanes: m.Cols, Fields: []string{"valid8", "fp32"}, lines: e.south.lines(cycles),
			Content: "by cycle and column: the sum, not yet rounded, that is readable below the bottom row from this cycle on"},
	}
}
