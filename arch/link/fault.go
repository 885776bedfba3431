package link

import (
	"context"
	"fmt"
)

// Fault is what a machine's components share to stop it: the first error wins, and the run's context counts as one.
type Fault struct {
	ctx     context.Context
	err     error
	running string
}

// NewFault watches ctx.
func NewFault(ctx context.Context) *Fault { return &Fault{ctx: ctx} }

// Enter notes which component runs, so that a panic can be reported with its name.
func (f *Fault) Enter(component string) { f.running = component }

// Running is the component that entered last.
func (f *Fault) Running() string { return f.running }

// Set records an error of a component at a cycle, unless one is there already.
func (f *Fault) Set(component string, cycle int64, err error) {
	if f.err == nil {
		f.err = fmt.Errorf("%s at cycle %d: %w", component, cycle, err)
	}
}

// Err is the first error, or the context's.
func (f *Fault) Err() error {
	if f.err == nil {
		f.err = f.ctx.Err()
	}
	return f.err
}
