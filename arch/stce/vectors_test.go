package stce

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/x448/float16"
	"pgregory.net/rapid"
)

// folder is a directory in memory.
type folder map[string]*file

type file struct{ bytes.Buffer }

func (*file) Close() error { return nil }

func (d folder) create(name string) (io.WriteCloser, error) {
	d[name] = &file{}
	return d[name], nil
}

// readmemh reads a memory as Verilog does: a hexadecimal word a line, underscores ignored. It returns the words as hex.
func (d folder) readmemh(t *rapid.T, m MemoryFile) []string {
	t.Helper()
	var words []string
	for _, l := range strings.Fields(d[m.Name].String()) {
		w := strings.ReplaceAll(l, "_", "")
		if 4*len(w) != m.Bits {
			t.Fatalf("%s: a word of %d bits; the manifest says %d", m.Name, 4*len(w), m.Bits)
		}
		words = append(words, w)
	}
	if len(words) != m.Words {
		t.Fatalf("%s: %d words; the manifest says %d", m.Name, len(words), m.Words)
	}
	return words
}

// bits takes the field of n bits at bit at, from the left.
func bitsOf(t *rapid.T, word string, at, n int) uint32 {
	t.Helper()
	v, err := strconv.ParseUint(word[at/4:(at+n)/4], 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(v)
}

// TestVectorsReplay reads test vectors back, runs the array on the operands they hold, and, for OS over F, forms the
// results from nothing but the words that cross the west and north edges.
func TestVectorsReplay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := draw(t, true)
		if j.P.Drain == DrainHidden {
			j.P.Drain = DrainSerial
		}
		dir := folder{}
		res, err := j.P.Vectors(j.T, j.In, dir.create, nil)
		if err != nil {
			t.Fatal(err)
		}
		var man Manifest
		if err := json.Unmarshal(dir["manifest.json"].Bytes(), &man); err != nil {
			t.Fatal(err)
		}
		words := map[string][]string{}
		for _, f := range man.Files {
			words[f.Name] = dir.readmemh(t, f)
		}
		if len(dir) != len(man.Files)+1 || man.Schema != VectorsSchema {
			t.Fatalf("%d files; the manifest, of %q, has %d", len(dir), man.Schema, len(man.Files))
		}

		var in Operands
		for _, w := range words["west.hex"] {
			in.West = append(in.West, float16.Frombits(uint16(bitsOf(t, w, 0, 16))))
		}
		for _, w := range words["north.hex"] {
			in.Index = append(in.Index, uint8(bitsOf(t, w, 0, 8)))
			in.North = append(in.North, float16.Frombits(uint16(bitsOf(t, w, 8, 16))))
		}
		for _, w := range words["start.hex"] {
			in.Start = append(in.Start, math.Float32frombits(bitsOf(t, w, 0, 32)))
		}
		again, err := man.Params.Exact(man.Tile, in)
		if err != nil {
			t.Fatal(err)
		}
		if again.TileCost != man.Cost || man.Cost != res.TileCost {
			t.Fatalf("%+v from the files, %+v in the manifest", again.TileCost, man.Cost)
		}
		n := 16
		if j.T.Spill {
			n = 32
		}
		for i, w := range words["result.hex"] {
			want := uint32(0)
			if j.T.Spill {
				want = math.Float32bits(again.Sums[i])
			} else {
				want = uint32(again.Half[i])
			}
			if got := bitsOf(t, w, 0, n); got != want {
				t.Fatalf("result %d is %x in the file, %x from its operands", i, got, want)
			}
		}
		if j.T.Mode == OS && j.T.Over == OverF {
			replay(t, j, words)
		}
	})
}

// replay forms the results of an OS tile over F from the words at the edges of the array alone, fold by fold, and looks for
// them at the south edge. The words of a row come group by group, those of a column round by round.
func replay(t *rapid.T, j job, words map[string][]string) {
	R, C := j.P.Rows, j.P.Cols
	west := make([][]uint32, R)
	for _, w := range words["edge_west.hex"] {
		lane := 8 + 16*j.P.LinkWidth
		for r := range R {
			for k := range bitsOf(t, w, r*lane, 8) {
				west[r] = append(west[r], bitsOf(t, w, r*lane+8+16*int(k), 16))
			}
		}
	}
	stream := func(name string, lane, n int) [][]uint32 {
		all := make([][]uint32, C)
		for _, w := range words[name] {
			for c := range C {
				if bitsOf(t, w, c*lane, 8) == 1 {
					all[c] = append(all[c], bitsOf(t, w, c*lane+8, n))
				}
			}
		}
		return all
	}
	weight, start, south := stream("edge_weight.hex", 32, 24), stream("edge_sum.hex", 40, 32), stream("edge_south.hex", 40, 32)
	take := func(s *[]uint32) uint32 {
		v := (*s)[0]
		*s = (*s)[1:]
		return v
	}
	half := func(v uint32) float32 { return float16.Frombits(uint16(v)).Float32() }
	tile := j.T
	wide := int64(C * tile.Interleave)
	for at := range tile.products() * ceil(tile.Cols, wide) { // column folds, product by product
		col := at % ceil(tile.Cols, wide) * wide
		for row := int64(0); row < tile.Rows; row += int64(R) {
			rows := int(min(int64(R), tile.Rows-row))
			terms := make([][]float32, rows)
			for r := range terms {
				for range tile.Taps * tile.Channels {
					terms[r] = append(terms[r], half(take(&west[r])))
				}
			}
			for c := range C {
				outputs := 0
				for f := col + int64(c); f < min(tile.Cols, col+wide); f += int64(C) {
					outputs++
				}
				sums := make([][]float32, rows)
				for r := rows - 1; r >= 0; r-- {
					sums[r] = make([]float32, outputs)
					for i := range sums[r] {
						if tile.Resume {
							sums[r][i] = math.Float32frombits(take(&start[c]))
						}
					}
				}
				for tap := range int(tile.Taps) {
					for ch := 0; ch < int(tile.Channels); ch += tile.Ratio.M {
						for range min(tile.Ratio.N, int(tile.Channels)-ch) {
							for i := range outputs {
								w := take(&weight[c])
								for r := range rows {
									x := terms[r][tap*int(tile.Channels)+ch+int(w>>16)]
									product := float32(x * half(w))
									sums[r][i] = float32(product + sums[r][i])
								}
							}
						}
					}
				}
				for r := rows - 1; r >= 0; r-- {
					for _, v := range sums[r] {
						want := math.Float32bits(v)
						if v != v {
							want = 0x7fc00000
						}
						if got := take(&south[c]); got != want {
							t.Fatalf("%+v\n%+v\ncolumn %d: %x leaves; the edges make %x", j.P, tile, c, got, want)
						}
					}
				}
			}
		}
	}
	for c := range C {
		if len(weight[c])+len(start[c])+len(south[c]) > 0 {
			t.Fatalf("%+v\n%+v\ncolumn %d has words left", j.P, tile, c)
		}
	}
}
