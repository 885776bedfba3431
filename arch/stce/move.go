package stce

// outRow and outCol say which output of the tile is output i of an element: the array's rows or columns are dealt out in
// turn. visit is the batch of a WS fold. The rows of a product follow those of the one before.
func (m *machine) outRow(f *run, r, i, visit int) int {
	first := int(f.Product*m.tile.Rows + f.FirstRow)
	switch {
	case f.Mode == OS && f.Over == OverT:
		return first + i*m.Rows + r
	case f.Mode == OS:
		return first + r
	case f.Over == OverT:
		return first + visit*f.depth + i
	}
	return first + visit
}

// weightsOf is where the kept weights of output i of an element begin.
func (m *machine) weightsOf(f *run, c, i int) int {
	return (int(f.Product*m.tile.Cols) + m.outCol(f, c, i)) * m.kept
}

func (m *machine) outCol(f *run, c, i int) int {
	if f.Over == OverF {
		return int(f.FirstCol) + i*m.Cols + c
	}
	return int(f.FirstCol) + c
}

// driveNorth puts on the north edge what row 0 takes in this cycle: weights in OS, partial sums in WS.
func (m *machine) driveNorth(f *run) {
	since := m.now - f.begins
	if f.Mode == WS {
		since -= m.MulLatency
	}
	if since < 0 || since >= f.length+f.cols {
		return
	}
	at := f.at(since)
	for c, k := range f.outputs[0] {
		s, visit := f.slots[at+c], int(f.visit[at+c])
		switch {
		case s.output() >= k:
		case s&slotLoad != 0:
			w := m.weightsOf(f, c, int(s.output())) + visit
			m.weight[0][c] = m.north[w]
			m.counts[NorthWords]++
			m.probe.weight(f.number, m.now, c, m.north[w])
		case f.Mode == WS && s&slotFirst != 0:
			i := int(s.output())
			m.acc[c*m.depth+i] = 0
			if f.SumsIn {
				m.acc[c*m.depth+i] = m.enter(f, m.outRow(f, 0, i, visit), m.outCol(f, c, i))
				m.probe.sum(f.number, m.now, c, m.acc[c*m.depth+i])
			}
		}
	}
}

// enter reads an FP32 value of the output buffer.
func (m *machine) enter(f *run, row, col int) float32 {
	if !f.Again || m.PartialSums == SumsCharged {
		m.counts[OutputReads]++
	}
	return m.out[row*int(m.tile.Cols)+col]
}

// leave writes the result that is readable below array column c in the given cycle to the output buffer.
func (m *machine) leave(f *run, cycle, row, col, c int, v float32) {
	m.out[row*int(m.tile.Cols)+col] = v
	m.counts[UsefulMACs] += f.terms
	switch {
	case !f.SumsOut:
		m.counts[OutputFP16]++
	case !f.Between || m.PartialSums == SumsCharged:
		m.counts[OutputFP32]++
	}
	m.probe.result(f.number, cycle, c, row, col, v)
}

// exits takes the sums that are complete in the bottom row of a WS fold.
func (m *machine) exits(f *run) {
	since := m.now - f.begins - (f.rows-1)*f.skew - m.MulLatency - m.AddLatency
	if f.Mode != WS || since < 0 || since >= f.length+f.cols {
		return
	}
	at, bottom := f.at(since), f.rows-1
	for c, k := range f.outputs[bottom] {
		if s := f.slots[at+c]; s&slotLast != 0 && s.output() < k {
			v := m.acc[(f.rows*m.Cols+c)*m.depth+int(s.output())]
			m.leave(f, m.now, m.outRow(f, bottom, int(s.output()), int(f.visit[at+c])), m.outCol(f, c, int(s.output())), c, v)
		}
	}
}

