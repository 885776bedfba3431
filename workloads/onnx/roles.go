package onnx

import (
	"math"
	"slices"
	"strings"

	"satsim/workloads/network"

	"satsim/workloads/onnx/internal/file"
)

// Role says what became of an initialiser or constant that meets data elsewhere than as a layer's weight.
type Role struct {
	Tensor string
	Role   string
}

// plays records a role, once.
func (im *importer) plays(p *value, role string) {
	name := p.name
	if p.root != nil {
		name = p.root.name
	}
	if r := (Role{name, role}); !slices.Contains(im.roles, r) {
		im.roles = append(im.roles, r)
	}
}

// roleNotes join tensors of one role in a sentence each.
func roleNotes(roles []Role) []string {
	const shown = 4
	var order []string
	tensors := map[string][]string{}
	for _, r := range roles {
		if !strings.HasPrefix(r.Role, "not trained") {
			continue // what folds changes no count that a reader would look for
		}
		if tensors[r.Role] == nil {
			order = append(order, r.Role)
		}
		tensors[r.Role] = append(tensors[r.Role], r.Tensor)
	}
	var out []string
	for _, role := range order {
		names := tensors[role]
		if len(names) > shown {
			names = append(slices.Clone(names[:shown-1]), "...", names[len(names)-1])
		}
		out = append(out, role+" ("+strings.Join(names, ", ")+")")
	}
	return out
}

// learns reports whether an operator has something to learn.
func learns(op network.Op) bool {
	switch op {
	case network.Conv, network.Linear, network.Embedding, network.BatchNorm, network.LayerNorm, network.RMSNorm, network.GroupNorm, network.PReLU:
		return true
	}
	return false
}

// frozen is a parameter that is not trained.
func (v *value) frozen() *value {
	out := *v
	out.kind, out.root = constant, nil
	return &out
}

// beginsNorm reports whether a node begins the scale and shift of a convolution's channels: a batch norm whose statistics the exporter
// multiplied in (Caffe's Scale, a frozen or decomposed batch norm). A scale without a shift behind it is none: the scales of layers of
// some transformers are learned numbers of their own.
func (im *importer) beginsNorm(n *file.Node, x *value) bool {
	m := im.maker(x.tensor)
	if m == nil || m.Op != network.Conv || !im.readOnce(x.tensor) || n.Op == "Add" {
		return false
	}
	scaled := n.Op == "Mul" || n.Op == "Div"
	for range 4 {
		readers := im.readers[n.Output()]
		if len(readers) != 1 {
			return false
		}
		next := readers[0]
		other := next.Input(1)
		if other == n.Output() {
			other = next.Input(0)
		}
		if !im.fromFile(other, 8) {
			return false
		}
		switch next.Op {
		case "Mul", "Div":
			scaled = true
		case "Add", "Sub":
			if scaled {
				return true
			}
		default:
			return false
		}
		n = next
	}
	return false
}

// fromFile reports whether a tensor is made of initialisers and constants alone.
func (im *importer) fromFile(name string, depth int) bool {
	if im.model.initializers[name] != nil {
		return true
	}
	if v := im.values[name]; v != nil {
		return v.kind == parameter || v.kind == constant
	}
	n := im.makers[name]
	if n == nil || depth == 0 {
		return false
	}
	return !slices.ContainsFunc(n.In, func(in string) bool { return in != "" && !im.fromFile(in, depth-1) })
}

// isWaves reports whether a table holds sines and cosines of positions: position 0 has exactly 0 and 1, which nothing learned has. The
// class token that some put before them has zeros.
func (im *importer) isWaves(p *value) bool {
	if p.root == nil || p.rank() < 2 {
		return false
	}
	width := p.root.width
	if width < 4 {
		return false
	}
	rows := im.model.head(p.root.name, 3*width)
	if int64(len(rows)) < 2*width {
		return false
	}
	counts := func(row []float64) (zeros, ones int) {
		for _, v := range row {
			switch v {
			case 0:
				zeros++
			case 1:
				ones++
			}
		}
		return zeros, ones
	}
	zeros, ones := counts(rows[:width])
	if zeros == int(width) && int64(len(rows)) >= 3*width {
		if z, o := counts(rows[width : 2*width]); z+o == int(width) && z > 0 && o > 0 {
			return true // behind a class token
		}
	}
	switch {
	case zeros+ones != int(width):
		return false
	case zeros > 0 && ones > 0:
		return true
	}
	// The sines or the cosines alone: position 1 begins with that of 1, the highest frequency.
	want := math.Sin(1)
	if ones > 0 {
		want = math.Cos(1)
	}
	return math.Abs(rows[width]-want) < 1e-2
}

// isMask reports whether a parameter that is added to scores, or taken from them, is a mask: zeros and one large number that hides, and both occur; or zeros
// and ones, which make one.
func (im *importer) isMask(p *value, taken bool) bool {
	const hides = -50.0 // the least that frameworks write is -100
	if p.root == nil {
		return false
	}
	zero, hidden := false, false
	all := im.model.each(p.root.name, func(_ int64, v float64) bool {
		if taken {
			v = -v
		}
		zero, hidden = zero || v == 0, hidden || v <= hides
		return v == 0 || v <= hides
	})
	return all && zero && hidden || im.isBinary(p)
}

// isBinary reports whether every number of a parameter is 0 or 1, and both occur: nothing learned is so.
func (im *importer) isBinary(p *value) bool {
	if p.root == nil {
		return false
	}
	zero, one := false, false
	all := im.model.each(p.root.name, func(_ int64, v float64) bool {
		zero, one = zero || v == 0, one || v == 1
		return v == 0 || v == 1
	})
	return all && zero && one
}
