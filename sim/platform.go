package sim

import (
	"context"
	"fmt"
	"slices"

	"github.com/sarchlab/akita/v3/sim"

	"satsim/arch/controller"
	"satsim/arch/link"
	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/unit"
	"satsim/arch/word"
)

// Platform is an accelerator ready to run groups, one at a time. It is not safe for several goroutines; make one each.
type Platform struct {
	spec    spec.Spec
	units   unit.Set
	engine  sim.Engine
	clock   *link.Clock
	fault   *link.Fault
	ctrl    *controller.Controller
	workers [word.Units]*link.Worker
	lane    [word.Lanes]int // number of the lane within its worker
	queues  [word.Lanes]*link.Link
	buffers [word.Buffers]*link.Link
	reports [word.Units]*link.Link
	links   [word.Buffers][word.Units][word.Units]*link.Link // that were made, by who fills and who empties the buffer
	tasks   [word.Units][]link.Task
	ends    []*link.Link // of the tasks
	memory  memory.Model
	fast    *memory.Fast // the same, unless it is the detailed model: that one is never skipped
	skipper *skipper
	spent   bool // another platform has taken what it finds periods with
}

// New builds the platform of a spec on Akita's serial engine. It stops with ctx's error when ctx ends. With skip, equal periods are
// jumped over; every figure stays the same. The detailed memory model is never skipped.
func New(ctx context.Context, s spec.Spec, skip bool) (*Platform, error) {
	engine := sim.NewSerialEngine()
	clock := link.NewClock(engine)
	clock.Alone = true
	return on(ctx, engine, clock, s, skip)
}

// on an engine and a clock of it.
func on(ctx context.Context, engine sim.Engine, clock *link.Clock, s spec.Spec, skip bool) (*Platform, error) {
	p := &Platform{spec: s, engine: engine, clock: clock, fault: link.NewFault(ctx)}
	p.units = p.spec.Units()
	var err error
	if p.memory, err = memory.New(s.Board.Memory, int64(s.Clock)); err != nil {
		return nil, fmt.Errorf("building the platform: %w", err)
	}
	p.fast, _ = p.memory.(*memory.Fast)
	var boundary func(int64)
	if skip && p.fast != nil {
		p.skipper = newSkipper(p, clock)
		boundary = p.skipper.request
	}
	p.ctrl = controller.New("Controller", clock, p.fault, boundary)
	for u := range p.workers {
		w := link.NewWorker(word.Unit(u).Component(), clock, p.fault)
		p.workers[u] = w
		p.reports[u] = link.New(word.Unit(u).Component()+".Report", w, p.ctrl, 1<<20, 4)
		p.ctrl.Listen(p.reports[u])
	}
	for l := word.Lane(0); l < word.Lanes; l++ {
		q := link.New(fmt.Sprintf("%s.Queue[%d]", l.Unit().Component(), l), p.ctrl, p.workers[l.Unit()], int64(s.Controller.QueueDepth), s.Controller.QueueDepth)
		p.queues[l] = q
		p.lane[l] = p.workers[l.Unit()].AddLane(q)
		p.ctrl.Connect(l, q)
	}
	return p, nil
}

// Inherit takes what another platform has room for to find periods in: building it up anew is dear where a platform runs one step. The other runs nothing from then on.
func (p *Platform) Inherit(old *Platform) {
	if p.skipper == nil || old.skipper == nil {
		return
	}
	to, from := p.skipper, old.skipper
	to.detector, to.state, to.counters = from.detector, from.state, from.counters
	from.detector, from.state, from.counters = nil, nil, nil
	old.skipper, old.clock.Behind, old.spent = nil, nil, true
}