// shiftOut moves the results of an OS fold a row south. The bottom row's leave first, then those of the row above, without
// a gap: the value that leaves e cycles after the first is output e mod depth of row rows-1 - e/depth.
func (m *machine) shiftOut(f *run) {
	if !f.shown || f.drained {
		return
	}
	final := m.acc
	if m.Drain == DrainOverlap {
		final = m.leaving
	}
	for r := f.rows - 1; r >= 0; r-- {
		below := f.rows - 1 - r
		newest := m.now - f.drainsAt + below // of column 0; each column is one behind
		first, end := max(newest-f.rows*f.depth+1, 0), min(newest-max(below*f.depth, below)+1, f.cols)
		for c := first; c < end; c++ {
			e := newest - c
			from, i := f.rows-1-e/f.depth, e%f.depth
			if from > r || i >= int(f.outputs[from][c]) {
				continue
			}
			pe := (r+1)*m.Cols + c
			v := final[pe*m.depth+i]
			if from < r {
				v = m.south[pe-m.Cols]
			}
			m.counts[DrainHops]++
			if below > 0 {
				m.south[pe] = v
				continue
			}
			m.leave(f, m.now+1, m.outRow(f, from, i, 0), m.outCol(f, c, i), c, v)
		}
	}
}

// shiftIn moves the weights (WS) or start values (OS) of a fold a row south, those of the bottom row first, or of the top row if they chase the skew.
func (m *machine) shiftIn(f *run) {
	total := f.rows * f.perPE
	since := m.now - f.loadsAt
	if since < 0 || since >= total+f.rows+f.cols {
		return
	}
	for r := f.rows - 1; r >= 0; r-- {
		for c := range f.cols {
			j := since - r - c
			if j < 0 || j >= total {
				continue
			}
			to, k := f.rows-1-j/f.perPE, j%f.perPE
			if m.chases() {
				to = j / f.perPE
			}
			if to < r || !m.wanted(f, to, c, k) {
				continue
			}
			pe := (r+1)*m.Cols + c
			if r == 0 {
				m.hop[c] = m.incoming(f, to, c, k)
			}
			v := m.hop[pe-m.Cols]
			if f.Mode == WS {
				m.counts[WeightHops]++
			} else {
				m.counts[StartHops]++
			}
			switch {
			case to > r:
				m.hop[pe] = v
			case f.Mode == WS:
				m.weight[f.weights][pe*m.weights+k] = v
			case m.Preload != PreloadSerial:
				m.initial[pe*m.depth+k] = v.value()
			default:
				m.acc[pe*m.depth+k] = v.value()
			}
			if f.Held && to == r {
				m.entered[pe*m.depth+k] = uint8(v.place())
			}
		}
	}
}

// wanted reports whether element (r, c) has a k-th weight or start value; if not, a bubble takes its turn.
func (m *machine) wanted(f *run, r, c, k int) bool {
	outputs := int(f.outputs[r][c])
	switch {
	case f.Mode == OS:
		return k < outputs
	case f.Over == OverT:
		return k < f.kept[r] && outputs > 0
	}
	return k/f.depth < f.kept[r] && k%f.depth < outputs
}

// incoming is the k-th weight or start value of element (r, c), as the north edge drives it.
func (m *machine) incoming(f *run, r, c, k int) weight {
	if f.Mode == OS {
		row, col := m.outRow(f, r, k, 0), m.outCol(f, c, k)
		v, place := float32(0), uint8(0)
		if f.SumsIn {
			v = m.enter(f, row, col)
			m.probe.sum(f.number, m.now, c, v)
		}
		if f.Held {
			place = m.places[row*int(m.tile.Cols)+col]
			m.probe.place(f.number, m.now, c, place)
		}
		return newWeight(v, place, 0)
	}
	n, i := k/f.depth, k%f.depth
	if f.Over == OverT {
		n, i = k, 0
	}
	w := m.weightsOf(f, c, i) + int(m.groups.stretch(0, f.FirstGroup+int64(r)).kept()) + n
	m.counts[NorthWords]++
	m.probe.weight(f.number, m.now, c, m.north[w])
	return m.north[w]
}
