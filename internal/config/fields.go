package config

import (
	"encoding"
	"fmt"
	"reflect"
	"regexp"
	"strings"
)

// field is one key of a struct, those of inlined structs included.
type field struct {
	key       string
	index     []int
	typ       reflect.Type
	required  bool
	was       string // what it was called in files of before; refused, with its name of now
	omitEmpty bool
}

// fields lists the keys of a struct type in the order of its fields. It needs a type that passed check.
func fields(t reflect.Type) []field {
	var fs []field
	for i := range t.NumField() {
		f := t.Field(i)
		key, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case !f.IsExported() && !f.Anonymous, key == "-":
		case opts == "inline":
			for _, sub := range fields(f.Type) {
				sub.index = append([]int{i}, sub.index...)
				fs = append(fs, sub)
			}
		case f.IsExported():
			own := field{key: key, index: []int{i}, typ: f.Type, required: f.Tag.Get("config") == "required", omitEmpty: opts == "omitempty"}
			if was, ok := strings.CutPrefix(f.Tag.Get("config"), "was="); ok {
				own.was = was
			}
			fs = append(fs, own)
		}
	}
	return fs
}

// keys lists the keys of a struct type.
func keys(t reflect.Type) []string {
	var ks []string
	for _, f := range fields(t) {
		ks = append(ks, f.key)
	}
	return ks
}

// find looks a key up.
func find(t reflect.Type, key string) (field, bool) {
	for _, f := range fields(t) {
		if f.key == key {
			return f, true
		}
	}
	return field{}, false
}

// renamed is the key of now for one of before, if the struct type has one.
func renamed(t reflect.Type, key string) (now string, ok bool) {
	for _, f := range fields(t) {
		if f.was != "" && f.was == key {
			return f.key, true
		}
	}
	return "", false
}

var (
	snakeCase       = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// isText reports whether values of t are read by UnmarshalText.
func isText(t reflect.Type) bool { return reflect.PointerTo(t).Implements(textUnmarshaler) }

// check reports why values of type t can be no model.
func check(t reflect.Type) error { return checkType(t, t.String(), map[reflect.Type]bool{}) }

func checkType(t reflect.Type, where string, seen map[reflect.Type]bool) error {
	if seen[t] || isText(t) && t.Kind() != reflect.Slice {
		return nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return nil
	case reflect.Slice:
		return checkType(t.Elem(), where+"[]", seen)
	case reflect.Pointer:
		if t.Elem().Kind() == reflect.Pointer {
			return fmt.Errorf("config: %s is a pointer to a pointer", where)
		}
		return checkType(t.Elem(), where, seen)
	case reflect.Map: // printed in the order of the keys' numbers, under their names; nobody asks its values to Validate
		k, e := reflect.Zero(t.Key()), reflect.Zero(t.Elem())
		if !isText(t.Key()) || !k.CanInt() && !k.CanUint() || !e.CanInt() || isText(t.Elem()) {
			return fmt.Errorf("config: %s is a map, but not of integers by numbers that have names", where)
		}
		return nil
	case reflect.Struct:
		return checkStruct(t, where, seen)
	}
	return fmt.Errorf("config: %s is a %s, which no model file can hold", where, t.Kind())
}

func checkStruct(t reflect.Type, where string, seen map[reflect.Type]bool) error {
	for i := range t.NumField() {
		f := t.Field(i)
		name := where + "." + f.Name
		key, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case !f.IsExported() && !f.Anonymous, key == "-":
			continue
		case opts == "inline":
			if f.Type.Kind() != reflect.Struct || isText(f.Type) || key != "" || !f.IsExported() {
				return fmt.Errorf("config: %s is inlined, but is no exported struct without a key", name)
			}
		case !f.IsExported():
			return fmt.Errorf("config: %s is an embedded type that is not exported", name)
		case !snakeCase.MatchString(key):
			return fmt.Errorf("config: %s has no snake_case yaml key", name)
		case opts != "" && opts != "omitempty":
			return fmt.Errorf("config: %s has the unknown option %q", name, opts)
		}
		if err := checkType(f.Type, name, seen); err != nil {
			return err
		}
	}
	have := map[string]bool{}
	for _, k := range keys(t) {
		if have[k] {
			return fmt.Errorf("config: %s has the key %s twice", where, k)
		}
		have[k] = true
	}
	return nil
}

// target checks that out is a pointer to a struct that can be a model and gives the struct.
func target(out any) (reflect.Value, error) {
	v := reflect.ValueOf(out)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return v, fmt.Errorf("config: %T is no pointer to a struct", out)
	}
	return v.Elem(), check(v.Elem().Type())
}

// clone copies a model with all that it points to, so that models never share lists.
func clone(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	switch {
	case v.Kind() == reflect.Pointer && !v.IsNil():
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(clone(v.Elem()))
		c.Set(p)
	case v.Kind() == reflect.Slice && !v.IsNil():
		c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			c.Index(i).Set(clone(v.Index(i)))
		}
	case v.Kind() == reflect.Map && !v.IsNil():
		c.Set(reflect.MakeMap(v.Type()))
		for _, k := range v.MapKeys() {
			c.SetMapIndex(k, v.MapIndex(k))
		}
	case v.Kind() == reflect.Struct && !isText(v.Type()):
		for _, f := range fields(v.Type()) {
			c.FieldByIndex(f.index).Set(clone(v.FieldByIndex(f.index)))
		}
	}
	return c
}

// Key is a key of the mappings that values of a struct type are read from.
type Key struct {
	Name     string
	Type     reflect.Type
	Required bool // the file must name it, or a key below it
}

// Keys lists the keys of a struct type, those of inlined structs included, in the order of its fields.
func Keys(t reflect.Type) []Key {
	var out []Key
	for _, f := range fields(t) {
		required := f.required
		if group(f.typ) {
			for _, sub := range Keys(f.typ) {
				required = required || sub.Required
			}
		}
		out = append(out, Key{f.key, f.typ, required})
	}
	return out
}

// IsText reports whether values of a type are read from the text of a scalar.
func IsText(t reflect.Type) bool { return isText(t) }
