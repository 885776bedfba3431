package link

import "satsim/arch/unit"

// Timed serves instructions whose duration the unit's closed form knows beforehand, one after the other on one resource that all lanes
// share.
type Timed struct {
	spans [][]unit.Span // per task and variant
	free  int64
}

// NewTimed asks the units' programs for the time of each variant of each task.
func NewTimed(tasks []Task, p *unit.Programs) (*Timed, error) {
	t := &Timed{spans: make([][]unit.Span, len(tasks))}
	spans := make([]unit.Span, variants(tasks))
	for i := range tasks {
		o := tasks[i].Op
		if o == nil {
			continue
		}
		n := len(o.Variants)
		t.spans[i], spans = spans[:n:n], spans[n:]
		for v := range t.spans[i] {
			var err error
			if t.spans[i][v], err = p.Span(o, &o.Variants[v].Work); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

// Serve implements Server.
func (f *Timed) Serve(now int64, t int, v int32) (next, done int64) {
	s := f.spans[t][v]
	start := max(now, f.free)
	f.free = start + s.Issue
	return f.free, start + s.Cycles
}

// AppendState implements Server.
func (f *Timed) AppendState(b []uint64, now int64) []uint64 {
	return append(b, uint64(max(f.free-now, 0)))
}
