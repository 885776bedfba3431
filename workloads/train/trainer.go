package train

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"satsim/internal/nm"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
	"satsim/workloads/train/data"
	"satsim/workloads/train/kernel"
)

// Trainer is a training in progress. It is not safe for several goroutines.
type Trainer struct {
	About    json.RawMessage // kept in checkpoints for who meets one of another training; may be nil
	Restored json.RawMessage // what the checkpoint kept of these that the training goes on from; nil: it begins

	options     Options
	model       *model
	plan        []stretch
	train, test *data.Set
	mean, scale []float32 // of pixels
	perEpoch    int64
	total       int64 // steps
	state       state
	order       []int
	orderOf     int64 // the epoch that order belongs to
	current     *stretch
	epochMasks  masksOf // at the end of the epoch before
	adapters    []*ParamArray
	learned     []*logits
	teacher     *model // nil: there is none
}

// state is what a training has come to, beside its arrays.
type state struct {
	Step    int64   `json:"step"`              // steps done
	Updates int64   `json:"updates"`           // of them, those whose gradients were finite
	Adapted int64   `json:"adapted,omitempty"` // updates before there were adapters
	Scale   float64 `json:"loss_scale"`
	Steady  int64   `json:"steady"` // updates since the scale last changed
	Loss    float64 `json:"loss"`   // sum over the images of the epoch so far
	Right   int64   `json:"right"`
	Curve   []Epoch `json:"curve"`
}

// New builds a training of a network on images. Images that do not fill a last batch are left out of an epoch; which ones, its
// shuffling decides.
func New(g *network.Graph, r recipe.Recipe, train, test *data.Set, o Options) (*Trainer, error) {
	if err := o.Validate(); err != nil {
		return nil, fmt.Errorf("training %s: %w", g.Name, err)
	}
	fail := func(err error) (*Trainer, error) {
		return nil, fmt.Errorf("training %s with recipe %s: %w", g.Name, r.Name, err)
	}
	if err := fits(g, train); err != nil { // before any memory is taken
		return fail(err)
	}
	m, err := newModel(g, o.Workers, kernel.Format{Half: o.Numerics == Machine, Flush: o.Flush})
	if err != nil {
		return fail(err)
	}
	if c := m.loss.x.last(); c != train.Classes {
		return fail(fmt.Errorf("the network tells %d classes apart and the data set %s has %d", c, train.Name, train.Classes))
	}
	batch := int64(m.batch)
	perEpoch := int64(train.Len()) / batch
	if perEpoch == 0 || test.Len() == 0 {
		return fail(fmt.Errorf("%d training and %d test samples; a batch is %d", train.Len(), test.Len(), batch))
	}
	step, err := g.Step()
	if err != nil {
		return fail(err)
	}
	t := &Trainer{
		options: o, model: m, train: train, test: test, perEpoch: perEpoch, total: o.Epochs * perEpoch,
		state: state{Scale: o.LossScale}, orderOf: -1,
	}
	if train.Sequence == 0 {
		t.mean, t.scale = train.Moments()
		for i, d := range t.scale {
			t.scale[i] = 1 / d
		}
	} else if o.Augment != (Augment{}) {
		return fail(fmt.Errorf("augment: %v of a text; of images it is accepted", o.Augment))
	}
	if t.plan, err = plan(r, step, t.total); err != nil {
		return fail(err)
	}
	if err = t.teach(func() (*model, error) { return newModel(g, o.Workers, m.format) }); err != nil {
		return fail(err)
	}
	m.initialise(o.Seed)
	for i, p := range m.params {
		if p.matrix != nil {
			p.key = nm.Random(o.Seed, uint64(i))
		}
	}
	t.begin()
	return t, nil
}

// begin makes the operands of the first step.
func (t *Trainer) begin() {
	t.adopt(&t.plan[0])
	t.prime()
	t.qualify()
	t.prepare(0)
	t.epochMasks = t.masks()
}

// MasksStay reports whether a layer is pruned by what it begins with, from the first step to the last: of random weights such masks say nothing. Masks that are drawn
// at random on purpose are not meant.
func (t *Trainer) MasksStay() bool {
	first := &t.plan[0]
	if first.every > 0 || first.until < t.total {
		return false
	}
	for _, p := range first.prune {
		if p.ff.M > 0 && !p.frozen || p.ff.M == 0 && p.bp.M > 0 {
			return true
		}
	}
	return false
}

