package schedule

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"satsim/arch/spec"
	"satsim/internal/config"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// standard is what values of a schedule file are told against: satsim's default design and recipe, which a file need not repeat.
func standard() (arch spec.Spec, r recipe.Recipe) {
	return nameless(spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}, recipe.Default())
}

// given lists path=value of the leaves of a model that differ from the standard one's.
func given(model, standard any) ([]string, error) {
	own, err := leaves(model)
	if err != nil {
		return nil, err
	}
	usual, err := leaves(standard)
	if err != nil {
		return nil, err
	}
	out := []string{}
	for _, path := range slices.Sorted(maps.Keys(own)) {
		if v, there := usual[path]; !there || v != own[path] {
			out = append(out, path+"="+own[path])
		}
	}
	for _, path := range slices.Sorted(maps.Keys(usual)) {
		if _, there := own[path]; !there {
			out = append(out, path+"=")
		}
	}
	return out, nil
}

// parameters of a network, path=value. Its layers are not listed: a schedule's groups name them.
func parameters(d *network.Description) []string {
	out := []string{}
	for _, p := range d.Params {
		out = append(out, fmt.Sprintf("%s=%v", p.Name, p.Value))
	}
	return out
}

// leaves of a model's text by their paths, as an override has them.
func leaves(model any) (map[string]string, error) {
	text, err := config.MarshalJSON(model)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	out := map[string]string{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, x := range v {
				walk(strings.TrimPrefix(path+"."+k, "."), x)
			}
		case []any:
			for i, x := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), x)
			}
		default:
			out[path] = fmt.Sprint(v)
		}
	}
	walk("", tree)
	return out, nil
}

// differences between two lists of given, as "path old -> new"; what neither list has is the standard's.
func differences(old, now []string, usual map[string]string) []string {
	before, after := values(old), values(now)
	paths := maps.Clone(before)
	maps.Copy(paths, after)
	of := func(m map[string]string, path string) string {
		v, there := m[path]
		if !there {
			v = usual[path]
		}
		if v == "" {
			return "none"
		}
		return v
	}
	var out []string
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if a, b := of(before, path), of(after, path); a != b {
			out = append(out, fmt.Sprintf("%s %s -> %s", path, a, b))
		}
	}
	return out
}

func values(list []string) map[string]string {
	out := map[string]string{}
	for _, text := range list {
		path, value, _ := strings.Cut(text, "=")
		out[path] = value
	}
	return out
}
