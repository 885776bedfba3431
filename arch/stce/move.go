package stce

// outRow and outCol say which output of the tile is output i of an element: the array's rows or columns are dealt out in
// turn. visit is the batch of a WS fold.
func (m *machine) outRow(f *run, r, i, visit int) int {
	switch {
	case f.Mode == OS && f.Over == OverT:
		return int(f.FirstRow) + i*m.Rows + r
	case f.Mode == OS:
		return int(f.FirstRow) + r
	case f.Over == OverT:
		return visit*f.depth + i
	}
	return visit
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
		case s.i >= k:
		case s.flags&slotLoad != 0:
			w := m.outCol(f, c, int(s.i))*m.kept + visit
			m.edge[c], m.edgeAt[c] = m.north[w], m.index[w]
			m.counts.NorthWords++
			m.probe.weight(m.now, c, m.north[w], m.index[w])
		case f.Mode == WS && s.flags&slotFirst != 0:
			m.edge[c] = 0
			if f.SumsIn {
				m.edge[c] = m.enter(f, m.outRow(f, 0, int(s.i), visit), m.outCol(f, c, int(s.i)))
				m.probe.sum(m.now, c, m.edge[c])
			}
		}
	}
}

// enter reads an FP32 value of the output buffer.
func (m *machine) enter(f *run, row, col int) float32 {
	if !f.Again || m.PartialSums == SumsCharged {
		m.counts.OutputReads++
	}
	return m.out[row*int(m.tile.Cols)+col]
}

// leave writes a result to the output buffer.
func (m *machine) leave(f *run, row, col, c int, v float32) {
	m.out[row*int(m.tile.Cols)+col] = v
	m.counts.UsefulMACs += f.terms
	switch {
	case !f.SumsOut:
		m.counts.OutputFP16++
	case !f.Between || m.PartialSums == SumsCharged:
		m.counts.OutputFP32++
	}
	m.probe.result(m.now, c, row, col, v)
}

// exits takes the sums that are complete in the bottom row of a WS fold.
func (m *machine) exits(f *run) {
	since := m.now - f.begins - (f.rows-1)*f.skew - m.MulLatency - m.AddLatency
	if f.Mode != WS || since < 0 || since >= f.length+f.cols {
		return
	}
	at, bottom := f.at(since), f.rows-1
	for c, k := range f.outputs[bottom] {
		if s := f.slots[at+c]; s.flags&slotLast != 0 && s.i < k {
			v := m.acc[(bottom*m.Cols+c)*m.depth+int(s.i)]
			m.leave(f, m.outRow(f, bottom, int(s.i), int(f.visit[at+c])), m.outCol(f, c, int(s.i)), c, v)
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
		for c := range f.cols {
			e := m.now - f.drainsAt - c + below
			if e < below*f.depth || e < below || e >= f.rows*f.depth {
				continue
			}
			from, i := f.rows-1-e/f.depth, e%f.depth
			if from > r || i >= int(f.outputs[from][c]) {
				continue
			}
			pe := r*m.Cols + c
			v := final[pe*m.depth+i]
			if from < r {
				v = m.south[pe-m.Cols]
			}
			m.counts.DrainHops++
			if below > 0 {
				m.south[pe] = v
				continue
			}
			m.leave(f, m.outRow(f, from, i, 0), m.outCol(f, c, i), c, v)
		}
	}
}

// shiftIn moves the weights (WS) or start values (OS) of a fold a row south, those of the bottom row first.
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
			if to < r || !m.wanted(f, to, c, k) {
				continue
			}
			pe := r*m.Cols + c
			var v float32
			var at uint8
			if r == 0 {
				v, at = m.incoming(f, to, c, k)
			} else {
				v, at = m.hop[pe-m.Cols], m.hopAt[pe-m.Cols]
			}
			if f.Mode == WS {
				m.counts.WeightHops++
			} else {
				m.counts.StartHops++
			}
			switch {
			case to > r:
				m.hop[pe], m.hopAt[pe] = v, at
			case f.Mode == WS:
				m.weight[f.weights][pe*m.weights+k], m.place[f.weights][pe*m.weights+k] = v, at
			case m.Preload == PreloadShadow:
				m.initial[pe*m.depth+k] = v
			default:
				m.acc[pe*m.depth+k] = v
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
func (m *machine) incoming(f *run, r, c, k int) (float32, uint8) {
	if f.Mode == OS {
		v := m.enter(f, m.outRow(f, r, k, 0), m.outCol(f, c, k))
		m.probe.sum(m.now, c, v)
		return v, 0
	}
	n, i := k/f.depth, k%f.depth
	if f.Over == OverT {
		n, i = k, 0
	}
	w := m.outCol(f, c, i)*m.kept + int(m.groups.stretch(0, f.FirstGroup+int64(r)).kept()) + n
	m.counts.NorthWords++
	m.probe.weight(m.now, c, m.north[w], m.index[w])
	return m.north[w], m.index[w]
}

// shiftWords moves the words on the west links of a fold a column east. A word is written into the group registers that it
// passes, and goes on from there.
func (m *machine) shiftWords(f *run, t track, origin int) {
	for r := range f.rows {
		since := m.now - origin - r*f.skew
		if since < 0 {
			return
		}
		side := f.operands[r]
		if since >= t.length+f.cols || side == 0 {
			continue
		}
		at := t.pad + t.length - 1 - since
		for c := f.cols - 1; c >= 0; c-- {
			w := t.words[at+c]
			count := min(m.LinkWidth, int(w.size)*side-int(w.from))
			if w.size == 0 || count <= 0 || f.outputs[r][c] == 0 {
				continue
			}
			to := (r*m.Cols+c)*m.banked + int(w.bank) + int(w.from)
			if c == 0 {
				m.fetch(f, r, w, m.operand[to:to+count])
			} else {
				copy(m.operand[to:to+count], m.operand[to-m.banked:])
			}
			m.counts.WestHops++
			m.counts.GroupWrites += int64(count)
		}
	}
}

// fetch reads a link word of row r from the west buffer.
func (m *machine) fetch(f *run, r int, w linkWord, to []float32) {
	m.counts.WestWords++
	group, size := int(w.visit), int(w.size)
	if f.Mode == WS {
		group, size = int(f.FirstGroup)+r, f.operands[r]
	}
	perTap := int(m.groups.perTap)
	first := group/perTap*int(m.tile.Channels) + group%perTap*int(m.groups.m)
	for k := range to {
		i, e := (int(w.from)+k)/size, (int(w.from)+k)%size
		to[k] = m.west[m.outRow(f, r, i, int(w.visit))*m.terms+first+e]
	}
	m.probe.operands(m.now, r, to)
}
