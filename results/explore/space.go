package explore

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"satsim/arch/energy"
	"satsim/arch/spec"
	"satsim/dataflow/least"
	"satsim/internal/config"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/results/sweep"
)

// MaxDesigns bounds what a slip in a file can ask for.
const MaxDesigns = 5_000_000

// Space is the designs that a file spans.
type Space struct {
	Name  string
	Size  int    // designs
	Works []Work // each under the first recipe
	// Recipes are what designs differ in beside their machines: several, as the first axis, if accuracy is an objective, else one.
	Recipes []Recipe

	base    sweep.Selection
	axes    []axis
	resolve sweep.Resolver
	trained [][]Trained // by recipe and work; nil: accuracy is no objective
	where   *conditions // nil: there are none

	mu      sync.Mutex
	classes map[string]*class
}

// Recipe is one at a ratio, as the file says it.
type Recipe struct {
	Name     string
	Sparsity string // empty: its own
}

// Work is a training step that designs are judged by.
type Work struct {
	Network  string
	Recipe   string
	Sparsity string // empty: the recipe's own
	Batch    int64  // 0: the network's own
}

// String names a work's network, and its batch.
func (w *Work) String() string {
	if w.Batch == 0 {
		return w.Network
	}
	return fmt.Sprintf("%s at batch %d", w.Network, w.Batch)
}

// Key is what programs know a work by, in names of columns: its network, and .batchN.
func (w *Work) Key() string {
	if w.Batch == 0 {
		return w.Network
	}
	return fmt.Sprintf("%s.batch%d", w.Network, w.Batch)
}

// axis is a dimension.
type axis struct {
	places  [][]config.Override
	free    bool       // no plan depends on what it changes
	assigns [][]assign // then: at each place
}

// assign gives a parameter of a machine a value.
type assign struct {
	field []int
	value reflect.Value
}

