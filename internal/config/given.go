package config

import "go.yaml.in/yaml/v3"

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
