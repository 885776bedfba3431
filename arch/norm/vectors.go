package norm

import (
	"fmt"
	"math"
	"strings"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/unit"
)

// Vectors runs jobs as Simulate does and writes what crosses the unit's edges in every cycle, of which some are without waves or jobs; cycle 0 is the first one of the first job, which is taken
// in the cycle before.
func (p Params) Vectors(s fp.Subnormals, work []Work, gaps unit.Gaps) (unit.Vectors, unit.Cost, error) {
	w := watch{p: p, s: s, work: work}
	return w.run(gaps)
}

// singles is how far behind a job's FP16 words its FP32 words begin, in the bench.
const singles = 4096

// drains are those of elements and of bits.
const drains = 2

// FedVectors are Vectors of a unit whose waves a reader brings, at that pace, and whose results writers take away: waves are missing when the reader has none.
func (p Params) FedVectors(s fp.Subnormals, work []Work, gaps unit.Gaps, pace feed.Pace) (unit.Vectors, unit.Cost, error) {
	w := watch{p: p, s: s, work: work, drained: make([]int64, len(work))}
	var runs []feed.Run
	var feeds, ends strings.Builder
	var told [drains][]string
	waves := int64(0)
	for i := range work {
		j := &work[i]
		n := p.runs(&j.Job) * p.waves(&j.Job)
		if n == 0 {
			continue
		}
		base := waves + feed.Skip*int64(len(runs))
		runs = append(runs, feed.Run{Base: []int64{base, base + singles}, Rows: n, Words: 1})
		fmt.Fprintf(&feeds, "%04x\n", base)
		w.drained[i] = base
		for d := range drains {
			if j.Factors == 0 && (d == 0 || j.Clip != Linear) {
				told[d] = append(told[d], fmt.Sprintf("%04x%08x\n", base+feed.Apart*int64(d), n))
			}
		}
		waves += n
	}
	for d := range told {
		ends.WriteString(strings.Join(told[d], "") + strings.Repeat(strings.Repeat("0", 12)+"\n", len(runs)-len(told[d])))
	}
	w.reader = feed.NewReader(pace, runs)
	w.reader.Step(-1, false) // it takes its first start with the unit's first job
	gaps.Operands = func(int) bool { return !w.reader.Valid() }
	v, cost, err := w.run(gaps)
	if err == nil {
		v.Files["feeds.hex"], v.Files["drains.hex"], v.Files["places.hex"] = feeds.String(), ends.String(), w.places.String()
	}
	return v, cost, err
}

// run writes all files of a unit that stands by itself.
func (w *watch) run(gaps unit.Gaps) (unit.Vectors, unit.Cost, error) {
	_, cost, err := w.p.simulate(w.s, w.work, nil, gaps, w.cycle)
	if err != nil {
		return unit.Vectors{}, cost, err
	}
	v := unit.Vectors{Slots: w.taken, Cycles: w.cycles, Reset: unit.Amid(w.amid), Moments: w.moments}
	var list, counts strings.Builder
	for i := range w.work {
		if d := w.p.Describe(&w.work[i]); d.Runs > 0 {
			fmt.Fprintf(&list, "%x%x%08x%08x%04x%04x%04x%04x\n", unit.Digit(d.Factors), int(d.Clip), d.Runs, d.Waves, d.Begin, d.End, d.From, d.Wrap)
			v.Jobs++
		}
	}
	for i := range counters {
		fmt.Fprintf(&counts, "%016x\n", cost.Counts[i])
	}
	fmt.Fprintf(&counts, "%016x\n", cost.Issue)
	v.Files = map[string]string{"jobs.hex": list.String(), "slots.hex": w.slots.String(), "held.hex": w.held.String(), "edges.hex": w.edges.String(), "counts.hex": counts.String()}
	return v, cost, nil
}

// Descriptor is what the unit in Verilog is told of a job: runs of so many waves, of which the first has elements from lane Begin on, the last one below lane End; the place in the tables of a
// run's first wave, and the last place before it is 0 again. No runs: it is told nothing.
type Descriptor struct {
	Factors     bool
	Clip        Clip
	Runs, Waves int64
	Begin, End  int64
	From, Wrap  int64
}

