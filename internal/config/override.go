package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"satsim/internal/diag"
)

// Override sets one leaf or list of a model. Origin says where it comes from, for errors: --set, SATSIM_SET, a sweep.
type Override struct {
	Path, Value, Origin string
}

// ParseOverride reads path=value.
func ParseOverride(text, origin string) (Override, error) {
	depth := 0
	for i, r := range text {
		switch r {
		case '[':
			depth++
		case ']':
			depth--
		case '=':
			if depth > 0 {
				continue
			}
			if path := strings.TrimSpace(text[:i]); path != "" {
				return Override{Path: path, Value: text[i+1:], Origin: origin}, nil
			}
		}
	}
	return Override{}, &diag.Error{
		Pos:      diag.Pos{File: origin},
		Problem:  fmt.Sprintf("%q is no override", text),
		Accepted: "path=value, such as stce.rows=16",
	}
}

// Set applies overrides to out, a pointer to a model, in their order, and validates the model. All errors come at once;
// out is then left as it was.
func Set(out any, overrides []Override) error { return SetUnder("", out, overrides) }

// SetUnder is Set for a model whose paths users write under a prefix, such as recipe: the overrides are without it, and errors name it.
func SetUnder(prefix string, out any, overrides []Override) error {
	v, err := target(out)
	if err != nil {
		return err
	}
	model := clone(v)
	all := decoder{at: map[string]place{}, root: model.Type()}
	paths := make([]string, len(overrides))
	for i, o := range overrides {
		d := decoder{file: o.Origin, bare: true, root: model.Type(), at: map[string]place{}}
		paths[i] = d.override(prefix, o, model)
		all.errs, all.more = append(all.errs, d.errs...), all.more+d.more
		maps.Copy(all.at, d.at)
	}
	n := len(all.errs)
	validate(model, "", &all)
	for _, e := range all.errs[n:] {
		if e.Pos.File == "" {
			e.Pos.File = origins(e.Path, paths, overrides)
		}
	}
	for _, e := range all.errs {
		e.Path = join(prefix, e.Path)
	}
	if err := all.err(); err != nil {
		return err
	}
	v.Set(model)
	return nil
}

// origins says where the overrides come from that may have made path invalid: those of what is in path or contains it, or
// else all.
func origins(path string, paths []string, overrides []Override) string {
	var near, all []string
	for i, o := range overrides {
		if (inside(paths[i], path) || inside(path, paths[i])) && !slices.Contains(near, o.Origin) {
			near = append(near, o.Origin)
		}
		if !slices.Contains(all, o.Origin) {
			all = append(all, o.Origin)
		}
	}
	if len(near) == 0 {
		near = all
	}
	return strings.Join(near, ", ")
}

// override sets one path of model, which errors put under a prefix. It gives the path with elements as indices, as far as it exists.
func (d *decoder) override(prefix string, o Override, model reflect.Value) string {
	v, path, e := locate(prefix, o.Path, model)
	if e == nil {
		n, errs := parse(Source{Name: o.Origin, Data: []byte(o.Value)}, "the value")
		if len(errs) == 0 {
			d.value(n, v, path)
			return path
		}
		e = errs[0]
	}
	e.Pos, e.Path = diag.Pos{File: o.Origin}, quoteKey(o.Path)
	d.add(e)
	return path
}

// locate follows a path into model to a leaf or list. Nil pointers on the way are filled.
func locate(prefix, written string, model reflect.Value) (v reflect.Value, path string, e *diag.Error) {
	steps, ok := split(written)
	if !ok {
		return v, written, &diag.Error{Problem: "no path", Accepted: "keys joined by dots, elements of lists as layers[0] or layers[conv1]"}
	}
	v, so := model, prefix // so far, as the user writes it
	for _, s := range steps {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		switch {
		case s.element && v.Kind() == reflect.Slice:
			i, err := element(v, s.text)
			if err != nil {
				e := &diag.Error{Problem: err.Error(), Accepted: strings.Join(names(v), ", ")}
				if near := diag.Nearest(s.text, names(v)); near != "" {
					e.Nearest = so + "[" + near + "]"
				}
				return v, path, e
			}
			v, path, so = v.Index(i), index(path, i), so+"["+s.text+"]"
		case !s.element && group(v.Type()):
			f, ok := find(v.Type(), s.text)
			if now, was := renamed(v.Type(), s.text); was {
				return v, path, &diag.Error{Problem: "the key is called " + now + " now", Accepted: join(so, now)}
			}
			if !ok {
				return v, path, &diag.Error{
					Problem: "unknown path", Accepted: under(so, v.Type()), Nearest: nearestPath(prefix, written, so, s.text, v, model),
				}
			}
			v, path, so = v.FieldByIndex(f.index), join(path, s.text), join(so, s.text)
		case s.element:
			return v, path, &diag.Error{Problem: so + " is no list"}
		default:
			return v, path, &diag.Error{Problem: "there are no keys under " + so}
		}
	}
	t := v.Type()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if group(t) {
		return v, path, &diag.Error{Problem: "a group of keys cannot be set", Accepted: under(so, t)}
	}
	return v, path, nil
}

// nearestPath guesses what path was meant where the group v at so has no such key: a key of the group, or else any path.
func nearestPath(prefix, path, so, key string, v, model reflect.Value) string {
	if k := diag.Nearest(key, keys(v.Type())); k != "" {
		return join(so, k)
	}
	if p := diag.Nearest(path, paths(nil, model, "", nil)); p != "" {
		return join(prefix, p)
	}
	return ""
}

// under lists the paths of the keys of a group.
func under(path string, t reflect.Type) string {
	ks := keys(t)
	for i, k := range ks {
		ks[i] = join(path, k)
	}
	return strings.Join(ks, ", ")
}
