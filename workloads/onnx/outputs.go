package onnx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"satsim/workloads/onnx/internal/file"
)

// chooseOutputs finds what gets a loss: what is asked for, or each output that is the end of a head, which no other output is computed from and
// whose numbers a loss can be put on.
func (im *importer) chooseOutputs(nodes []*file.Node) error {
	if len(im.model.outputs) == 0 {
		return errors.New("the file has no output to put a loss on")
	}
	im.outputs = im.options.Losses
	if len(im.outputs) == 0 {
		im.outputs = im.cut(nodes, ends(nodes, im.model.outputs))
	}
	var unused []string
	cutAway := slices.ContainsFunc(im.outputs, func(o string) bool { return !slices.Contains(im.model.outputs, o) }) && len(im.options.Losses) == 0 // said already
	for _, o := range im.model.outputs {
		if !slices.Contains(im.outputs, o) && !cutAway {
			unused = append(unused, o)
		}
	}
	if len(im.outputs) > 1 {
		im.notes = append(im.notes, fmt.Sprintf("a loss is on each of %s", some(im.outputs)))
	}
	if len(unused) > 0 {
		im.notes = append(im.notes, fmt.Sprintf("no loss is on %s: what only they need is left out", some(unused)))
	}
	return nil
}

// some lists names, the first and the last of many.
func some(names []string) string {
	const shown = 6
	if len(names) > shown {
		names = append(slices.Clone(names[:shown-1]), "...", names[len(names)-1])
	}
	return strings.Join(names, ", ")
}

// ends are the outputs that are no step on the way to another one: hidden states and caches are. All, where each is.
func ends(nodes []*file.Node, outputs []string) []string {
	if len(outputs) == 1 {
		return outputs
	}
	maker := map[string]*file.Node{}
	for _, n := range nodes {
		for _, o := range n.Out {
			maker[o] = n
		}
	}
	var out []string
	for _, o := range outputs {
		seen := map[*file.Node]bool{}
		var todo []string
		for _, other := range outputs {
			if n := maker[other]; other != o && n != nil && n != maker[o] {
				todo = append(todo, n.In...)
			}
		}
		inside := false
		for len(todo) > 0 && !inside {
			t := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			inside = t == o
			if n := maker[t]; n != nil && !seen[n] && n.Op != "Shape" && n.Op != "Size" {
				seen[n] = true
				todo = append(todo, n.In...)
			}
		}
		if n := maker[o]; !inside && n != nil && (!choice(n) || len(outputs) == 1) && (n.Output() == o || n.Op == "Split") {
			out = append(out, o)
		}
	}
	if len(out) == 0 {
		return outputs[:1]
	}
	return out
}

// choice reports whether a node picks among numbers, through which no gradient comes.
func choice(n *file.Node) bool {
	switch n.Op {
	case "ArgMax", "ArgMin", "Shape", "Size", "Greater", "Less", "Equal", "GreaterOrEqual", "LessOrEqual", "NonZero":
		return true
	case "Cast":
		return !file.IsFloat(int32(n.Int("to", 0)))
	}
	return false
}

// live keeps the nodes that tensors depend on, in the file's order.
func live(nodes []*file.Node, outputs ...string) ([]*file.Node, error) {
	maker := map[string]int{}
	for i, n := range nodes {
		for _, o := range n.Out {
			if o != "" {
				maker[o] = i
			}
		}
	}
	for _, o := range outputs {
		if _, ok := maker[o]; !ok {
			return nil, fmt.Errorf("no node makes the output %q", o)
		}
	}
	needed := make([]bool, len(nodes))
	todo := slices.Clone(outputs)
	for len(todo) > 0 {
		i, ok := maker[todo[len(todo)-1]]
		todo = todo[:len(todo)-1]
		if !ok || needed[i] {
			continue
		}
		needed[i] = true
		todo = append(todo, nodes[i].In...)
	}
	var out []*file.Node
	for i, n := range nodes {
		if needed[i] {
			out = append(out, n)
		}
	}
	return out, nil
}

// withoutSoftmax moves a loss from a softmax to what goes into it: the softmax is part of the loss.
func (im *importer) withoutSoftmax(nodes []*file.Node) {
	outputs := slices.Clone(im.outputs)
	for i, o := range outputs {
		for _, n := range nodes {
			made := slices.ContainsFunc(nodes, func(m *file.Node) bool { return m.Output() == n.Input(0) })
			if n.Output() == o && (n.Op == "Softmax" || n.Op == "LogSoftmax") && made {
				im.notes = append(im.notes, fmt.Sprintf("%s %s is part of the loss", n.Op, o))
				outputs[i] = n.Input(0)
			}
		}
	}
	im.outputs = outputs
}