// fits checks that the network reads what the set has: images as large, or samples of a text as long.
func fits(g *network.Graph, set *data.Set) error {
	if in := g.Inputs[0]; set.Sequence > 0 {
		if want := (network.Shape{in.Shape[0], int64(set.Sequence)}); !ReadsText(g) || !slices.Equal(in.Shape, want) {
			return fmt.Errorf("the data %s is a text in samples of %d bytes and the network's first input %q is %v", set.Name, set.Sequence, in.Name, in.Shape)
		}
		return nil
	} else if ReadsText(g) {
		return fmt.Errorf("the network reads a text and the data %s has images", set.Name)
	}
	have := network.Shape{int64(set.Height), int64(set.Width), int64(set.Channels)}
	for _, in := range g.Inputs {
		if !in.Indices && len(in.Shape) == 4 && !slices.Equal(in.Shape[1:], have) {
			return fmt.Errorf("the network takes images of %v and the data set %s has %v", in.Shape[1:], set.Name, have)
		}
	}
	return nil
}

// prepare makes the operands of a step: those of its recipe, with masks that are searched when the recipe says so.
func (t *Trainer) prepare(step int64) {
	s, search := at(t.plan, step)
	if s != t.current {
		t.adopt(s)
	}
	for _, p := range t.model.params {
		p.refresh(t.model.format, step, search, s.left(step))
	}
	t.soften(step)
	t.late(false)
}

// adopt sets the layers' pruning to that of a stretch. Masks of another ratio are dropped.
func (t *Trainer) adopt(s *stretch) {
	for _, o := range t.model.operators {
		if w, ok := o.(*weighted); ok {
			p := s.prune[w.layer]
			if p.ff != w.w.prune.ff || p.late != w.w.prune.late || p.search != w.w.prune.search {
				w.w.maskFF = nil
			}
			if p.bp != w.w.prune.bp {
				w.w.maskBP = nil
			}
			if p.bp != w.w.prune.bp || p.orders == 0 {
				w.w.order = nil
			}
			w.w.prune = p
		}
	}
	t.current = s
	t.attach(s)
	t.learn(s)
	t.factor(s)
}

// Done reports whether all epochs are over.
func (t *Trainer) Done() bool { return int64(len(t.state.Curve)) == t.options.Epochs }

// Diverged is the end of a training whose loss is no number any more. What it was at the end of the epoch before is still a training.
type Diverged struct {
	Step int64  `json:"step"` // steps done
	Loss string `json:"loss"` // which one is not finite: training or test
	Is   string `json:"is"`   // NaN or +Inf
}

// Error implements error.
func (e *Diverged) Error() string {
	return fmt.Sprintf("step %d: the %s loss is %s: the training diverged; a smaller learning rate may help", e.Step, e.Loss, e.Is)
}

// finite is a Diverged for a loss that is not.
func (t *Trainer) finite(which string, loss float64) error {
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return &Diverged{t.state.Step, which, fmt.Sprint(loss)}
	}
	return nil
}

// Steps are how many steps are done, and of how many.
func (t *Trainer) Steps() (done, total int64) { return t.state.Step, t.total }

// Curve is the epochs so far.
func (t *Trainer) Curve() []Epoch { return t.state.Curve }

// Run goes on until the end or until the context ends, which leaves the training between two steps, or until it diverges, which is a *Diverged.
// progress may be nil.
func (t *Trainer) Run(ctx context.Context, progress func(Progress)) error {
	for !t.Done() {
		if err := ctx.Err(); err != nil {
			return err
		}
		end := int64(len(t.state.Curve)+1) * t.perEpoch
		if t.state.Step < end { // else its end is all that a restored epoch lacks
			if err := t.step(); err != nil {
				return err
			}
		}
		if t.state.Step == end {
			if err := t.closeEpoch(); err != nil {
				return err
			}
		}
		if progress != nil {
			progress(t.progress())
		}
	}
	return nil
}

