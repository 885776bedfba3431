package param

import (
	"fmt"
	"math"
	"testing"

	"satsim/internal/quantity"
)

type inner struct {
	Size quantity.Bytes `yaml:"size"`
	Kind string         `yaml:"kind"`
}

type common struct {
	On bool `yaml:"on"`
}

type unit struct {
	common `yaml:",inline"`
	Rows   int   `yaml:"rows"`
	Width  int64 `yaml:"width"`
	Port   int   `yaml:"port"`
	Depth  int   `yaml:"depth"`
	Inner  inner `yaml:"inner"`
}

func declared() []Param {
	return append([]Param{
		Of("on", true, "switch", Range{}, "", ""),
		Of("rows", 4, "rows", Between(1, 8, ""), "", ""),
		Of("width", 32, "bits", Multiples(16, 16, 64, ""), "", ""),
		Of("port", 8, "bits", PowersOfTwo(8, 64, ""), "", ""),
		Of("depth", nil, "entries", AtLeast(0, ""), "", ""),
	}, Under("inner", []Param{
		Of("size", "2MiB", "bytes", Between(1<<10, 1<<30, "").In("1KiB", "1GiB"), "", ""),
		Of("kind", "a", "word", OneOf("a", "b"), "", ""),
	})...)
}

func TestDefaults(t *testing.T) {
	want := unit{common: common{true}, Rows: 4, Width: 32, Port: 8, Inner: inner{2 << 20, "a"}}
	got := Defaults[unit](declared())
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if err := Validate(got, declared()); err != nil {
		t.Errorf("defaults are refused: %v", err)
	}
}

func TestEveryKeyOutOfRangeIsNamedWithWhatIsAccepted(t *testing.T) {
	for _, c := range []struct {
		change func(*unit)
		want   string
	}{
		{func(u *unit) { u.Rows = 9 }, "rows: 9 is out of range; accepted: 1 to 8"},
		{func(u *unit) { u.Rows = 0 }, "rows: 0 is out of range; accepted: 1 to 8"},
		{func(u *unit) { u.Width = 40 }, "width: 40 is out of range; accepted: multiples of 16 from 16 to 64"},
		{func(u *unit) { u.Port = 24 }, "port: 24 is out of range; accepted: powers of two from 8 to 64"},
		{func(u *unit) { u.Depth = -1 }, "depth: -1 is out of range; accepted: 0 or more"},
		{func(u *unit) { u.Inner.Size = 512 }, "inner.size: 512B is out of range; accepted: 1KiB to 1GiB"},
		{func(u *unit) { u.Inner.Kind = "c" }, `inner.kind: "c" is unknown; accepted: a, b; nearest: a`},
		{func(u *unit) { u.Rows, u.Depth = 0, -2 }, "rows: 0 is out of range; accepted: 1 to 8\ndepth: -2 is out of range; accepted: 0 or more"},
		{func(u *unit) { u.Rows, u.Width, u.Port, u.On = 8, 64, 64, false }, "<nil>"},
	} {
		u := Defaults[unit](declared())
		c.change(&u)
		if got := fmt.Sprint(Validate(u, declared())); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

type part struct {
	Kind  string   `yaml:"kind"`
	Decay float64  `yaml:"decay"`
	Sizes []int64  `yaml:"sizes"`
	Texts []string `yaml:"texts"`
}

// Keys of lists are checked in every element and reported by its place; an optional key that is not given is in no range.
func TestListsAndOptionalKeys(t *testing.T) {
	type whole struct {
		Kernel []int  `yaml:"kernel"`
		Parts  []part `yaml:"parts"`
	}
	short := func(text string) error {
		if len(text) > 3 {
			return fmt.Errorf("%q is long", text)
		}
		return nil
	}
	list := append([]Param{Of("kernel", nil, "", Sizes("one or two", 1, 2), "", "")}, Under("parts[]", []Param{
		Of("kind", nil, "word", OneOf("left", "right").OrNone(), "", ""), Of("decay", nil, "", AtLeast(0, ""), "", ""),
		Of("sizes", nil, "", Between(1, 9, ""), "", ""), Of("texts", nil, "", Checked("three letters", short), "", ""),
	})...)
	for _, c := range []struct {
		of   whole
		want string
	}{
		{whole{}, "<nil>"},
		{whole{Kernel: []int{7, 7}, Parts: []part{{}, {"left", 1e300, []int64{1, 9}, []string{"abc", ""}}}}, "<nil>"},
		{whole{Kernel: []int{}}, "kernel: a list of 0; accepted: one or two"},
		{whole{Kernel: []int{1, 2, 3}}, "kernel: a list of 3; accepted: one or two"},
		{whole{Parts: []part{{}, {Kind: "lift"}}}, `parts[1].kind: "lift" is unknown; accepted: left, right; nearest: left`},
		{whole{Parts: []part{{Decay: -0.5}}}, "parts[0].decay: -0.5 is out of range; accepted: 0 or more"},
		{whole{Parts: []part{{Decay: math.NaN()}}}, "parts[0].decay: NaN is out of range; accepted: 0 or more"},
		{whole{Parts: []part{{Decay: math.Inf(1)}}}, "parts[0].decay: +Inf is out of range; accepted: 0 or more"},
		{whole{Parts: []part{{Sizes: []int64{4, 0, 10}}}}, "parts[0].sizes[1]: 0 is out of range; accepted: 1 to 9\nparts[0].sizes[2]: 10 is out of range; accepted: 1 to 9"},
		{whole{Parts: []part{{}, {}, {Texts: []string{"a", "abcd"}}}}, `parts[2].texts[1]: "abcd" is long; accepted: three letters`},
	} {
		if got := fmt.Sprint(Validate(&c.of, list)); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	if got := fmt.Sprint(Validate(part{}, []Param{Of("kind", nil, "", Text("a name"), "", "")})); got != "kind: is empty; accepted: a name" {
		t.Error(got)
	}
}

func TestADeclarationThatFitsNoFieldPanics(t *testing.T) {
	for _, bad := range []Param{
		Of("rows", "four", "rows", Range{}, "", ""), Of("none", 1, "", Range{}, "", ""), Of("inner.kind", 65, "word", Range{}, "", ""), Of("inner.size", "2 parsecs", "", Range{}, "", ""),
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: a default of %v was taken", bad.Key, bad.Default)
				}
			}()
			Defaults[unit]([]Param{bad})
		}()
	}
}
