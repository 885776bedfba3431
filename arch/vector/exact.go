package vector

import (
	"fmt"

	"satsim/arch/unit"
)

// Operation is what operation op of job does to an element.
type Operation func(job, op int, x float32) float32

// Simulate runs jobs on real numbers, lane by lane and cycle by cycle. data[i] holds the elements of jobs[i]; what the last
// operation makes of each comes back.
func (p Params) Simulate(jobs []Job, data [][]float32, operate Operation) ([][]float32, unit.Cost, error) {
	if len(jobs) != len(data) {
		return nil, unit.Cost{}, fmt.Errorf("vector work: %d jobs with operands for %d", len(jobs), len(data))
	}
	u := newDatapath(p, operate)
	for i, j := range jobs {
		if err := p.Accepts(j); err != nil {
			return nil, unit.Cost{}, fmt.Errorf("job %d: %w", i, err)
		}
		if int64(len(data[i])) != j.Elements {
			return nil, unit.Cost{}, fmt.Errorf("job %d: %d elements of %s out of %d", i, j.Elements, j.Kind, len(data[i]))
		}
		u.cost.Counts[Elements] += j.Elements
		ops, _ := p.Ops.Of(j.Kind)
		u.out = append(u.out, make([]float32, len(data[i])))
		if ops == 0 {
			copy(u.out[i], data[i])
			continue
		}
		for first := 0; first < len(data[i]); first += p.Lanes * p.Strip {
			u.strips = append(u.strips, strip{job: i, ops: ops, first: first, data: data[i][first:min(len(data[i]), first+p.Lanes*p.Strip)]})
		}
	}
	for len(u.strips) > 0 || u.inFlight > 0 {
		u.step()
		u.cost.Cycles++
	}
	return u.out, u.cost, nil
}

// strip is what the lanes hold at a time: wave w is data[w*lanes:], the last one may leave lanes idle.
type strip struct {
	job, ops int
	first    int // of data in the job
	data     []float32
}

// result is a wave on its way through the pipeline.
type result struct {
	valid bool
	last  bool // operation: it leaves the unit
	wave  int
	strip strip
}

// datapath is every register there is.
type datapath struct {
	p       Params
	operate Operation

	strips   []strip // to do; the first one is in the registers
	op, wave int     // to issue next
	back     []bool  // of each wave of the strip: its last result has come back
	held     []float32

	pipeline []result // stage 0 is the youngest
	values   []float32
	inFlight int

	out  [][]float32
	cost unit.Cost
}

func newDatapath(p Params, operate Operation) *datapath {
	return &datapath{
		p: p, operate: operate,
		back: make([]bool, p.Strip), held: make([]float32, p.Strip*p.Lanes),
		pipeline: make([]result, p.PipelineLatency), values: make([]float32, p.PipelineLatency*p.Lanes),
	}
}

// step is one clock cycle: the oldest result arrives, then the next operation is issued if its operand is there.
func (u *datapath) step() {
	depth, lanes := u.p.PipelineLatency, u.p.Lanes
	if depth > 0 {
		if r := u.pipeline[depth-1]; r.valid {
			u.arrive(r, u.values[(depth-1)*lanes:])
		}
		copy(u.pipeline[1:], u.pipeline)
		copy(u.values[lanes:], u.values)
		u.pipeline[0] = result{}
	}
	if len(u.strips) == 0 {
		return
	}
	u.cost.Issue++
	if u.op > 0 && !u.back[u.wave] {
		u.cost.Counts[StallCycles]++
		return
	}
	u.issue()
}

// issue sends one operation on one wave into the pipeline.
func (u *datapath) issue() {
	s := u.strips[0]
	lanes := u.p.Lanes
	active := s.data[u.wave*lanes : min(len(s.data), (u.wave+1)*lanes)]
	if u.op > 0 {
		active = u.held[u.wave*lanes:][:len(active)]
	}
	u.cost.Counts[Operations] += int64(len(active))
	u.cost.Counts[IdleLaneCycles] += int64(lanes - len(active))

	values := make([]float32, 0, lanes)
	if u.p.PipelineLatency > 0 {
		values = u.values[:0]
	}
	for _, x := range active {
		values = append(values, u.operate(s.job, u.op, x))
	}
	u.back[u.wave] = false
	u.inFlight++
	r := result{valid: true, last: u.op == s.ops-1, wave: u.wave, strip: s}
	if u.p.PipelineLatency > 0 {
		u.pipeline[0] = r
	} else {
		u.arrive(r, values)
	}

	if u.wave++; u.wave*lanes < len(s.data) {
		return
	}
	u.wave = 0
	if u.op++; u.op < s.ops {
		return
	}
	u.op = 0
	u.strips = u.strips[1:]
}

// arrive puts a result back into the registers, or out of the unit.
func (u *datapath) arrive(r result, values []float32) {
	u.inFlight--
	first := r.wave * u.p.Lanes
	n := min(len(r.strip.data)-first, u.p.Lanes)
	if r.last {
		copy(u.out[r.strip.job][r.strip.first+first:], values[:n])
		return
	}
	copy(u.held[first:], values[:n])
	u.back[r.wave] = true
}
