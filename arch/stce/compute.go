package stce

// compute is a cycle of row r of a fold: in each element the multiplier takes an operand and a weight, the adder takes a
// product and a sum, and the sum that leaves the adder is written. The three are at different slots of the program.
func (m *machine) compute(f *run, r int) {
	since := m.now - f.begins - r*f.skew
	if since < 0 || since >= f.length+f.pad {
		return
	}
	multiply := f.rowSlots[r][f.at(since):]
	add := multiply[m.MulLatency:]
	write := add[m.AddLatency-1:]
	switch {
	case f.Mode == OS:
		if f.Held {
			multiply = m.place(f, multiply, r)
		}
		m.multiplyOS(f, multiply, r)
		m.addOS(f, add, r)
		m.writeOS(f, write, r)
	case f.kept[r] == 0:
		m.passWS(f, add, r)
		m.writeWS(f, write, r)
	default:
		m.multiplyWS(f, multiply, r)
		m.addWS(f, add, r)
		m.writeWS(f, write, r)
	}
}

// multiplier is where the products of this cycle go in, multiplied where those of MulLatency cycles ago come out; adder and
// added are the same for sums, but come out at the end of the cycle. Each is for n elements.
func (m *machine) multiplier(row, n int) []float32 {
	return m.product[m.now%(m.MulLatency+1)][row:][:n]
}

func (m *machine) multiplied(row, n int) []float32 {
	return m.product[(m.now+1)%(m.MulLatency+1)][row:][:n]
}

func (m *machine) adder(row, n int) []float32 {
	return m.sum[m.now%m.AddLatency][row:][:n]
}

func (m *machine) added(row, n int) []float32 {
	return m.sum[(m.now+1)%m.AddLatency][row:][:n]
}

// multiplyOS takes the weights from the row above.
func (m *machine) multiplyOS(f *run, slots []slot, r int) {
	outputs, row := f.outputs[r], r*m.Cols
	slots = slots[:len(outputs)]
	above, weights := m.weight[0][row:][:len(outputs)], m.weight[0][row+m.Cols:][:len(outputs)]
	product, operand := m.multiplier(row, len(outputs)), m.registersOf(r)
	done, first, stride, mask := slot(0), 0, m.placing.stride, len(operand)-1
	for c, k := range outputs {
		if s := slots[c]; s.output() < k {
			w := weights[c]
			if s&slotLoad != 0 {
				w = above[c]
				weights[c] = w
			}
			product[c] = operand[(first+s.operand()+w.operand())&mask] * w.value()
			done += 1 + s&slotLoad // two counts in one: a row is shorter than the flag is high
		}
		first += stride
	}
	m.counts[WeightHops] += int64(done / slotLoad)
	m.countMACs(int(done % slotLoad))
}

// place are the slots of a row with the places that its outputs hold in them. In its first slot an output takes that which came in for the fold.
func (m *machine) place(f *run, slots []slot, r int) []slot {
	placed := m.placed[:len(f.outputs[r])]
	for c, k := range f.outputs[r] {
		s := slots[c]
		if s.output() < k {
			i := ((r+1)*m.Cols+c)*m.depth + int(s.output())
			if s&slotFirst != 0 {
				m.held[i] = m.entered[i]
			}
			s += slot(m.placing.place(int(m.held[i]))) << 32
		}
		placed[c] = s
	}
	return placed
}

// addOS adds to the accumulators.
func (m *machine) addOS(f *run, slots []slot, r int) {
	outputs, row := f.outputs[r], r*m.Cols
	slots = slots[:len(outputs)]
	product, sum := m.multiplied(row, len(outputs)), m.adder(row, len(outputs))
	adds, first, acc := 0, (row+m.Cols)*m.depth, m.acc
	for c, k := range outputs {
		if s := slots[c]; s.output() < k {
			z := acc[first+int(s.output())]
			if s&slotFirst != 0 {
				z = m.startOf(f, first+int(s.output()))
			}
			sum[c] = float32(product[c]) + z
			adds++
		}
		first += m.depth
	}
	m.counts[Adds] += int64(adds)
}