// NewSpace reads what a file spans, to be judged by objectives. Several recipes and ratios are designs if accuracy is one of them, and are needed then: without
// it each learns something else, and nothing says what that is worth. Their accuracies are to be joined (Join) or recalled (Recall).
func NewSpace(f *sweep.File, before []config.Override, objectives []Objective) (*Space, error) {
	places, err := f.Places()
	if err != nil {
		return nil, err
	}
	s := &Space{Name: f.Name, Size: 1, resolve: sweep.Load(before), classes: map[string]*class{}}
	if s.base, err = f.Base(); err != nil {
		return nil, err
	}
	switch {
	case len(f.Recipes) == 0:
		return nil, fmt.Errorf("space %s: recipes are missing; shipped names or files are accepted, not an axis", f.Name)
	case len(f.Networks) == 0:
		return nil, fmt.Errorf("space %s: networks are missing; shipped names or files are accepted, not an axis", f.Name)
	}
	if err := s.span(f, slices.Contains(objectives, Accuracy)); err != nil {
		return nil, err
	}
	loader := models.NewLoader()
	first, err := loader.Spec(s.base.Arch, s.base.Board, nil)
	if err != nil {
		return nil, err
	}
	var changed []string
	for _, set := range places {
		a, err := dimension(set, &first)
		if err != nil {
			return nil, err
		}
		for _, path := range paths(set) {
			if slices.Contains(changed, path) {
				return nil, fmt.Errorf("space %s: two axes change %s; one axis a parameter is accepted", f.Name, path)
			}
			if slices.Contains([]string{"network", "recipe", "sparsity", "batch"}, path) || strings.HasPrefix(path, "network.") || strings.HasPrefix(path, "recipe.") {
				return nil, fmt.Errorf("space %s: an axis changes %s; designs differ in their machines, and in the recipes and ratios that the file lists", f.Name, path)
			}
			changed = append(changed, path)
		}
		if err := s.add(a); err != nil {
			return nil, err
		}
	}
	if len(f.Where) > 0 {
		if s.where, err = newConditions(f, s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// add adds an axis, which changes faster than those before.
func (s *Space) add(a axis) error {
	if s.Size > MaxDesigns/len(a.places) {
		return fmt.Errorf("space %s has more than %d designs", s.Name, MaxDesigns)
	}
	s.Size *= len(a.places)
	s.axes = append(s.axes, a)
	return nil
}

// paths that an axis changes.
func paths(places [][]config.Override) (out []string) {
	for _, set := range places {
		for _, o := range set {
			if !slices.Contains(out, o.Path) {
				out = append(out, o.Path)
			}
		}
	}
	return out
}

// dimension is an axis; one that plans do not depend on has its values read, each on the base's machine.
func dimension(places [][]config.Override, base *spec.Spec) (axis, error) {
	a := axis{places: places}
	for _, set := range places {
		for _, o := range set {
			if !slices.Contains(least.Free(), o.Path) {
				return a, nil
			}
		}
	}
	a.free = true
	for _, set := range places {
		m := *base
		if err := config.Set(&m, set); err != nil {
			return a, err
		}
		var out []assign
		for _, o := range set {
			field, ok := config.Leaf(reflect.TypeFor[spec.Spec](), o.Path)
			if !ok {
				return a, fmt.Errorf("%s: %s is no parameter of a machine", o.Origin, o.Path)
			}
			out = append(out, assign{field, reflect.ValueOf(m).FieldByIndex(field)})
		}
		a.assigns = append(a.assigns, out)
	}
	return a, nil
}

// places of a design: its place on each axis, the first axis changing slowest.
func (s *Space) places(design int) []int {
	out := make([]int, len(s.axes))
	for i := len(s.axes) - 1; i >= 0; i-- {
		n := len(s.axes[i].places)
		out[i], design = design%n, design/n
	}
	return out
}

// at is the design at places.
func (s *Space) at(places []int) (design int) {
	for i, p := range places {
		design = design*len(s.axes[i].places) + p
	}
	return design
}

// Overrides of a design, as its axes say it.
func (s *Space) Overrides(design int) (out []string) {
	for i, p := range s.places(design) {
		for _, o := range s.axes[i].places[p] {
			out = append(out, o.Path+"="+o.Value)
		}
	}
	return out
}

// Selection is a design at a work, as a sweep has it.
func (s *Space) Selection(design, work int) (sweep.Selection, error) {
	return s.selection(s.places(design), s.Works[work])
}

// selection leaves out axes at place -1.
func (s *Space) selection(places []int, w Work) (sweep.Selection, error) {
	c := s.base
	c.Network, c.Recipe, c.Sparsity, c.Batch = w.Network, w.Recipe, w.Sparsity, w.Batch
	for i, p := range places {
		if p < 0 {
			continue
		}
		var err error
		if c, err = c.With(s.axes[i].places[p]); err != nil {
			return c, err
		}
	}
	return c, nil
}

// nowhere is the places of the base: on no axis.
func (s *Space) nowhere() []int {
	out := make([]int, len(s.axes))
	for i := range out {
		out[i] = -1
	}
	return out
}

// models of a selection. Loaders are for one goroutine at a time.
func (s *Space) models(c sweep.Selection) (*sweep.Models, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.resolve(c)
}

// class is the designs that differ in what plans do not depend on.
type class struct {
	spec  spec.Spec
	steps []*least.Step         // of each work
	did   []energy.ActionCounts // of each work: what no schedule does less of
	costs *energy.Prices
	err   error // why there are none
}

// classOf makes a class once.
func (s *Space) classOf(places []int) *class {
	fixed := slices.Clone(places)
	for i := range fixed {
		if s.axes[i].free {
			fixed[i] = -1
		}
	}
	key := fmt.Sprint(fixed)
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.classes[key]
	if !ok {
		c = &class{}
		c.err = s.fill(c, fixed)
		s.classes[key] = c
	}
	return c
}

func (s *Space) fill(c *class, places []int) error {
	if err := s.untrained(s.recipeOf(places)); err != nil {
		return err
	}
	for _, w := range s.Works {
		sel, err := s.selection(places, w)
		if err != nil {
			return err
		}
		m, err := s.resolve(sel)
		if err != nil {
			return err
		}
		step, err := bound(m.Models)
		if err != nil {
			return err
		}
		did, err := energy.CountsOf(step.Did())
		if err != nil {
			return err
		}
		c.spec, c.steps, c.did, c.costs = m.Spec, append(c.steps, step), append(c.did, did), energy.NewPrices(m.Energy, m.Spec.Clock)
	}
	return nil
}

// bound is the closed form of a model's step.
func bound(m *models.Models) (*least.Step, error) {
	step, err := m.Recipe.Apply(*m.Step)
	if err != nil {
		return nil, err
	}
	plan, err := machine.Plan(m.Spec, &step, m.Recipe)
	if err != nil {
		return nil, err
	}
	if err := plan.Capacity(); err != nil {
		return nil, fmt.Errorf("%s at batch %d on %s: %w", step.Network, step.Images, m.Spec.Board.Name, err)
	}
	return least.Of(plan)
}

// view reads a space for one goroutine: it remembers classes.
type view struct {
	*Space
	classes map[int]*class
}

func (s *Space) view() *view { return &view{s, map[int]*class{}} }

// spec is the machine of a design, and its class. Its parameters are valid, each by itself; whether they go together is asked when it is scheduled.
func (v *view) spec(places []int) (*class, spec.Spec, error) {
	id := 0
	for i, p := range places {
		if a := &v.axes[i]; !a.free {
			id = id*len(a.places) + p
		}
	}
	c, ok := v.classes[id]
	if !ok {
		c = v.classOf(places)
		v.classes[id] = c
	}
	if c.err != nil {
		return c, spec.Spec{}, c.err
	}
	out := c.spec
	to := reflect.ValueOf(&out).Elem()
	for i, p := range places {
		if a := &v.axes[i]; a.free {
			for _, x := range a.assigns[p] {
				to.FieldByIndex(x.field).Set(x.value)
			}
		}
	}
	return c, out, nil
}
