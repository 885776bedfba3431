package config

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"

	"satsim/internal/diag"
)

var (
	integer = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	decimal = regexp.MustCompile(`^-?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
)

// plain reports whether n is a scalar without quotes.
func plain(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Style == 0 }

// describe says what a node is, for "found ...".
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	v := n.Value
	if r := []rune(v); len(r) > 60 {
		v = string(r[:60]) + "..."
	}
	switch {
	case plain(n) && v == "":
		return "no value"
	case plain(n) && n.Tag == "!!null":
		return "null"
	case plain(n) && n.Tag == "!!bool":
		return "the boolean " + v
	case plain(n) && (n.Tag == "!!int" || n.Tag == "!!float"):
		return "the number " + v
	}
	return "the text " + strconv.Quote(v)
}

func (d *decoder) text(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.ScalarNode {
		d.fail(n, path, "found "+describe(n), "one value")
		return
	}
	if plain(n) && n.Value == "" {
		d.fail(n, path, "found no value", "a value, or leave the key out")
		return
	}
	u, ok := v.Addr().Interface().(encoding.TextUnmarshaler)
	if !ok {
		return // isText was asked before
	}
	if err := u.UnmarshalText([]byte(n.Value)); err != nil {
		for _, err := range flatten(err) {
			problem, accepted := err.Error(), ""
			if f := (*diag.FieldError)(nil); errors.As(err, &f) && f.Key == "" && f.Error() == problem {
				problem, accepted = f.Problem, f.Accepted
			}
			d.fail(n, path, problem, accepted)
		}
	}
}

func (d *decoder) scalar(n *yaml.Node, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Bool:
		if !plain(n) || n.Value != "true" && n.Value != "false" {
			d.fail(n, path, "found "+describe(n), "true or false")
			return
		}
		v.SetBool(n.Value == "true")
	case reflect.String:
		if n.Kind != yaml.ScalarNode || n.Tag != "!!str" {
			accepted := "text"
			if n.Kind == yaml.ScalarNode && n.Value != "" {
				accepted = "text; quotes make it text"
			}
			d.fail(n, path, "found "+describe(n), accepted)
			return
		}
		v.SetString(n.Value)
	case reflect.Float32, reflect.Float64:
		d.float(n, v, path)
	default:
		d.int(n, v, path)
	}
}

func (d *decoder) float(n *yaml.Node, v reflect.Value, path string) {
	if !plain(n) || !decimal.MatchString(n.Value) {
		d.fail(n, path, "found "+describe(n), "a finite decimal number")
		return
	}
	x, err := strconv.ParseFloat(n.Value, v.Type().Bits())
	if err != nil {
		d.fail(n, path, describe(n)+" is out of range", fmt.Sprintf("a number that fits %d bits", v.Type().Bits()))
		return
	}
	v.SetFloat(x)
}

func (d *decoder) int(n *yaml.Node, v reflect.Value, path string) {
	bits := v.Type().Bits()
	signed := v.CanInt()
	lo, hi := "0", strconv.FormatUint(1<<bits-1, 10)
	if signed {
		lo, hi = strconv.FormatInt(-1<<(bits-1), 10), strconv.FormatUint(1<<(bits-1)-1, 10)
	}
	if !plain(n) || !integer.MatchString(n.Value) {
		d.fail(n, path, "found "+describe(n), "a whole number in decimal digits")
		return
	}
	var err error
	if signed {
		var x int64
		if x, err = strconv.ParseInt(n.Value, 10, bits); err == nil {
			v.SetInt(x)
		}
	} else {
		var x uint64
		if x, err = strconv.ParseUint(n.Value, 10, bits); err == nil {
			v.SetUint(x)
		}
	}
	if err != nil {
		d.fail(n, path, describe(n)+" is out of range", lo+" to "+hi)
	}
}
