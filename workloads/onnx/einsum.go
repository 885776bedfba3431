package onnx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// equation is what an Einsum says of its operands' axes: a letter each. An ellipsis stands for letters of its own.
type equation struct {
	in  [][]rune
	out []rune
}

// ellipsis letters begin here, outside of those that an equation can have.
const ellipsis = rune(0x2500)

func parseEquation(text string, ranks []int) (equation, error) {
	var e equation
	left, right, explicit := strings.Cut(strings.ReplaceAll(text, " ", ""), "->")
	terms := strings.Split(left, ",")
	if len(terms) != len(ranks) {
		return e, fmt.Errorf("its equation %q has %d operands; it has %d inputs", text, len(terms), len(ranks))
	}
	most := 0
	expand := func(term string, rank int) ([]rune, error) {
		before, behind, has := strings.Cut(term, "...")
		hidden := 0
		if has {
			hidden = rank - len(before) - len(behind)
		}
		if hidden < 0 || !has && len(term) != rank {
			return nil, fmt.Errorf("its equation %q does not fit an operand of %d axes", text, rank)
		}
		most = max(most, hidden)
		out := []rune(before)
		for i := range hidden {
			out = append(out, ellipsis+rune(most-hidden+i))
		}
		return append(out, []rune(behind)...), nil
	}
	// Hidden axes are aligned at the last one, so the longest run of them is found first.
	for i, t := range terms {
		if _, err := expand(t, ranks[i]); err != nil {
			return e, err
		}
	}
	for i, t := range terms {
		letters, err := expand(t, ranks[i])
		if err != nil {
			return e, err
		}
		for k, r := range letters {
			if slices.Contains(letters[:k], r) {
				return e, fmt.Errorf("its equation %q takes a diagonal", text)
			}
		}
		e.in = append(e.in, letters)
	}
	if explicit {
		hidden := 0
		if strings.Contains(right, "...") {
			hidden = most
		}
		var err error
		if e.out, err = expand(right, len(strings.ReplaceAll(right, "...", ""))+hidden); err != nil {
			return e, err
		}
		for i, r := range e.out {
			if slices.Contains(e.out[:i], r) || !slices.ContainsFunc(e.in, func(in []rune) bool { return slices.Contains(in, r) }) {
				return e, fmt.Errorf("its equation %q has a letter twice behind the arrow, or one that is not before it", text)
			}
		}
		return e, nil
	}
	// Letters that occur once, in alphabetical order, behind the hidden ones.
	count := map[rune]int{}
	for _, in := range e.in {
		for _, r := range in {
			count[r]++
		}
	}
	var once []rune
	for r, n := range count {
		if n == 1 && r < ellipsis {
			once = append(once, r)
		}
	}
	slices.Sort(once)
	for i := range most {
		e.out = append(e.out, ellipsis+rune(i))
	}
	e.out = append(e.out, once...)
	return e, nil
}

