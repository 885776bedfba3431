// Package traffic runs requests to the off-chip memory on its models: streams that somebody describes, or those of a part of a training
// step, as the machine asks for them and back to back. Where the fast model and the command-level one ran, it says how far they differ.
package traffic

import (
	"context"
	"fmt"

	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
)

// Depth is how many requests a lane of the machine has under way (arch/link, arch/memory).
const Depth = 2

// Result is what models made of requests.
type Result struct {
	Arch       string          `json:"arch"`
	What       string          `json:"requests"`
	Technology string          `json:"technology"`
	Channels   int             `json:"channels"`
	Peak       float64         `json:"peak_bytes_per_s"`
	Port       float64         `json:"port_bytes_per_s"`
	Traffic    *memory.Traffic `json:"traffic,omitempty"`
	Results    []ModelResult   `json:"results"`
}

// ModelResult is what one model made of the requests.
type ModelResult struct {
	Model memory.ModelKind `json:"model"`
	Mode  string           `json:"mode"` // described, as_asked, back_to_back
	memory.TrafficResult
	// Error is by how much the fast model takes longer than the detailed one in the same mode, as a share.
	Error *float64 `json:"error,omitempty"`
}

// Progress is told what runs, and how many of all requests are done.
type Progress func(what string, done, total int)

// watch ends a model's run with a context.
func watch(ctx context.Context, name memory.ModelKind, p Progress) memory.Watch {
	return func(done, total int64) error {
		if p != nil {
			p(spaced(string(name)), int(done), int(total))
		}
		return ctx.Err()
	}
}

// Described runs described streams on the memory of a spec, under each of the named models.
func Described(ctx context.Context, s *spec.Spec, t memory.Traffic, names []memory.ModelKind, p Progress) (*Result, error) {
	r := result(s, fmt.Sprintf("%d streams of %d requests", len(t.Streams), t.Requests))
	r.Traffic = &t
	for _, name := range names {
		board := s.Board.Memory
		board.Model = name
		model, err := memory.New(board, int64(s.Clock))
		if err != nil {
			return nil, err
		}
		res, err := memory.RunTraffic(model, int64(s.Clock), t, watch(ctx, name, p))
		if err != nil {
			return nil, err
		}
		r.Results = append(r.Results, ModelResult{Model: name, Mode: "described", TrafficResult: res})
	}
	r.compare()
	return r, nil
}

// OfStep runs the requests of a step, or of the part that part says it is: as the machine asks, and back to back, in the same order but
// without waiting for anything else.
func OfStep(ctx context.Context, m *models.Models, part string, names []memory.ModelKind, p Progress) (*Result, error) {
	r := result(&m.Spec, fmt.Sprintf("%s at batch %d under %s; only %s", m.Network.Name, m.Step.Images, m.Recipe.Name, part))
	for _, name := range names {
		s := m.Spec
		s.Board.Memory.Model = name
		stream, err := machine.Traffic(ctx, s, m.Step, m.Recipe)
		if err != nil {
			return nil, err
		}
		alone, err := memory.New(s.Board.Memory, int64(s.Clock))
		if err != nil {
			return nil, err
		}
		again, err := memory.Replay(alone, int64(s.Clock), stream.Requests, Depth, watch(ctx, name, p))
		if err != nil {
			return nil, err
		}
		r.Results = append(r.Results, ModelResult{Model: name, Mode: "as_asked", TrafficResult: stream.Asked},
			ModelResult{Model: name, Mode: "back_to_back", TrafficResult: again})
	}
	r.compare()
	return r, nil
}

func result(s *spec.Spec, what string) *Result {
	p := &s.Board.Memory
	return &Result{
		Arch: s.Name, What: what, Technology: p.Technology, Channels: p.Channels,
		Peak: float64(p.PeakBandwidth()) * float64(p.Channels), Port: float64(p.PortBandwidth()) * float64(p.Channels),
	}
}

// compare sets the fast model's error where both models ran.
func (r *Result) compare() {
	for i := range r.Results {
		for k := range r.Results {
			a, b := &r.Results[i], &r.Results[k]
			if a.Mode == b.Mode && a.Model == memory.ModelFast && b.Model == memory.ModelDetailed && b.Cycles > 0 {
				e := float64(a.Cycles)/float64(b.Cycles) - 1
				a.Error = &e
			}
		}
	}
}
