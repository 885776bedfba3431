package query

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"satsim/internal/quantity"
)

// named turns a list of mappings with a name into one by their names; of one field of theirs, or of several.
func named(list any, name string, fields ...string) map[string]any {
	out := map[string]any{}
	elements, _ := list.([]any)
	for _, e := range elements {
		e, _ := e.(map[string]any)
		key, ok := e[name].(string)
		switch {
		case !ok:
		case len(fields) == 1:
			out[key] = e[fields[0]]
		default:
			part := map[string]any{}
			for _, f := range fields {
				part[f] = e[f]
			}
			out[key] = part
		}
	}
	return out
}

// flatten names the leaves of a tree by their paths. Lists of plain values are leaves, other lists have no names.
func (r *NamedPoint) flatten(prefix string, tree any) {
	switch t := tree.(type) {
	case map[string]any:
		if prefix != "" && !strings.HasSuffix(prefix, ".") {
			prefix += "."
		}
		for k, v := range t {
			r.flatten(prefix+k, v)
		}
	case []any:
		for _, e := range t {
			switch e.(type) {
			case map[string]any, []any:
				return
			}
		}
		r.Values[prefix] = t
	case string:
		if v, err := Quantity(t); err == nil {
			r.Values[prefix] = v
			r.text[prefix] = t
			return
		}
		if v, err := strconv.Atoi(t); err == nil { // a network's parameters are expressions, most of them numbers
			r.Values[prefix] = v
			return
		}
		r.Values[prefix] = t
	case nil:
	default:
		r.Values[prefix] = t
	}
}

// parse reads JSON; whole numbers stay whole.
func parse(text []byte) (any, error) {
	if !json.Valid(text) { // a decoder takes 2MiB for 2 and a rest
		return nil, fmt.Errorf("%.40q is no JSON", text)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	return numbers(tree), nil
}

func numbers(tree any) any {
	switch t := tree.(type) {
	case map[string]any:
		for k := range t {
			t[k] = numbers(t[k])
		}
	case []any:
		for i := range t {
			t[i] = numbers(t[i])
		}
	case json.Number:
		if v, err := strconv.Atoi(t.String()); err == nil {
			return v
		}
		v, err := t.Float64()
		if err != nil {
			return math.NaN()
		}
		return v
	}
	return tree
}

// Quantity reads a number with a unit of any kind, into the kind's base unit.
func Quantity(text string) (any, error) {
	for _, parse := range []func(string) (any, error){
		whole(quantity.ParseFrequency), whole(quantity.ParseBytes), whole(quantity.ParseBandwidth), whole(quantity.ParseTime),
		real(quantity.ParseEnergy), real(quantity.ParsePower),
	} {
		if v, err := parse(text); err == nil {
			return v, nil
		}
	}
	return nil, fmt.Errorf("%q is no quantity such as 200MHz, 2MiB, 19.2GB/s, 10ns, 1.2pJ or 0.3W", text)
}

func whole[T ~int64](parse func(string) (T, error)) func(string) (any, error) {
	return func(s string) (any, error) { v, err := parse(s); return int(v), err }
}

func real[T ~float64](parse func(string) (T, error)) func(string) (any, error) {
	return func(s string) (any, error) { v, err := parse(s); return float64(v), err }
}
