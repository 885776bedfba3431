package stce

// computeOS is a cycle of row r of an OS fold: in each element the multiplier takes a weight, from the row above, and an
// operand; the adder takes a product and a sum; and the sum that leaves the adder is written. The three stages are at
// different slots of the program.
func (m *machine) computeOS(f *run, r int) {
	since := m.now - f.begins - r
	if since < 0 || since >= f.length+f.pad {
		return
	}
	n, row := f.cols, r*m.Cols
	at := f.at(since)
	mul := f.slots[at : at+n]
	add := f.slots[at+m.MulLatency:][:n]
	write := f.slots[at+m.MulLatency+m.AddLatency-1:][:n]

	outputs := f.outputs[r][:n]
	weight, place := m.weight[0][row:][:n], m.place[0][row:][:n]
	above, aboveAt := m.edge[:n], m.edgeAt[:n]
	if r > 0 {
		above, aboveAt = m.weight[0][row-m.Cols:][:n], m.place[0][row-m.Cols:][:n]
	}
	operand := m.operand[row*m.banked:][:n*m.banked]
	product, multiplied := m.productRings(row, n)
	sum, added := m.sumRings(row, n)
	acc := m.acc[row*m.depth:][:n*m.depth]
	initial := acc
	if m.Preload == PreloadShadow {
		initial = m.initial[row*m.depth:][:n*m.depth]
	}
	final := acc
	if m.Drain == DrainOverlap {
		final = m.leaving[row*m.depth:][:n*m.depth]
	}

	var macs, hops, adds int64
	for c := range n {
		k := outputs[c]
		if s := mul[c]; s.flags&slotIssue != 0 && s.i < k {
			if s.flags&slotLoad != 0 {
				weight[c], place[c] = above[c], aboveAt[c]
				hops++
			}
			product[c] = operand[c*m.banked+int(s.group)+int(place[c])] * weight[c]
			macs++
		}
		if s := add[c]; s.flags&slotIssue != 0 && s.i < k {
			i := c*m.depth + int(s.i)
			z := acc[i]
			if s.flags&slotFirst != 0 {
				z = 0
				if f.SumsIn {
					z = initial[i]
				}
			}
			sum[c] = float32(multiplied[c]) + z
			adds++
		}
		if s := write[c]; s.flags&slotIssue != 0 && s.i < k {
			i := c*m.depth + int(s.i)
			if s.flags&slotLast == 0 {
				acc[i] = added[c]
				continue
			}
			final[i] = added[c]
			if m.Drain == DrainHidden {
				m.leave(f, m.outRow(f, r, int(s.i), 0), m.outCol(f, c, int(s.i)), c, added[c])
			}
		}
	}
	m.counts.WeightHops += hops
	m.count(macs, adds)
}

// computeWS is the same for a WS fold: the weight is the element's own, and the first addition of a group takes over the
// sum of the row above.
func (m *machine) computeWS(f *run, r int) {
	since := m.now - f.begins - r*f.skew
	if since < 0 || since >= f.length+f.pad {
		return
	}
	n, row := f.cols, r*m.Cols
	at := f.at(since)
	mul := f.slots[at : at+n]
	add := f.slots[at+m.MulLatency:][:n]
	write := f.slots[at+m.MulLatency+m.AddLatency-1:][:n]

	outputs, kept, apart := f.outputs[r][:n], uint8(f.kept[r]), 0
	if f.Over == OverT {
		apart = f.operands[r]
	}
	weight, place := m.weight[f.weights][row*m.weights:][:n*m.weights], m.place[f.weights][row*m.weights:][:n*m.weights]
	operand := m.operand[row*m.banked:][:n*m.banked]
	product, multiplied := m.productRings(row, n)
	sum, added := m.sumRings(row, n)
	acc := m.acc[row*m.depth:][:n*m.depth]

	var macs, adds, hops int64
	for c := range n {
		k := outputs[c]
		if s := mul[c]; s.flags&slotIssue != 0 && s.i < k && s.n < kept {
			w := c*m.weights + int(s.reg)
			product[c] = operand[c*m.banked+int(s.group)+int(s.i)*apart+int(place[w])] * weight[w]
			macs++
		}
		if s := add[c]; s.flags&slotIssue != 0 && s.i < k && (s.n < kept || s.n == 0) {
			z := acc[c*m.depth+int(s.i)]
			if s.flags&slotFirst != 0 {
				z = m.edge[c]
				if r > 0 {
					z = m.acc[(row-m.Cols+c)*m.depth+int(s.i)]
				}
				hops++
			}
			if s.n < kept {
				z = float32(multiplied[c]) + z
				adds++
			}
			sum[c] = z
		}
		if s := write[c]; s.flags&slotIssue != 0 && s.i < k && (s.n < kept || s.n == 0) {
			acc[c*m.depth+int(s.i)] = added[c]
		}
	}
	m.counts.SumHops += hops
	m.count(macs, adds)
}

// productRings are the multiplier's entry and exit registers in this cycle, for n elements from row on.
func (m *machine) productRings(row, n int) (in, out []float32) {
	k := m.MulLatency + 1
	return m.product[m.now%k][row:][:n], m.product[(m.now+1)%k][row:][:n]
}

// sumRings are the adder's entry registers, and those whose sum is readable in the next cycle.
func (m *machine) sumRings(row, n int) (in, out []float32) {
	k := m.AddLatency
	return m.sum[m.now%k][row:][:n], m.sum[(m.now+1)%k][row:][:n]
}

func (m *machine) count(macs, adds int64) {
	m.counts.MACs += macs
	m.counts.Multiplies += macs
	m.counts.Adds += adds
	if m.tile.Ratio.M > 1 {
		m.counts.SelectorUses += macs
	}
}
