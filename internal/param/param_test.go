package param

import (
	"fmt"
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
		{func(u *unit) { u.Inner.Kind = "c" }, `inner.kind: "c" is unknown; accepted: a, b`},
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
