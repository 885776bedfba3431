package config

import (
	"bytes"
	"cmp"
	"encoding"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Marshal prints a model as YAML, keys in the order of the fields.
func Marshal(v any) ([]byte, error) {
	n, err := tree(v)
	if err != nil {
		return nil, err
	}
	return render(n)
}

// Encode prints a model file: Marshal under the head that Decode asks for.
func Encode(kind string, v any) ([]byte, error) {
	n, err := tree(v)
	if err != nil {
		return nil, err
	}
	n.Content = append([]*yaml.Node{leaf("!!str", kindKey), leaf("!!str", kind)}, n.Content...)
	return render(n)
}

// MarshalJSON prints a model as JSON with the keys and the order of the YAML; quantities are strings.
func MarshalJSON(v any) ([]byte, error) {
	n, err := tree(v)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = writeJSON(&b, n)
	return b.Bytes(), err
}

func render(n *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(n); err != nil {
		return nil, fmt.Errorf("config: printing YAML: %w", err)
	}
	if err := enc.Close(); err != nil {
		return nil, fmt.Errorf("config: printing YAML: %w", err)
	}
	return b.Bytes(), nil
}

// tree turns a model, or a pointer to one, into nodes.
func tree(v any) (*yaml.Node, error) {
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer {
		rv = rv.Elem()
	}
	if rv.Kind() != reflect.Struct {
		return nil, fmt.Errorf("config: %T is no struct", v)
	}
	if err := check(rv.Type()); err != nil {
		return nil, err
	}
	return node(rv, "")
}

func leaf(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}

// number makes the node of a number, under the tag that YAML takes it for: others would be printed.
func number(s string) *yaml.Node {
	if integer.MatchString(s) {
		return leaf("!!int", s)
	}
	return leaf("!!float", s)
}

func node(v reflect.Value, path string) (*yaml.Node, error) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return leaf("!!null", "null"), nil
		}
		return node(v.Elem(), path)
	}
	if m, ok := v.Interface().(encoding.TextMarshaler); ok && isText(v.Type()) {
		b, err := m.MarshalText()
		if err != nil {
			return nil, fmt.Errorf("config: printing %s: %w", path, err)
		}
		if integer.Match(b) {
			return number(string(b)), nil
		}
		return text(string(b), path)
	}
	switch v.Kind() {
	case reflect.Struct:
		return structNode(v, path)
	case reflect.Map:
		return mapNode(v, path)
	case reflect.Slice:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for i := range v.Len() {
			e, err := node(v.Index(i), index(path, i))
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, e)
		}
		if v.Len() == 0 || n.Content[0].Kind == yaml.ScalarNode {
			n.Style = yaml.FlowStyle
		}
		return n, nil
	case reflect.Bool:
		return leaf("!!bool", strconv.FormatBool(v.Bool())), nil
	case reflect.String:
		return text(v.String(), path)
	case reflect.Float32, reflect.Float64:
		x := v.Float()
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("config: printing %s: %g is no finite number", path, x)
		}
		return number(strconv.FormatFloat(x, 'g', -1, v.Type().Bits())), nil
	}
	if v.CanInt() {
		return number(strconv.FormatInt(v.Int(), 10)), nil
	}
	return number(strconv.FormatUint(v.Uint(), 10)), nil
}

func structNode(v reflect.Value, path string) (*yaml.Node, error) {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, f := range fields(v.Type()) {
		fv := v.FieldByIndex(f.index)
		if f.omitEmpty && (fv.IsZero() || fv.Kind() == reflect.Slice && fv.Len() == 0) {
			continue
		}
		val, err := node(fv, join(path, f.key))
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, leaf("!!str", f.key), val)
	}
	return n, nil
}

// mapNode prints a map in the order of its keys' numbers.
func mapNode(v reflect.Value, path string) (*yaml.Node, error) {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		if a.CanInt() {
			return cmp.Compare(a.Int(), b.Int())
		}
		return cmp.Compare(a.Uint(), b.Uint())
	})
	for _, k := range keys {
		name, err := node(k, path)
		if err != nil {
			return nil, err
		}
		val, err := node(v.MapIndex(k), join(path, name.Value))
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, name, val)
	}
	return n, nil
}

// text makes the node of a string.
func text(s, path string) (*yaml.Node, error) {
	if !utf8.ValidString(s) {
		return nil, fmt.Errorf("config: printing %s: %q is not UTF-8", path, s)
	}
	n := leaf("!!str", s)
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		n.Style = yaml.DoubleQuotedStyle // the printer's blocks do not keep all white space
	}
	return n, nil
}

// writeJSON prints nodes that tree made.
func writeJSON(b *bytes.Buffer, n *yaml.Node) error {
	open, end, step := byte('['), byte(']'), 1
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag != "!!str":
		b.WriteString(n.Value)
		return nil
	case n.Kind == yaml.ScalarNode:
		s, err := json.Marshal(n.Value)
		b.Write(s)
		return err
	case n.Kind == yaml.MappingNode:
		open, end, step = '{', '}', 2
	}
	b.WriteByte(open)
	for i := 0; i < len(n.Content); i += step {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, c := range n.Content[i : i+step] {
			if j == 1 {
				b.WriteByte(':')
			}
			if err := writeJSON(b, c); err != nil {
				return err
			}
		}
	}
	b.WriteByte(end)
	return nil
}
