package onnx

import "fmt"

// targetShape reads the target of a reshape of v. A file that fixes the batch names the target in numbers: then the batch is put
// back where its position in row-major order says.
func (im *importer) targetShape(v *value, target shape, allowZero bool) (shape, error) {
	from := v.shape
	at := -1
	for i, e := range from {
		if e.batch {
			at = i
		}
	}
	named := false
	for _, e := range target {
		named = named || e.batch
	}
	if im.hint == 0 || at < 0 || named {
		return resolveShape(target, from, allowZero)
	}
	out, err := resolveShape(target, fixedShape(from.at(im.hint)), allowZero)
	if err != nil {
		return nil, err
	}
	axis := batchAxis(out, im.before(v))
	if axis < 0 || out[axis].n%im.hint != 0 {
		return nil, fmt.Errorf("target %v: no axis has the batch of %v as a factor", out, from)
	}
	out[axis] = extent{out[axis].n / im.hint, true}
	return out, nil
}

// batchAxis finds the axis of a row-major shape that holds a factor behind which stand before elements: an axis of its own; else
// one that begins in front of it; else a neighbour, which shall not be the last axis (its channels have nothing to do with the batch).
func batchAxis(s shape, before int64) int {
	next := -1
	done := int64(1)
	for i, e := range s {
		if done == before && e.n == 1 {
			return i
		}
		if done == before && next < 0 {
			next = i
		}
		if done < before && before < done*e.n {
			return i
		}
		done *= e.n
	}
	if next > 0 && next == len(s)-1 {
		return next - 1
	}
	return next
}

// before counts the elements outside the batch, in the row-major order of ONNX's axes.
func (im *importer) before(v *value) int64 {
	n := im.outside(v.tensor)
	for _, e := range v.shape {
		if e.batch {
			break
		}
		n *= e.n
	}
	return n
}

// outside is the factor that the axis with the batch has outside the batch: 7 where 7 rows of batch x 3 were joined.
func (im *importer) outside(tensor string) int64 { return max(1, im.outer[tensor]) }
