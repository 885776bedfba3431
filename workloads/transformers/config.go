package transformers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Bounds of what a file may say: products of a few sizes stay in an int64, and a network stays within what its notation accepts.
const (
	maxSize   = 1 << 20
	maxLayers = 1000
)

// config is a file's keys. The first key that is wrong is kept, so that a family reads on and asks once.
type config struct {
	keys map[string]json.RawMessage
	err  error
}

// parse reads a file.
func parse(text []byte) (*config, error) {
	c := &config{}
	if err := json.Unmarshal(text, &c.keys); err != nil {
		if s := (*json.SyntaxError)(nil); errors.As(err, &s) {
			return nil, fmt.Errorf("line %d: it is no JSON: %w; a config.json of transformers is accepted, and networks of satsim are .yaml files", 1+bytes.Count(text[:min(int(s.Offset), len(text))], []byte("\n")), err)
		}
		return nil, errors.New("it is no object of JSON; a config.json of transformers is accepted, which begins with {")
	}
	if c.keys == nil {
		return nil, errors.New("it is empty; a config.json of transformers is accepted, which begins with {")
	}
	return c, nil
}

// others are JSON files that are taken for a config.json, by a key that they have and it has not, in the order in which they are asked for.
var others = []struct{ key, says string }{
	{"schema", "it says that it is a record or another file of satsim"},
	{"weight_map", "it is the index of a model's safetensors files"},
	{"tokenizer_class", "it is a tokenizer's configuration"},
	{"added_tokens", "it is a tokenizer"},
	{"image_processor_type", "it is an image processor's configuration"},
	{"do_normalize", "it is an image processor's configuration"},
	{"_class_name", "it is a configuration of diffusers"},
	{"eos_token_id", "it is a configuration of how text is generated, or a config.json that lacks its model_type"},
}

// other says what a file is that is no config.json of a model.
func (c *config) other() string {
	for _, o := range others {
		if c.has(o.key) {
			return o.says
		}
	}
	return "it has no model_type"
}

func (c *config) wrong(key, accepted string) {
	if c.err == nil {
		c.err = fmt.Errorf("%s is %s; %s is accepted", key, clip(c.keys[key]), accepted)
	}
}

// clip is a value of a file as errors show it.
func clip(raw json.RawMessage) string {
	const longest = 60
	if s := strings.ToValidUTF8(string(raw), "?"); len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(string(raw[:longest]), "?") + "..."
}

// has reports whether a key says something.
func (c *config) has(key string) bool {
	raw, ok := c.keys[key]
	return ok && string(raw) != "null"
}

// read decodes a key into out, which stays as it is where the file does not have it.
func (c *config) read(key string, out any, accepted string) bool {
	if !c.has(key) {
		return false
	}
	if err := json.Unmarshal(c.keys[key], out); err != nil {
		c.wrong(key, accepted)
		return false
	}
	return true
}

// whole is a size from 1 to most.
func (c *config) whole(key string, otherwise, most int64) int64 {
	v := otherwise
	accepted := fmt.Sprintf("a whole number from 1 to %d", most)
	if c.read(key, &v, accepted) && (v < 1 || v > most) {
		c.wrong(key, accepted)
		return otherwise
	}
	return v
}

func (c *config) size(key string, otherwise int64) int64 { return c.whole(key, otherwise, maxSize) }

func (c *config) depth(key string, otherwise int64) int64 { return c.whole(key, otherwise, maxLayers) }

func (c *config) flag(key string, otherwise bool) bool {
	c.read(key, &otherwise, "true or false")
	return otherwise
}

func (c *config) word(key, otherwise string) string {
	c.read(key, &otherwise, "a word in quotes")
	return otherwise
}

// divides asks that a size is a multiple of another one.
func (c *config) divides(part string, n int64, whole string, of int64) {
	if c.err == nil && of%n != 0 {
		c.err = fmt.Errorf("%s is %d and %s is %d; a %s that divides %s is accepted", part, n, whole, of, part, whole)
	}
}

// only refuses any other value of a key than the one that the network has.
func (c *config) only(key, value, why string) {
	if c.has(key) && string(c.keys[key]) != value && c.err == nil {
		c.err = fmt.Errorf("%s is %s; %s is accepted: %s", key, clip(c.keys[key]), value, why)
	}
}

// labels is the number of classes of a head.
func (c *config) labels() int64 {
	var names map[string]json.RawMessage
	if c.read("id2label", &names, "an object of names") && len(names) > 0 {
		return int64(len(names))
	}
	return c.size("num_labels", 2) // transformers' default
}

// head is what follows the family's name in the first architecture: ForMaskedLM of BertForMaskedLM.
func (c *config) head(prefix string, accepted ...string) string {
	var names []string
	if !c.read("architectures", &names, "a list of names") || len(names) == 0 {
		return "Model"
	}
	head, ok := strings.CutPrefix(names[0], prefix)
	if !ok || !slices.Contains(accepted, head) {
		var all []string
		for _, a := range accepted {
			all = append(all, prefix+a)
		}
		c.wrong("architectures", strings.Join(all, ", "))
	}
	return head
}