// Describe is the descriptor of a job.
func (p Params) Describe(w *Work) Descriptor {
	lanes := int64(p.Lanes)
	d := Descriptor{Factors: w.Factors > 0, Runs: p.runs(&w.Job)}
	if d.Runs == 0 {
		return Descriptor{}
	}
	d.Waves = p.waves(&w.Job)
	if d.Factors {
		d.End, d.Wrap = (w.Factors-1)%lanes+1, d.Waves-1
		return d
	}
	d.Clip, d.Begin, d.End = w.Clip, w.Begin, (w.Begin+w.Run-1)%lanes+1
	d.From, d.Wrap = int64(p.start(w.Begin, w.First, w.Channels))/lanes, places(int64(w.Channels), lanes)-1
	return d
}

// watch writes a line of every file in every cycle.
type watch struct {
	p                  Params
	s                  fp.Subnormals
	work               []Work
	slots, held, edges strings.Builder
	taken, cycles      int
	amid               []int // cycles that take a wave which is not the last of its job
	moments            []unit.Moment

	// Of one that is fed:
	reader  *feed.Reader
	drained []int64 // where a job's words begin
	places  strings.Builder
}

func (w *watch) cycle(e edge) {
	if e.taken.valid {
		w.taken++
		if !e.ends {
			w.amid = append(w.amid, w.cycles)
		}
		w.operands(e.taken)
	}
	held, around := w.fed(e)
	w.moments = append(w.moments, w.moment(e, around))
	fmt.Fprintf(&w.held, "%x\n", held|unit.Digit(!e.offered)<<1|unit.Digit(e.late))
	w.cycles++
	wave := e.leaves.valid && w.work[e.leaves.job].Factors == 0
	masked := wave && w.work[e.leaves.job].Clip != Linear
	fmt.Fprintf(&w.edges, "%x%x%x", unit.Digit(e.ready)<<1|unit.Digit(e.asks),
		unit.Digit(e.busy)<<3|unit.Digit(e.taken.valid)<<2|unit.Digit(e.offered && e.ready)<<1|unit.Digit(wave), unit.Digit(masked))
	for l := w.p.Lanes - 1; l >= 0; l-- {
		w.result(e.leaves, l)
	}
	w.edges.WriteByte('\n')
}

// result is what leaves a lane, or is made in it.
func (w *watch) result(of wave, lane int) {
	says, half, made := 0, uint16(0), uint32(0)
	if of.valid && of.lane[lane].valid {
		j := &w.work[of.job]
		z := of.lane[lane].z
		if j.Factors > 0 {
			says, made = unit.Digit(of.run > 0)<<3|4, math.Float32bits(z)
		} else {
			y, set := j.Clip.of(w.s, w.s.Half(z))
			says, half = unit.Digit(set)<<1|1, y.Bits()
		}
	}
	fmt.Fprintf(&w.edges, "%x%04x%08x", says, half, made)
}

// operands are what stands at the lanes' inputs; at an idle lane's, and where a job has no FP32 numbers, what must not matter.
func (w *watch) operands(of wave) {
	j := &w.work[of.job]
	for l := w.p.Lanes - 1; l >= 0; l-- {
		single, half := uint32(0x7fffffff), uint16(0x7fff)
		switch o := of.lane[l]; {
		case !o.valid:
		case j.Factors == 0:
			half = j.X[o.to].Bits()
		case of.run == 0:
			single, half = math.Float32bits(j.Of.Rstd[o.to]), j.Of.Gamma[o.to].Bits()
		default:
			single, half = math.Float32bits(j.Of.Mean[o.to]), j.Of.Beta[o.to].Bits()
		}
		fmt.Fprintf(&w.slots, "%08x%04x", single, half)
	}
	w.slots.WriteByte('\n')
}

// fed has the reader do its cycle, and says where what leaves goes.
func (w *watch) fed(e edge) (held int, around feed.Edge) {
	if w.reader == nil {
		return 0, around
	}
	r := w.reader.Step(w.cycles, e.taken.valid)
	to := int64(0)
	if l := &e.leaves; l.valid {
		to = w.drained[l.job] + l.run*w.p.waves(&w.work[l.job].Job) + l.wave
	}
	fmt.Fprintf(&w.places, "%04x%04x\n", (to+feed.Apart)&0xffff, to&0xffff)
	return unit.Digit(!r.Offered)<<3 | unit.Digit(r.Held)<<2, r
}
