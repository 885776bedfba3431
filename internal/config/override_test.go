package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"satsim/internal/diag"
)

func twoLayers() chip {
	c := defaults()
	c.Rows = 4
	c.Layers = []layer{{Name: "conv1", Kernel: dims{3, 3}}, {Name: "conv2", Body: []layer{{Name: "in.ner"}}}}
	return c
}

func set(c *chip, texts ...string) error {
	var ovs []Override
	for _, s := range texts {
		o, err := ParseOverride(s, "--set")
		if err != nil {
			return err
		}
		ovs = append(ovs, o)
	}
	return Set(c, ovs)
}

func TestSet(t *testing.T) {
	yes := true
	limit := int64(-1)
	tests := []struct {
		texts []string
		want  func(*chip)
	}{
		{[]string{"rows=16"}, func(c *chip) { c.Rows = 16 }},
		{[]string{" rows = 16 "}, func(c *chip) { c.Rows = 16 }},
		{[]string{"rows=16", "rows=17"}, func(c *chip) { c.Rows = 17 }},
		{[]string{"clock=1.5GHz"}, func(c *chip) { c.Clock = 1_500_000_000 }},
		{[]string{"sparse=2:8"}, func(c *chip) { c.Sparse.N, c.Sparse.M = 2, 8 }},
		{[]string{"memory.channels=3", "lanes=5"}, func(c *chip) { c.Memory.Channels, c.Shared.Lanes = 3, 5 }},
		{[]string{"title=a=b [c]"}, func(c *chip) { c.Title = "a=b [c]" }},
		{[]string{`title=""`}, func(c *chip) { c.Title = "" }},
		{[]string{"sizes=[1, 2]"}, func(c *chip) { c.Sizes = []int{1, 2} }},
		{[]string{"sizes=[1, 2]", "sizes[1]=7"}, func(c *chip) { c.Sizes = []int{1, 7} }},
		{[]string{"limit=-1"}, func(c *chip) { c.Limit = &limit }},
		{[]string{"limit=-1", "limit=null"}, func(c *chip) {}},
		{[]string{"extra.channels=1"}, func(c *chip) { c.Extra = &memory{Channels: 1} }},
		{[]string{"layers[0].kernel=5x5"}, func(c *chip) { c.Layers[0].Kernel = dims{5, 5} }},
		{[]string{"layers[conv1].kernel[1]=5"}, func(c *chip) { c.Layers[0].Kernel = dims{3, 5} }},
		{[]string{"layers[conv2].body[in.ner].bias=true"}, func(c *chip) { c.Layers[1].Body[0].Bias = &yes }},
		{[]string{"layers=[{name: a}]", "layers[a].kernel=[1]"}, func(c *chip) { c.Layers = []layer{{Name: "a", Kernel: dims{1}}} }},
		{nil, func(c *chip) {}},
	}
	for _, tt := range tests {
		base, got, want := twoLayers(), twoLayers(), twoLayers()
		got.Layers = base.Layers // as a shallow copy of a model has it
		tt.want(&want)
		if err := set(&got, tt.texts...); err != nil {
			t.Errorf("%q: %v", tt.texts, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %+v, want %+v", tt.texts, got, want)
		}
		if !reflect.DeepEqual(base, twoLayers()) {
			t.Errorf("%q changed a model that shares lists with the overridden one", tt.texts)
		}
	}
}

func TestSetErrors(t *testing.T) {
	const keys = "rows, small, count, ratio, coarse, on, title, clock, sparse, memory, extra, limit, sizes, layers, lanes"
	const notInt = "; accepted: a whole number in decimal digits"
	const noPath = "no path; accepted: keys joined by dots, elements of lists as layers[0] or layers[conv1]"
	tests := []struct{ texts, want string }{
		{"rows", `--set: "rows" is no override; accepted: path=value, such as stce.rows=16`},
		{"=3", `--set: "=3" is no override; accepted: path=value, such as stce.rows=16`},
		{"lines=1", "--set: lines: the key is called lanes now; accepted: lanes"},
		{"row=1", "--set: row: unknown path; accepted: " + keys + "; nearest: rows"},
		{"channels=1", "--set: channels: unknown path; accepted: " + keys + "; nearest: memory.channels"},
		{"memory.chanels=1", "--set: memory.chanels: unknown path; accepted: memory.channels, memory.rate; nearest: memory.channels"},
		{"layers[conv1].kernl=1", "--set: layers[conv1].kernl: unknown path; accepted: layers[conv1].name, layers[conv1].kernel, " +
			"layers[conv1].bias, layers[conv1].body; nearest: layers[conv1].kernel"},
		{"layers[con1].kernel=1", "--set: layers[con1].kernel: no element is named con1; accepted: conv1, conv2; nearest: layers[conv1]"},
		{"layers[2].kernel=1", "--set: layers[2].kernel: the list has 2 elements, no [2]; accepted: conv1, conv2"},
		{"layers[-1].kernel=1", "--set: layers[-1].kernel: the list has 2 elements, no [-1]; accepted: conv1, conv2"},
		{"sizes[a]=1", "--set: sizes[a]: no element is named a"},
		{"rows[0]=1", "--set: rows[0]: rows is no list"},
		{"rows.x=1", "--set: rows.x: there are no keys under rows"},
		{"layers.kernel=1", "--set: layers.kernel: there are no keys under layers"},
		{"memory=1", "--set: memory: a group of keys cannot be set; accepted: memory.channels, memory.rate"},
		{"extra={channels: 1}", "--set: extra: a group of keys cannot be set; accepted: extra.channels, extra.rate"},
		{"a..b=1", "--set: a..b: " + noPath},
		{".a=1", "--set: .a: " + noPath},
		{"a.=1", "--set: a.: " + noPath},
		{"[0]=1", "--set: [0]: " + noPath},
		{"a[]=1", "--set: a[]: " + noPath},
		{"a[0]b=1", "--set: a[0]b: " + noPath},
		{"small=", "--set: small: the value is empty; accepted: YAML"},
		{"small=4.7", "--set: small: found the number 4.7" + notInt},
		{"small=200", "--set: small: the number 200 is out of range; accepted: -128 to 127"},
		{"on=1", "--set: on: found the number 1; accepted: true or false"},
		{"clock=5", `--set: clock: "5" has no unit; accepted: a number with one of the units Hz, kHz, MHz, GHz`},
		{"sizes=[1, x]", `--set: sizes[1]: found the text "x"` + notInt},
		{"sizes=1", "--set: sizes: found the number 1; accepted: a list: [a, b] or lines that begin with -"},
		{"sizes=[1", "--set: sizes: no valid YAML: a list or mapping in brackets is not closed, or lacks a value or comma"},
		{"small=*x", "--set: small: no valid YAML: unknown anchor 'x' referenced"},
		{"small=&x 3", "--set: small: an anchor (&x) is not allowed; accepted: the value written out"},
		{"layers=[{name: a, name: b}]", "--set: layers[0].name: the key is given twice; accepted: each key once"},
		{"layers=[{bias: true}]", "--set: layers[0].name: the required key is missing"},
		{"layers=[{name: a, kernl: 1}]", "--set: layers[0].kernl: unknown key; accepted: name, kernel, bias, body; nearest: kernel"},
		{"memory.channels=-3", "--set: memory.channels: is negative; accepted: 0 or more"},
		{"rows=98", "--set: a chip of 98 rows is refused"},
		{"rows=1 | row=2 | small=x", "--set: row: unknown path; accepted: " + keys + "; nearest: rows\n" +
			`--set: small: found the text "x"` + notInt},
	}
	for _, tt := range tests {
		c := twoLayers()
		err := set(&c, strings.Split(tt.texts, " | ")...)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: got:\n%v\nwant:\n%s", tt.texts, err, tt.want)
		}
		if !reflect.DeepEqual(c, twoLayers()) {
			t.Errorf("%s: the model was changed: %+v", tt.texts, c)
		}
	}
}