// einsum is a product where two operands share axes that are summed, a multiplication where none is summed, and another order of axes, or a sum, of one
// operand.
func (im *importer) einsum(n *file.Node, in []*value) ([]*value, error) {
	var ranks []int
	for _, x := range in {
		if x == nil || x.kind == side {
			return nil, errors.New("operands that the network computes, and weights, are accepted")
		}
		ranks = append(ranks, x.rank())
	}
	e, err := parseEquation(n.Text("equation"), ranks)
	if err != nil {
		return nil, err
	}
	switch {
	case len(in) == 1:
		return im.einsumOfOne(n, e, in[0])
	case len(in) != 2:
		return nil, fmt.Errorf("it multiplies %d operands; two at a time are accepted", len(in))
	}
	a, b := in[0], in[1]
	la, lb := e.in[0], e.in[1]
	if a.kind != activation { // a weight comes second
		a, b, la, lb = b, a, lb, la
	}
	extent := map[rune]symbolic.Extent{}
	for i, r := range la {
		extent[r] = a.shape[i]
	}
	for i, r := range lb {
		if have, ok := extent[r]; ok && have != b.shape[i] {
			return nil, fmt.Errorf("shapes %v and %v do not fit each other in its equation", a.shape, b.shape)
		}
		extent[r] = b.shape[i]
	}
	var batch, rows, cols, sum []rune
	for _, r := range la {
		inB, inOut := slices.Contains(lb, r), slices.Contains(e.out, r)
		switch {
		case inB && inOut:
			batch = append(batch, r)
		case inB:
			sum = append(sum, r)
		case inOut:
			rows = append(rows, r)
		default:
			return nil, errAlone
		}
	}
	for _, r := range lb {
		if !slices.Contains(la, r) {
			cols = append(cols, r)
			if !slices.Contains(e.out, r) {
				return nil, errAlone
			}
		}
	}
	shapeOf := func(letters ...rune) symbolic.Shape {
		out := symbolic.Shape{}
		for _, r := range letters {
			out = append(out, extent[r])
		}
		return out
	}
	if len(sum) == 0 {
		return im.einsumByElement(n, e, a, b, la, lb)
	}
	joined := func(letters []rune) (symbolic.Extent, error) { return shapeOf(letters...).Elements() }
	m, err := joined(rows)
	if err != nil {
		return nil, err
	}
	k, err := joined(sum)
	if err != nil {
		return nil, err
	}
	f, err := joined(cols)
	if err != nil {
		return nil, err
	}
	var y *value
	if b.kind != activation {
		if len(batch) > 0 || k.Batch || f.Batch {
			return nil, fmt.Errorf("its weight %q differs along what is not summed", b.name)
		}
		x, err := im.letters(a, la, rows, sum)
		if err != nil {
			return nil, err
		}
		if x, err = im.reshape(x, append(shapeOf(rows...), k), false); err != nil {
			return nil, err
		}
		out, err := im.linear(n, x, len(rows), b, k.N, f.N, b.name)
		if err != nil {
			return nil, err
		}
		if y, err = im.reshape(out[0], shapeOf(append(slices.Clone(rows), cols...)...), false); err != nil {
			return nil, err
		}
	} else {
		x, err := im.letters(a, la, batch, rows, sum)
		if err != nil {
			return nil, err
		}
		if x, err = im.reshape(x, append(shapeOf(batch...), m, k), false); err != nil {
			return nil, err
		}
		z, err := im.letters(b, lb, batch, sum, cols)
		if err != nil {
			return nil, err
		}
		if z, err = im.reshape(z, append(shapeOf(batch...), k, f), false); err != nil {
			return nil, err
		}
		out, err := im.activations(n, x, z)
		if err != nil {
			return nil, err
		}
		if y, err = im.reshape(out[0], append(shapeOf(batch...), shapeOf(append(slices.Clone(rows), cols...)...)...), false); err != nil {
			return nil, err
		}
	}
	y, err = im.letters(y, slices.Concat(batch, rows, cols), e.out)
	return []*value{y}, err
}

var errAlone = errors.New("it sums an axis of one operand alone; a ReduceSum before it is accepted")

// letters is an activation whose axes have letters, with its axes in the order of others.
func (im *importer) letters(v *value, have []rune, want ...[]rune) (*value, error) {
	var perm []int64
	for _, r := range slices.Concat(want...) {
		perm = append(perm, int64(slices.Index(have, r)))
	}
	if slices.IsSorted(perm) {
		return v, nil
	}
	return im.turned(v, perm...)
}

func (im *importer) einsumOfOne(n *file.Node, e equation, x *value) ([]*value, error) {
	letters := e.in[0]
	var axes []int64
	var kept []rune
	for i, r := range letters {
		if slices.Contains(e.out, r) {
			kept = append(kept, r)
		} else {
			axes = append(axes, int64(i))
		}
	}
	if len(axes) > 0 {
		sum := with(&file.Node{Name: n.Name, Op: "ReduceSum", Opset: 11, Out: n.Out}, numbersOf("axes", axes), numberOf("keepdims", 0))
		y, err := im.reduceMean(sum, []*value{x})
		if err != nil {
			return nil, err
		}
		x = y[0]
	}
	y, err := im.letters(x, kept, e.out)
	if err != nil {
		return nil, err
	}
	return same(y), nil
}

// einsumByElement multiplies operands of which no axis is summed.
func (im *importer) einsumByElement(n *file.Node, e equation, a, b *value, la, lb []rune) ([]*value, error) {
	if b.kind != activation {
		return nil, errors.New("a weight that no axis is summed of; a Mul is accepted")
	}
	spread := func(v *value, letters []rune) (*value, error) {
		var own []rune
		shape := symbolic.Shape{}
		for _, r := range e.out {
			at := slices.Index(letters, r)
			if at < 0 {
				shape = append(shape, symbolic.Fixed(1))
				continue
			}
			own = append(own, r)
			shape = append(shape, v.shape[at])
		}
		out, err := im.letters(v, letters, own)
		if err != nil {
			return nil, err
		}
		return im.reshape(out, shape, false)
	}
	x, err := spread(a, la)
	if err != nil {
		return nil, err
	}
	y, err := spread(b, lb)
	if err != nil {
		return nil, err
	}
	return im.join(n, network.Mul, x, y)
}
