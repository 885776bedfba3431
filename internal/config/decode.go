package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"satsim/internal/diag"
)

// kindKey heads every file.
const kindKey = "kind"

// Decode reads a model file of the given kind into out, a pointer to a struct that holds the defaults, and validates it.
func Decode(src Source, kind string, out any) error {
	v, err := target(out)
	if err != nil {
		return err
	}
	if _, taken := find(v.Type(), kindKey); taken {
		return fmt.Errorf("config: %T has the key %s, which is the file's", out, kindKey)
	}
	root, errs := parse(src, "the file")
	if len(errs) > 0 {
		return errs.Err()
	}
	if err := checkKind(src.Name, root, kind); err != nil {
		return diag.List{err}.Err()
	}
	model := clone(v)
	d := decoder{file: src.Name, root: model.Type(), at: map[string]place{}, head: root.Content[0].Line}
	body := *root
	body.Content = root.Content[2:]
	d.value(&body, model, "")
	if d.more == 0 {
		validate(model, "", &d)
	}
	if err := d.err(); err != nil {
		return err
	}
	v.Set(model)
	return nil
}

// checkKind checks that root is a mapping headed by kind.
func checkKind(file string, root *yaml.Node, kind string) *diag.Error {
	accepted := "a mapping whose first key is kind: " + kind
	pos := diag.Pos{File: file, Line: root.Line, Col: root.Column}
	if root.Kind != yaml.MappingNode {
		return &diag.Error{Pos: pos, Problem: "the file is " + describe(root), Accepted: accepted}
	}
	if len(root.Content) == 0 || root.Content[0].Value != kindKey {
		return &diag.Error{Pos: pos, Problem: "the file does not begin with its kind", Accepted: "kind: " + kind}
	}
	n := root.Content[1]
	if n.Value != kind {
		return &diag.Error{
			Pos:      diag.Pos{File: file, Line: n.Line, Col: n.Column},
			Path:     kindKey,
			Problem:  fmt.Sprintf("the file is of kind %q", n.Value),
			Accepted: kind,
		}
	}
	return nil
}

// place is where a value stands in the file, and where its key does.
type place struct{ key, value diag.Pos }

// decoder fills Go values from nodes and collects what is wrong.
type decoder struct {
	file string // the file, or the origin of an override
	bare bool   // positions say only the file: the nodes are those of an override
	head int    // the line of the kind; 0 in an override
	root reflect.Type
	at   map[string]place // by path
	errs diag.List
	more int      // errors that were found beyond those that are kept
	all  []string // paths of root; made when first asked for
	keys map[reflect.Type][]field
}

func (d *decoder) pos(n *yaml.Node) diag.Pos {
	if d.bare {
		return diag.Pos{File: d.file}
	}
	return diag.Pos{File: d.file, Line: n.Line, Col: n.Column}
}

func (d *decoder) fail(n *yaml.Node, path, problem, accepted string) {
	d.add(&diag.Error{Pos: d.pos(n), Path: path, Problem: problem, Accepted: accepted})
}

// fields lists the keys of a struct type, found once: a file may have many values of one type.
func (d *decoder) fields(t reflect.Type) []field {
	fs, ok := d.keys[t]
	if !ok {
		if fs = fields(t); d.keys == nil {
			d.keys = map[reflect.Type][]field{}
		}
		d.keys[t] = fs
	}
	return fs
}

// add keeps an error, or counts it.
func (d *decoder) add(e *diag.Error) {
	if d.full() {
		d.more++
		return
	}
	d.errs = append(d.errs, e)
}

// full reports whether no more errors are kept.
func (d *decoder) full() bool { return len(d.errs) >= diag.Most }

// err is everything that was found.
func (d *decoder) err() error { return d.errs.And(d.more) }

// value decodes n into v.
func (d *decoder) value(n *yaml.Node, v reflect.Value, path string) {
	if _, ok := d.at[path]; !ok {
		d.at[path] = place{d.pos(n), d.pos(n)}
	}
	if why := forbidden(n); why != "" {
		d.fail(n, path, why, "the value written out")
		return
	}
	t := v.Type()
	switch {
	case t.Kind() == reflect.Pointer:
		if n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Value != "" {
			v.SetZero()
			return
		}
		if v.IsNil() {
			v.Set(reflect.New(t.Elem()))
		}
		d.value(n, v.Elem(), path)
	case isText(t) && (n.Kind == yaml.ScalarNode || t.Kind() != reflect.Slice):
		d.text(n, v, path)
	case t.Kind() == reflect.Struct:
		d.structure(n, v, path)
	case t.Kind() == reflect.Slice:
		d.list(n, v, path)
	case t.Kind() == reflect.Map:
		d.named(n, v, path)
	default:
		d.scalar(n, v, path)
	}
}

