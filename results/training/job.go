package training

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/results/experiment/models"
	"satsim/results/plot"
	"satsim/workloads/recipe"
	"satsim/workloads/train"
	"satsim/workloads/train/data"
)

// Job is one training.
type Job struct {
	Network     *models.Net
	Recipe      recipe.Recipe
	Train, Test *data.Set
	DataHash    string // of both, by HashData; empty: records do not say it
	Options     train.Options
	Init        *Weights // nil: random ones, of the seed
	Export      string   // .safetensors or .npz file for the weights at the end; empty: none
	Restart     bool     // neither a finished training nor a checkpoint is used
	// Begin is told the training's name and says who is told what advances; it may be nil.
	Begin func(name string) (progress func(train.Progress), end func())
	// Warn is told what a training of that name is hardly meant to do; it may be nil.
	Warn func(name, what string)
	// Known is told the name of a training that was finished before; it may be nil.
	Known func(name string)
}

// recordFile says in a training's folder that it is over.
const recordFile = "training.json"

// record is the training's record without its curve.
func (j *Job) record() (*Run, error) {
	if err := j.Options.Validate(); err != nil { // what is no number has no record
		return nil, fmt.Errorf("training %s: %w", j.Network.Graph.Name, err)
	}
	description, err := config.MarshalJSON(j.Network.Description)
	if err != nil {
		return nil, fmt.Errorf("recording the network: %w", err)
	}
	resolved, err := config.MarshalJSON(j.Recipe)
	if err != nil {
		return nil, fmt.Errorf("recording the recipe: %w", err)
	}
	init, before := "", (*Lineage)(nil)
	if j.Init != nil {
		init, before = j.Init.Hash, j.Init.Before
	}
	return &Run{
		Init: init, Before: before, Schema: Schema, Network: j.Network.Graph.Name, Note: j.Network.Graph.Note, Recipe: j.Recipe.Name, Sparsity: models.Ratio(j.Recipe),
		Data: j.Train.Name, DataHash: j.DataHash, TrainImages: int64(j.Train.Len()), TestImages: int64(j.Test.Len()), Batch: j.Network.Graph.Inputs[0].Shape[0],
		Sequence: int64(j.Train.Sequence),
		Options:  j.Options, Description: description, Resolved: resolved,
	}, nil
}

// id tells trainings apart by what differences does, and the data themselves.
func (j *Job) id(r *Run) (string, error) {
	s, err := r.settings(false)
	if err != nil {
		return "", fmt.Errorf("naming a training: %w", err)
	}
	h := sha256.New()
	h.Write([]byte(s.hash))
	writeData(h, j.Train, j.Test)
	return hex.EncodeToString(h.Sum(nil)), nil
}

// HashData tells what trainings learn from, and are tested with, from other data of the same name.
func HashData(images, tests *data.Set) string {
	h := sha256.New()
	writeData(h, images, tests)
	return hex.EncodeToString(h.Sum(nil))[:hashDigits]
}

func writeData(h hash.Hash, sets ...*data.Set) {
	for _, s := range sets {
		h.Write(s.Pixels)
		h.Write(s.Labels)
	}
}

