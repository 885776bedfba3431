package config

import (
	"errors"
	"reflect"
	"strings"

	"satsim/internal/diag"
)

type validator interface{ Validate() error }

// validate calls the Validate methods in v, those of nested values first. It reports whether v is valid; a value that
// contains a reported error is not asked, since its answer would be about values that nobody meant.
func validate(v reflect.Value, path string, d *decoder) bool {
	ok := true
	t := v.Type()
	switch {
	case t.Kind() == reflect.Pointer:
		return v.IsNil() || validate(v.Elem(), path, d)
	case isText(t) && t.Kind() != reflect.Slice:
	case t.Kind() == reflect.Struct:
		for _, f := range d.fields(t) {
			ok = validate(v.FieldByIndex(f.index), join(path, f.key), d) && ok
		}
	case t.Kind() == reflect.Slice:
		for i := range v.Len() {
			ok = validate(v.Index(i), index(path, i), d) && ok
		}
	}
	for _, e := range d.errs {
		ok = ok && !inside(e.Path, path)
	}
	val, has := v.Addr().Interface().(validator)
	if !ok || !has {
		return ok
	}
	err := val.Validate()
	if err == nil {
		return true
	}
	for _, err := range flatten(err) {
		if d.full() {
			d.more++
			continue
		}
		d.add(d.invalid(err, t, path))
	}
	return false
}

// invalid puts an error of the Validate method of a value of type t at path into its place.
func (d *decoder) invalid(err error, t reflect.Type, path string) *diag.Error {
	e := &diag.Error{Path: path, Problem: err.Error()}
	key := ""
	if f := (*diag.FieldError)(nil); errors.As(err, &f) {
		key = f.Key
		if f.Error() == e.Problem { // not wrapped in more text
			e.Problem, e.Accepted = f.Problem, f.Accepted
		}
	} else if t.Kind() == reflect.Struct && !isText(t) {
		word, rest, _ := strings.Cut(e.Problem, " ")
		word, colon := strings.CutSuffix(word, ":")
		if first := word[:strings.IndexAny(word+".", ".[")]; first != "" {
			if _, ok := find(t, first); ok {
				if key = word; colon { // the path says it
					e.Problem = rest
				}
			}
		}
	}
	e.Path = join(path, key)
	e.Pos = d.place(e.Path, key != "")
	return e
}

// place finds the position of a path: of its key, or of its value; a path that the file does not name stands where what
// contains it does.
func (d *decoder) place(path string, key bool) diag.Pos {
	for {
		if p, ok := d.at[path]; ok && key {
			return p.key
		} else if ok {
			return p.value
		}
		if path == "" {
			return diag.Pos{File: d.file}
		}
		path, key = path[:max(strings.LastIndexAny(path, ".["), 0)], true
	}
}

// inside reports whether path is that of outer or of something in it.
func inside(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return ok && (outer == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

// flatten splits what errors.Join joined. Other errors that wrap several have a text of their own and stay whole.
func flatten(err error) []error {
	multi, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var flat []error
	var texts []string
	for _, e := range multi.Unwrap() {
		flat = append(flat, flatten(e)...)
		texts = append(texts, e.Error())
	}
	if strings.Join(texts, "\n") != err.Error() {
		return []error{err}
	}
	return flat
}
