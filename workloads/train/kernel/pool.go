package kernel

import (
	"sync"
	"sync/atomic"
)

// Pool runs independent parts of work on a fixed number of workers.
type Pool struct {
	workers int
	scratch [][]float32
}

// NewPool makes a pool of at least one worker.
func NewPool(workers int) *Pool {
	workers = max(workers, 1)
	return &Pool{workers: workers, scratch: make([][]float32, workers)}
}

// Run calls work for every part from 0; part decides what is computed, worker only which scratch memory is free.
func (p *Pool) Run(parts int, work func(part, worker int)) {
	if p.workers == 1 || parts <= 1 {
		for i := range parts {
			work(i, 0)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range min(p.workers, parts) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= parts {
					return
				}
				work(i, w)
			}
		})
	}
	wg.Wait()
}

// Scratch is memory of a worker, good until its next use by the same worker; its contents are undefined.
func (p *Pool) Scratch(worker, n int) []float32 {
	if cap(p.scratch[worker]) < n {
		p.scratch[worker] = make([]float32, n)
	}
	return p.scratch[worker][:n]
}

// Chunk is the elements of a part of element-wise work.
const Chunk = 1 << 14

// Each runs work over n elements in parts [lo, hi) of a fixed size.
func (p *Pool) Each(n, size int, work func(lo, hi int)) {
	p.Run((n+size-1)/size, func(part, _ int) { work(part*size, min((part+1)*size, n)) })
}

// Sum adds up rows of width values that parts of at most size rows make: add(lo, hi, sum) adds rows [lo, hi) into sum, which
// begins at zero. The parts' sums are added in ascending order.
func (p *Pool) Sum(rows, size, width int, add func(lo, hi int, sum []float64)) []float64 {
	parts := max((rows+size-1)/size, 1)
	all := make([]float64, parts*width)
	p.Run(parts, func(part, _ int) {
		add(part*size, min((part+1)*size, rows), all[part*width:(part+1)*width])
	})
	total := all[:width]
	for part := 1; part < parts; part++ {
		for i, v := range all[part*width : (part+1)*width] {
			total[i] += v
		}
	}
	return total
}
