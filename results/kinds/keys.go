package kinds

import (
	"fmt"
	"regexp"
	"strings"

	"satsim/internal/diag"
	"satsim/internal/schema"
)

// Key is a key of a kind of file, with all that is declared of it.
type Key struct {
	Kind     string `json:"kind"`
	Path     string `json:"path"` // the kind in front where --set has it, or where nothing else tells kinds apart
	Key      string `json:"key"`  // in a file
	Type     string `json:"type"`
	Unit     string `json:"unit"`
	Default  string `json:"default,omitempty"`
	Required bool   `json:"required,omitempty"`
	Accepted string `json:"accepted,omitempty"`
	Why      string `json:"because,omitempty"` // the range
	Meaning  string `json:"meaning"`
	Source   string `json:"source"`
	Doubt    string `json:"doubt,omitempty"` // what else the truth may be than a default that is an assumption
}

// Keys lists the keys of all kinds, in the order in which they are declared.
func Keys() []Key {
	var out []Key
	for _, k := range All() {
		leaves := map[string]schema.Leaf{}
		for _, l := range schema.Leaves(k.Of) {
			leaves[l.Key] = l
		}
		for i := range k.Declared {
			p := &k.Declared[i]
			of := leaves[p.Key]
			key := Key{
				Kind: k.Name, Path: k.prefix + p.Key, Key: p.Key, Type: schema.TypeName(of.Type, p), Unit: p.Unit, Required: of.Required,
				Accepted: p.Range.String(), Why: p.Range.Why, Meaning: p.Meaning, Source: p.Source, Doubt: p.Doubt.String(),
			}
			if p.Default != nil {
				key.Default = fmt.Sprint(p.Default)
			}
			out = append(out, key)
		}
	}
	return out
}

// element is the place of one element in a path.
var element = regexp.MustCompile(`\[[^]]*\]`)

// Select gives the keys that a path leads to (one, those below it, or those of a kind; empty: all) and whose description has every word.
func Select(path string, words []string) ([]Key, error) {
	all := Keys()
	var at []Key
	var known []string
	want := element.ReplaceAllString(path, "[]")
	for _, k := range all {
		if want == "" || k.leadsTo(want) {
			at = append(at, k)
		}
		known = append(known, k.Path)
	}
	if len(at) == 0 {
		e := &diag.Error{Path: path, Problem: "there is no such key", Accepted: "a key such as stce.rows, what keys begin with, or a kind of file: " + strings.Join(Names(), ", ")}
		e.Nearest = diag.Nearest(want, append(known, Names()...))
		return nil, e
	}
	var out []Key
	for _, k := range at {
		if k.has(words) {
			out = append(out, k)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no key has the words %s", strings.Join(words, ", "))
	}
	return out, nil
}

// leadsTo reports whether a path is the key's, or of something that it is in. The kind may stand in front, or be left out.
func (k *Key) leadsTo(path string) bool {
	for _, own := range []string{k.Path, k.Kind + "." + k.Key, k.Key} {
		rest, ok := strings.CutPrefix(own, path)
		if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

// has reports whether the description has every word, capitals or not.
func (k *Key) has(words []string) bool {
	text := strings.ToLower(strings.Join([]string{k.Path, k.Type, k.Unit, k.Default, k.Accepted, k.Why, k.Meaning, k.Source, k.Doubt}, " "))
	for _, w := range words {
		if !strings.Contains(text, strings.ToLower(w)) {
			return false
		}
	}
	return true
}
