package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Paths lists the paths that an override of v, a model or a pointer to one, can set: every leaf, every list, and what is
// in the elements that the list has. Fields behind a nil pointer are listed too.
func Paths(v any) []string {
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer {
		rv = rv.Elem()
	}
	if rv.Kind() != reflect.Struct || check(rv.Type()) != nil {
		return nil
	}
	return paths(nil, rv, "", nil)
}

// paths appends those of v; above holds the types of nil pointers above it, where a recursive type must end.
func paths(to []string, v reflect.Value, path string, above []reflect.Type) []string {
	t := v.Type()
	switch {
	case t.Kind() == reflect.Pointer && v.IsNil():
		if slices.Contains(above, t) {
			return to
		}
		return paths(to, reflect.New(t.Elem()).Elem(), path, append(above, t))
	case t.Kind() == reflect.Pointer:
		return paths(to, v.Elem(), path, above)
	case t.Kind() == reflect.Slice:
		to = append(to, path)
		for i := range v.Len() {
			to = paths(to, v.Index(i), index(path, i), above)
		}
		return to
	case group(t):
		for _, f := range fields(t) {
			to = paths(to, v.FieldByIndex(f.index), join(path, f.key), above)
		}
		return to
	}
	return append(to, path)
}

// group reports whether values of t are mappings of keys.
func group(t reflect.Type) bool { return t.Kind() == reflect.Struct && !isText(t) }

// step is one step of a path: a key, or the element of a list.
type step struct {
	text    string
	element bool
}

// split takes a path apart. It reports false for what is no path.
func split(path string) (steps []step, ok bool) {
	for rest := path; rest != ""; {
		if rest[0] == '[' && len(steps) > 0 {
			sel, after, ok := strings.Cut(rest[1:], "]")
			if !ok || sel == "" || after != "" && after[0] != '.' && after[0] != '[' {
				return nil, false
			}
			steps = append(steps, step{sel, true})
			rest = after
			continue
		}
		if len(steps) > 0 {
			rest = rest[1:] // the dot: the cases above and below stop at a dot or a bracket
		}
		end := strings.IndexAny(rest+".", ".[")
		if end == 0 {
			return nil, false
		}
		steps = append(steps, step{rest[:end], false})
		rest = rest[end:]
	}
	return steps, len(steps) > 0
}

// element finds the element of the list v that sel, an index or a name, selects.
func element(v reflect.Value, sel string) (int, error) {
	if i, err := strconv.Atoi(sel); err == nil {
		if i < 0 || i >= v.Len() {
			return 0, fmt.Errorf("the list has %d elements, no [%s]", v.Len(), sel)
		}
		return i, nil
	}
	found := -1
	for i, n := range names(v) {
		switch {
		case n != sel:
		case found >= 0:
			return 0, fmt.Errorf("elements %d and %d are both named %s", found, i, sel)
		default:
			found = i
		}
	}
	if found < 0 {
		return 0, fmt.Errorf("no element is named %s", sel)
	}
	return found, nil
}

// names lists the name keys of a list's elements, if they have such a key.
func names(v reflect.Value) []string {
	t := v.Type().Elem()
	ptr := t.Kind() == reflect.Pointer
	if ptr {
		t = t.Elem()
	}
	if !group(t) {
		return nil
	}
	f, ok := find(t, "name")
	if !ok || f.typ.Kind() != reflect.String {
		return nil
	}
	ns := make([]string, v.Len())
	for i := range ns {
		e := v.Index(i)
		if ptr {
			if e.IsNil() {
				continue
			}
			e = e.Elem()
		}
		ns[i] = e.FieldByIndex(f.index).String()
	}
	return ns
}

// Leaf is the index, as reflect takes it, of the leaf of a struct type that a path of keys leads to; false: there is none, or a list or pointer is on the way.
func Leaf(t reflect.Type, path string) (index []int, ok bool) {
	steps, ok := split(path)
	for _, s := range steps {
		if s.element || !group(t) {
			return nil, false
		}
		f, found := find(t, s.text)
		if !found {
			return nil, false
		}
		index = append(index, f.index...)
		t = t.FieldByIndex(f.index).Type
	}
	return index, ok && !group(t)
}