// Run runs a training, or what is left of it, and writes its results into a folder of its own in out.
func (j *Job) Run(ctx context.Context, out string) error {
	r, err := j.record()
	if err != nil {
		return err
	}
	id, err := j.id(r)
	if err != nil {
		return err
	}
	folder := filepath.Join(out, runFolder(r))
	checkpoint := filepath.Join(folder, "checkpoint.bin")
	name := r.name()
	if !j.Restart {
		if old, err := finished(folder, r); err != nil || old != nil {
			if old != nil && old.Before == nil && r.Before != nil {
				old.Before = r.Before
				if err := write(folder, []output{recordOutput(old)}); err != nil {
					return err
				}
			}
			if old != nil && old.Diverged != nil {
				return &Diverged{name, folder, old.Diverged, true}
			}
			if old != nil && j.Known != nil {
				j.Known(name)
			}
			if old != nil && j.Export != "" {
				return fmt.Errorf("%s: it was finished before, and its weights are gone; --restart trains it anew", name)
			}
			return err
		}
	}
	progress := output{"checkpoint.bin", begins("satsim-checkpoint\x00"), nil}
	if err := mayWrite(folder, append(outputs(r, &plot.Figure{}), progress)); err != nil {
		return err
	}
	if j.Export != "" {
		if _, err := atomicfile.Find(j.Export); err != nil {
			return fmt.Errorf("writing %s: %w", j.Export, err)
		}
	}
	t, err := train.New(j.Network.Graph, j.Recipe, j.Train, j.Test, j.Options)
	if err != nil {
		return err
	}
	if j.Init != nil {
		if err := t.Init(j.Init.Arrays); err != nil {
			if j.Init.Advice != "" {
				err = fmt.Errorf("%w\n%s", err, j.Init.Advice)
			}
			return fmt.Errorf("%s: %s: %w", name, j.Init.File, err)
		}
	}
	if j.Init == nil && j.Warn != nil && t.MasksStay() {
		j.Warn(name, "its masks are those of random weights, and stay")
	}
	if j.Init == nil && j.Warn != nil && t.WeightsStay() {
		j.Warn(name, "its weights are random ones, and stay: masks of them alone are learned")
	}
	if j.Init == nil && j.Warn != nil && t.Taught() {
		j.Warn(name, "it has a teacher of random weights")
	}
	if !j.Restart {
		if err := restore(t, r, checkpoint, id); err != nil {
			return err
		}
	}
	if t.About, err = json.Marshal(r); err != nil {
		return fmt.Errorf("recording a training: %w", err)
	}
	save := func() error {
		return progress.kind().Write(checkpoint, func(w io.Writer) error { return t.Save(w, id) })
	}
	show, end := func(train.Progress) {}, func() {}
	if j.Begin != nil {
		show, end = j.Begin(name)
	}
	var failed error
	inner, stop := context.WithCancel(ctx)
	defer stop()
	err = t.Run(inner, func(p train.Progress) {
		show(p)
		if p.Step*p.Epochs%p.Steps == 0 && p.Step < p.Steps { // the end of an epoch
			if failed = save(); failed != nil {
				stop()
			}
		}
	})
	end()
	if failed != nil {
		return failed
	}
	r.Curve = t.Curve()
	switch lost := (*train.Diverged)(nil); {
	case errors.As(err, &lost):
		r.Diverged = lost
		_, none := os.Stat(checkpoint)
		if errors.Is(none, os.ErrNotExist) { // that of the epoch before is worth more
			if failed := save(); failed != nil {
				return failed
			}
		}
		if failed := saveRun(folder, r); failed != nil {
			return failed
		}
		return &Diverged{name, folder, lost, false}
	case errors.Is(err, context.Canceled):
		if failed := save(); failed != nil {
			return failed
		}
		return err
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := saveRun(folder, r); err != nil { // before the weights: what was learned is not lost if they cannot be written
		return err
	}
	if err := os.Remove(checkpoint); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("removing the checkpoint of a finished training: %w", err)
	}
	if j.Export != "" {
		l, err := r.lineage()
		if err != nil {
			return err
		}
		return writeWeights(j.Export, t.Export(), l)
	}
	return nil
}

// name is how a training is told from others of a list.
func (r *Run) name() string {
	return fmt.Sprintf("%s %s %s seed %d", r.Network, r.Recipe, r.Sparsity, r.Options.Seed)
}

func runFolder(r *Run) string {
	ratio := strings.ReplaceAll(r.Sparsity, ":", "of")
	return fmt.Sprintf("%s-%s-%s-%d", r.Network, r.Recipe, ratio, r.Options.Seed)
}

// outputs are the files of a training that is over; the last says that it is. A nil figure is not among them.
func outputs(r *Run, f *plot.Figure) []output {
	out := []output{{"curve.csv", begins("network,recipe,sparsity,seed,epoch,"), func(w io.Writer) error { return writeCurves(w, r) }}}
	if f != nil {
		out = append(out, figure("curve", f)...)
	}
	return append(out, recordOutput(r))
}

func recordOutput(r *Run) output {
	return output{recordFile, atomicfile.Schema("", "satsim.training").Is, r.Write}
}

