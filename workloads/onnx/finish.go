package onnx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/symbolic"
)

// finish puts the losses on the outputs, drops what nothing reads, and writes the notation.
func (im *importer) finish() (*Import, error) {
	lost := map[string]bool{}
	for _, o := range im.outputs {
		v := im.values[o]
		if v == nil || v.kind != activation {
			return nil, fmt.Errorf("output %q does not depend on the network's input", o)
		}
		v, err := im.withZeros(o, v)
		if err != nil {
			return nil, fmt.Errorf("output %q: %w", o, err)
		}
		x, err := im.plain(v)
		if err != nil {
			return nil, fmt.Errorf("output %q: %w", o, err)
		}
		if lost[x] {
			continue
		}
		lost[x] = true
		if _, err := im.emit(network.Node{Name: "loss", Op: network.Loss, Inputs: []string{x}}, symbolic.Shape{symbolic.Fixed(1)}); err != nil {
			return nil, err
		}
	}
	if err := im.tidy(); err != nil {
		return nil, err
	}
	im.shareVectors()
	im.report()
	im.graph.Note = strings.NewReplacer("{", "(", "}", ")", "\n", " ").Replace(strings.Join(append([]string{im.origin()}, im.notes...), "; "))
	d, err := network.Describe(&im.graph)
	if err != nil {
		return nil, fmt.Errorf("checking the imported network: %w", err)
	}
	im.withBatch(d)
	return &Import{Graph: &im.graph, Description: d, Roles: im.roles}, nil
}

func (im *importer) origin() string {
	s := fmt.Sprintf("imported from ONNX, operator set %d", im.model.opset)
	if im.model.producer != "" {
		s += ", written by " + im.model.producer
	}
	return s
}

// tidy drops nodes and inputs that do not reach the loss, and puts an input with the batch first.
func (im *importer) tidy() error {
	needed := map[string]bool{}
	nodes := make([]network.Node, 0, len(im.graph.Nodes))
	for i := len(im.graph.Nodes) - 1; i >= 0; i-- {
		n := im.graph.Nodes[i]
		if n.Op != network.Loss && !needed[n.Name] {
			continue
		}
		nodes = append(nodes, n)
		for _, in := range n.Inputs {
			needed[in] = true
		}
		if n.Weight != "" {
			needed[n.Weight] = true
		}
	}
	slices.Reverse(nodes)
	im.graph.Nodes = nodes
	im.graph.Inputs = slices.DeleteFunc(im.graph.Inputs, func(in network.Input) bool { return !needed[in.Name] })
	hasBatch := func(in network.Input) bool { return im.shapes[in.Name][0] == symbolic.Extent{N: 1, Batch: true} }
	i := slices.IndexFunc(im.graph.Inputs, hasBatch)
	if i < 0 {
		return errors.New("no input of the network begins with the batch")
	}
	first := im.graph.Inputs[i]
	im.graph.Inputs = append([]network.Input{first}, slices.Delete(im.graph.Inputs, i, i+1)...)
	return nil
}

// withBatch writes extents that hold the batch as expressions.
func (im *importer) withBatch(d *network.Description) {
	exprs := func(s symbolic.Shape) []network.Expr {
		var out []network.Expr
		for _, e := range s {
			out = append(out, network.Expr(e.String()))
		}
		return out
	}
	for i := range d.Inputs {
		d.Inputs[i].Shape = exprs(im.shapes[d.Inputs[i].Name])
	}
	for i := range d.Layers {
		if l := &d.Layers[i]; l.Op == network.Reshape {
			l.Shape = exprs(im.shapes[l.Name])
		}
	}
}

// leaveOut counts something that the network does not show; the sentence has a %d for how often.
func (im *importer) leaveOut(sentence string) { im.counts[sentence]++ }

// report turns counts into notes.
func (im *importer) report() {
	var sentences []string
	for s := range im.counts {
		sentences = append(sentences, s)
	}
	slices.Sort(sentences)
	im.notes = append(im.notes, roleNotes(im.roles)...)
	for _, s := range sentences {
		im.notes = append(im.notes, fmt.Sprintf(s, im.counts[s]))
	}
	biased, norms := 0, 0
	for _, n := range im.graph.Nodes {
		switch {
		case n.Op == network.Conv && n.Bias:
			biased++
		case n.Op == network.BatchNorm || n.Op == network.LayerNorm || n.Op == network.RMSNorm:
			norms++
		}
	}
	if biased > 3 && norms == 0 {
		im.notes = append(im.notes, "it has convolutions with biases and no norm: the exporter may have folded batch norms away, whose training then costs nothing here")
	}
}
