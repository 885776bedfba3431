package training

import (
	"encoding/json"
	"fmt"
	"slices"

	"satsim/internal/ratio"
)

// Lineage is how weights were trained with which another training begins. A file that satsim train --export wrote has it as its note.
type Lineage struct {
	Recipe     string `json:"recipe"`      // with its N:M where something is pruned; of several trainings in turn, separated by commas
	ImagesSeen int64  `json:"images_seen"` // by all of them, in whole batches; of a text, samples
	Setting    string `json:"setting"`     // hash of all settings but the seed, so that it is one for the seeds of a list
}

// lineage is that of the weights that a training ends with.
func (r *Run) lineage() (*Lineage, error) {
	bare := *r
	bare.Options.Seed = 0
	recipe := r.Recipe
	if r.Sparsity != noSparsity {
		recipe += " " + r.Sparsity
	}
	seen := wholeBatches(r.Options.Epochs, r.TrainImages, r.Batch)
	if b := r.Before; b != nil {
		bare.Init = b.Setting
		recipe, seen = b.Recipe+", "+recipe, b.ImagesSeen+seen
	}
	s, err := bare.settings(true)
	if err != nil {
		return nil, err
	}
	return &Lineage{recipe, seen, s.hash}, nil
}

// note is the lineage as a file of weights has it; empty: there is none.
func (l *Lineage) note() (string, error) {
	if l == nil {
		return "", nil
	}
	text, err := json.Marshal(l)
	if err != nil {
		return "", fmt.Errorf("noting how weights were trained: %w", err)
	}
	return string(text), nil
}

// parseLineage reads a file's note; nil: it has none.
func parseLineage(note string) (*Lineage, error) {
	if note == "" {
		return nil, nil
	}
	var l Lineage
	if err := json.Unmarshal([]byte(note), &l); err != nil {
		return nil, fmt.Errorf("its note on how the weights were trained: %w", err)
	}
	if l.Recipe == "" || l.Setting == "" || l.ImagesSeen < 0 {
		return nil, fmt.Errorf("its note on how the weights were trained: %s; a recipe, a setting, and images_seen of 0 or more are accepted", note)
	}
	return &l, nil
}

// differs is in what two lineages are not the same, as a record has them. Of one that is not known nothing is said.
func (l *Lineage) differs(is *Lineage) Differences {
	if l == nil || is == nil {
		return nil
	}
	fields := func(l *Lineage) map[string]string {
		return map[string]string{"before.recipe": l.Recipe, "before.images_seen": fmt.Sprint(l.ImagesSeen), "before.setting": l.Setting}
	}
	return differ(fields(l), fields(is))
}

// wholeBatches are the images, or samples, of so many epochs.
func wholeBatches(epochs, images, batch int64) int64 {
	if batch < 1 {
		return 0
	}
	return epochs * (images / batch * batch)
}

// seen is how many images a training has been shown at the end of one of its epochs, in whole batches, with those that the weights had been shown that it began with.
func (r *Result) seen(epochs int64) int64 {
	return r.InitSeen + wholeBatches(epochs, r.TrainImages, r.Batch)
}

// before is how many epochs of a training's own length the weights had seen that it began with.
func (r *Result) before() int64 {
	if n := wholeBatches(1, r.TrainImages, r.Batch); n > 0 {
		return r.InitSeen / n
	}
	return 0
}

// EpochsInAll are a training's, and those of the weights that it began with, in epochs of its own length.
func (r *Result) EpochsInAll() int64 { return r.Epochs + r.before() }

// Begun is the share of a training that the weights had seen that it began with, of its images in all: 0 with random weights.
func (r *Result) Begun() float64 {
	if r.InitSeen == 0 {
		return 0
	}
	return ratio.Of(r.InitSeen, r.seen(r.Epochs))
}

// begun is what trainings that are put together began with: weights of one lineage, the very same weights, or, if it is empty, random ones.
func (r *Result) begun() string {
	if r.InitSetting != "" {
		return r.InitSetting
	}
	return r.Init
}

// setting is what trainings have in common that may be compared: all but recipe and seed.
func (r *Result) setting() string {
	return fmt.Sprintf("%s %04d %s", r.lasting(), r.Epochs, r.begun())
}

// lasting is the part of the setting that trainings share of which one goes on where another would not have stopped.
func (r *Result) lasting() string {
	return fmt.Sprintf("%s %s %d %d %d %s %g %s %s %g %g %s %d %s", r.Network, r.Data, r.TrainImages, r.TestImages, r.Batch, r.Optimiser,
		r.LearningRate, r.Numerics, r.NetworkHash, r.Momentum, r.LossScale, r.Schedule, r.WarmUp, r.Augment)
}

// baselines are the dense trainings of a setting and a seed, and those from random weights of a number of images.
type baselines map[string][]*Result

func (r *Result) alongside() string { return fmt.Sprint(r.setting(), " ", r.Seed) }

func (r *Result) instead() string {
	return fmt.Sprint("of ", r.seen(r.Epochs), " ", r.lasting(), " ", r.Seed)
}

func (b baselines) add(r *Result) {
	b[r.alongside()] = append(b[r.alongside()], r)
	if r.begun() == "" {
		b[r.instead()] = append(b[r.instead()], r)
	}
}

// of trainings that differ in their seed only: the dense one of each, nil where there is none. It is of one kind for all of them: those that begin with the same weights, or, of trainings
// that go on with weights whose lineage is known, those from random weights that were shown as many images in all, if more seeds have one of these.
func (b baselines) of(rows []Result) []*Result {
	alongside, with := b.each(rows, (*Result).alongside)
	if with < len(rows) && rows[0].InitSetting != "" {
		if instead, more := b.each(rows, (*Result).instead); more > with {
			return instead
		}
	}
	return alongside
}

// each is the dense training of each by a key, and how many have one.
func (b baselines) each(rows []Result, key func(*Result) string) (all []*Result, have int) {
	for i := range rows {
		d := rows[i].among(b[key(&rows[i])])
		if d != nil {
			have++
		}
		all = append(all, d)
	}
	return all, have
}

// among dense trainings that are alike it is the one with the training's weight decay, or the only one; nil: there is none.
func (r *Result) among(all []*Result) *Result {
	if i := slices.IndexFunc(all, func(d *Result) bool { return d.WeightDecay == r.WeightDecay }); i >= 0 {
		return all[i]
	}
	if len(all) == 1 {
		return all[0]
	}
	return nil
}
