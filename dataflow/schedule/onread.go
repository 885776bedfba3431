package schedule

import (
	"fmt"
	"slices"

	"satsim/arch/memory"
	"satsim/arch/unit"
	"satsim/dataflow"
	"satsim/dataflow/predict"
	"satsim/workloads"
)

// Fold decides for each batch norm of the plan that the machine can apply where its result is read, whether it does: the objective is asked of the norm's pass with
// all products that read the result, and of these products alone as they normalise what they fetch. The plan is then the one that was chosen. Norms do not
// share a reader, so each is decided by itself. What all together are predicted to save is kept with it.
func (s *Searcher) Fold(offline bool) error {
	can := s.Plan.OnRead()
	if len(can) == 0 {
		return nil
	}
	folded, err := s.Plan.Fold(can)
	if err != nil {
		return err
	}
	fast, err := memory.NewFast(s.Plan.Spec.Board.Memory, int64(s.Plan.Spec.Clock))
	if err != nil {
		return err
	}
	asPass, onRead := map[string]Score{}, map[string]Score{}
	reads := map[string]string{} // norm of a product, by label
	pick := s.pick(offline)
	product := func(to map[string]Score, layer string, g *dataflow.Group) error {
		r, err := pick(g)
		if err != nil {
			return fmt.Errorf("%s: %w", g.Label, err)
		}
		to[layer] = to[layer].plus(r.Score)
		return nil
	}
	for i := range folded.Groups {
		if g := &folded.Groups[i]; g.Product != nil && g.Product.Norm != nil {
			reads[g.Label] = g.Product.Norm.Layer
			if err := product(onRead, g.Product.Norm.Layer, g); err != nil {
				return err
			}
		}
	}
	for i := range s.Plan.Groups {
		g := &s.Plan.Groups[i]
		if layer, ok := reads[g.Label]; ok && g.Product != nil {
			if err := product(asPass, layer, g); err != nil {
				return err
			}
			continue
		}
		if layer := applies(g); slices.Contains(can, layer) {
			c, err := s.passing(fast, g)
			if err != nil {
				return fmt.Errorf("%s: %w", g.Label, err)
			}
			asPass[layer] = asPass[layer].plus(c)
		}
	}
	can = slices.DeleteFunc(can, func(layer string) bool {
		pass, read := asPass[layer], onRead[layer]
		return !s.Better(&read, &pass)
	})
	if len(can) == 0 {
		return nil
	}
	if folded, err = s.Plan.Fold(can); err != nil {
		return err
	}
	folded.Saved = s.Plan.Saved
	for _, layer := range can {
		folded.Saved.Cycles += asPass[layer].Cycles - onRead[layer].Cycles
		folded.Saved.Bytes += asPass[layer].Bytes - onRead[layer].Bytes
	}
	*s.Plan = *folded
	return nil
}

// applies is the layer whose batch norm a group of passes applies, or none.
func applies(g *dataflow.Group) string {
	if g.Kind != dataflow.PassGroup {
		return ""
	}
	for _, ps := range g.Chains[0].Chain.Passes {
		if ps.Kind == workloads.BatchNormApply {
			return ps.Layer
		}
	}
	return ""
}

// passing is the score of a group of passes, by its words.
func (s *Searcher) passing(fast *memory.Fast, g *dataflow.Group) (c Score, err error) {
	var p predict.Prediction
	if s.Weigh == nil {
		p, err = predict.Group(&s.Plan.Spec, fast, &g.Word)
	} else {
		var did unit.Activity
		if p, did, err = predict.Does(&s.Plan.Spec, fast, &g.Word); err == nil {
			c.Weight = s.Weigh(p.Cycles, &did)
		}
	}
	c.Cycles = p.Cycles
	for _, n := range p.Bytes {
		c.Bytes += n
	}
	return c, err
}

// plus is the score of two groups, one after the other.
func (a Score) plus(b Score) Score {
	return Score{Weight: a.Weight + b.Weight, Cycles: a.Cycles + b.Cycles, Bytes: a.Bytes + b.Bytes, Array: a.Array + b.Array}
}
