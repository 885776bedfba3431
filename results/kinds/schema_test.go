package kinds_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"satsim/internal/config"
	"satsim/internal/schema"
	"satsim/results/experiment/models"
	"satsim/results/kinds"
)

// compiled is the schema of a kind, as somebody else's validator reads it.
func compiled(t *testing.T, k *kinds.Kind) *jsonschema.Schema {
	t.Helper()
	text, err := json.Marshal(k.Schema())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(k.Name+".json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(k.Name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// value is a file as an editor hands it to a schema.
func value(t interface{ Fatal(...any) }, text []byte) any {
	var tree any
	if err := yaml.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// shipped are the texts of the shipped files of a kind; of requests, of which none is shipped, one of docs/memory.md's.
func shipped(t *testing.T, kind string) map[string][]byte {
	t.Helper()
	if kind == "traffic" {
		return map[string][]byte{"docs": []byte("kind: traffic\nstreams:\n  - {bytes: 64KiB, window: 2}\n  - {bytes: 64KiB, run: 512B, pitch: 4KiB, window: 2, write: true}\nrequests: 200\n")}
	}
	names, err := models.Shipped(kind)
	if err != nil || len(names) == 0 {
		t.Fatalf("%d files of kind %s, %v", len(names), kind, err)
	}
	out := map[string][]byte{}
	for _, n := range names {
		src, err := models.Source(kind, n)
		if err != nil {
			t.Fatal(err)
		}
		out[n] = src.Data
	}
	return out
}

func TestSchemasAcceptWhatIsShipped(t *testing.T) {
	for _, k := range kinds.All() {
		s := compiled(t, &k)
		for name, text := range shipped(t, k.Name) {
			if err := s.Validate(value(t, text)); err != nil {
				t.Errorf("%s %s: %v", k.Name, name, err)
			}
		}
	}
}

// Files that must fail, each with one mistake, by hand: where the schema finds it.
func TestSchemasRefuseMistakes(t *testing.T) {
	const network = "kind: network\nname: n\ninputs: [{name: i, shape: [1, 8]}]\nlayers:\n  - {name: fc, op: linear, channels: 4}\n  - {name: loss, op: loss}\n"
	const energy = "kind: energy\nname: e\nentries:\n  - {action: stce.add, value: 1pJ, low: 1pJ, high: 2pJ, unit: operation, technology: x, source: y}\n"
	for _, c := range []struct{ kind, text, from, to, at string }{
		{"arch", "kind: arch\nboard: vcu1525\nstce: {rows: 16}\n", "rows: 16", "rows: 0", "/stce/rows"},
		{"arch", "kind: arch\nboard: vcu1525\nstce: {rows: 16}\n", "rows: 16", "rows: 1025", "/stce/rows"},
		{"arch", "kind: arch\nboard: vcu1525\nstce: {rows: 16}\n", "rows: 16", "rows: 1.5", "/stce/rows"},
		{"arch", "kind: arch\nboard: vcu1525\nstce: {rows: 16}\n", "rows: 16", "rows: sixteen", "/stce/rows"},
		{"arch", "kind: arch\nboard: vcu1525\nstce: {rows: 16}\n", "rows: 16", "row: 16", "/stce"},
		{"arch", "kind: arch\nboard: vcu1525\nstce: {rows: 16}\n", "board: vcu1525\n", "", ""},
		{"arch", "kind: arch\nboard: vcu1525\nstce: {rows: 16}\n", "kind: arch", "kind: board", "/kind"},
		{"arch", "kind: arch\nboard: vcu1525\nclock: 200MHz\n", "200MHz", "200", "/clock"},
		{"arch", "kind: arch\nboard: vcu1525\nclock: 200MHz\n", "200MHz", "200Mhz", "/clock"},
		{"arch", "kind: arch\nboard: vcu1525\nstce: {preload: shadow}\n", "shadow", "shade", "/stce/preload"},
		{"arch", "kind: arch\nboard: vcu1525\nbuffers: {west: {word_bits: 64}}\n", "64", "40", "/buffers/west/word_bits"},
		{"arch", "kind: arch\nboard: vcu1525\ndataflow: {pregeneration: true}\n", "true", "1", "/dataflow/pregeneration"},
		{"board", "kind: board\nname: b\nmemory: {port_width_bits: 512}\n", "512", "500", "/memory/port_width_bits"},
		{"board", "kind: board\nname: b\nmemory: {technology: ddr4-2400}\n", "ddr4-2400", "ddr5", "/memory/technology"},
		{"board", "kind: board\nname: b\ndevice: {luts: 5}\n", "5", "-5", "/device/luts"},
		{"energy", energy, "value: 1pJ", "value: 1", "/entries/0/value"},
		{"energy", energy, "low: 1pJ, ", "", "/entries/0"},
		{"energy", energy, "stce.add", "stce.ad", "/entries/0/action"},
		{"network", network, "op: linear", "op: lineer", "/layers/0/op"},
		{"network", network, "channels: 4", "channels: '#4'", "/layers/0/channels"},
		{"network", network, "channels: 4", "kernel: [1, 2, 3]", "/layers/0/kernel"},
		{"network", network, "inputs: [{name: i, shape: [1, 8]}]\n", "", ""},
		{"recipe", "kind: recipe\nname: r\nff: {prune: weights}\nsparsity: '2:8'\n", "weights", "gradients", "/ff/prune"},
		{"recipe", "kind: recipe\nname: r\nff: {prune: weights}\nsparsity: '2:8'\n", "'2:8'", "2", "/sparsity"},
		{"recipe", "kind: recipe\nname: r\nmasks: 4\n", "4", "0", "/masks"},
		{"recipe", "kind: recipe\nname: r\nmasks: 4\n", "4", "sometimes", "/masks"},
		{"recipe", "kind: recipe\nname: r\nweight_decay: 0.1\n", "0.1", "-0.1", "/weight_decay"},
		{"sweep", "kind: sweep\nname: s\nbatches: [1]\n", "[1]", "[0]", "/batches/0"},
		{"sweep", "kind: sweep\nname: s\naxes: [{path: stce.rows, values: [1]}]\n", "values", "value", "/axes/0"},
		{"sweep", "kind: sweep\nname: s\naxes: [{zip: [{path: stce.rows, values: [1]}]}]\n", "path: stce.rows, ", "", "/axes/0/zip/0"},
		{"traffic", "kind: traffic\nstreams: [{bytes: 4KiB, window: 2}]\nrequests: 5\n", "4KiB", "4K", "/streams/0/bytes"},
	} {
		k, err := kinds.Find(c.kind)
		if err != nil {
			t.Fatal(err)
		}
		s := compiled(t, &k)
		if err := s.Validate(value(t, []byte(c.text))); err != nil {
			t.Errorf("%s is refused before its mistake: %v", c.kind, err)
		}
		wrong := strings.Replace(c.text, c.from, c.to, 1)
		if wrong == c.text {
			t.Fatalf("%q is not in %q", c.from, c.text)
		}
		var found *jsonschema.ValidationError
		err = s.Validate(value(t, []byte(wrong)))
		if found, _ = err.(*jsonschema.ValidationError); found == nil {
			t.Errorf("%s is accepted with %q", c.kind, c.to)
			continue
		}
		if !strings.Contains(found.Error(), fmt.Sprintf("at '%s'", c.at)) {
			t.Errorf("%s with %q: want a mistake at %q, got %v", c.kind, c.to, c.at, found)
		}
		if err := config.Decode(config.Source{Name: "f", Data: []byte(wrong)}, c.kind, reflect.New(k.Of).Interface()); err == nil {
			t.Errorf("%s with %q: satsim accepts it", c.kind, c.to)
		}
	}
}

// values that keys of all types might be given, right and wrong.
var values = []string{
	"0", "1", "2", "7", "16", "24", "64", "-1", "1.5", "1e3", "true", "null", "[]", "[1, 2]", "{}", "{a: 1}", "'2:8'", "2:4", "+2:08", "never", "007", "+5", "2MiB", "1.5 KiB", "512B",
	"200MHz", "1.2pJ", "3W", "0.3 nJ", "image/8", "(a + 1)*2", "-a", "a == 2 && !b", "shadow", "dense", "weights", "'x y'", "''", "stce.add", "[[a=1]]", "[stce.rows=16]", "sgd", "conv",
}

// Whatever satsim accepts, a schema does: a value is put under a key of a shipped file.
func TestSchemasRefuseNothingThatIsRight(t *testing.T) {
	type room struct {
		kinds.Kind
		schema *jsonschema.Schema
		files  [][]byte
		leaves []schema.Leaf
	}
	var rooms []room
	for _, k := range kinds.All() {
		r := room{Kind: k, schema: compiled(t, &k), leaves: schema.Leaves(k.Of)}
		for _, text := range shipped(t, k.Name) {
			r.files = append(r.files, text)
		}
		rooms = append(rooms, r)
	}
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(rooms).Draw(t, "kind")
		var tree map[string]any
		if err := yaml.Unmarshal(rapid.SampledFrom(r.files).Draw(t, "file"), &tree); err != nil {
			t.Fatal(err)
		}
		delete(tree, "kind")
		var put any
		if err := yaml.Unmarshal([]byte(rapid.SampledFrom(values).Draw(t, "value")), &put); err != nil {
			t.Fatal(err)
		}
		leaf := rapid.SampledFrom(r.leaves).Draw(t, "key")
		at(tree, strings.Split(leaf.Key, "."), put)
		body, err := yaml.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		text := append([]byte("kind: "+r.Name+"\n"), body...)
		model := reflect.New(r.Of)
		if config.Decode(config.Source{Name: "f", Data: text}, r.Name, model.Interface()) != nil {
			return
		}
		accepted++
		if err := r.schema.Validate(value(t, text)); err != nil {
			t.Fatalf("satsim accepts it, the schema does not: %v\n%s", err, text)
		}
	})
	if t.Logf("%d accepted", accepted); accepted == 0 {
		t.Error("nothing was accepted")
	}
}

// at puts a value under keys, of the first element of lists; what is not there is made.
func at(tree map[string]any, keys []string, put any) {
	name, list := strings.CutSuffix(keys[0], "[]")
	switch {
	case len(keys) == 1:
		tree[name] = put
	case list:
		elements, _ := tree[name].([]any)
		if len(elements) == 0 {
			elements = []any{map[string]any{}}
		}
		tree[name] = elements
		if first, ok := elements[0].(map[string]any); ok {
			at(first, keys[1:], put)
		}
	default:
		below, _ := tree[name].(map[string]any)
		if below == nil {
			below = map[string]any{}
		}
		tree[name] = below
		at(below, keys[1:], put)
	}
}