// connect makes the buffers of a group between the units that its ops name: output is emptied by the vector unit, WUVE or the memory,
// north filled by the memory or SORE.
func (p *Platform) connect(g *word.Group) error {
	var used [word.Buffers]struct {
		src, dst word.Unit
		in, out  bool
	}
	for si := range g.Streams {
		for oi := range g.Streams[si].Ops {
			o := &g.Streams[si].Ops[oi]
			for _, e := range o.Out {
				u := &used[e.Buffer]
				if u.in && u.src != o.Lane.Unit() {
					return fmt.Errorf("buffer %s is filled by two units", e.Buffer)
				}
				u.in, u.src = true, o.Lane.Unit()
			}
			for _, e := range o.In {
				u := &used[e.Buffer]
				if u.out && u.dst != o.Lane.Unit() {
					return fmt.Errorf("buffer %s is emptied by two units", e.Buffer)
				}
				u.out, u.dst = true, o.Lane.Unit()
			}
		}
	}
	for b := word.Buffer(0); b < word.Buffers; b++ {
		u := &used[b]
		p.buffers[b] = nil
		if u.in != u.out {
			return fmt.Errorf("buffer %s is filled but not emptied, or emptied but not filled", b)
		}
		if u.in {
			l := &p.links[b][u.src][u.dst]
			if *l == nil {
				*l = link.New("Buffer."+bufferName(b), p.workers[u.src], p.workers[u.dst], p.spec.Buffers.Capacity(b), 4)
			}
			(*l).Reset(p.spec.Buffers.Capacity(b))
			p.buffers[b] = *l
		}
	}
	return nil
}

// bufferName follows Akita's rule for names: capital first, no underscore.
func bufferName(b word.Buffer) string {
	out := make([]byte, 0, 16)
	up := true
	for _, c := range []byte(b.String()) {
		if c == '_' {
			up = true
			continue
		}
		if up && c >= 'a' {
			c -= 'a' - 'A'
		}
		up = false
		out = append(out, c)
	}
	return string(out)
}

// load gives every worker its tasks of a group.
func (p *Platform) load(now int64, g *word.Group) error {
	if err := g.Validate(); err != nil {
		return err
	}
	if err := p.connect(g); err != nil {
		return err
	}
	p.memory.Reset()
	waited := controller.Waited(g)
	n := 0
	for i := range g.Streams {
		n += len(g.Streams[i].Ops)
	}
	if n > link.Numbers {
		return fmt.Errorf("%d ops; at most %d are accepted", n, link.Numbers)
	}
	tasks := &p.tasks
	for u := range tasks {
		tasks[u] = slices.Grow(tasks[u][:0], n)[:n]
		clear(tasks[u])
	}
	p.ends = slices.Grow(p.ends[:0], 4*n) // two each way at most
	k := 0
	for si := range g.Streams {
		for oi := range g.Streams[si].Ops {
			o := &g.Streams[si].Ops[oi]
			if len(o.Variants) > link.Numbers {
				return fmt.Errorf("stream %d, op %d (%s): %d variants; at most %d are accepted", si, oi, o.Lane, len(o.Variants), link.Numbers)
			}
			t := link.Task{Op: o, Lane: p.lane[o.Lane]}
			first := len(p.ends)
			for _, e := range o.In {
				p.ends = append(p.ends, p.buffers[e.Buffer])
			}
			t.In, first = p.ends[first:], len(p.ends)
			for k, e := range o.Out {
				p.ends = append(p.ends, p.buffers[e.Buffer])
				for v := range o.Variants {
					if s := o.Variants[v].Work.Space[k]; s > p.buffers[e.Buffer].Capacity {
						return fmt.Errorf("stream %d, op %d (%s): a tile of %d bytes does not fit the %s buffer of %d bytes", si, oi, o.Lane, s, e.Buffer, p.buffers[e.Buffer].Capacity)
					}
				}
			}
			t.Out = p.ends[first:]
			if waited[si] {
				t.Notify = p.reports[o.Lane.Unit()]
			}
			tasks[o.Lane.Unit()][k] = t
			k++
		}
	}
	programs, err := p.units.Programs(g)
	if err != nil {
		return err
	}
	for u := range tasks {
		var server link.Server
		if word.Unit(u) == word.Memory { // the one unit whose time depends on its state
			server = memory.NewServer(p.memory, tasks[u])
		} else if server, err = link.NewTimed(tasks[u], &programs); err != nil {
			return err
		}
		p.workers[u].Load(now, tasks[u], server)
	}
	return nil
}

// Now is the last cycle in which anything happened.
func (p *Platform) Now() int64 { return p.clock.Now() }
