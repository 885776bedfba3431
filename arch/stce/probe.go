package stce

// probe hears what crosses the edges of the array, cycle by cycle. A nil probe hears nothing.
type probe struct {
	onWest   func(cycle, row int, operands []float32)
	onWeight func(cycle, col int, w weight)
	onSum    func(cycle, col int, v float32)
	onResult func(cycle, arrayCol, row, col int, v float32)
}

func (p *probe) operands(cycle, row int, operands []float32) {
	if p != nil {
		p.onWest(cycle, row, operands)
	}
}

func (p *probe) weight(cycle, col int, w weight) {
	if p != nil {
		p.onWeight(cycle, col, w)
	}
}

func (p *probe) sum(cycle, col int, v float32) {
	if p != nil {
		p.onSum(cycle, col, v)
	}
}

func (p *probe) result(cycle, arrayCol, row, col int, v float32) {
	if p != nil {
		p.onResult(cycle, arrayCol, row, col, v)
	}
}
