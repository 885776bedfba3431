package route

import (
	"math/bits"

	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/workloads"
)

// Path is the work in the output path of a product: done on every tile of Out before it is written.
type Path struct {
	Parts  []word.Part // elements of the whole product
	Reads  int64       // bytes beside Out: a mask, a residual, a saved tensor
	Writes int64       // bytes beside Out: a mask, statistics
	Passes []*workloads.Pass
}

func (p *Path) busy() bool { return len(p.Parts) > 0 }

// share is the work on n of a product's outputs, total in all.
func (p *Path) share(n, total int64) []word.Part {
	out := make([]word.Part, len(p.Parts))
	for i, part := range p.Parts {
		out[i] = word.Part{Kind: part.Kind, Elements: part.Elements / total * n, Row: part.Row}
	}
	return out
}

// written is what a tile of a product's outputs leaves in memory.
func (p *Path) written(s *geometry.Shape, e geometry.Extent, total int64) (bytes, run int64) {
	x := s.OutTile(e)
	return x.Bytes + shareOf(p.Writes, s.OutElements(e), total), x.Run
}

// shareOf is the part of bytes that belongs to n of total outputs, rounded up: tiles are moved in whole bytes.
func shareOf(bytes, n, total int64) int64 {
	high, low := bits.Mul64(uint64(bytes), uint64(n))
	low, carry := bits.Add64(low, uint64(total-1), 0)
	share, _ := bits.Div64(high+carry, low, uint64(total))
	return int64(share)
}
