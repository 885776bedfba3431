package experiment

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const tiny = `kind: network
name: tiny
params: [{name: batch, value: 4}, {name: width, value: 16}]
inputs: [{name: images, shape: [batch, 8, 8, 16]}]
layers:
  - {name: a, op: conv, channels: width, kernel: 3, pads: 1}
  - {name: flatten, op: flatten}
  - {name: fc, op: linear, channels: 8}
  - {name: loss, op: loss}
`

func tinyFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tiny.yaml")
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestThePipelineIsAList(t *testing.T) {
	want := []string{"load", "plan", "schedule", "simulate", "collect", "compare", "record"}
	if got := Stages(); !slices.Equal(got, want) {
		t.Errorf("stages %v, want %v", got, want)
	}
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range want {
		if !strings.Contains(string(text), "\n//\t"+s+" ") {
			t.Errorf("doc.go does not say what %s does", s)
		}
	}
}

// Every kind of override reaches its model, and the record says so. MACs by hand: a has 4*8*8 outputs x 32 x 9*16 in FF and WU (no BP: its
// input needs no gradient), fc 4 x 2048 x 8 in each of three.
func TestOverridesReachTheirModels(t *testing.T) {
	n := Names{Network: tinyFile(t, tiny), Against: "bdwp"}
	c, err := Load(n, "stce.rows=16", "board.memory.channels=2", "network.width=32", "recipe.optimiser=adam", "energy.stce.add.value=19.5pJ", "stce.rows=8")
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Runs) != 1 || r.Comparison != nil {
		t.Fatalf("%d runs of a recipe that is its own baseline", len(r.Runs))
	}
	const a, fc = 256 * 32 * 144, 4 * 2048 * 8
	if got := r.Runs[0].Total.DenseMACs; got != 2*a+3*fc {
		t.Errorf("%d MACs, want %d", got, 2*a+3*fc)
	}
	var arch struct {
		STCE  struct{ Rows int } `json:"stce"`
		Board struct{ Memory struct{ Channels int } }
	}
	if err := json.Unmarshal(r.Arch, &arch); err != nil || arch.STCE.Rows != 8 || arch.Board.Memory.Channels != 2 {
		t.Errorf("architecture %+v, %v", arch, err)
	}
	var recipe struct{ Optimiser string }
	if err := json.Unmarshal(r.Recipe, &recipe); err != nil || recipe.Optimiser != "adam" {
		t.Errorf("recipe %+v, %v", recipe, err)
	}
	if !bytes.Contains(r.EnergyTable, []byte(`"19.5pJ"`)) {
		t.Error("the energy table keeps its price of an addition")
	}
}

// Errors say where what they complain about stands.
func TestErrorsNameTheirPlace(t *testing.T) {
	good := tinyFile(t, tiny)
	for _, c := range []struct {
		names Names
		set   string
		says  []string
	}{
		{Names{Network: tinyFile(t, strings.Replace(tiny, "kernel: 3", "kernal: 3", 1))}, "", []string{"tiny.yaml:6:", "kernal", "kernel"}},
		{Names{Network: good}, "stce.rosw=16", []string{"overrides", "stce.rosw", "stce.rows"}},
		{Names{Network: good}, "network.widht=16", []string{"overrides", "network.widht", "width"}},
		{Names{Network: good, Sparsity: "9:8"}, "", []string{"sparsity: "}},
		{Names{Network: tinyFile(t, strings.Replace(strings.Replace(tiny, "{name: batch, value: 4}, ", "", 1), "[batch,", "[4,", 1)), Batch: 8}, "", []string{"batch: "}},
		{Names{Network: good, Against: "nothing"}, "", []string{"against: ", "nothing"}},
	} {
		var set []string
		if c.set != "" {
			set = []string{c.set}
		}
		_, err := Load(c.names, set...)
		for _, s := range c.says {
			if err == nil || !strings.Contains(err.Error(), s) {
				t.Errorf("%+v %s: error %v does not say %q", c.names, c.set, err, s)
			}
		}
	}
}
