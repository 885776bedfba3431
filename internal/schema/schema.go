package schema

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"satsim/internal/config"
	"satsim/internal/param"
)

// Object is a JSON object.
type Object = map[string]any

// Of is the JSON Schema of a kind of file.
func Of(kind string, t reflect.Type, declared []param.Param) Object {
	m := maker{map[string]*param.Param{}}
	for i := range declared {
		m.declared[declared[i].Key] = &declared[i]
	}
	out := m.mapping(t, "")
	out["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	out["title"] = "satsim: a file of kind " + kind
	properties, _ := out["properties"].(Object)
	properties["kind"] = Object{"const": kind, "description": "heads every file"}
	required, _ := out["required"].([]string)
	out["required"] = append([]string{"kind"}, required...)
	return out
}

// maker makes schemas of the parts of a file.
type maker struct{ declared map[string]*param.Param }

func (m *maker) mapping(t reflect.Type, path string) Object {
	properties, required := Object{}, []string(nil)
	for _, k := range config.Keys(t) {
		below := k.Name
		if path != "" {
			below = path + "." + k.Name
		}
		properties[k.Name] = m.value(k.Type, below)
		if k.Required {
			required = append(required, k.Name)
		}
	}
	out := Object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

func (m *maker) value(t reflect.Type, path string) Object {
	switch {
	case t.Kind() == reflect.Pointer:
		return Object{"anyOf": []Object{m.value(t.Elem(), path), {"type": "null"}}}
	case group(t):
		return m.mapping(t, path)
	case t.Kind() == reflect.Slice && group(t.Elem()):
		return Object{"type": "array", "items": m.mapping(t.Elem(), path+"[]")}
	}
	p := m.declared[path]
	if p == nil {
		p = &param.Param{}
	}
	out := accepted(t, &p.Range)
	if text := describe(p); text != "" {
		out["description"] = text
	}
	if p.Default != nil {
		out["default"] = p.Default
	}
	return out
}

// describe is what an editor shows of a key.
func describe(p *param.Param) string {
	var parts []string
	for _, s := range []struct{ what, text string }{{"", p.Meaning}, {"counts: ", p.Unit}, {"accepted: ", p.Range.String()}, {"because: ", p.Range.Why}, {"the value is from: ", p.Source}, {"what else it may be: ", p.Doubt.String()}} {
		if s.text != "" {
			parts = append(parts, s.what+s.text)
		}
	}
	return strings.Join(parts, "\n")
}

// accepted is the schema of a leaf: of its type, within its range.
func accepted(t reflect.Type, r *param.Range) Object {
	if t.Kind() == reflect.Slice {
		list := Object{"type": "array", "items": accepted(t.Elem(), r)}
		if counts := r.Counts(); len(counts) > 0 {
			list["anyOf"] = sizes(counts)
		}
		if config.IsText(t) { // one may stand alone, whatever YAML takes it for
			alone := text("")
			if config.IsText(t.Elem()) {
				alone = accepted(t.Elem(), r)
			}
			return Object{"anyOf": []Object{alone, list}}
		}
		return list
	}
	if words := r.Words(); len(words) > 0 {
		if r.None() {
			words = append(slices.Clone(words), "")
		}
		return Object{"enum": words}
	}
	if config.IsText(t) {
		_, pattern, _ := form(t)
		return text(pattern)
	}
	switch t.Kind() {
	case reflect.Bool:
		return Object{"type": "boolean"}
	case reflect.String:
		return Object{"type": "string"}
	case reflect.Float32, reflect.Float64:
		return within(Object{"type": "number"}, r)
	}
	return within(Object{"type": "integer"}, r)
}

// within puts a number into its interval.
func within(out Object, r *param.Range) Object {
	low, high, step, ok := r.Interval()
	if !ok {
		return out
	}
	if r.Powers() {
		var all []int64
		for n := int64(1); n <= high && n > 0; n *= 2 {
			if n >= low {
				all = append(all, n)
			}
		}
		return Object{"enum": all}
	}
	out["minimum"] = low
	if high != math.MaxInt64 {
		out["maximum"] = high
	}
	if step > 1 {
		out["multipleOf"] = step
	}
	if r.None() && low > 0 {
		return Object{"anyOf": []Object{out, {"const": 0}}}
	}
	return out
}

// sizes of a list.
func sizes(counts []int) []Object {
	out := []Object{{"maxItems": 0}} // as if it were not given
	for _, n := range counts {
		out = append(out, Object{"minItems": n, "maxItems": n})
	}
	return out
}

// text is a scalar whose text has a form: YAML may take it for a number.
func text(pattern string) Object {
	if pattern == "" {
		return Object{"type": []string{"string", "number", "boolean", "null"}}
	}
	of := Object{"type": "string", "pattern": whole(pattern)}
	re, err := regexp.Compile(whole(pattern))
	if err != nil || !re.MatchString("1") {
		return of
	}
	number := Object{"type": "integer"}
	switch {
	case re.MatchString("-1"):
	case re.MatchString("0"):
		number["minimum"] = 0
	default:
		number["minimum"] = 1
	}
	return Object{"anyOf": []Object{of, number}}
}

// whole is a pattern of all of a text.
func whole(pattern string) string { return fmt.Sprintf("^(?:%s)$", pattern) }
