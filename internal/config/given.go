package config

import (
	"go.yaml.in/yaml/v3"

	"satsim/internal/diag"
)

// Given lists the paths of the values that a file gives, its kind aside: stce.rows. Lists are one value.
func Given(src Source) ([]string, error) {
	root, errs := parse(src, "the file")
	if len(errs) > 0 {
		return nil, errs.Err()
	}
	var out []string
	var walk func(n *yaml.Node, path string)
	walk = func(n *yaml.Node, path string) {
		if n.Kind != yaml.MappingNode {
			out = append(out, path)
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key := n.Content[i].Value; path != "" || key != kindKey {
				walk(n.Content[i+1], join(path, key))
			}
		}
	}
	walk(root, "")
	return out, nil
}

// KindOf is the kind that a file says it is of.
func KindOf(src Source) (string, error) {
	root, errs := parse(src, "the file")
	if len(errs) > 0 {
		return "", errs.Err()
	}
	if root.Kind != yaml.MappingNode || len(root.Content) == 0 || root.Content[0].Value != kindKey {
		return "", diag.List{{
			Pos: diag.Pos{File: src.Name, Line: root.Line, Col: root.Column}, Problem: "the file does not begin with its kind", Accepted: "a mapping whose first key is kind",
		}}.Err()
	}
	return root.Content[1].Value, nil
}

// Text is the text of a value at the top of a file; empty if there is none, or it is no scalar.
func Text(src Source, key string) string {
	root, errs := parse(src, "the file")
	if len(errs) > 0 || root.Kind != yaml.MappingNode {
		return ""
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == key && root.Content[i+1].Kind == yaml.ScalarNode {
			return root.Content[i+1].Value
		}
	}
	return ""
}

// Places says where the keys of a file and the elements of its lists stand, by their paths: stce.rows, layers[0].
func Places(src Source) (map[string]diag.Pos, error) {
	root, errs := parse(src, "the file")
	if len(errs) > 0 {
		return nil, errs.Err()
	}
	out := map[string]diag.Pos{}
	var walk func(n *yaml.Node, path string)
	walk = func(n *yaml.Node, path string) {
		for i := 0; i < len(n.Content); i++ {
			at, value := n.Content[i], n.Content[i]
			below := index(path, i)
			if n.Kind == yaml.MappingNode {
				i++
				value, below = n.Content[i], join(path, at.Value)
			}
			out[below] = diag.Pos{File: src.Name, Line: at.Line, Col: at.Column}
			walk(value, below)
		}
	}
	walk(root, "")
	return out, nil
}