// forbidden names the YAML feature that no model file may use, if n does.
func forbidden(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.AliasNode:
		return "an alias (*" + n.Value + ") is not allowed"
	case n.Anchor != "":
		return "an anchor (&" + n.Anchor + ") is not allowed"
	case n.Style&yaml.TaggedStyle != 0:
		return "a tag (" + n.Tag + ") is not allowed"
	}
	return ""
}

func (d *decoder) structure(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		d.fail(n, path, "found "+describe(n), "a mapping with the keys "+strings.Join(keys(v.Type()), ", "))
		return
	}
	lines := map[string]int{}
	if path == "" && d.head > 0 {
		lines[kindKey] = d.head
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, val := n.Content[i], n.Content[i+1]
		if why := badKey(k); why != "" {
			d.fail(k, path, why, "one of the keys "+strings.Join(keys(v.Type()), ", "))
			continue
		}
		at := join(path, k.Value)
		if line, again := lines[k.Value]; again {
			problem := "the key is given twice"
			if !d.bare {
				problem += ", first on line " + strconv.Itoa(line)
			}
			d.fail(k, join(path, quoteKey(k.Value)), problem, "each key once")
			continue
		}
		lines[k.Value] = k.Line
		known := d.fields(v.Type())
		f := slices.IndexFunc(known, func(f field) bool { return f.key == k.Value })
		if f < 0 {
			d.unknown(k, v.Type(), path)
			continue
		}
		d.at[at] = place{d.pos(k), d.pos(val)}
		d.value(val, v.FieldByIndex(known[f].index), at)
	}
	for _, f := range d.fields(v.Type()) {
		if _, given := lines[f.key]; !given {
			d.missing(n, f, join(path, f.key))
		}
	}
}

// badKey says why a node cannot be a key at all.
func badKey(k *yaml.Node) string {
	switch why := forbidden(k); {
	case why != "":
		return why
	case k.Kind != yaml.ScalarNode:
		return describe(k) + " cannot be a key"
	case k.Tag == "!!merge":
		return "a merge key (<<) is not allowed"
	}
	return ""
}

// unknown reports a key that the struct type t at path does not have. The same key deeper in the model may be meant, or
// else a similar one of t.
func (d *decoder) unknown(k *yaml.Node, t reflect.Type, path string) {
	if d.full() {
		d.more++
		return
	}
	if now, ok := renamed(t, k.Value); ok {
		d.fail(k, join(path, k.Value), "the key is called "+now+" now", now)
		return
	}
	if d.all == nil {
		d.all = Paths(reflect.New(d.root).Interface())
	}
	near := ""
	for _, p := range d.all {
		if strings.HasSuffix(p, "."+k.Value) {
			near = p
			break
		}
	}
	if near == "" {
		near = diag.Nearest(k.Value, keys(t))
	}
	d.add(&diag.Error{
		Pos:      d.pos(k),
		Path:     join(path, quoteKey(k.Value)),
		Problem:  "unknown key",
		Accepted: strings.Join(keys(t), ", "),
		Nearest:  near,
	})
}

// missing reports required keys that n, which lacks the key of f, does not name.
func (d *decoder) missing(n *yaml.Node, f field, path string) {
	if f.required {
		d.fail(n, path, "the required key is missing", "")
		return
	}
	if f.typ.Kind() != reflect.Struct || isText(f.typ) {
		return
	}
	for _, sub := range d.fields(f.typ) {
		d.missing(n, sub, join(path, sub.key))
	}
}

func (d *decoder) list(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.SequenceNode {
		d.fail(n, path, "found "+describe(n), "a list: [a, b] or lines that begin with -")
		return
	}
	if len(n.Content) == 0 {
		v.SetZero()
		return
	}
	s := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, e := range n.Content {
		d.value(e, s.Index(i), index(path, i))
	}
	v.Set(s)
}

// named fills a map: a mapping whose keys are what the map's key type reads, each at most once.
func (d *decoder) named(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		d.fail(n, path, "found "+describe(n), "a mapping")
		return
	}
	t := v.Type()
	m := reflect.MakeMap(t)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, val := n.Content[i], n.Content[i+1]
		if why := badKey(k); why != "" {
			d.fail(k, path, why, "")
			continue
		}
		at := join(path, quoteKey(k.Value))
		key, to, before := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem(), len(d.errs)+d.more
		d.text(k, key, at)
		switch {
		case len(d.errs)+d.more > before:
		case m.MapIndex(key).IsValid():
			d.fail(k, at, "the key is given twice", "each key once")
		default:
			d.value(val, to, at)
			m.SetMapIndex(key, to)
		}
	}
	v.Set(m)
}

func join(path, key string) string {
	if path == "" || key == "" || strings.HasPrefix(key, "[") {
		return path + key
	}
	return path + "." + key
}

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// quoteKey keeps strange keys and paths readable and short.
func quoteKey(k string) string {
	const most = 100
	if r := []rune(k); len(r) > most {
		k = string(r[:most]) + "..."
	}
	if k == "" || k != strings.TrimSpace(k) || strings.ContainsFunc(k, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return strconv.Quote(k)
	}
	return k
}