// startOf is what the first addition of an OS fold adds to.
func (m *machine) startOf(f *run, i int) float32 {
	switch {
	case !f.SumsIn:
		return 0
	case m.Preload != PreloadSerial:
		return m.initial[i]
	}
	return m.acc[i]
}

// writeOS writes the accumulators, and complete sums to where they drain from.
func (m *machine) writeOS(f *run, slots []slot, r int) {
	outputs, row := f.outputs[r], r*m.Cols
	slots = slots[:len(outputs)]
	sum, first := m.added(row, len(outputs)), (row+m.Cols)*m.depth
	acc, final := m.acc, m.acc
	if m.Drain == DrainOverlap {
		final = m.leaving
	}
	for c, k := range outputs {
		if s := slots[c]; s.output() < k {
			if s&slotLast == 0 {
				acc[first+int(s.output())] = sum[c]
			} else {
				final[first+int(s.output())] = sum[c]
				m.vanish(f, r, c, int(s.output()), sum[c])
			}
		}
		first += m.depth
	}
}

// vanish takes a result from the array for free, if the drain is hidden.
func (m *machine) vanish(f *run, r, c, i int, v float32) {
	if m.Drain == DrainHidden {
		m.leave(f, m.now+1, m.outRow(f, r, i, 0), m.outCol(f, c, i), c, v)
	}
}

// multiplyWS uses the elements' own weights.
func (m *machine) multiplyWS(f *run, slots []slot, r int) {
	outputs, row := f.outputs[r], r*m.Cols
	slots = slots[:len(outputs)]
	product, operand := m.multiplier(row, len(outputs)), m.registersOf(r)
	stride, mask := m.placing.stride, len(operand)-1
	weights := m.weight[f.weights][(row+m.Cols)*m.weights:]
	macs, first, own := 0, 0, 0
	for c, k := range outputs {
		if s := slots[c]; s.output() < k {
			w := weights[own+s.register()]
			product[c] = operand[(first+s.operand()+w.operand())&mask] * w.value()
			macs++
		}
		first += stride
		own += m.weights
	}
	m.countMACs(macs)
}

// addWS adds to the sum of the row above in the first slot of a group, then to its own.
func (m *machine) addWS(f *run, slots []slot, r int) {
	outputs, row := f.outputs[r], r*m.Cols
	slots = slots[:len(outputs)]
	product, sum := m.multiplied(row, len(outputs)), m.adder(row, len(outputs))
	above, acc := m.acc[row*m.depth:], m.acc[(row+m.Cols)*m.depth:]
	adds, hops, first := 0, 0, 0
	for c, k := range outputs {
		if s := slots[c]; s.output() < k {
			i := first + int(s.output())
			z := acc[i]
			if s&slotFirst != 0 {
				z = above[i]
				hops++
			}
			sum[c] = float32(product[c]) + z
			adds++
		}
		first += m.depth
	}
	m.counts[SumHops] += int64(hops)
	m.counts[Adds] += int64(adds)
}

// passWS hands the sums of the row above on, in a row without a group that edge_folds full still times.
func (m *machine) passWS(f *run, slots []slot, r int) {
	sum, above := m.adder(r*m.Cols, f.cols), m.acc[r*m.Cols*m.depth:]
	for c, k := range f.outputs[r] {
		if s := slots[c]; s.output() < k {
			sum[c] = above[c*m.depth+int(s.output())]
			m.counts[SumHops]++
		}
	}
}

// writeWS writes the partial sums.
func (m *machine) writeWS(f *run, slots []slot, r int) {
	outputs, row := f.outputs[r], r*m.Cols
	slots = slots[:len(outputs)]
	sum, acc, first := m.added(row, len(outputs)), m.acc[(row+m.Cols)*m.depth:], 0
	for c, k := range outputs {
		if s := slots[c]; s.output() < k {
			acc[first+int(s.output())] = sum[c]
		}
		first += m.depth
	}
}

// countMACs counts slots of the multiplier and, in front of it, of the selector.
func (m *machine) countMACs(n int) {
	m.counts[MACs] += int64(n)
	m.counts[Multiplies] += int64(n)
	if m.tile.Ratio.M > 1 {
		m.counts[SelectorUses] += int64(n)
	}
}
