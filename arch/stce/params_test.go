package stce

import (
	"strings"
	"testing"

	"github.com/x448/float16"
	"go.yaml.in/yaml/v3"

	"satsim/internal/nm"
)

func TestPresetsAreValid(t *testing.T) {
	for _, p := range []Params{Default(), ScaleSimIdeal(1, 1), ScaleSimIdeal(128, 128)} {
		if err := p.Validate(); err != nil {
			t.Errorf("%+v: %v", p, err)
		}
	}
}

func TestValidateNamesEveryKey(t *testing.T) {
	p := Params{
		MulLatency: -1, MaxN: 33, MaxM: 33, EdgeFolds: 2, Preload: 3, Drain: 3, PartialSums: 2, Subnormals: 2, AddIn: 2,
	}
	err := p.Validate()
	for _, key := range []string{
		"rows: 0", "cols: 0", "mul_latency: -1", "add_latency: 0", "max_m: 33", "max_interleave: 0", "link_width: 0",
		"edge_folds: 2", "preload: 3", "drain: 3", "partial_sums: 2", "subnormals: 2", "add_in: 2",
	} {
		if err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("no error names %q: %v", key, err)
		}
	}
	p = Default()
	p.MaxN, p.MaxM = 5, 4
	if err := p.Validate(); err == nil || err.Error() != "max_n: 5 is out of range; accepted: 1 to max_m, which is 4" {
		t.Errorf("max_n beyond max_m: %v", err)
	}
}

func TestCheckRefusesWhatIsNotBuilt(t *testing.T) {
	p := Default()
	good := Config{Mode: WS, Over: OverT, Interleave: p.MaxInterleave, Ratio: nm.Ratio{N: p.MaxN, M: p.MaxM}}
	if err := p.Check(good); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*Config){
		"max_n 8":            func(c *Config) { c.Ratio = nm.Ratio{N: 9, M: 16} },
		"max_m 16":           func(c *Config) { c.Ratio = nm.Ratio{N: 2, M: 17} },
		"max_interleave 8":   func(c *Config) { c.Interleave = 9 },
		"interleave: 0":      func(c *Config) { c.Interleave = 0 },
		"ratio 0:0":          func(c *Config) { c.Ratio = nm.Ratio{} },
		"os or ws":           func(c *Config) { c.Mode = 2 },
		"over: out of range": func(c *Config) { c.Over = -1 },
	} {
		c := good
		change(&c)
		if err := p.Check(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v; the error should say %q", c, err, want)
		}
		if _, err := p.Exact(Tile{Config: c, Rows: 1, Cols: 1, Taps: 1, Channels: 1}, Operands{}); err == nil {
			t.Errorf("%+v runs", c)
		}
	}
}

func TestExactRefusesWrongOperands(t *testing.T) {
	tile := Tile{Config: Config{Interleave: 1, Ratio: nm.Ratio{N: 2, M: 4}}, Rows: 1, Cols: 1, Taps: 1, Channels: 6, Resume: true}
	good := func() Operands {
		return Operands{
			West: make([]float16.Float16, 6), North: make([]float16.Float16, 4), Index: []uint8{1, 3, 0, 1}, Start: make([]float32, 1),
		}
	}
	if _, err := Default().Exact(tile, good()); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*Operands, *Tile){
		"west: 5 values; the tile has 6":    func(in *Operands, _ *Tile) { in.West = in.West[1:] },
		"north: 5 values; the tile has 4":   func(in *Operands, _ *Tile) { in.North = append(in.North, 0) },
		"index: 0 values":                   func(in *Operands, _ *Tile) { in.Index = nil },
		"start: 0 values":                   func(in *Operands, _ *Tile) { in.Start = nil },
		"group 1: place 2; the group has 2": func(in *Operands, _ *Tile) { in.Index[3] = 2 },
		"group 0: places do not ascend":     func(in *Operands, _ *Tile) { in.Index[0] = 3 },
		"taps: 0; at least 1 is accepted":   func(_ *Operands, t *Tile) { t.Taps = 0 },
	} {
		in, tile := good(), tile
		change(&in, &tile)
		if _, err := Default().Exact(tile, in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; the error should say %q", err, want)
		}
	}
}

func TestNamesReadBack(t *testing.T) {
	p := Default()
	for range 3 {
		p.EdgeFolds, p.PartialSums, p.Subnormals = 1-p.EdgeFolds, 1-p.PartialSums, 1-p.Subnormals
		p.AddIn, p.Drain, p.Preload, p.OverlapProducts = 1-p.AddIn, (p.Drain+1)%3, (p.Preload+1)%3, !p.OverlapProducts
		text, err := yaml.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var q Params
		if err := yaml.Unmarshal(text, &q); err != nil || q != p {
			t.Errorf("%s\nreads back as %+v, %v", text, q, err)
		}
	}
	var d Drain
	if err := d.UnmarshalText([]byte("Hidden")); err == nil || err.Error() != `"Hidden" is unknown; overlap or serial or hidden is accepted` {
		t.Errorf("a wrong name: %v", err)
	}
}
