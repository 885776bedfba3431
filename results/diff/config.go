package diff

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// changes lists the keys that two models have otherwise, in the order of the first and then of the second.
func changes(prefix string, a, b json.RawMessage) ([]Change, error) {
	left, err := flatten(prefix, a)
	if err != nil {
		return nil, err
	}
	right, err := flatten(prefix, b)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	for _, l := range right {
		values[l.key] = l.value
	}
	var out []Change
	known := map[string]bool{}
	for _, l := range left {
		known[l.key] = true
		if v := values[l.key]; v != l.value {
			out = append(out, Change{l.key, l.value, v})
		}
	}
	for _, l := range right {
		if !known[l.key] {
			out = append(out, Change{l.key, "", l.value})
		}
	}
	return out, nil
}

type leaf struct{ key, value string }

// flatten lists the values of a model as records have it by their keys: stce.rows, layers[conv1].kernel. Elements of a list are named by what they have under
// name or action, or else numbered; lists of values are one value.
func flatten(prefix string, text json.RawMessage) ([]leaf, error) {
	if len(text) == 0 {
		return nil, nil
	}
	var out []leaf
	var walk func(key string, raw json.RawMessage) error
	walk = func(key string, raw json.RawMessage) error {
		raw = bytes.TrimSpace(raw)
		switch {
		case len(raw) > 0 && raw[0] == '{':
			return members(raw, func(name string, value json.RawMessage) error {
				below := name
				if key != "" && key[len(key)-1] != '.' {
					below = key + "." + name
				} else if key != "" {
					below = key + name
				}
				return walk(below, value)
			})
		case len(raw) > 0 && raw[0] == '[':
			var list []json.RawMessage
			if err := json.Unmarshal(raw, &list); err != nil {
				return err
			}
			if len(list) == 0 || bytes.TrimSpace(list[0])[0] != '{' {
				break
			}
			for i, e := range list {
				var named struct{ Name, Action string }
				at := strconv.Itoa(i)
				if err := json.Unmarshal(e, &named); err == nil && named.Name+named.Action != "" {
					at = named.Name + named.Action
				}
				if err := walk(key+"["+at+"]", e); err != nil {
					return err
				}
			}
			return nil
		}
		value := string(raw)
		if s := ""; json.Unmarshal(raw, &s) == nil {
			value = s
		}
		out = append(out, leaf{key, value})
		return nil
	}
	if err := walk(prefix, text); err != nil {
		return nil, fmt.Errorf("reading the models of a record: %w", err)
	}
	return out, nil
}

// members calls f with every member of a JSON object, in their order.
func members(raw json.RawMessage, f func(name string, value json.RawMessage) error) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		if err := f(fmt.Sprint(name), value); err != nil {
			return err
		}
	}
	return nil
}
