package dataflow

// Forget has the words of groups made anew from here on.
func (p *Plan) Forget() { clear(p.words) }
