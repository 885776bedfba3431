package sim

import (
	"context"
	"testing"
	"time"

	akita "github.com/sarchlab/akita/v3/sim"

	"satsim/arch/spec"
	"satsim/dataflow"
	"satsim/internal/configtest"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// shipped is the plan of a shipped network under the dense recipe on the default machine.
func shipped(b *testing.B, name string) (*dataflow.Plan, spec.Spec) {
	b.Helper()
	var d network.Description
	configtest.Read(b, "network", name, &d)
	g, err := d.Graph()
	if err != nil {
		b.Fatal(err)
	}
	s, err := g.Step()
	if err != nil {
		b.Fatal(err)
	}
	sp := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	return planOf(b, sp, &s, recipe.Default()), sp
}

func step(b *testing.B, p *dataflow.Plan, sp spec.Spec, skip bool) (events int64) {
	b.Helper()
	pl, err := New(context.Background(), sp, skip)
	if err != nil {
		b.Fatal(err)
	}
	for i := range p.Groups {
		o, err := pl.Run(&p.Groups[i].Word)
		if err != nil {
			b.Fatal(err)
		}
		events += o.Events
	}
	return events
}

type bare struct {
	at     int64
	left   int64
	engine *akita.SerialEngine
}

func (e *bare) Time() akita.VTimeInSec { return akita.VTimeInSec(e.at) }
func (e *bare) Handler() akita.Handler { return e }
func (e *bare) IsSecondary() bool      { return false }
func (e *bare) Handle(akita.Event) error {
	if e.left--; e.left > 0 {
		e.at++
		e.engine.Schedule(e)
	}
	return nil
}

// BenchmarkEvents runs a step event by event and, in the same run, as many bare events of Akita's engine: one reused event, no work.
func BenchmarkEvents(b *testing.B) {
	p, sp := shipped(b, "resnet18-tiny")
	var ours, akitas time.Duration
	var events int64
	for b.Loop() {
		start := time.Now()
		n := step(b, p, sp, false)
		ours += time.Since(start)
		events += n
		start = time.Now()
		e := &bare{left: n, engine: akita.NewSerialEngine()}
		e.engine.Schedule(e)
		if err := e.engine.Run(); err != nil {
			b.Fatal(err)
		}
		akitas += time.Since(start)
	}
	b.ReportMetric(float64(events)/ours.Seconds(), "events/s")
	b.ReportMetric(float64(events)/akitas.Seconds(), "bare-events/s")
	b.ReportMetric(ours.Seconds()/akitas.Seconds(), "times-bare")
}

// BenchmarkStep simulates scheduled steps, skipping and event by event.
func BenchmarkStep(b *testing.B) {
	for _, name := range []string{"resnet18-tiny", "resnet50"} {
		p, sp := shipped(b, name)
		for _, mode := range []struct {
			name string
			skip bool
		}{{"skip", true}, {"exhaustive", false}} {
			b.Run(name+"/"+mode.name, func(b *testing.B) {
				var events int64
				for b.Loop() {
					events = step(b, p, sp, mode.skip)
				}
				b.ReportMetric(float64(events), "events")
			})
		}
	}
}
