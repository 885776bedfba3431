package dataflow

import (
	"fmt"
	"strings"

	"satsim/arch/memory"
	"satsim/workloads"
)

// Footprint is what a step holds in off-chip memory at its peak.
type Footprint struct {
	Weights     int64  // FP32 master weights, optimiser state, FP16 copies and masks
	Activations int64  // activations, gradients, masks and indices that live at the peak
	Peak        string // the item at which they do
}

// Bytes of the whole.
func (f Footprint) Bytes() int64 { return f.Weights + f.Activations }

// Footprint follows every tensor from its first writing to its last reading. Gradients of weights are consumed on chip, unless
// updates are deferred.
func (p *Plan) Footprint() Footprint {
	var f Footprint
	type life struct {
		first, last int
		bytes       int64
	}
	lives := map[string]*life{}
	var names []string
	touch := func(t *workloads.Tensor, i int) {
		if t.Role == workloads.Weight || t.Role == workloads.WeightGradient && !p.Options.Update.Deferred {
			return
		}
		l, ok := lives[t.Name]
		if !ok {
			l = &life{first: i}
			lives[t.Name] = l
			names = append(names, t.Name)
		}
		l.last, l.bytes = i, max(l.bytes, t.Bytes())
	}
	for i := range p.Step.Items {
		it := &p.Step.Items[i]
		for k := range it.Products {
			pr := &it.Products[k]
			touch(&pr.West, i)
			touch(&pr.North, i)
			touch(&pr.Out, i)
			if n := pr.Norm; n != nil {
				touch(&n.Stats, i)
				if n.Mask.Elements > 0 {
					touch(&n.Mask, i)
				}
			}
		}
		for k := range it.Passes {
			for j := range it.Passes[k].Reads {
				touch(&it.Passes[k].Reads[j], i)
			}
			for j := range it.Passes[k].Writes {
				touch(&it.Passes[k].Writes[j], i)
			}
		}
	}
	for i := range p.Step.Frozen {
		f.Weights += p.Step.Frozen[i].Bytes()
	}
	for i := range p.Groups {
		if u := p.Groups[i].Update; u != nil {
			f.Weights += u.Stored()
		}
	}
	delta := make([]int64, len(p.Step.Items)+1)
	for _, n := range names {
		l := lives[n]
		delta[l.first] += l.bytes
		delta[l.last+1] -= l.bytes
	}
	var now int64
	for i := range p.Step.Items {
		if now += delta[i]; now > f.Activations {
			f.Activations = now
			f.Peak = p.Step.Items[i].Layer + " " + p.Step.Items[i].Stage.String()
		}
	}
	return f
}

// Capacity refuses a step that does not fit the board's memory, with the sum that shows it.
func (p *Plan) Capacity() error {
	f := p.Footprint()
	m := p.Spec.Board.Memory
	have := int64(m.Channels) * int64(m.CapacityPerChannel)
	if f.Bytes() <= have {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "the step needs %s of memory, the board has %s (%d channels of %s): ", gib(f.Bytes()), gib(have), m.Channels, m.CapacityPerChannel)
	fmt.Fprintf(&b, "%s for master weights, optimiser state and copies, %s for tensors alive at %s; ", gib(f.Weights), gib(f.Activations), f.Peak)
	b.WriteString("a smaller batch")
	for _, c := range memory.Capacities(m.Technology) {
		if int64(m.Channels)*int64(c) >= f.Bytes() {
			fmt.Fprintf(&b, " or board.memory.capacity_per_channel=%s", c)
			break
		}
	}
	b.WriteString(" makes it fit")
	return fmt.Errorf("%s", b.String())
}

func gib(n int64) string { return fmt.Sprintf("%.2f GiB", float64(n)/(1<<30)) }
