package recipe

import (
	"slices"

	"satsim/internal/nm"
	"satsim/workloads"
)

// teacherOf begins the names of a teacher's layers and tensors.
const teacherOf = "teacher."

// taught puts the forward pass of a teacher before the step: the same network, dense, with weights of its own that nobody updates. What it would keep for a backward pass is not written, its batch norms have statistics that
// are found in memory, and what it says goes into each loss, beside the labels.
func (r Recipe) taught(dense, step *workloads.Step) {
	if !r.Teacher {
		return
	}
	read := map[string]bool{} // in the forward pass, or by a loss
	said := map[string]bool{}
	for i := range dense.Items {
		it := &dense.Items[i]
		for k := range it.Products {
			if p := &it.Products[k]; it.Stage == workloads.FF {
				read[p.West.Name], read[p.North.Name] = true, true
			}
		}
		for k := range it.Passes {
			p := &it.Passes[k]
			if p.Kind == workloads.Loss {
				said[p.Reads[0].Name] = true
				read[p.Reads[0].Name] = true
			}
			if it.Stage == workloads.FF {
				for _, t := range p.Reads {
					read[t.Name] = true
				}
			}
		}
	}
	inputs := map[string]bool{}
	for _, t := range dense.Inputs {
		inputs[t.Name] = true
	}
	own := func(t workloads.Tensor) workloads.Tensor {
		if !inputs[t.Name] {
			t.Name = teacherOf + t.Name
		}
		return t
	}
	step.Inputs = slices.Clone(step.Inputs)
	var items []workloads.Item
	for i := range dense.Items {
		it := dense.Items[i]
		if it.Stage != workloads.FF {
			continue
		}
		x := workloads.Item{Layer: teacherOf + it.Layer, Op: it.Op, Stage: it.Stage, Weight: it.Weight, Of: it.Layer}
		for _, p := range it.Products {
			p.West, p.North, p.Out, p.Prunable, p.Added = own(p.West), own(p.North), own(p.Out), false, true
			x.Products = append(x.Products, p)
		}
		for _, p := range it.Passes {
			if p.Kind == workloads.BatchNormStats {
				for _, t := range p.Writes {
					step.Inputs = append(step.Inputs, own(t))
				}
				continue
			}
			var reads, writes []workloads.Tensor
			for _, t := range p.Reads {
				reads = append(reads, own(t))
			}
			for _, t := range p.Writes {
				if read[t.Name] {
					writes = append(writes, own(t))
				}
			}
			p.Reads, p.Writes = reads, writes
			p.Layer, p.Barrier, p.Added = teacherOf+p.Layer, false, true
			x.Passes = append(x.Passes, p)
		}
		items = append(items, x)
	}
	for i := range step.Items {
		it := &step.Items[i]
		for _, p := range it.Passes {
			if p.Kind == workloads.Loss && said[p.Reads[0].Name] {
				d := p.Writes[0]
				it.Passes = append(slices.Clone(it.Passes), workloads.Pass{
					Kind: workloads.Loss, Elements: p.Elements, Row: p.Row, Reads: []workloads.Tensor{own(p.Reads[0]), d}, Writes: []workloads.Tensor{d}, Layer: p.Layer, Added: true,
				})
			}
		}
	}
	step.Frozen = slices.Clone(step.Frozen)
	for i := range dense.Items { // the recipe's updates may be of other parameters
		for _, u := range dense.Items[i].Updates {
			step.Frozen = append(step.Frozen, tensorOf(teacherOf+u.Weight.Name, workloads.Weight, u.Parameters, nm.FP16))
		}
	}
	step.Items = append(items, step.Items...)
}
