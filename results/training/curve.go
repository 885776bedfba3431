package training

import (
	"satsim/results/table"
	"satsim/workloads/train"
)

// epoch is one of a training.
type epoch struct {
	run *Run
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
}

// Curves has a row an epoch of each training.
func Curves(runs ...*Run) *table.Table {
	var epochs []epoch
	for _, r := range runs {
		for i := range r.Curve {
			epochs = append(epochs, epoch{r, &r.Curve[i]})
		}
	}
	return table.Of(epochColumns, epochs)
}
