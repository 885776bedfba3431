package training

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Difference is a setting in which two trainings are not the same.
type Difference struct{ Setting, Was, Is string }

// Differences are those of two trainings, by name.
type Differences []Difference

// most differences that are listed.
const most = 4

// String lists them, of a training that was and one that is.
func (d Differences) String() string { return d.list("%s was %s, is %s") }

// between lists them, of two trainings of now.
func (d Differences) between() string { return d.list("%s is %s, and %s") }

func (d Differences) list(form string) string {
	var out []string
	for i, one := range d {
		if i == most {
			out = append(out, fmt.Sprintf("%d more", len(d)-most))
			break
		}
		out = append(out, fmt.Sprintf(form, one.Setting, one.Was, one.Is))
	}
	return strings.Join(out, "; ")
}

// unset is how a setting reads that a record does not have.
const unset = "not set"

// differences from one training to another; none says that they are the same. Names and notes inside of models have no part in it, nor have figures, nor the order of a
// network's parameters. What data held counts where both records say it.
func differences(was, is *Run) (Differences, error) {
	hashed := was.DataHash != "" && is.DataHash != ""
	a, errA := was.settings(hashed)
	b, errB := is.settings(hashed)
	if err := errors.Join(errA, errB); err != nil {
		return nil, err
	}
	if a.hash == b.hash {
		return nil, nil
	}
	for _, out := range []Differences{differ(a.leaves, b.leaves), differ(a.orders, b.orders)} {
		if len(out) > 0 {
			return out, nil
		}
	}
	return Differences{{"the hash of its settings", a.hash, b.hash}}, nil
}

// differ gives the differences of texts by their keys.
func differ(a, b map[string]string) (out Differences) {
	keys := slices.Collect(maps.Keys(a))
	for k := range b {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		if x, y := a[k], b[k]; x != y {
			out = append(out, Difference{k, said(x), said(y)})
		}
	}
	return out
}

func said(setting string) string {
	if setting == "" {
		return unset
	}
	return setting
}

// settings are all that say which training it is.
type settings struct {
	hash string // of all of them: equal ones are the same training
	// leaves are each by its key, those of models as an override names them, network.width or recipe.weight_decay; orders are the names of each list that has such. They
	// word what differs, and do not decide whether anything does.
	leaves, orders map[string]string
}

// settings of a training, with the hash of its data or without.
func (r *Run) settings(hashed bool) (*settings, error) {
	bare := *r
	if !hashed {
		bare.DataHash = ""
	}
	bare.Note, bare.Before, bare.Description, bare.Resolved, bare.Curve, bare.Diverged = "", nil, nil, nil, nil, nil
	text, err := json.Marshal(&bare)
	if err != nil {
		return nil, fmt.Errorf("reading the settings of a training: %w", err)
	}
	own, errOwn := decode(text)
	network, errNetwork := decode(r.Description)
	recipe, errRecipe := decode(r.Resolved)
	if err := errors.Join(errOwn, errNetwork, errRecipe); err != nil {
		return nil, err
	}
	for _, k := range []string{"description", "resolved_recipe", "curve"} {
		delete(own, k)
	}
	stripNetwork(network)
	stripRecipe(recipe)
	if params, ok := network["params"].([]any); ok { // numbers by now, none of which is read by another
		slices.SortStableFunc(params, func(a, b any) int { return strings.Compare(nameOf(a), nameOf(b)) })
	}
	all, err := json.Marshal([]any{own, network, recipe})
	if err != nil {
		return nil, fmt.Errorf("hashing the settings of a training: %w", err)
	}
	sum := sha256.Sum256(all)
	s := &settings{hex.EncodeToString(sum[:])[:hashDigits], map[string]string{}, map[string]string{}}
	s.flatten("", own)
	s.flatten("network", network)
	s.flatten("recipe", recipe)
	out := s.leaves
	out["options.learning_rate_schedule"] = "constant"
	if r.Options.Cosine {
		out["options.learning_rate_schedule"] = "cosine"
	}
	delete(out, "options.cosine")
	for k, v := range out { // as they are given
		if short, ok := strings.CutPrefix(k, "options."); ok {
			delete(out, k)
			out[short] = v
		} else if short, ok := strings.CutPrefix(k, "network.params."); ok {
			delete(out, k)
			out["network."+strings.TrimSuffix(short, ".value")] = v
		}
	}
	if out["network.batch"] != "" {
		delete(out, "batch") // it is the same
	}
	return s, nil
}

// nameOf an element of a list; empty: it has none.
func nameOf(element any) string {
	if named, ok := element.(map[string]any); ok && named["name"] != nil {
		return fmt.Sprint(named["name"])
	}
	return ""
}

// flatten adds what stands in a value of JSON, each leaf by its path. Elements of a list go by their names, if they have such, and by their numbers else; the second of a name is "name (2)".
func (s *settings) flatten(path string, v any) {
	under := func(key string) string { return strings.TrimPrefix(path+"."+key, ".") }
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			s.flatten(under(k), inner)
		}
		if len(v) == 0 {
			s.leaves[path] = "{}"
		}
	case []any:
		if len(v) == 0 {
			s.leaves[path] = "[]"
		}
		var names []string
		of := map[string]int{}
		for i, inner := range v {
			key := fmt.Sprint(i + 1)
			if name := nameOf(inner); name != "" {
				named := maps.Clone(inner.(map[string]any))
				delete(named, "name")
				key, inner = name, named
				names = append(names, name)
			}
			if of[key]++; of[key] > 1 {
				key = fmt.Sprintf("%s (%d)", key, of[key])
			}
			s.flatten(under(key), inner)
		}
		if len(names) > 0 {
			s.orders["the order of "+path] = strings.Join(names, ", ")
		}
	default:
		s.leaves[path] = fmt.Sprint(v)
	}
}

// decode reads an object of JSON, whose numbers stay as they are written.
func decode(text json.RawMessage) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var out map[string]any
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("reading a model of a training: %w", err)
	}
	return out, nil
}
