package param

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// Param is a parameter, declared.
type Param struct {
	Key     string
	Default any    // as the field's type, or the text of it; nil: the zero value, or a key that must be given
	Unit    string // of a number; switch, word, name or text of what is none
	Range   Range
	Meaning string
	Source  string // of the default; of what must be given: who gives it
	Doubt   Doubt  // of a default that is an assumption
}

// Of declares a parameter.
func Of(key string, standard any, unit string, accepted Range, meaning, source string) Param {
	return Param{Key: key, Default: standard, Unit: unit, Range: accepted, Meaning: meaning, Source: source}
}

// Under gives parameters a prefix: the key of what they are the parameters of.
func Under(prefix string, list []Param) []Param {
	out := make([]Param, len(list))
	for i, p := range list {
		out[i] = p
		out[i].Key = prefix + "." + p.Key
	}
	return out
}

// Defaults gives a struct the defaults of its parameters. A declaration that does not fit its field is an error of satsim: it panics, and a
// unit's first test with it.
func Defaults[T any](list []Param) T {
	var out T
	for _, p := range list {
		if p.Default == nil {
			continue
		}
		if err := set(field(reflect.ValueOf(&out).Elem(), p.Key), p.Default); err != nil {
			panic(fmt.Sprintf("parameter %s: %v", p.Key, err))
		}
	}
	return out
}

func set(f reflect.Value, value any) error {
	v := reflect.ValueOf(value)
	if text, ok := value.(string); ok {
		if u, ok := f.Addr().Interface().(encoding.TextUnmarshaler); ok {
			return u.UnmarshalText([]byte(text))
		}
	}
	if !v.CanConvert(f.Type()) || v.Kind() == reflect.Int && f.Kind() == reflect.String {
		return fmt.Errorf("%v is no %v", value, f.Type())
	}
	f.Set(v.Convert(f.Type()))
	return nil
}

// Validate reports every parameter of a struct that is out of its range, by its key: one of a list by the key of its element.
func Validate(of any, list []Param) error {
	v := reflect.Indirect(reflect.ValueOf(of))
	var errs []error
	for _, p := range list {
		if !p.Range.checks() {
			continue
		}
		each(v, p.Key, "", func(key string, f reflect.Value) {
			errs = append(errs, p.Range.refuse(key, f)...)
		})
	}
	return errors.Join(errs...)
}

// each calls do with every value that a key names: layers[].name is one a layer.
func each(v reflect.Value, key, at string, do func(string, reflect.Value)) {
	name, rest, deeper := strings.Cut(key, ".")
	name, list := strings.CutSuffix(name, "[]")
	v, at = member(v, name), at+name
	switch {
	case list:
		for i := range v.Len() {
			each(v.Index(i), rest, fmt.Sprintf("%s[%d].", at, i), do)
		}
	case deeper:
		each(v, rest, at+".", do)
	default:
		do(at, v)
	}
}

// field is what a key names in a struct.
func field(v reflect.Value, key string) reflect.Value {
	for _, name := range strings.Split(key, ".") {
		v = member(v, name)
	}
	return v
}

func member(v reflect.Value, name string) reflect.Value {
	for i := range v.NumField() {
		tag, opts, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if tag == name {
			return v.Field(i)
		}
		if opts == "inline" {
			if f := member(v.Field(i), name); f.IsValid() {
				return f
			}
		}
	}
	return reflect.Value{}
}
