package stce

// probe hears what crosses the edges of the array, fold by fold and cycle by cycle. A nil probe hears nothing.
type probe struct {
	onWest   func(fold, cycle, row int, operands []float32)
	onWeight func(fold, cycle, col int, w weight)
	onSum    func(fold, cycle, col int, v float32)
	onPlace  func(fold, cycle, col int, place uint8) // on the way of a start value
	onResult func(fold, cycle, arrayCol, row, col int, v float32)
}

func (p *probe) operands(fold, cycle, row int, operands []float32) {
	if p != nil {
		p.onWest(fold, cycle, row, operands)
	}
}

func (p *probe) weight(fold, cycle, col int, w weight) {
	if p != nil {
		p.onWeight(fold, cycle, col, w)
	}
}

func (p *probe) sum(fold, cycle, col int, v float32) {
	if p != nil {
		p.onSum(fold, cycle, col, v)
	}
}

func (p *probe) place(fold, cycle, col int, place uint8) {
	if p != nil {
		p.onPlace(fold, cycle, col, place)
	}
}

func (p *probe) result(fold, cycle, arrayCol, row, col int, v float32) {
	if p != nil {
		p.onResult(fold, cycle, arrayCol, row, col, v)
	}
}
