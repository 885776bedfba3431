package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"satsim/results/codesign"
	"satsim/results/plot"
	"satsim/results/record"
	"satsim/results/table"
	"satsim/results/training"
)

// ofFilesAndCommands lists what is made of files that commands wrote, and what commands print.
func ofFilesAndCommands() []Entry {
	file := func(name, title string, from Source, build func(*Input) (*table.Table, error)) Entry {
		return Entry{Kind: KindTable, Name: name, Title: title, From: from, table: plain(filled(build))}
	}
	answer := func(name, title, command string) Entry {
		return Entry{Kind: KindTable, Name: name, Title: title, From: FromCommand, Command: command, table: plain(filled(func(in *Input) (*table.Table, error) { return in.Answer.Table(), nil }))}
	}
	figure := func(name, title string, from Source, draw func(*Input) (*plot.Figure, error)) Entry {
		return Entry{Kind: KindFigure, Name: name, Title: title, From: from, draw: func(_ context.Context, in *Input) (*plot.Figure, error) { return draw(in) }}
	}
	ofRecord := func(of func(*record.Record) *table.Table) func(*Input) (*table.Table, error) {
		return func(in *Input) (*table.Table, error) { return of(in.Record), nil }
	}
	trade := figure("codesign", "Accuracy over the time of a step, and the Pareto front", FromCommand, drawn)
	trade.Command = "codesign"
	spread := figure("uncertainty", "Distribution of the speed-ups and the energy ratio under all assumptions", FromCommand, drawnDistributions)
	effects := figure("effects", "Assumptions that decide the speed-up, with the errors of their effects", FromCommand, drawnEffects)
	spread.Command, effects.Command = "uncertainty", "uncertainty"
	doubt := func(name, title string, build func(*Uncertain) *table.Table) Entry {
		return Entry{Kind: KindTable, Name: name, Title: title, From: FromCommand, Command: "uncertainty", table: plain(filled(func(in *Input) (*table.Table, error) {
			u, ok := in.Answer.(*Uncertain)
			if !ok {
				return nil, fmt.Errorf("%T has no %s", in.Answer, name)
			}
			return build(u), nil
		}))}
	}
	return []Entry{
		file("stages", "Stages of a step: time, throughput and traffic", FromRecord, ofRecord(Stages)),
		file("layers", "Layers of a step, stage by stage", FromRecord, ofRecord(eachRun(Layers))),
		file("groups", "Word groups of a step: predicted, simulated, and where the time went in %", FromRecord, ofRecord(eachRun(Groups))),
		file("joules", "Energy of a step by unit", FromRecord, ofJoules),
		file("memory", "Off-chip memory by stage and operand: where its time goes, in %", FromRecord, ofMemory(MemoryStages)),
		file("channels", "Off-chip memory by channel", FromRecord, ofMemory(MemoryChannels)),
		file("phases", "Whole trainings by kind of step", FromRecord, ofTrainings),
		file("schedule", "Words of an offline schedule, with what is predicted of them", FromSchedule, func(in *Input) (*table.Table, error) { return ScheduleOf(in.Schedule).Table(), nil }),
		file("training", "Accuracy and masks of trainings, means over seeds", FromTrainings, func(in *Input) (*table.Table, error) { return training.Table(in.Trainings), nil }),
		file("gap", "Accuracy lost against images seen, epoch by epoch", FromCurves, func(in *Input) (*table.Table, error) { return training.GapTable(in.Gaps), nil }),
		file("epochs", "Epochs of a training: loss, accuracy, masks", FromTraining, func(in *Input) (*table.Table, error) { return training.Curves(in.Training) }),
		answer("codesign", "Accuracy beside time, energy and resources", "codesign"),
		answer("optimisations", "A step with each combination of the dataflow's optimisations", "ablation"),
		answer("units", "FPGA resources of every part of every unit", "resources"),
		answer("product", "A product on the array: exact model and closed form", "array"),
		answer("traffic", "Requests on the off-chip memory's models", "memory"),
		answer("network", "A network layer by layer: shapes, MACs, what is pruned and saved", "network"),
		answer("networks", "The shipped networks", "network --list"),
		answer("recipe", "A recipe's products, what they prune, and what a step asks for", "recipe NAME"),
		answer("shipped-recipes", "The shipped recipes", "recipe"),
		answer("weights", "Real weights pruned at N:M, and their packed copies", "prune"),
		answer("points", "Points of a store", "results"),
		answer("keys", "Keys of files: type, unit, default, range, meaning, source", "params"),
		answer("checked", "Files, and what is wrong in them", "check"),
		answer("diff", "What differs between two runs, in parts that add up to the difference", "diff"),
		answer("explanation", "Changes of one parameter that make a layer's stage faster", "explain"),
		answer("ranking", "Layers of a step by the cycles that a better machine could save", "explain --all"),
		answer("explored", "The best designs of a space", "explore"),
		doubt("uncertainty", "What is claimed, with all assumptions in doubt", (*Uncertain).Table),
		doubt("headline", "What is claimed of the networks' mean, with all assumptions in doubt, and what decides it", (*Uncertain).Claims),
		doubt("effects", "Assumptions that decide what is claimed", (*Uncertain).Ranking),
		doubt("assumptions", "What each assumption is worth alone", (*Uncertain).Worths),

		figure("training", "Accuracy of trainings, means and deviations over seeds", FromTrainings, func(in *Input) (*plot.Figure, error) { return training.Figure(in.Trainings) }),
		figure("gap", "Accuracy lost against images seen, with 95 % intervals over seeds", FromCurves, func(in *Input) (*plot.Figure, error) { return training.GapFigure(in.Gaps) }),
		figure("epochs", "Loss and accuracy of a training over its epochs", FromTraining, func(in *Input) (*plot.Figure, error) { return in.Training.CurveFigure() }),
		figure("timeline", "What each lane does in the word group that takes longest", FromTrace, func(in *Input) (*plot.Figure, error) { return tracks(in.Trace) }),
		trade, spread, effects,
	}
}

