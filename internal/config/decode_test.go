package config

import (
	"reflect"
	"strings"
	"testing"

	"satsim/internal/nm"
)

func TestDecodeAll(t *testing.T) {
	const text = `# a comment
kind: chip
rows: 4
small: -128
count: 65535
ratio: 1e-3
coarse: 2
on: true
title: "yes: no"
clock: 200MHz
sparse: 2:8
memory:
  rate: 19.2GB/s
extra: {channels: 1}
limit: 9223372036854775807
sizes: [1, 2, 3]
layers:
  - name: a
    kernel: 3x5
    bias: false
  - name: b
    kernel: [7]
    body: [{name: c, kernel: 1}]
lanes: 32
`
	limit, bias := int64(1<<63-1), false
	want := chip{
		Rows: 4, Small: -128, Count: 65535, Ratio: 0.001, Coarse: 2, On: true, Title: "yes: no",
		Clock: 200_000_000, Sparse: nm.Ratio{N: 2, M: 8},
		Memory: memory{Channels: 2, Rate: 19_200_000_000}, // channels: the default
		Extra:  &memory{Channels: 1}, Limit: &limit, Sizes: []int{1, 2, 3},
		Layers: []layer{
			{Name: "a", Kernel: dims{3, 5}, Bias: &bias},
			{Name: "b", Kernel: dims{7}, Body: []layer{{Name: "c", Kernel: dims{1}}}},
		},
		Shared: shared{Lanes: 32},
	}
	for name, in := range map[string]string{
		"unix":    text,
		"windows": strings.ReplaceAll(text, "\n", "\r\n"),
		"mark":    "\ufeff" + text,
		"marked":  "---\n" + text + "...\n",
		"no end":  strings.TrimSuffix(text, "\n"),
	} {
		got, err := decode(in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

func TestDecodeKeepsDefaults(t *testing.T) {
	got, err := decode("kind: chip\nrows: 1\n")
	want := defaults()
	want.Rows = 1
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err = decode("kind: chip\nrows: 1\nlayers: []\nlimit: null\n"); err != nil || len(got.Layers) != 0 || got.Limit != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}

// Each text has exactly these errors.
func TestDecodeErrors(t *testing.T) {
	const keys = "rows, small, count, ratio, coarse, on, title, clock, sparse, memory, extra, limit, sizes, layers, lanes"
	tests := []struct{ name, text, want string }{
		{"unknown key", "rowss: 1", "f.yaml:3:1: rowss: unknown key; accepted: " + keys + "; nearest: rows"},
		{"a key's name of before", "lines: 1", "f.yaml:3:1: lines: the key is called lanes now; accepted: lanes"},
		{"unknown key, nothing near", "zzzzzz: 1", "f.yaml:3:1: zzzzzz: unknown key; accepted: " + keys},
		{"key of another level", "rate: 1GB/s", "f.yaml:3:1: rate: unknown key; accepted: " + keys + "; nearest: memory.rate"},
		{"key of a deeper level", "channels: 1", "f.yaml:3:1: channels: unknown key; accepted: " + keys + "; nearest: memory.channels"},
		{"nested unknown key", "memory:\n  chanels: 1", "f.yaml:4:3: memory.chanels: unknown key; accepted: channels, rate; nearest: channels"},
		{"upper case", "Small: 1", "f.yaml:3:1: Small: unknown key; accepted: " + keys + "; nearest: small"},
		{"field name, not key", "Shared: {lanes: 1}", "f.yaml:3:1: Shared: unknown key; accepted: " + keys},
		{"duplicate", "small: 1\nsmall: 2", "f.yaml:4:1: small: the key is given twice, first on line 3; accepted: each key once"},
		{"second kind", "kind: board", "f.yaml:3:1: kind: the key is given twice, first on line 1; accepted: each key once"},
		{"float for integer", "small: 4.7", "f.yaml:3:8: small: found the number 4.7; accepted: a whole number in decimal digits"},
		{"exponent for integer", "small: 1e1", "f.yaml:3:8: small: found the number 1e1; accepted: a whole number in decimal digits"},
		{"octal for integer", "small: 010", "f.yaml:3:8: small: found the number 010; accepted: a whole number in decimal digits"},
		{"hexadecimal for integer", "small: 0x10", "f.yaml:3:8: small: found the number 0x10; accepted: a whole number in decimal digits"},
		{"text for integer", `small: "4"`, `f.yaml:3:8: small: found the text "4"; accepted: a whole number in decimal digits`},
		{"boolean for integer", "small: true", "f.yaml:3:8: small: found the boolean true; accepted: a whole number in decimal digits"},
		{"list for integer", "small: [1]", "f.yaml:3:8: small: found a list; accepted: a whole number in decimal digits"},
		{"nothing for integer", "small:", "f.yaml:3:7: small: found no value; accepted: a whole number in decimal digits"},
		{"null for integer", "small: ~", "f.yaml:3:8: small: found null; accepted: a whole number in decimal digits"},
		{"overflow", "small: 128", "f.yaml:3:8: small: the number 128 is out of range; accepted: -128 to 127"},
		{"negative overflow", "small: -129", "f.yaml:3:8: small: the number -129 is out of range; accepted: -128 to 127"},
		{"unsigned overflow", "count: 65536", "f.yaml:3:8: count: the number 65536 is out of range; accepted: 0 to 65535"},
		{"negative unsigned", "count: -1", "f.yaml:3:8: count: the number -1 is out of range; accepted: 0 to 65535"},
		{"64 bit overflow", "limit: 9223372036854775808", "f.yaml:3:8: limit: the number 9223372036854775808 is out of range; accepted: -9223372036854775808 to 9223372036854775807"},
		{"100 digits", "limit: 1" + strings.Repeat("0", 99), "f.yaml:3:8: limit: the number 1" + strings.Repeat("0", 59) + "... is out of range; accepted: -9223372036854775808 to 9223372036854775807"},
		{"infinity", "ratio: .inf", "f.yaml:3:8: ratio: found the number .inf; accepted: a finite decimal number"},
		{"not a number", "ratio: .nan", "f.yaml:3:8: ratio: found the number .nan; accepted: a finite decimal number"},
		{"float overflow", "ratio: 1e999", `f.yaml:3:8: ratio: the text "1e999" is out of range; accepted: a number that fits 64 bits`},
		{"float32 overflow", "coarse: 1e39", "f.yaml:3:9: coarse: the number 1e39 is out of range; accepted: a number that fits 32 bits"},
		{"yes", "on: yes", `f.yaml:3:5: on: found the text "yes"; accepted: true or false`},
		{"1 for a boolean", "on: 1", "f.yaml:3:5: on: found the number 1; accepted: true or false"},
		{"quoted boolean", "on: 'true'", `f.yaml:3:5: on: found the text "true"; accepted: true or false`},
		{"number for text", "title: 12", "f.yaml:3:8: title: found the number 12; accepted: text; quotes make it text"},
		{"date for text", "title: 2020-01-01", `f.yaml:3:8: title: found the text "2020-01-01"; accepted: text; quotes make it text`},
		{"nothing for text", "title:", "f.yaml:3:7: title: found no value; accepted: text"},
		{"no unit", "clock: 200", `f.yaml:3:8: clock: "200" has no unit; accepted: a number with one of the units Hz, kHz, MHz, GHz`},
		{"wrong unit", "clock: 200MB", `f.yaml:3:8: clock: "200MB" has the unknown unit "MB"; accepted: a number with one of the units Hz, kHz, MHz, GHz`},
		{"unit in the wrong case", "clock: 200Mhz", `f.yaml:3:8: clock: "200Mhz" has the unknown unit "Mhz", perhaps MHz is meant; accepted: a number with one of the units Hz, kHz, MHz, GHz`},
		{"nothing for a quantity", "clock:", "f.yaml:3:7: clock: found no value; accepted: a value, or leave the key out"},
		{"list for a quantity", "clock: [1Hz]", "f.yaml:3:8: clock: found a list; accepted: one value"},
		{"ratio of the wrong form", "sparse: 28", `f.yaml:3:9: sparse: "28" is no N:M ratio; write it as 2:8`},
		{"text that is no kernel", "layers: [{name: a, kernel: big}]", `f.yaml:3:28: layers[0].kernel: "big" is no kernel such as 3x3`},
		{"list with a wrong element", "layers: [{name: a, kernel: [1, b]}]", `f.yaml:3:32: layers[0].kernel[1]: found the text "b"; accepted: a whole number in decimal digits`},
		{"scalar for a mapping", "memory: 3", "f.yaml:3:9: memory: found the number 3; accepted: a mapping with the keys channels, rate"},
		{"nothing for a mapping", "memory:\nsmall: 1", "f.yaml:3:8: memory: found no value; accepted: a mapping with the keys channels, rate"},
		{"list for a mapping", "memory:\n- channels: 1", "f.yaml:4:1: memory: found a list; accepted: a mapping with the keys channels, rate"},
		{"mapping for a list", "sizes: {a: 1}", "f.yaml:3:8: sizes: found a mapping; accepted: a list: [a, b] or lines that begin with -"},
		{"scalar for a list", "sizes: 1", "f.yaml:3:8: sizes: found the number 1; accepted: a list: [a, b] or lines that begin with -"},
		{"missing key in a list", "layers:\n  - bias: true", "f.yaml:4:5: layers[0].name: the required key is missing"},
		{"anchor", "small: &x 1", "f.yaml:3:8: small: an anchor (&x) is not allowed; accepted: the value written out"},
		{"alias", "small: 1\nsizes: &x [1]\nlayers: *x", "f.yaml:4:8: sizes: an anchor (&x) is not allowed; accepted: the value written out\n" +
			"f.yaml:5:9: layers: an alias (*x) is not allowed; accepted: the value written out"},
		{"alias to nothing", "small: *x", "f.yaml:3:1: no valid YAML: unknown anchor 'x' referenced"},
		{"merge key", "<<: {small: 1}", "f.yaml:3:1: a merge key (<<) is not allowed; accepted: one of the keys " + keys},
		{"tag", "small: !!int 1", "f.yaml:3:8: small: a tag (!!int) is not allowed; accepted: the value written out"},
		{"own tag", "memory: !ddr {channels: 1}", "f.yaml:3:9: memory: a tag (!ddr) is not allowed; accepted: the value written out"},
		{"list as key", "? [a]\n: 1", "f.yaml:3:3: a list cannot be a key; accepted: one of the keys " + keys},
		{"empty key", "'': 1", `f.yaml:3:1: "": unknown key; accepted: ` + keys},
		{"second document", "small: 1\n---\nkind: chip", "f.yaml:4:1: a second document begins; accepted: one document"},
		{"field error", "memory: {channels: -1}", "f.yaml:3:10: memory.channels: is negative; accepted: 0 or more"},
		{"wrapped field error", "memory: {rate: 1GB/s, channels: 13}", "f.yaml:3:23: memory.channels: a superstition: channels: is 13"},
		{"plain error that begins with a key", "memory:\n  rate: 1B/s", "f.yaml:4:3: memory.rate: rate must be above 1B/s"},
		{"plain error", "memory:\n  channels: 0", "f.yaml:4:3: memory: no channel carries the rate"},
		{"joined errors", "memory:\n  rate: 1B/s\n  channels: -1", "f.yaml:4:3: memory.rate: rate must be above 1B/s\n" +
			"f.yaml:5:3: memory.channels: is negative; accepted: 0 or more"},
		{"default behind a pointer is validated", "extra: {rate: 1B/s}", "f.yaml:3:8: extra: no channel carries the rate\n" +
			"f.yaml:3:9: extra.rate: rate must be above 1B/s"},
		{"all at once", "small: x\nmemory: {channels: -1}\nsizes: [1, 2.5]\nwhat: 1",
			`f.yaml:3:8: small: found the text "x"; accepted: a whole number in decimal digits` + "\n" +
				"f.yaml:4:10: memory.channels: is negative; accepted: 0 or more\n" +
				"f.yaml:5:12: sizes[1]: found the number 2.5; accepted: a whole number in decimal digits\n" +
				"f.yaml:6:1: what: unknown key; accepted: " + keys},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, text := range []string{tt.text, strings.ReplaceAll(tt.text, "\n", "\r\n")} {
				got, err := decode("kind: chip\nrows: 1\n" + text + "\n")
				if err == nil {
					t.Fatalf("no error; got %+v", got)
				}
				if err.Error() != tt.want {
					t.Errorf("got:\n%v\nwant:\n%s", err, tt.want)
				}
				if !reflect.DeepEqual(got, defaults()) {
					t.Errorf("the model was changed: %+v", got)
				}
			}
		})
	}
}

func TestDecodeWhole(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"required", "kind: chip\nsmall: 1\n", "f.yaml:1:1: rows: the required key is missing"},
		{"whole model, key in the file", "kind: chip\nlayers:\n- name: a\nrows: 99\n", "f.yaml:3:3: layers[0].name: does not suit 99 rows; accepted: another name"},
		{"whole model, key not in the file", "kind: chip\nrows: 99\n", "f.yaml:1:1: layers[0].name: does not suit 99 rows; accepted: another name"},
		{"whole model", "\n\nkind: chip\nrows: 98\n", "f.yaml:3:1: a chip of 98 rows is refused"},
		{"whole not asked while a part is wrong", "kind: chip\nrows: 99\nmemory: {channels: -1}\n", "f.yaml:3:10: memory.channels: is negative; accepted: 0 or more"},
		{"empty", "", "f.yaml:1:1: the file is empty; accepted: YAML"},
		{"blank", "\n \n", "f.yaml:1:1: the file is empty; accepted: YAML"},
		{"only comments", "# kind: chip\n", "f.yaml:1:1: the file is empty; accepted: YAML"},
		{"only a marker", "---\n", "f.yaml:1:1: the file is empty; accepted: YAML"},
		{"text", "chip\n", `f.yaml:1:1: the file is the text "chip"; accepted: a mapping whose first key is kind: chip`},
		{"list", "- kind: chip\n", "f.yaml:1:1: the file is a list; accepted: a mapping whose first key is kind: chip"},
		{"no kind", "rows: 1\nkind: chip\n", "f.yaml:1:1: the file does not begin with its kind; accepted: kind: chip"},
		{"another kind", "kind: board\nrows: x\n", `f.yaml:1:7: kind: the file is of kind "board"; accepted: chip`},
		{"binary", "kind: chip\nrows: 1\x00\n", "f.yaml:2:8: the file is no text: it holds the control character 0x00; accepted: YAML text in UTF-8"},
		{"program", "\x7fELF\x02\x01", "f.yaml:1:1: the file is no text: it holds the control character 0x7f; accepted: YAML text in UTF-8"},
		{"latin-1", "kind: chip\n# caf\xe9\n", "f.yaml:2:6: the file is no text: byte 0xe9 is not UTF-8; accepted: YAML text in UTF-8"},
		{"utf-16", "\xff\xfek\x00", "f.yaml:1:1: the file is no text: byte 0xff is not UTF-8; accepted: YAML text in UTF-8"},
		{"cut in a quote", "kind: chip\nrows: 1\ntitle: \"ab\nc\n", "f.yaml:3:1: no valid YAML: a quote is not closed"},
		{"cut in a list", "kind: chip\nsizes: [1,\n 2,", "f.yaml:2:1: no valid YAML: a list or mapping in brackets is not closed, or lacks a value or comma"},
		{"unclosed list", "kind: chip\nsizes: [1\nrows: 2\n", "f.yaml:2:1: no valid YAML: a list or mapping in brackets is not closed, or lacks a value or comma"},
		{"cut in a key", "kind: chip\nmemory:\n  rate: 1GB/s\n  chann", "f.yaml:4:3: no valid YAML: could not find expected ':'"},
		{"indented too far", "kind: chip\nrows: 1\n  small: 2\n", "f.yaml:3:3: no valid YAML: mapping values are not allowed in this context; accepted: keys of one mapping in one column, quotes around text that holds a colon and a space"},
		{"indented too little", "kind: chip\nmemory:\n   rate: 1GB/s\n  channels: 1\nrows: 1\n", "f.yaml:4:3: no valid YAML: did not find expected key"},
		{"tab", "kind: chip\nmemory:\n\trate: 1GB/s\n", "f.yaml:3:2: no valid YAML: a tab indents the line; accepted: spaces"},
		{"at sign", "kind: chip\ntitle: @home\nrows: 1\n", "f.yaml:2:1: no valid YAML: found character that cannot start any token; accepted: quotes around text that begins with @, %, ` or a tab"},
		{"deep list", "kind: chip\nsizes: " + strings.Repeat("[", 60) + strings.Repeat("]", 60) + "\n", "f.yaml:2:57: values are nested too deep; accepted: at most 50 levels"},
		{"very deep list", "kind: chip\nsizes: " + strings.Repeat("[", 20000), "f.yaml:2:1: no valid YAML: values are nested too deep"},
		{"deep blocks", "kind: chip\n" + blocks(60), "f.yaml:51:50: values are nested too deep; accepted: at most 50 levels"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decode(tt.text)
			if err == nil {
				t.Fatalf("no error; got %+v", got)
			}
			if err.Error() != tt.want {
				t.Errorf("got:\n%v\nwant:\n%s", err, tt.want)
			}
		})
	}
}

// blocks nests n mappings, one a line.
func blocks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}
