package schema

import (
	"fmt"
	"reflect"

	"satsim/internal/config"
	"satsim/internal/param"
)

// Leaf is a key that has values: stce.rows, layers[].kernel.
type Leaf struct {
	Key      string
	Type     reflect.Type
	Required bool // wherever the mapping that has it stands
}

// Leaves lists those of a type that a file is read into, in the order of its fields.
func Leaves(t reflect.Type) []Leaf { return leaves(nil, t, "", false) }

func leaves(to []Leaf, t reflect.Type, path string, required bool) []Leaf {
	switch {
	case t.Kind() == reflect.Pointer:
		return leaves(to, t.Elem(), path, required)
	case group(t):
		for _, k := range config.Keys(t) {
			below := k.Name
			if path != "" {
				below = path + "." + k.Name
			}
			to = leaves(to, k.Type, below, k.Required)
		}
		return to
	case t.Kind() == reflect.Slice && group(t.Elem()):
		return leaves(to, t.Elem(), path+"[]", false)
	}
	return append(to, Leaf{path, t, required})
}

// group reports whether values of a type are mappings of keys.
func group(t reflect.Type) bool { return t.Kind() == reflect.Struct && !config.IsText(t) }

// TypeName is the type of a key in words: whole number, list of texts. A word is a text of which only some are accepted.
func TypeName(t reflect.Type, p *param.Param) string {
	if len(p.Range.Words()) > 0 {
		return "word"
	}
	if noun, _, ok := form(t); ok {
		return noun
	}
	switch t.Kind() {
	case reflect.Pointer:
		return TypeName(t.Elem(), p)
	case reflect.Bool:
		return "true or false"
	case reflect.Float32, reflect.Float64:
		return "number"
	case reflect.String:
		return "text"
	case reflect.Slice:
		one := TypeName(t.Elem(), p)
		if config.IsText(t) { // which may stand alone, too
			return fmt.Sprintf("%s, or a list of such", one)
		}
		return "list, each a " + one
	}
	if config.IsText(t) {
		return "text"
	}
	return "whole number"
}

// form is what a type says of the text that it is read from.
func form(t reflect.Type) (noun, pattern string, ok bool) {
	f, ok := reflect.Zero(t).Interface().(param.Formed)
	if !ok {
		return "", "", false
	}
	noun, pattern = f.Form()
	return noun, pattern, true
}