// filled fills an entry's table with one that a result makes of itself.
func filled(build func(*Input) (*table.Table, error)) func(*table.Table, *Input) error {
	return func(t *table.Table, in *Input) error {
		made, err := build(in)
		if err != nil {
			return err
		}
		made.Name, made.Title, made.Command = t.Name, t.Title, t.Command
		*t = *made
		return nil
	}
}

// Printed is the table of a name, for a command that prints it.
func Printed(name string) (*Entry, error) {
	found, err := Find(KindTable, name)
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

// Print writes an answer in a form: the page for people, everything as JSON, or its table.
func (e *Entry) Print(w io.Writer, a Answer, form table.Form, command string) error {
	switch form.Name {
	case table.FormTerminal:
		return a.Text(w)
	case table.FormJSON:
		return a.JSON(w)
	}
	t := a.Table()
	t.Name, t.Title, t.Command = e.Name, e.Title, command
	return form.Write(t, w)
}

// drawn draws the answer that can be drawn.
func drawn(in *Input) (*plot.Figure, error) {
	points, ok := in.Answer.(codesign.Points)
	if !ok {
		return nil, fmt.Errorf("%T has no figure", in.Answer)
	}
	return points.Figure()
}

// eachRun puts the tables of a record's runs below one another, and the run's recipe in front. Where runs differ in columns, a run has nothing in those of others.
func eachRun(of func(*record.Run) *table.Table) func(*record.Record) *table.Table {
	return func(r *record.Record) *table.Table {
		out := &table.Table{Columns: []table.Column{table.Words("run")}}
		made := make([]*table.Table, len(r.Runs))
		for i := range r.Runs {
			made[i] = of(&r.Runs[i])
			for k, c := range made[i].Columns {
				if !slices.Contains(out.Columns, c) {
					out.Columns = slices.Insert(out.Columns, min(k+1, len(out.Columns)), c)
				}
			}
		}
		for i, t := range made {
			for k, row := range t.Rows {
				cells := make([]table.Cell, len(out.Columns))
				cells[0] = table.Text(withRatio(r.Runs[i].Recipe, r.Runs[i].Sparsity))
				for at, c := range row.Cells {
					cells[slices.Index(out.Columns, t.Columns[at])] = c
				}
				line := table.Row{Cells: cells, Rule: row.Rule || row.Foot || i > 0 && k == 0, For: row.For}
				if row.Foot {
					line.For = table.People
				}
				out.Rows = append(out.Rows, line)
			}
		}
		return out
	}
}

func ofJoules(in *Input) (*table.Table, error) {
	if len(in.Record.Runs) == 0 || in.Record.Runs[0].Energy == nil {
		return nil, errors.New("the record has no joules")
	}
	return Joules(in.Record), nil
}

func ofMemory(of func(*record.Memory) *table.Table) func(*Input) (*table.Table, error) {
	return func(in *Input) (*table.Table, error) {
		if slices.ContainsFunc(in.Record.Runs, func(r record.Run) bool { return r.Memory == nil }) {
			return nil, errors.New("the record does not say how the memory was used")
		}
		return eachRun(func(r *record.Run) *table.Table { return of(r.Memory) })(in.Record), nil
	}
}

func ofTrainings(in *Input) (*table.Table, error) {
	if len(in.Record.Training) == 0 {
		return nil, errors.New("the record has no whole trainings; those of satsim run --training have")
	}
	return Trainings(in.Record.Training), nil
}

// How says how an entry is made that a command for tables and figures cannot make.
func (e *Entry) How() string {
	var names []string
	for _, f := range table.Forms() {
		names = append(names, f.Name)
	}
	if e.Kind == KindFigure {
		return "satsim " + e.Command + " draws it"
	}
	return "satsim " + e.Command + " makes it, with --format " + strings.Join(names, ", ")
}
