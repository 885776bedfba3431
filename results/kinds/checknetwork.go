package kinds

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"satsim/internal/config"
	"satsim/internal/diag"
	"satsim/results/experiment/models"
	"satsim/workloads/network"
)

// checkNetwork derives the graph with its shapes and the training step as well.
func checkNetwork(src config.Source) error {
	_, err := models.NewLoader().Network(src.Name, 0, nil)
	var wrong *diag.Error
	if err == nil || errors.As(err, &wrong) {
		return err
	}
	d := network.Description{}
	if config.Decode(src, "network", &d) != nil {
		return err
	}
	text := strings.TrimPrefix(err.Error(), fmt.Sprintf("network %s: ", d.Name))
	var out diag.List
	places := at(src)
	for _, line := range strings.Split(text, "\n") {
		key := "name"
		if m := named.FindStringSubmatch(line); m != nil {
			key = layerKey(&d, m[2])
		}
		out = append(out, &diag.Error{Pos: places[key], Path: key, Problem: line})
	}
	return out.Err()
}

// named is what errors of graphs begin with.
var named = regexp.MustCompile(`^(layer|node|input) "([^"]*)"`)

// layerKey is the key of the layer that a node was made of, as far in as the file says: layer1.0.conv1 stands in the block of layer1.
func layerKey(d *network.Description, node string) string {
	key, at, list := "layers", "layers", d.Layers
	for _, name := range strings.Split(node, ".") {
		if _, err := strconv.Atoi(name); err == nil { // of a repeated layer
			continue
		}
		found := -1
		for i := range list {
			if list[i].Name == name {
				found = i
			}
		}
		if found < 0 {
			break
		}
		key = fmt.Sprintf("%s[%d]", at, found)
		block := list[found].Block
		list = nil
		for i := range d.Blocks {
			if d.Blocks[i].Name == block {
				at, list = fmt.Sprintf("blocks[%d].layers", i), d.Blocks[i].Layers
			}
		}
	}
	return key
}
