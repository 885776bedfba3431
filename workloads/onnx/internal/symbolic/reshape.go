package symbolic

import "fmt"

// targetShape reads the target of a reshape. A file that fixes the batch names the target in numbers: then the batch is put
// back where its position in row-major order says.
func targetShape(from, target Shape, b FixedBatch, allowZero bool) (Shape, error) {
	at := -1
	for i, e := range from {
		if e.Batch {
			at = i
		}
	}
	named := false
	for _, e := range target {
		named = named || e.Batch
	}
	if b.Size == 0 || at < 0 || named {
		return resolveShape(target, from, allowZero)
	}
	out, err := resolveShape(target, FixedShape(from.At(b.Size)), allowZero)
	if err != nil {
		return nil, err
	}
	axis := batchAxis(out, b.Outside*from.BeforeBatch())
	if axis >= 0 && axis != at && out[axis].N != b.Size && untouched(from, out, at, b.Size) {
		axis = at
	}
	if axis < 0 || out[axis].N%b.Size != 0 {
		return nil, fmt.Errorf("target %v: no axis has the batch of %v as a factor", out, from)
	}
	out[axis] = Extent{out[axis].N / b.Size, true}
	return out, nil
}

// untouched reports whether the axes up to one are the same before and behind a reshape.
func untouched(from, out Shape, axis int, batch int64) bool {
	if axis >= len(out) {
		return false
	}
	for i := range axis + 1 {
		if from[i].Value(batch) != out[i].N {
			return false
		}
	}
	return true
}

// batchAxis finds the axis of a row-major shape that holds a factor behind which stand before elements: an axis of its own; else
// one that begins in front of it; else a neighbour, which shall not be the last axis (its channels have nothing to do with the batch).
func batchAxis(s Shape, before int64) int {
	next := -1
	done := int64(1)
	for i, e := range s {
		if done == before && e.N == 1 {
			return i
		}
		if done == before && next < 0 {
			next = i
		}
		if done < before && before < done*e.N {
			return i
		}
		done *= e.N
	}
	if next > 0 && next == len(s)-1 {
		return next - 1
	}
	return next
}

// resolveShape reads the target of a reshape: 0 copies an extent (unless allowZero), -1 is what remains.
func resolveShape(target, from Shape, allowZero bool) (Shape, error) {
	out := append(Shape{}, target...)
	known, open := Fixed(1), -1
	for i, e := range out {
		switch {
		case e.N == 0 && !allowZero:
			if i >= len(from) {
				return nil, fmt.Errorf("target %v copies an extent that %v does not have", target, from)
			}
			out[i] = from[i]
		case e.N == -1 && open < 0:
			open = i
			continue
		case e.N < 1:
			return nil, fmt.Errorf("target %v is no shape", target)
		}
		var ok bool
		if known, ok = known.Times(out[i]); !ok {
			return nil, fmt.Errorf("target %v has the batch twice or too many elements", target)
		}
	}
	all, err := from.Elements()
	if err != nil {
		return nil, err
	}
	rest, ok := all.over(known)
	if open < 0 && rest.Unit() {
		return out, nil
	}
	if open < 0 || !ok || rest.N < 1 {
		return nil, fmt.Errorf("target %v does not hold the elements of %v", target, from)
	}
	out[open] = rest
	return out, nil
}
