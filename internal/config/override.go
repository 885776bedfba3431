package config

import (
	"fmt"
	"reflect"
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
func Set(out any, overrides []Override) error {
	v, err := target(out)
	if err != nil {
		return err
	}
	model := clone(v)
	all := decoder{at: map[string]place{}, root: model.Type()}
	var origins []string
	for _, o := range overrides {
		d := decoder{file: o.Origin, bare: true, root: model.Type(), at: map[string]place{}}
		d.override(o, model)
		all.errs = append(all.errs, d.errs...)
		for path, p := range d.at {
			all.at[path] = p
		}
		if len(origins) == 0 || origins[len(origins)-1] != o.Origin {
			origins = append(origins, o.Origin)
		}
	}
	all.file = strings.Join(origins, ", ")
	validate(model, "", &all)
	if len(all.errs) > 0 {
		return all.errs.Err()
	}
	v.Set(model)
	return nil
}

// override sets one path of model.
func (d *decoder) override(o Override, model reflect.Value) {
	fail := func(problem, accepted, nearest string) {
		d.errs = append(d.errs, &diag.Error{
			Pos: diag.Pos{File: d.file}, Path: o.Path, Problem: problem, Accepted: accepted, Nearest: nearest,
		})
	}
	steps, err := split(o.Path)
	if err != nil {
		fail(err.Error(), "", "")
		return
	}
	v, path, written := model, "", ""
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
				near := diag.Nearest(s.text, names(v))
				if near != "" {
					near = written + "[" + near + "]"
				}
				fail(err.Error(), strings.Join(names(v), ", "), near)
				return
			}
			v, path, written = v.Index(i), index(path, i), written+"["+s.text+"]"
		case !s.element && group(v.Type()):
			f, ok := find(v.Type(), s.text)
			if !ok {
				near := ""
				if k := diag.Nearest(s.text, keys(v.Type())); k != "" {
					near = join(written, k)
				} else {
					near = diag.Nearest(o.Path, paths(nil, model, "", nil))
				}
				fail("unknown path", under(written, v.Type()), near)
				return
			}
			v, path, written = v.FieldByIndex(f.index), join(path, s.text), join(written, s.text)
		case s.element:
			fail(written+" is no list", "", "")
			return
		default:
			fail("nothing is under "+written, "", "")
			return
		}
	}
	if t := v.Type(); group(t) || t.Kind() == reflect.Pointer && group(t.Elem()) {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		fail(o.Path+" is a group of keys", under(written, t), "")
		return
	}
	n, errs := parse(Source{Name: o.Origin, Data: []byte(o.Value)})
	switch {
	case len(errs) > 0 && strings.TrimSpace(o.Value) == "":
		fail("no value is given", "path=value", "")
	case len(errs) > 0:
		fail(errs[0].Problem, errs[0].Accepted, "")
	default:
		d.value(n, v, path)
	}
}

// under lists the paths of the keys of a group.
func under(path string, t reflect.Type) string {
	ks := keys(t)
	for i, k := range ks {
		ks[i] = join(path, k)
	}
	return strings.Join(ks, ", ")
}
