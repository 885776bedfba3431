package vector

import (
	"fmt"
	"slices"
	"strings"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/unit"
	"satsim/internal/microcode"
)

// drains are those of results 0 and 1, of bits, and of what work once a row makes.
const (
	drainBits = 2 + iota
	drainRows
	drains
)

// fed is what surrounds a unit that is fed.
type fed struct {
	p      Params
	reader *feed.Reader
	jobs   []drained
	rows   strings.Builder
	count  int
	places strings.Builder
}

// drained is where what a job makes goes.
type drained struct {
	base    [drains]int64
	scalars int64 // that left
}

// FedVectors are Vectors of a unit whose waves a reader brings, at that pace, and whose results writers take away: waves are missing when the reader has none.
func (p Params) FedVectors(s fp.Subnormals, room Room, jobs []Job, in []Operands, gaps unit.Gaps, pace feed.Pace) (unit.Vectors, unit.Cost, error) {
	f := &fed{p: p, jobs: make([]drained, len(jobs))}
	var runs []feed.Run
	var feeds, ends strings.Builder
	var told [drains][]string
	waves, rows := int64(0), int64(0)
	for i, j := range jobs {
		if j.Elements == 0 || i >= len(in) || in[i].Program == nil || in[i].Columns < 1 {
			continue // what is no job is refused below
		}
		n, q, c := int(j.Elements), in[i].Program, in[i].Columns
		d := p.descriptor(&work{n: n, program: q, columns: c, overRows: overRows(q), lie: p.lieOf(q, n, c, int(j.Taps))})
		r := feed.Run{Base: []int64{waves + feed.Skip*int64(len(runs)), rows + feed.Skip*int64(len(runs))}, Rows: int64(d.rows), Words: int64(d.waves)}
		runs = append(runs, r)
		fmt.Fprintf(&feeds, "%04x%04x\n", r.Base[0], r.Base[1])
		to := &f.jobs[i]
		for k, n := range leaves(in[i].Program, r) {
			to.base[k] = r.Base[0] + feed.Apart*int64(k)
			if n > 0 {
				told[k] = append(told[k], fmt.Sprintf("%04x%08x\n", to.base[k], n))
			}
		}
		waves, rows = waves+r.Rows*r.Words, rows+r.Rows
	}
	for k := range told {
		ends.WriteString(strings.Join(told[k], "") + strings.Repeat(strings.Repeat("0", 12)+"\n", len(runs)-len(told[k])))
	}
	f.reader = feed.NewReader(pace, runs)
	for cycle := -2; cycle < 0; cycle++ { // it takes its first start with the unit's first job
		f.reader.Step(cycle, false)
	}
	gaps.Operands = func(int) bool { return !f.reader.Valid() }
	v, cost, err := p.vectors(&watch{p: p, half: s, fed: f}, room, jobs, in, gaps)
	if err == nil {
		v.Rows = f.count
		v.Files["rows.hex"], v.Files["feeds.hex"], v.Files["drains.hex"], v.Files["places.hex"] = f.rows.String(), feeds.String(), ends.String(), f.places.String()
	}
	return v, cost, err
}

// leaves are how many words of each drain a program makes of a job.
func leaves(p *microcode.Program, r feed.Run) (n [drains]int64) {
	for _, sweep := range p.Sweeps {
		for _, w := range sweep {
			if w.To.File == microcode.Out {
				n[w.To.Index] += r.Rows * r.Words
			}
			if w.Bit {
				n[drainBits] += r.Rows * r.Words
			}
		}
	}
	for _, once := range p.Between {
		n[drainRows] += r.Rows * int64(len(once))
	}
	return n
}

// wave is the number of a wave of a job, of which these are the elements from lo on.
func (p Params) wave(w *work, lo int) int64 {
	row := w.lie.row
	if row == 0 {
		return int64(lo / p.Lanes)
	}
	return int64(lo/row*((row+p.Lanes-1)/p.Lanes) + lo%row/p.Lanes)
}

// cycle has the reader do its cycle, and says where what leaves goes.
func (f *fed) cycle(u *datapath, cycle int, taken bool) (held int, around feed.Edge) {
	if f == nil {
		return 0, around
	}
	r := f.reader.Step(cycle, taken)
	var to [drains]int64
	for i := range u.arrived {
		a := &u.arrived[i]
		job := &f.jobs[slices.Index(u.works, a.work)]
		switch a.kind {
		case ofElements:
			word, wave := a.work.words[a.op].word, f.p.wave(a.work, a.lo)
			if word.To.File == microcode.Out {
				to[word.To.Index] = job.base[word.To.Index] + wave
			}
			if word.Bit {
				to[drainBits] = job.base[drainBits] + wave
			}
		case ofRow:
			to[drainRows] = job.base[drainRows] + job.scalars
			job.scalars++
		case ofWays, ofSumsIn, ofSumsOut:
		}
	}
	for k := drains - 1; k >= 0; k-- {
		fmt.Fprintf(&f.places, "%04x", to[k])
	}
	f.places.WriteByte('\n')
	return unit.Digit(!r.Offered)<<3 | unit.Digit(r.Held)<<2, r
}

// row keeps the scalars of a row, with its first wave.
func (f *fed) row(taken *result, scalars string) {
	if f == nil || taken.work.overRows && taken.lo%taken.work.columns > 0 {
		return
	}
	f.rows.WriteString(scalars + "\n")
	f.count++
}
