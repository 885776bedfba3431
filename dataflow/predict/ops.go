package predict

import (
	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/unit"
	"satsim/arch/word"
)

// bounder holds a group's ops with their costs.
type bounder struct {
	spec     *spec.Spec
	fast     *memory.Fast
	group    *word.Group
	programs unit.Programs
	ops      []bounded
	fill     [word.Buffers][]int // ops that send to a buffer
	empty    [word.Buffers][]int // ops that take from it
	streams  [][2]int            // ops of each stream: first, and one past the last
	base     []int64             // by stream: the earliest start
	after    []int64             // by stream: the least that follows its end
}

// bounded is an op and what its variants cost: cycles of issue and to the end (the memory's: 0, and the least), units of the memory model.
type bounded struct {
	*word.Op
	loops              []word.Loop
	stream             int
	counts             []int64
	issue, cycles      []int64
	dram, port         []int64
	head, tail         int64
	headDone, tailDone bool
}

// stretch is several instructions of an op in a row.
type stretch struct {
	load
	n     int64
	issue int64 // of all
	late  int64 // by how much the last one's results are later than its issue
	each  int64 // sum of the least times from start to end
}

func newBounder(s *spec.Spec, fast *memory.Fast, g *word.Group) (*bounder, error) {
	units := s.Units()
	programs, err := units.Programs(g)
	if err != nil {
		return nil, err
	}
	b := &bounder{spec: s, fast: fast, group: g, programs: programs}
	n, variants := 0, 0
	for si := range g.Streams {
		n += len(g.Streams[si].Ops)
		for oi := range g.Streams[si].Ops {
			variants += len(g.Streams[si].Ops[oi].Variants)
		}
	}
	b.ops, b.streams = make([]bounded, 0, n), make([][2]int, 0, len(g.Streams))
	figures := make([]int64, 4*variants)
	some := func(n int) (f []int64) {
		f, figures = figures[:n:n], figures[n:]
		return f
	}
	for si := range g.Streams {
		st := &g.Streams[si]
		first := len(b.ops)
		for oi, counts := range st.Count() {
			o := bounded{Op: &st.Ops[oi], loops: st.Loops, stream: si, counts: counts}
			n := len(o.Variants)
			o.issue, o.cycles, o.dram, o.port = some(n), some(n), some(n), some(n)
			for v := range o.Variants {
				w := &o.Variants[v].Work
				if o.Lane.Unit() == word.Memory {
					r := memory.RequestOf(o.Op, w)
					o.dram[v], o.port[v] = fast.Demand(r)
					o.cycles[v] = max(fast.Least(r, false), 1)
					continue
				}
				span, err := programs.Span(o.Op, w)
				if err != nil {
					return nil, err
				}
				o.issue[v], o.cycles[v] = span.Issue, span.Cycles
			}
			for _, e := range o.Out {
				b.fill[e.Buffer] = append(b.fill[e.Buffer], len(b.ops))
			}
			for _, e := range o.In {
				b.empty[e.Buffer] = append(b.empty[e.Buffer], len(b.ops))
			}
			b.ops = append(b.ops, o)
		}
		b.streams = append(b.streams, [2]int{first, len(b.ops)})
	}
	b.base, b.after = make([]int64, len(g.Streams)), make([]int64, len(g.Streams))
	return b, nil
}

// part is the instructions of the first (or last) iteration of the loops outside of a level.
func (o *bounded) part(level int, last bool) (s stretch) {
	end := 0
	var walk func(i int, c word.Class, times int64)
	walk = func(i int, c word.Class, times int64) {
		if i == o.Level {
			v := o.Find(c)
			s.add(o, v, times)
			end = v
			return
		}
		first, final := word.First(i), word.Last(i)
		switch n := o.loops[i].Trips; {
		case n == 1:
			walk(i+1, c|first|final, times)
		case i < level && !last:
			walk(i+1, c|first, times)
		case i < level:
			walk(i+1, c|final, times)
		default: // the last trip comes last, so that end is the last instruction's
			walk(i+1, c|first, times)
			if n > 2 {
				walk(i+1, c, times*(n-2))
			}
			walk(i+1, c|final, times)
		}
	}
	walk(0, 0, 1)
	s.late = o.cycles[end] - o.issue[end]
	return s
}

func (s *stretch) add(o *bounded, v int, times int64) {
	write := 0
	if o.Lane.IsWrite() {
		write = 1
	}
	s.n += times
	s.issue += o.issue[v] * times
	s.each += o.cycles[v] * times
	s.dram += o.dram[v] * times
	s.port[write] += o.port[v] * times
}

// takes is the least from the start of the first instruction to the end of the last.
func (b *bounder) takes(o *bounded, s *stretch) int64 {
	took := s.issue + s.late
	if o.Lane.Unit() == word.Memory {
		took = b.units(&s.load, !o.Lane.IsWrite())
	}
	// The next but one waits for the end of this one.
	issue, cycles := least(o.counts, o.issue), least(o.counts, o.cycles)
	if o.Lane.Unit() == word.Memory {
		issue = 1
	}
	apart := s.n - 1
	return max(took, apart/flights*max(cycles, flights*issue)+apart%flights*issue+cycles, (s.each+flights-1)/flights)
}

// least of a figure of the variants that run.
func least(counts, of []int64) int64 {
	n := int64(-1)
	for v, times := range counts {
		if times > 0 && (n < 0 || of[v] < n) {
			n = of[v]
		}
	}
	return max(n, 0)
}

// load is for how long a channel of the memory is taken, in units of its model: the DRAM, and the port by reads and by writes.
type load struct {
	dram int64
	port [2]int64
}

func (l *load) add(o load) {
	l.dram += o.dram
	l.port[0] += o.port[0]
	l.port[1] += o.port[1]
}
