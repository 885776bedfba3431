package training

import (
	"bytes"
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

// differences from one training to another; none says that they are the same. Names and notes inside of models have no part in it, nor have figures. What data held
// counts where both records say it.
func differences(was, is *Run) (Differences, error) {
	a, errA := was.settings()
	b, errB := is.settings()
	if err := errors.Join(errA, errB); err != nil {
		return nil, err
	}
	if was.DataHash == "" || is.DataHash == "" {
		delete(a, dataHash)
		delete(b, dataHash)
	}
	var out Differences
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
	return out, nil
}

func said(setting string) string {
	if setting == "" {
		return unset
	}
	return setting
}

const dataHash = "data_hash"

// settings are all that say which training it is, each by its key: those of models as an override names them, network.width or recipe.weight_decay.
func (r *Run) settings() (map[string]string, error) {
	bare := *r
	bare.Note, bare.Description, bare.Resolved, bare.Curve, bare.Diverged = "", nil, nil, nil, nil
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
	out := map[string]string{}
	flatten(out, "", own)
	flatten(out, "network", network)
	flatten(out, "recipe", recipe)
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
	return out, nil
}

// flatten adds what stands in a value of JSON, each leaf by its path; elements of a list go by their names, if they have such.
func flatten(to map[string]string, path string, v any) {
	under := func(key string) string { return strings.TrimPrefix(path+"."+key, ".") }
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			flatten(to, under(k), inner)
		}
		if len(v) == 0 {
			to[path] = "{}"
		}
	case []any:
		if len(v) == 0 {
			to[path] = "[]"
		}
		for i, inner := range v {
			key := fmt.Sprint(i + 1)
			if named, ok := inner.(map[string]any); ok && named["name"] != nil {
				key = fmt.Sprint(named["name"])
				named = maps.Clone(named)
				delete(named, "name")
				inner = named
			}
			flatten(to, under(key), inner)
		}
	default:
		to[path] = fmt.Sprint(v)
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
