package onnx

import (
	"fmt"
	"strings"

	"satsim/workloads/network"
)

// keeps records what the bias, the scale and shift, or the slope of a node of the graph is made of.
func (im *importer) keeps(node string, made ...*value) {
	for _, v := range made {
		if v != nil && v.kind == parameter && v.root != nil {
			im.vectors[node] = append(im.vectors[node], v)
		}
	}
}

// allOf names the parameter that a value is all of, or nothing.
func (v *value) allOf() string {
	all, err := v.shape.Elements()
	if err != nil || all.Batch || all.N != v.root.elements {
		return ""
	}
	return v.root.name + "\x00" + v.root.alias
}

// shareVectors makes one of biases, and of scales and shifts, that several nodes have from the same initialisers.
func (im *importer) shareVectors() {
	owners := map[string]string{} // what it is made of -> the first node that has it
	parts := map[string]bool{}
	var apart, nodes int64 // numbers that are counted twice, of how many nodes
	for i := range im.graph.Nodes {
		n := &im.graph.Nodes[i]
		made := im.vectors[n.Name]
		if len(made) == 0 {
			continue
		}
		key := kindOfVector(n)
		for _, v := range made {
			part := v.allOf()
			if part == "" {
				part = "of " + n.Name // one of several parts, which are not followed
			}
			key += "\x00" + part
		}
		if owner, ok := owners[key]; ok {
			n.Vector = owner
			im.leaveOut("biases, scales and shifts, and slopes that layers share are one, counted and updated once; exporters may have stored equal ones once (%d)")
			continue
		}
		owners[key] = n.Name
		twice := false
		for _, v := range made {
			if part := v.allOf(); part != "" && parts[part] {
				apart, twice = apart+v.root.elements, true
			} else if part != "" {
				parts[part] = true
			}
		}
		if twice {
			nodes++
		}
	}
	if nodes > 0 {
		im.notes = append(im.notes, fmt.Sprintf("biases, scales or shifts that are shared in part are counted apart: %d parameters too many (%d)", apart, nodes))
	}
}

// kindOfVector says which nodes may share: those with a bias, or norms of one operator.
func kindOfVector(n *network.Node) string {
	if n.Op == network.Conv || n.Op == network.Linear {
		return fmt.Sprint("bias ", n.Channels)
	}
	return strings.Join([]string{string(n.Op), fmt.Sprint(n.Bias, n.Channels)}, " ")
}
