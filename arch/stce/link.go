package stce

import "math/bits"

// placing is where the group registers of a row's elements lie. They are taken by units: as many as divide whole link words and
// every group (where a group is one operand, a bank), a power of two. A line has a unit of each element. Unit i of column c is in
// line i + c*step, counted in a circle: words that follow each other on a link, each a column behind the one before, are side by
// side then, and so are those that they were in a cycle ago. Lines, and the columns of a line, are powers of two, so a place is a
// sum: register i of column c is at place(i) + c*stride, within the mask, and place(i+j) is place(i) + place(j) where a group or
// a bank begins at i.
type placing struct {
	unit   uint // its logarithm
	line   int  // registers of a line
	step   int  // units of a link word at most
	stride int
	mask   int
}

func (p Params) placing(c Config, g groups) placing {
	registers := p.groupRegisters(c)
	unit := uint(bits.TrailingZeros(uint(p.LinkWidth) | uint(g.m) | uint(g.shortM)))
	if g.m == 1 { // an operand begins its group wherever it lies
		unit = uint(bits.TrailingZeros(uint(p.LinkWidth) | uint(registers/2)))
	}
	l := placing{unit: unit, line: 1 << (bits.Len(uint(p.Cols-1)) + int(unit)), step: min(p.LinkWidth, registers/2) >> unit}
	l.stride = l.step*l.line + 1<<unit
	l.mask = l.line<<bits.Len(uint(registers>>unit-1)) - 1
	return l
}

func (l *placing) place(i int) int { return i>>(l.unit&63)*l.line + i&(1<<(l.unit&63)-1) }

// follows says whether a word that goes to unit i is in line with one to unit j of the next column.
func (l *placing) follows(i, j int) bool { return (j+l.step-i)*l.line&l.mask == 0 }

// passOn has the elements of a row, but for the first, take over the words that are at their western neighbours: it says how many, and of how many operands.
func (l *placing) passOn(row lane, registers []float32) (words, operands int) {
	line, stride, mask, unit := l.line, l.stride, l.mask, l.unit&63
	for c := row[0].next(); c < len(row); {
		w := row[c]
		count, run, to := w.count(), w.run(), w.to()*line+c*stride
		if run <= 1 {
			c += w.next()
			if count == 1 {
				registers[to&mask] = registers[(to-stride)&mask]
				words, operands = words+1, operands+1
				continue
			}
		} else {
			run = min(run, len(row)-c)
			c += run
		}
		words += run
		operands += run * count
		for ; count > 0; count -= 1 << unit {
			size, at, from := run<<unit, to&mask, (to-stride)&mask
			if run == 1 {
				size = min(size, count)
			}
			if size == 4 {
				*(*[4]float32)(registers[at:]) = *(*[4]float32)(registers[from:])
			} else {
				copy(registers[at:at+size], registers[from:])
			}
			to += line
		}
	}
	return words, operands
}

// shiftWords moves the words of one row's west link of a fold a column east. A word is written into the group registers that it
// passes, and goes on from there.
func (m *machine) shiftWords(f *run, r int, t *track, l lane, origin int) {
	since := m.now - origin - r*f.skew
	if since < 0 || since >= t.length+f.used {
		return
	}
	at := t.pad + t.length - 1 - since
	row, registers := l[at:at+f.used], m.registersOf(r)
	words, operands := 0, 0
	if w := row[0]; w.count() > 0 {
		words, operands = 1, w.count()
		m.fetch(f, r, t.words[at], m.word[:operands])
		for i, v := range m.word[:operands] {
			registers[m.placing.place(w.to()<<m.placing.unit+i)] = v
		}
	}
	w, o := m.placing.passOn(row, registers)
	m.counts[WestHops] += int64(words + w)
	m.counts[GroupWrites] += int64(operands + o)
}

// registersOf are the group registers of a row.
func (m *machine) registersOf(r int) []float32 {
	size := m.placing.mask + 1
	return m.operand[r*size:][:size]
}

// fetch reads a link word of row r from the west buffer.
func (m *machine) fetch(f *run, r int, w linkWord, to []float32) {
	m.counts[WestWords]++
	group, size := int(w.visit), int(w.size)
	if f.Mode == WS {
		group, size = int(f.FirstGroup)+r, f.operands[r]
	}
	perTap := int(m.groups.perTap)
	first := group/perTap*int(m.tile.Channels) + group%perTap*int(m.groups.m)
	i, e := int(w.from)/size, int(w.from)%size
	west := m.west[m.outRow(f, r, i, int(w.visit))*m.terms+first:]
	for k := range to {
		if e == size {
			i, e = i+1, 0
			west = m.west[m.outRow(f, r, i, int(w.visit))*m.terms+first:]
		}
		to[k] = west[e]
		e++
	}
	m.probe.operands(f.number, m.now, r, to)
}
