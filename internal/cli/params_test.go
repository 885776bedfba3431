package cli

import (
	"encoding"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"

	"satsim/arch/energy"
	"satsim/arch/spec"
	"satsim/configs"
	"satsim/internal/param"
	"satsim/results/sweep"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// leaves lists the keys that a file of a type may have values at: stce.rows, layers[].kernel.
func leaves(t reflect.Type, path string) []string {
	text := reflect.TypeFor[encoding.TextUnmarshaler]()
	switch {
	case t.Kind() == reflect.Pointer:
		return leaves(t.Elem(), path)
	case reflect.PointerTo(t).Implements(text):
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && !reflect.PointerTo(t.Elem()).Implements(text):
		return leaves(t.Elem(), path+"[]")
	case t.Kind() == reflect.Struct:
		var out []string
		for i := range t.NumField() {
			f := t.Field(i)
			key, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			switch {
			case opts == "inline":
				out = append(out, leaves(f.Type, path)...)
			case key == "-" || key == "":
			case path == "":
				out = append(out, leaves(f.Type, key)...)
			default:
				out = append(out, leaves(f.Type, path+"."+key)...)
			}
		}
		return out
	}
	return []string{path}
}

// Every key of every kind of file is declared once, with what it counts, what it means and where its value is from; nothing else is.
func TestEveryKeyIsDeclared(t *testing.T) {
	kinds := map[string]struct {
		of       reflect.Type
		declared []param.Param
	}{
		"arch":    {reflect.TypeFor[spec.File](), spec.Declared()},
		"board":   {reflect.TypeFor[spec.Board](), spec.DeclaredOfBoard()},
		"energy":  {reflect.TypeFor[energy.Table](), energy.Declared()},
		"recipe":  {reflect.TypeFor[recipe.Recipe](), recipe.Declared()},
		"network": {reflect.TypeFor[network.Description](), network.Declared()},
		"sweep":   {reflect.TypeFor[sweep.File](), sweep.Declared()},
	}
	shipped, err := fs.ReadDir(configs.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range shipped {
		if _, ok := kinds[e.Name()]; e.IsDir() && !ok {
			t.Errorf("files of kind %s have no declarations", e.Name())
		}
	}
	for kind, k := range kinds {
		want := leaves(k.of, "")
		var got []string
		for _, p := range k.declared {
			got = append(got, p.Key)
			if p.Unit == "" || p.Meaning == "" || p.Source == "" {
				t.Errorf("%s: %s lacks a unit, a meaning or a source: %+v", kind, p.Key, p)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			for _, key := range want {
				if !slices.Contains(got, key) {
					t.Errorf("%s: %s is not declared", kind, key)
				}
			}
			for i, key := range got {
				if !slices.Contains(want, key) || i > 0 && got[i-1] == key {
					t.Errorf("%s: %s is declared, and is no key, or twice", kind, key)
				}
			}
		}
		if len(want) < 10 {
			t.Errorf("%s: only %d keys were found", kind, len(want))
		}
	}
}