func saveRun(folder string, r *Run) (err error) {
	var f *plot.Figure
	if len(r.Curve) > 0 {
		if f, err = r.CurveFigure(); err != nil {
			return err
		}
	}
	return write(folder, outputs(r, f))
}

// Diverged is a training that diverged, now or when the same was asked for before; its record is written.
type Diverged struct {
	Name, Folder string
	Err          *train.Diverged
	Before       bool
}

// Error implements error.
func (e *Diverged) Error() string {
	when := ""
	if e.Before {
		when = "before, "
	}
	return fmt.Sprintf("%s: %s%v; %s has its record and its last checkpoint", e.Name, when, e.Err, e.Folder)
}

// Unwrap gives the cause.
func (e *Diverged) Unwrap() error { return e.Err }

// finished is the record of this very training that the folder holds, if any. One of another is an error, as is one that says otherwise how the same weights were trained before: which
// of both is right is not for satsim to say.
func finished(folder string, r *Run) (*Run, error) {
	name := filepath.Join(folder, recordFile)
	old, err := ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking for a finished training: %w", err)
	}
	d, err := differences(old, r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if d = append(d, old.Before.differs(r.Before)...); len(d) > 0 {
		return nil, &Occupied{name, d}
	}
	return old, nil
}

// Occupied is the place of a training in which one of other settings was finished; a job with Restart replaces it.
type Occupied struct {
	File        string
	Differences Differences
}

// Error implements error.
func (e *Occupied) Error() string {
	return fmt.Sprintf("%s is of a finished training with other settings: %s", e.File, e.Differences)
}

// Check refuses a list of jobs of which one would replace what another leaves, or a finished training of other settings, so that no time is lost before that is said.
func Check(jobs []Job, out string) error {
	runs := map[string]*Run{}
	for i := range jobs {
		r, err := jobs[i].record()
		if err != nil {
			return err
		}
		folder := filepath.Join(out, runFolder(r))
		if other, ok := runs[folder]; ok {
			d, err := differences(other, r)
			if err != nil {
				return err
			}
			if len(d) > 0 {
				return fmt.Errorf("two trainings would be in %s (%s): %s; a recipe of another name, or a call for each with an --out of its own, is accepted", folder, r.name(), d.between())
			}
		}
		if runs[folder] = r; jobs[i].Restart {
			continue
		}
		if _, err := finished(folder, r); err != nil {
			return err
		}
	}
	return nil
}

// Checkpoint is one that cannot be gone on from; a job with Restart does not read it.
type Checkpoint struct {
	File string
	Err  error
}

// Error implements error.
func (e *Checkpoint) Error() string { return e.File + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *Checkpoint) Unwrap() error { return e.Err }

// restore goes on from a checkpoint, if there is one; a lineage that it knows is taken up, too.
func restore(t *train.Trainer, r *Run, checkpoint, id string) error {
	f, _, err := config.Open(checkpoint, config.Weights)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for a checkpoint: %w", err)
	}
	defer f.Close()
	err = t.Restore(f, id)
	var was Run
	if err == nil && json.Unmarshal(t.Restored, &was) == nil {
		if d := was.Before.differs(r.Before); len(d) > 0 {
			return &Checkpoint{checkpoint, fmt.Errorf("the checkpoint is of a training with other settings: %s", d)}
		}
		if r.Before == nil {
			r.Before = was.Before
		}
	}
	if err == nil {
		return nil
	}
	if other := (*train.OtherTraining)(nil); errors.As(err, &other) {
		if d, ok := apartFrom(other.About, r); ok {
			err = fmt.Errorf("the checkpoint is of a training with other settings: %s", d)
		}
	}
	return &Checkpoint{checkpoint, err}
}

// apartFrom says in what a record that a checkpoint kept, if it did, differs from a training's.
func apartFrom(about json.RawMessage, r *Run) (Differences, bool) {
	var was Run
	if len(about) == 0 || json.Unmarshal(about, &was) != nil {
		return nil, false
	}
	d, err := differences(&was, r)
	return d, err == nil && len(d) > 0
}
