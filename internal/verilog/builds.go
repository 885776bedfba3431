package verilog

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"sync"
)

// Builds are the programs built in a folder, each once: one a simulator, sources and parameters. It may be used from several goroutines.
type Builds struct {
	dir  string
	lock sync.Mutex
	made map[string]*build
}

type build struct {
	once    sync.Once
	program *Program
	err     error
}

// NewBuilds has built nothing yet.
func NewBuilds(dir string) *Builds { return &Builds{dir: dir, made: map[string]*build{}} }

// Build is Simulator.Build, or what it returned for the same before.
func (b *Builds) Build(ctx context.Context, s Simulator, d Design) (*Program, error) {
	key := fmt.Sprintf("%s-%x", s.Name, sha256.Sum256(fmt.Appendf(nil, "%q %q %v", d.Top, d.Sources, d.Parameters)))
	b.lock.Lock()
	m := b.made[key]
	if m == nil {
		m = new(build)
		b.made[key] = m
	}
	b.lock.Unlock()
	m.once.Do(func() { m.program, m.err = s.make(ctx, filepath.Join(b.dir, key[:len(s.Name)+17]), b.dir, d) })
	return m.program, m.err
}
