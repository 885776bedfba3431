package experiment

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"satsim/internal/config"
	"satsim/internal/memo"
	"satsim/results/experiment/compare"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/results/record"
	"satsim/sim/trace"
	"satsim/workloads/recipe"
)

// work is a case on its way: each stage fills what the next ones read.
type work struct {
	ctx context.Context
	Case
	names Names // for load
	from  []Overrides

	compare compare.Case
	sides   []compare.Side
	dump    *trace.Requests // open between build and compare

	runs       []record.Run
	comparison *record.Comparison
	record     *record.Record
}

// stage is a part of the pipeline.
type stage struct {
	name string
	do   func(*work) error
}

// stages is the program: doc.go says what each does. A machine's stages are those that a sweep's points and a companion go through too.
func stages() []stage {
	out := []stage{{"load", (*work).load}}
	for i, s := range machine.Stages() {
		out = append(out, stage{s.Name, func(w *work) error {
			if i == 0 {
				if err := w.build(); err != nil {
					return err
				}
			}
			for k := range w.sides {
				if err := w.sides[k].Do(s); err != nil {
					return err
				}
			}
			return nil
		}})
	}
	return append(out, stage{"compare", (*work).hold}, stage{"record", (*work).write})
}

// Stages names the stages of the pipeline in their order.
func Stages() []string {
	var out []string
	for _, s := range stages() {
		out = append(out, s.name)
	}
	return out
}

// through takes the case through the stages from one to another.
func (w *work) through(first, last string) error {
	all := stages()
	at := func(name string) int { return slices.IndexFunc(all, func(s stage) bool { return s.name == name }) }
	for _, s := range all[at(first) : at(last)+1] {
		if err := s.do(w); err != nil {
			if w.dump != nil {
				err = errors.Join(err, w.dump.Close())
			}
			return err
		}
	}
	return nil
}

// load reads the models.
func (w *work) load() (err error) {
	n, o := &w.names, &w.options
	var overrides []config.Override
	for _, from := range w.from {
		some, err := models.ParseOverrides(from.Origin, from.Set)
		if err != nil {
			return err
		}
		overrides = append(overrides, some...)
	}
	loader := models.NewLoader()
	w.models, err = loader.Load(models.Names{
		Arch: n.Arch, Board: n.Board, Energy: n.Energy, Network: n.Network, Recipe: n.Recipe, Sparsity: n.Sparsity, Batch: n.Batch,
	}, overrides)
	if err != nil {
		return err
	}
	if o.Memory != "" {
		if w.models, err = w.models.Use(config.Override{Path: "board.memory.model", Value: o.Memory}); err != nil {
			return &models.ChoiceError{Choice: "memory", Err: err}
		}
	}
	against := n.Against
	if w.only = against == DenseOnly; w.only {
		against = "dense"
	}
	base, err := loader.Recipe(against, "", nil)
	if err != nil {
		return fmt.Errorf("against: %w", err)
	}
	if err := base.Fits(*w.models.Step); err != nil {
		return fmt.Errorf("against: %w", err)
	}
	if o.Layer != "" {
		if w.models, err = w.models.Only(o.Layer, nil); err != nil {
			return err
		}
	}
	if _, err := companions(o.Companions); err != nil {
		return err
	}
	w.baseline = models.Baseline(base, w.models.Recipe)
	if o.Refine < 0 {
		return models.Wrong("refine", "%d; 1 or more is accepted", o.Refine)
	}
	if o.Layer != "" && len(o.Schedules) > 0 {
		return models.Wrong("schedule", "it is for a whole step; layer %s leaves a part of it", o.Layer)
	}
	w.words, err = machine.Replay(w.models, []recipe.Recipe{w.models.Recipe, w.baseline}, o.Schedules, o.AnyModel)
	return err
}

// build makes the machines, before the first stage of them.
func (w *work) build() (err error) {
	o := &w.options
	beside, err := companions(o.Companions)
	if err != nil {
		return err
	}
	if w.Detailed() {
		beside = compare.NoCompanions
	}
	w.compare = compare.Case{
		Spec: w.models.Spec, Step: w.models.Step, Baseline: w.baseline, Recipe: w.models.Recipe, DenseOnly: w.only, Energy: w.models.Energy,
		Refine: o.Refine, Exhaustive: o.Exhaustive || w.requests != nil, Companions: beside, Progress: o.Progress,
		Memo: memo.New(machine.MemoBytes),
	}
	if w.words != nil {
		w.compare.Words = w.words.Words
	}
	if w.requests != nil {
		w.dump = trace.NewRequests(w.requests)
		w.compare.Watch = w.dump
	}
	w.sides, err = w.compare.Sides(w.ctx)
	return err
}

// hold compares the runs, and costs whole trainings.
func (w *work) hold() (err error) {
	if w.dump != nil {
		err := w.dump.Close()
		if w.dump = nil; err != nil {
			return err
		}
	}
	w.runs, w.comparison, err = w.compare.Compare(w.ctx, w.sides)
	return err
}

// write makes the record.
func (w *work) write() (err error) {
	m := w.models
	w.record = &record.Record{
		Schema: record.Schema, Version: record.Version, Arch: m.ArchText, ArchName: m.Spec.Name,
		Network: record.Network{
			Name: m.Network.Name, Note: m.Step.Note, Images: m.Step.Images, Parameters: m.Step.Parameters, Description: m.NetworkText,
		},
		Recipe: m.RecipeText, Runs: w.runs, Comparison: w.comparison, EnergyTable: m.EnergyText, BoardTable: m.BoardTable, Resources: compare.Resources(&m.Spec),
	}
	if !w.options.Training {
		return nil
	}
	samples := w.options.Samples
	if samples == 0 {
		samples = m.Network.Samples
	}
	if w.record.Training, err = w.compare.Training(w.ctx, samples); err != nil {
		return fmt.Errorf("costing the whole training: %w", err)
	}
	return nil
}
