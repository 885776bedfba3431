package link

import (
	"encoding/binary"

	"satsim/arch/word"
)

// Span is how long an instruction takes: the unit can start another after Issue cycles, the results are there after Cycles.
type Span struct{ Issue, Cycles int64 }

// Fixed serves instructions whose duration is known beforehand, one after the other on one resource that all lanes share.
type Fixed struct {
	spans [][]Span // per task and variant
	free  int64
}

// NewFixed times task t's variant v by spans[t][v]; at least a cycle each.
func NewFixed(spans [][]Span) *Fixed {
	for _, s := range spans {
		for i := range s {
			s[i].Issue = max(s[i].Issue, 1)
			s[i].Cycles = max(s[i].Cycles, s[i].Issue)
		}
	}
	return &Fixed{spans: spans}
}

// Serve implements Server.
func (f *Fixed) Serve(now int64, t int, v int32) (next, done int64) {
	s := f.spans[t][v]
	start := max(now, f.free)
	f.free = start + s.Issue
	return f.free, start + s.Cycles
}

// AppendState implements Server.
func (f *Fixed) AppendState(b []byte, now int64) []byte {
	return binary.LittleEndian.AppendUint64(b, uint64(max(f.free-now, 0)))
}

// Timed is a Server of tasks whose variants take what span says of their work.
func Timed(tasks []Task, span func(w *word.Work) (Span, error)) (Server, error) {
	spans := make([][]Span, len(tasks))
	for i := range tasks {
		if tasks[i].Op == nil {
			continue
		}
		spans[i] = make([]Span, len(tasks[i].Op.Variants))
		for v := range spans[i] {
			s, err := span(&tasks[i].Op.Variants[v].Work)
			if err != nil {
				return nil, err
			}
			spans[i][v] = s
		}
	}
	return NewFixed(spans), nil
}
