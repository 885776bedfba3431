package symbolic

import "fmt"

// Block is a run of axes that holds the same elements as a run of axes of another shape; extents of 1 are in no block.
type Block struct {
	From, To []int
}

// Align splits two shapes of the same elements into the smallest such runs.
func Align(from, to Shape, batch int64) ([]Block, error) {
	var out []Block
	i, k := 0, 0
	skip := func(s Shape, at int) int {
		for at < len(s) && s[at].Unit() {
			at++
		}
		return at
	}
	for i, k = skip(from, 0), skip(to, 0); i < len(from) && k < len(to); i, k = skip(from, i), skip(to, k) {
		b := Block{From: []int{i}, To: []int{k}}
		a, c := from[i], to[k]
		i, k = i+1, k+1
		for a != c {
			left, right := a.Value(batch), c.Value(batch)
			// Of two equal numbers, the one without the batch has yet to meet it.
			takeLeft := left < right || left == right && c.Batch
			var ok bool
			if takeLeft {
				if i = skip(from, i); i >= len(from) {
					return nil, errBlocks(from, to)
				}
				b.From = append(b.From, i)
				a, ok = a.Times(from[i])
				i++
			} else {
				if k = skip(to, k); k >= len(to) {
					return nil, errBlocks(from, to)
				}
				b.To = append(b.To, k)
				c, ok = c.Times(to[k])
				k++
			}
			if !ok {
				return nil, errBlocks(from, to)
			}
		}
		out = append(out, b)
	}
	if i < len(from) || k < len(to) {
		return nil, errBlocks(from, to)
	}
	return out, nil
}

func errBlocks(from, to Shape) error {
	return fmt.Errorf("shape %v cannot become %v without mixing the batch with other axes", from, to)
}
