package training

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"satsim/results/table"
	"satsim/workloads/train"
)

// epoch is one of a training.
type epoch struct {
	run *Run
	row *Result // settings of its training
	at  *train.Epoch
}

// epochColumns of a curve, with the figure of each.
var epochColumns = []table.Field[epoch]{
	{Column: table.Key("network"), Of: func(e *epoch) table.Cell { return table.Text(e.run.Network) }},
	{Column: table.Key("recipe"), Of: func(e *epoch) table.Cell { return table.Text(e.run.Recipe) }},
	{Column: table.Key("sparsity"), Of: func(e *epoch) table.Cell { return table.Text(e.run.Sparsity) }},
	{Column: table.Key("seed"), Of: func(e *epoch) table.Cell { return table.Unsigned(e.run.Options.Seed) }},
	{Column: table.Key("epoch"), Of: func(e *epoch) table.Cell { return table.Whole(e.at.Epoch) }},
	{Column: table.Key("phase"), Of: func(e *epoch) table.Cell { return table.Text(e.at.Phase) }},
	{Column: table.Key("train_loss"), Of: func(e *epoch) table.Cell { return table.Real(e.at.TrainLoss) }},
	{Column: table.Key("train_accuracy"), Of: func(e *epoch) table.Cell { return table.Real(e.at.TrainAccuracy) }},
	{Column: table.Key("test_loss"), Of: func(e *epoch) table.Cell { return table.Real(e.at.TestLoss) }},
	{Column: table.Key("test_accuracy"), Of: func(e *epoch) table.Cell { return table.Real(e.at.TestAccuracy) }},
	{Column: table.Key("masked_weights_ff"), Of: func(e *epoch) table.Cell { return table.Whole(e.at.WeightsFF) }},
	{Column: table.Key("masked_weights_bp"), Of: func(e *epoch) table.Cell { return table.Whole(e.at.WeightsBP) }},
	{Column: table.Key("kept_ff"), Of: func(e *epoch) table.Cell { return table.Whole(e.at.KeptFF) }},
	{Column: table.Key("kept_bp"), Of: func(e *epoch) table.Cell { return table.Whole(e.at.KeptBP) }},
	{Column: table.Key("changed_ff"), Of: func(e *epoch) table.Cell { return table.Whole(e.at.ChangedFF) }},
	{Column: table.Key("changed_bp"), Of: func(e *epoch) table.Cell { return table.Whole(e.at.ChangedBP) }},
	{Column: table.Key("shared_kept_ff"), Of: func(e *epoch) table.Cell { return table.Whole(e.at.SharedFF) }},
	{Column: table.Key("kept_both"), Of: func(e *epoch) table.Cell { return table.Whole(e.at.KeptBoth) }},
	{Column: table.Key("kept_either"), Of: func(e *epoch) table.Cell { return table.Whole(e.at.KeptEither) }},
	{Column: table.Key("images_seen"), Of: func(e *epoch) table.Cell { return table.Whole(e.row.seen(e.at.Epoch)) }},
}

// curveColumns are those of epochs, and for programs all that tells one training from another.
func curveColumns() []table.Field[epoch] {
	out := slices.Clone(epochColumns)
	for _, t := range append(traits(), trait{name: "diverged", at: func(r *Result) any { return &r.Diverged }}) {
		column := table.Key(t.name)
		column.For = table.Programs
		out = append(out, table.Field[epoch]{Column: column, Of: func(e *epoch) table.Cell { return t.cell(e.row) }})
	}
	return out
}

// Curves has a row an epoch of each training.
func Curves(runs ...*Run) (*table.Table, error) {
	var epochs []epoch
	for _, r := range runs {
		row, err := r.Result()
		if err != nil {
			return nil, err
		}
		for i := range r.Curve {
			epochs = append(epochs, epoch{r, &row, &r.Curve[i]})
		}
	}
	return table.Of(curveColumns(), epochs), nil
}

func writeCurves(w io.Writer, runs ...*Run) error {
	t, err := Curves(runs...)
	if err != nil {
		return err
	}
	return t.CSV(w)
}

// EpochResult is where a training stood at the end of an epoch, in a row.
type EpochResult struct {
	Result
	Epoch int64 // epochs that were over
}

// ReadCurves reads the rows of curves.csv; columns may come in any order, and others may be among them. Files from before rows said of which training they are are refused.
func ReadCurves(r io.Reader) ([]EpochResult, error) {
	fields := []field[EpochResult]{
		{"epoch", func(e *EpochResult) any { return &e.Epoch }, false},
	}
	names := curveColumns()
	for _, c := range resultColumns {
		if slices.ContainsFunc(names, func(f table.Field[epoch]) bool { return f.Key == c.name }) {
			fields = append(fields, field[EpochResult]{c.name, func(e *EpochResult) any { return c.at(&e.Result) }, strings.HasPrefix(c.name, "init_")})
		}
	}
	out, err := readRows(r, fields)
	if err != nil {
		err = fmt.Errorf("%w; satsim train --summary makes curves.csv anew from the trainings' records", err)
	}
	return out, err
}

// epochResults are the rows that ReadCurves reads of some trainings.
func epochResults(runs []*Run) ([]EpochResult, error) {
	var out []EpochResult
	for _, r := range runs {
		row, err := r.Result()
		if err != nil {
			return nil, err
		}
		for i := range r.Curve {
			at := row
			at.figures(&r.Curve[i])
			out = append(out, EpochResult{at, r.Curve[i].Epoch})
		}
	}
	return out, nil
}
