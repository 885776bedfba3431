package trace

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/sim"
)

// Requests writes the off-chip requests of a step. It hears of them from a machine that skips nothing (machine.Watcher).
type Requests struct {
	zip    *gzip.Writer
	csv    *csv.Writer
	plan   *dataflow.Plan
	where  [][]locate
	group  *dataflow.Group
	at     []locate
	ops    []*word.Op
	owner  []int   // of each op: an item of the step
	count  []int64 // iterations of each op so far
	offset int64   // from the engine's cycles to the step's
	line   [7]string
	err    error // the first
}

// NewRequests begins a file.
func NewRequests(w io.Writer) *Requests {
	zip := gzip.NewWriter(w)
	r := &Requests{zip: zip, csv: csv.NewWriter(zip)}
	r.note(r.csv.Write([]string{"cycle", "address", "bytes", "direction", "operand", "layer", "stage"}))
	return r
}

// Plan places the tensors of the step that follows.
func (r *Requests) Plan(p *dataflow.Plan) { r.plan, r.where = p, place(p) }

// Group says that group i of the plan follows; offset is what its engine's cycles lack to those of the step.
func (r *Requests) Group(i int, offset int64) {
	r.group, r.at, r.offset = &r.plan.Groups[i], r.where[i], offset
	r.ops, r.owner = r.ops[:0], r.owner[:0]
	for si := range r.group.Word.Streams {
		s := &r.group.Word.Streams[si]
		for oi := range s.Ops {
			r.ops = append(r.ops, &s.Ops[oi])
			r.owner = append(r.owner, r.group.Owner(si))
		}
	}
	r.count = make([]int64, len(r.ops))
}

// Func implements Akita's hook: it hears of every instruction that the memory starts.
func (r *Requests) Func(c sim.HookCtx) {
	s, ok := sim.Started(c)
	if !ok || r.err != nil {
		return
	}
	task := s.Task
	o := r.ops[task]
	iteration := r.count[task]
	r.count[task]++
	bytes := o.Variants[s.Variant].Work.Bytes
	if bytes == 0 {
		return
	}
	runs, err := r.at[task](iteration, bytes)
	if err != nil {
		r.note(fmt.Errorf("locating a request of %s: %w", r.group.Label, err))
		return
	}
	it := &r.plan.Step.Items[r.owner[task]]
	r.line[0], r.line[3], r.line[5], r.line[6] = strconv.FormatInt(s.Start+r.offset, 10), "R", it.Layer, it.Stage.String()
	if o.Lane.IsWrite() {
		r.line[3] = "W"
	}
	for _, x := range runs {
		r.line[4] = o.Operand
		if x.saved {
			r.line[4] = "saved"
		}
		r.line[1], r.line[2] = strconv.FormatInt(x.at, 10), strconv.FormatInt(x.bytes, 10)
		r.note(r.csv.Write(r.line[:]))
	}
}

func (r *Requests) note(err error) {
	if r.err == nil {
		r.err = err
	}
}

// Close ends the file and returns the first error.
func (r *Requests) Close() error {
	r.csv.Flush()
	r.note(r.csv.Error())
	r.note(r.zip.Close())
	if r.err != nil {
		return fmt.Errorf("writing requests: %w", r.err)
	}
	return nil
}