// Progress is where a training stands.
type Progress struct {
	Step, Steps   int64
	Epoch, Epochs int64   // from 1
	Loss          float64 // mean over the epoch so far, or over the one that just ended
	Accuracy      float64 // likewise, on training images before the weights learned from them
	TestAccuracy  float64 // of the last epoch that ended; NaN before that
}

func (t *Trainer) progress() Progress {
	p := Progress{Step: t.state.Step, Steps: t.total, Epoch: (t.state.Step-1)/t.perEpoch + 1, Epochs: t.options.Epochs, TestAccuracy: math.NaN()}
	if n := len(t.state.Curve); n > 0 {
		last := t.state.Curve[n-1]
		p.TestAccuracy, p.Loss, p.Accuracy = last.TestAccuracy, last.TrainLoss, last.TrainAccuracy
	}
	if done := t.state.Step % t.perEpoch; done > 0 {
		n := t.told(done * int64(t.batch()))
		p.Loss, p.Accuracy = t.state.Loss/n, float64(t.state.Right)/n
	}
	return p
}

func (t *Trainer) batch() int { return t.model.batch }

// told is how many labels so many samples have.
func (t *Trainer) told(samples int64) float64 {
	return float64(samples * int64(t.model.samples()) / int64(t.batch()))
}

// step is one training step: FF, BP and WU of a batch, and the update.
func (t *Trainer) step() error {
	s := &t.state
	t.prepare(s.Step)
	t.shuffle(s.Step / t.perEpoch)
	epoch := s.Step / t.perEpoch
	t.fill(t.train, t.order[int(s.Step%t.perEpoch)*t.batch():][:t.batch()], func(i int) view { return t.options.Augment.draw(t.options.Seed, epoch, i) })
	m := t.model
	m.loss.scale = float32(s.Scale)
	m.draws = nm.Random(t.options.Seed, uint64(s.Step))
	t.ask(t.current.recipe)
	m.run(true)
	m.differentiate()
	loss, right := t.score(t.batch())
	if err := t.finite("training", loss); err != nil {
		return err
	}
	s.Loss, s.Right = s.Loss+loss, s.Right+right
	if t.current.orders(s.Step) {
		for _, p := range m.params {
			if p.matrix != nil {
				p.reorder(s.Step)
			}
		}
	}
	t.update()
	s.Step++
	return nil
}

// Dynamic loss scaling as PyTorch's GradScaler has it by default.
const (
	scaleBackoff = 0.5
	scaleGrowth  = 2
	scaleSteady  = 2000 // updates before the scale grows
	clipEpsilon  = 1e-6 // of torch.nn.utils.clip_grad_norm_
)

// update applies the optimiser, after a look at all gradients where the recipe asks for one.
func (t *Trainer) update() {
	s, r := &t.state, t.current.recipe
	unscale := 1 / s.Scale
	if r.Update().Deferred {
		n := norm(t.model.pool, t.model.params) * unscale
		if r.LossScale == recipe.Dynamic {
			if math.IsNaN(n) || math.IsInf(n, 0) {
				s.Scale, s.Steady = s.Scale*scaleBackoff, 0
				return
			}
			if s.Steady++; s.Steady == scaleSteady {
				s.Scale, s.Steady = s.Scale*scaleGrowth, 0
			}
		}
		if r.ClipNorm != 0 && n > r.ClipNorm {
			unscale *= r.ClipNorm / (n + clipEpsilon)
		}
	}
	s.Updates++
	rate := t.options.rate(s.Step, t.perEpoch)
	c := ratesOf(r, rate, t.options.Momentum, unscale, s.Updates)
	c.pulls(t.current, s.Step)
	for _, p := range t.model.params {
		if !slices.Contains(t.adapters, p) {
			c.update(t.model.pool, p)
		}
	}
	c = ratesOf(r, rate, t.options.Momentum, unscale, s.Updates-s.Adapted) // an optimiser's moments begin with what they are of
	for _, p := range t.adapters {
		c.update(t.model.pool, p)
	}
}

// masksOf are the masks of all weights by name.
type masksOf map[string][2]nm.Mask

func (t *Trainer) masks() masksOf {
	out := masksOf{}
	for _, p := range t.model.params {
		if p.matrix != nil {
			ff, bp := p.masks()
			out[p.Name] = [2]nm.Mask{ff, bp}
		}
	}
	return out
}
