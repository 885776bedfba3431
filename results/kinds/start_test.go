package kinds_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"satsim/results/kinds"
)

// A file to begin with is right by satsim and by the schema, and has every key, given or named below.
func TestFilesToBeginWith(t *testing.T) {
	for _, k := range kinds.All() {
		text, err := k.Start()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), k.Name+".yaml")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if c := kinds.Check(path); c.Kind != k.Name || len(c.Findings) > 0 {
			t.Errorf("%s: %+v", k.Name, c)
		}
		if err := compiled(t, &k).Validate(value(t, text)); err != nil {
			t.Errorf("%s: %v", k.Name, err)
		}
		for _, p := range k.Declared {
			key := p.Key[strings.LastIndexAny(p.Key, ".")+1:] + ":"
			if !strings.Contains(string(text), key) || !strings.Contains(string(text), p.Meaning) {
				t.Errorf("%s: %s is not in the file with its meaning", k.Name, p.Key)
			}
		}
	}
}

// What is shipped is right.
func TestCheckAcceptsWhatIsShipped(t *testing.T) {
	files, err := filepath.Glob("../../configs/*/*.yaml")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		if c := kinds.Check(f); c.Kind != filepath.Base(filepath.Dir(f)) || len(c.Findings) > 0 {
			t.Errorf("%+v", c)
		}
	}
}

// Mistakes that only the model knows, by hand: where they stand and what is wrong.
func TestCheckFindsWhatASchemaCannot(t *testing.T) {
	const network = `kind: network
name: n
inputs: [{name: images, shape: [2, 8, 8, 3]}]
blocks:
  - name: unit
    layers:
      - {name: conv, op: conv, channels: 4, kernel: 3}
      - {name: act, op: relu}
layers:
  - {name: first, block: unit}
  - {name: pool, op: max_pool, kernel: 2, stride: 2}
  - {name: flatten, op: flatten}
  - {name: fc, op: linear, channels: 4}
  - {name: loss, op: loss}
`
	const sweep = `kind: sweep
name: s
arch: sat-vcu1525
networks: [resnet9]
recipes: [bdwp]
axes:
  - {path: stce.max_n, values: [2, 4]}
  - {path: stce.max_m, values: [8, 16]}
`
	for _, c := range []struct{ text, from, to, want string }{
		{"kind: arch\nname: a\nboard: vcu1525\n", "vcu1525", "vcu1526", `:3:1: board: no shipped board is named "vcu1526"`},
		{"kind: arch\nname: a\nboard: vcu1525\n", "name: a\n", "energy: fpga16-hbm2\n", ":2:1: energy: "},
		{"kind: arch\nname: a\nboard: vcu1525\nstce:\n  max_n: 4\n", "4", "32", ":5:3: stce.max_n: "},
		{"kind: arch\nname: a\nboard: vcu1525\nstce:\n  rows: 4\n", "rows", "rowz", ":5:3: stce.rowz: unknown key"},
		{"kind: board\nname: b\nmemory:\n  interleave: 4KiB\n", "4KiB", "100B", ":4:3: memory.interleave: 100 B is no whole number of bursts; accepted: multiples of 64 B"},
		{network, "kernel: 2", "kernel: 20", `:11:5: layers[1]: node "pool" (max_pool): window`},
		{network, "op: relu", "op: relu, input: first", `:8:9: blocks[0].layers[1]: layer "first.act": input: "first" is no earlier layer`},
		{network, "  - {name: loss, op: loss}\n", "", `:2:1: name: network has no loss`},
		{sweep, "[resnet9]", "[resnet9, resnt9]", `:4:21: networks[1]: no shipped network is named "resnt9"`},
		{sweep, "[bdwp]", "[bdpw]", ":5:11: recipes[0]: "},
		{sweep, "[2, 4]", "[2, 9]", ":7:36: axes[0].values[1]: stce.max_n: "}, // of max_m 8
		{sweep, "stce.max_m", "stce.max_x", ":8:33: axes[1].values[0]: stce.max_x: unknown path"},
		{"kind: recipes\n", "", "", `:1:1: kind: there is no kind "recipes"`},
		{"name: a\n", "", "", ":1:1: the file does not begin with its kind"},
	} {
		path := filepath.Join(t.TempDir(), "f.yaml")
		wrong := strings.Replace(c.text, c.from, c.to, 1)
		if err := os.WriteFile(path, []byte(wrong), 0o600); err != nil {
			t.Fatal(err)
		}
		found := kinds.Check(path).Findings
		alone := len(found) == 1 || strings.HasSuffix(c.want, "no loss") // which names the last layer as well
		if len(found) == 0 || !alone || !strings.HasPrefix(found[0].String(), path+c.want) {
			t.Errorf("with %q: %v, want %s", c.to, found, c.want)
		}
		if c.from == "" {
			continue
		}
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if before := kinds.Check(path).Findings; len(before) > 0 {
			t.Errorf("before %q: %v", c.to, before)
		}
	}
}