// An element whose name another one has too can be reached by index only.
func TestSetSameNames(t *testing.T) {
	c := twoLayers()
	c.Layers[1].Name = "conv1"
	const want = "--set: layers[conv1].kernel: elements 0 and 1 are both named conv1; accepted: conv1, conv1; nearest: layers[conv1]"
	if err := set(&c, "layers[conv1].kernel=1"); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// What Validate refuses is reported with the origins of the overrides that touched it.
func TestSetOrigins(t *testing.T) {
	tests := []struct {
		ovs  []Override
		want string
	}{
		{[]Override{{"rows", "1", "SATSIM_SET"}, {"memory.channels", "-1", "--set"}},
			"--set: memory.channels: is negative; accepted: 0 or more"},
		{[]Override{{"memory.channels", "-1", "SATSIM_SET"}, {"memory.channels", "-2", "--set"}},
			"--set: memory.channels: is negative; accepted: 0 or more"},
		{[]Override{{"rows", "1", "SATSIM_SET"}, {"memory.channels", "0", "--set"}},
			"--set: memory: no channel carries the rate"},
		{[]Override{{"rows", "98", "SATSIM_SET"}, {"memory.channels", "1", "--set"}},
			"SATSIM_SET, --set: a chip of 98 rows is refused"},
		{[]Override{{"rows", "99", "sweep.yaml"}},
			"sweep.yaml: layers[0].name: does not suit 99 rows; accepted: another name"},
	}
	for _, tt := range tests {
		c := twoLayers()
		if err := Set(&c, tt.ovs); err == nil || err.Error() != tt.want {
			t.Errorf("%v: got %v, want %s", tt.ovs, err, tt.want)
		}
	}
}

func TestPaths(t *testing.T) {
	c := twoLayers()
	c.Sizes = []int{8}
	want := []string{
		"rows", "small", "count", "ratio", "coarse", "on", "title", "clock", "sparse", "memory.channels", "memory.rate",
		"extra.channels", "extra.rate", "limit", "sizes", "sizes[0]", "layers",
		"layers[0].name", "layers[0].kernel", "layers[0].kernel[0]", "layers[0].kernel[1]", "layers[0].bias", "layers[0].body",
		"layers[1].name", "layers[1].kernel", "layers[1].bias", "layers[1].body",
		"layers[1].body[0].name", "layers[1].body[0].kernel", "layers[1].body[0].bias", "layers[1].body[0].body",
		"lanes",
	}
	if got := Paths(&c); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if !slices.Equal(Paths(c), Paths(&c)) {
		t.Error("a model and a pointer to it have different paths")
	}
}

// chain ends although its type does not.
type chain struct {
	Next *chain `yaml:"next"`
	Size int    `yaml:"size"`
}

func TestPathsOfRecursiveType(t *testing.T) {
	if got, want := Paths(chain{}), []string{"next.size", "size"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Every path can be set to the value that it has, and that changes nothing.
func TestEveryPathCanBeSet(t *testing.T) {
	c := twoLayers()
	c.Sizes, c.Extra, c.Title = []int{8, 9}, &memory{Channels: 1}, "2:8 #"
	data, err := MarshalJSON(c)
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	for _, p := range Paths(c) {
		value, ok := lookUp(doc, p)
		if !ok { // left out because it is empty; these two forms fit all keys with omitempty
			value = "null"
			if !strings.HasSuffix(p, "bias") {
				value = "[]"
			}
		}
		got := clone(reflect.ValueOf(c)).Interface().(chip)
		if err := Set(&got, []Override{{p, value, "test"}}); err != nil {
			t.Errorf("%s=%s: %v", p, value, err)
		}
		if !reflect.DeepEqual(got, c) {
			t.Errorf("%s=%s: got %+v, want %+v", p, value, got, c)
		}
	}
}

// lookUp follows a path with indices through decoded JSON. JSON is YAML.
func lookUp(doc any, path string) (string, bool) {
	for _, s := range strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune(".[]", r) }) {
		switch d := doc.(type) {
		case map[string]any:
			doc = d[s]
		case []any:
			var i int
			if _, err := fmt.Sscan(s, &i); err != nil {
				return "", false
			}
			doc = d[i]
		}
		if doc == nil && s != "limit" {
			return "", false
		}
	}
	b, err := json.Marshal(doc)
	return string(b), err == nil
}

// Lists of pointers are reached by name like lists of structs.
func TestSetPointerList(t *testing.T) {
	type model struct {
		Layers []*layer `yaml:"layers"`
		Plain  []int    `yaml:"plain"`
	}
	m := model{Layers: []*layer{{Name: "a"}, nil, {Name: "b"}}}
	shared := m.Layers[2]
	if err := Set(&m, []Override{{"layers[b].kernel", "3x3", "x"}, {"layers[1].name", "c", "x"}}); err != nil {
		t.Fatal(err)
	}
	want := model{Layers: []*layer{{Name: "a"}, {Name: "c"}, {Name: "b", Kernel: dims{3, 3}}}}
	if !reflect.DeepEqual(m, want) || shared.Kernel != nil {
		t.Errorf("got %+v, shared %+v", m, shared)
	}
}

func TestParseOverride(t *testing.T) {
	o, err := ParseOverride("layers[a=b].x=1=2", "SATSIM_SET")
	if want := (Override{"layers[a=b].x", "1=2", "SATSIM_SET"}); err != nil || o != want {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestErrorsAreDiag(t *testing.T) {
	c := twoLayers()
	list, ok := set(&c, "row=1").(diag.List)
	if !ok || len(list) != 1 || list[0].Path != "row" || list[0].Pos.File != "--set" || list[0].Nearest != "rows" {
		t.Errorf("got %#v", list)
	}
}
