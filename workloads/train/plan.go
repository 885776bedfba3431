package train

import (
	"fmt"
	"math"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// stretch is a part of the training in which the recipe does not change.
type stretch struct {
	name   string
	until  int64 // first step that is no longer in it
	recipe recipe.Recipe
	from   int64 // first step
	every  int64 // masks are searched in every so many steps from its first on; 0: only if there are none
	prune  map[string]pruning
}

// plan spreads a recipe over steps. The recipe's phases keep their shares of its epochs, whatever the number of steps.
func plan(r recipe.Recipe, dense workloads.Step, steps int64) ([]stretch, error) {
	if err := r.Validate(); err != nil {
		return nil, fmt.Errorf("recipe %s: %w", r.Name, err)
	}
	if len(r.Schedule) > 0 && r.Epochs == 0 {
		return nil, fmt.Errorf("recipe %s: epochs is not given; the shares of its phases need it", r.Name)
	}
	if err := r.Fits(dense); err != nil {
		return nil, err
	}
	var out []stretch
	add := func(name string, r recipe.Recipe, until int64) error {
		if len(out) > 0 && until <= out[len(out)-1].until || until == 0 {
			return nil // too short for a step
		}
		if len(r.Extra) > 0 {
			return fmt.Errorf("recipe %s: extra is work that is costed and not trained", r.Name)
		}
		from := int64(0)
		if len(out) > 0 {
			from = out[len(out)-1].until
		}
		s := stretch{name: name, from: from, until: until, recipe: r, every: max(int64(r.Masks), 1), prune: map[string]pruning{}}
		if r.Masks == recipe.Never {
			s.every = 0
		}
		step, err := r.Apply(dense)
		if err != nil {
			return err
		}
		for i := range step.Items {
			it := &step.Items[i]
			p := s.prune[it.Layer]
			p.shared, p.apart, p.uniform = r.UsesFFWeights(it), r.PositionsApart(it), r.DrawsUniformly(it)
			p.decaying, p.late = r.Decaying(it), r.Late(it)
			p.frozen, p.twice, _ = r.Frozen(it)
			if p.orders = 0; r.Permutes(it) {
				p.twice, p.orders = true, int(r.Permutation.Orders)
			}
			p.alone = p.alone || it.Kept
			p.rank, p.learned = int(recipe.Adapted(&step, it.Layer)), recipe.Learned(&step, it.Layer)
			for k := range it.Products {
				p.note(&it.Products[k])
			}
			s.prune[it.Layer] = p
		}
		out = append(out, s)
		return nil
	}
	past := int64(0)
	for _, p := range r.Schedule {
		past += p.Epochs
		until := int64(math.Round(float64(past) / float64(r.Epochs) * float64(steps)))
		if err := add(p.Name, r.During(p), until); err != nil {
			return nil, err
		}
	}
	return out, add(r.Name, r, steps)
}

// left is what a decaying mask leaves of a weight in a step.
func (s *stretch) left(step int64) float32 { return s.recipe.Factor(step-s.from, s.until-s.from) }

// orders reports whether a step searches an order for BP's permuted masks, which serves from its update on.
func (s *stretch) orders(step int64) bool {
	every := max(int64(s.recipe.Permutation.Steps), 1)
	return s.recipe.Permutation.Steps != recipe.Never && (step-s.from)%every == 0
}

// note reads off a product what is pruned in it.
func (p *pruning) note(product *workloads.Product) {
	r := product.Sparse.Ratio
	switch {
	case r == (nm.Ratio{}) || r.IsDense():
	case product.Stage == workloads.FF && product.Sparse.Operand == workloads.West:
		p.inputs = r
	case product.Stage == workloads.FF:
		p.ff, p.search = r, product.Sparse.Search
	case product.Sparse.Search != nm.TopN: // BP uses FF's
	case product.Sparse.Held:
	case product.Stage == workloads.WU:
		p.positions, p.drawn, p.exchanged = r, product.North.Format.Ratio.M > 0, product.North.Role == workloads.Activation
	case product.Stage == workloads.BP && product.Sparse.Operand == workloads.West:
		p.gradients = r
	case product.Stage == workloads.BP:
		p.bp = r
	}
}

// at is the stretch of a step, and whether the step searches masks anew.
func at(plan []stretch, step int64) (*stretch, bool) {
	first := int64(0)
	for i := range plan {
		if s := &plan[i]; step < s.until || i == len(plan)-1 {
			return s, s.every > 0 && (step-first)%s.every == 0
		}
		first = plan[i].until
	}
	return nil, false
}
