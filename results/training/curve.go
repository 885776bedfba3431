package training

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"satsim/workloads/train"
)

// columns of the curve, with the figure of each.
var columns = []struct {
	name  string
	value func(e *train.Epoch) string
}{
	{"epoch", func(e *train.Epoch) string { return whole(e.Epoch) }},
	{"phase", func(e *train.Epoch) string { return e.Phase }},
	{"train_loss", func(e *train.Epoch) string { return real(e.TrainLoss) }},
	{"train_accuracy", func(e *train.Epoch) string { return real(e.TrainAccuracy) }},
	{"test_loss", func(e *train.Epoch) string { return real(e.TestLoss) }},
	{"test_accuracy", func(e *train.Epoch) string { return real(e.TestAccuracy) }},
	{"masked_weights_ff", func(e *train.Epoch) string { return whole(e.WeightsFF) }},
	{"masked_weights_bp", func(e *train.Epoch) string { return whole(e.WeightsBP) }},
	{"kept_ff", func(e *train.Epoch) string { return whole(e.KeptFF) }},
	{"kept_bp", func(e *train.Epoch) string { return whole(e.KeptBP) }},
	{"changed_ff", func(e *train.Epoch) string { return whole(e.ChangedFF) }},
	{"changed_bp", func(e *train.Epoch) string { return whole(e.ChangedBP) }},
	{"shared_kept_ff", func(e *train.Epoch) string { return whole(e.SharedFF) }},
	{"kept_both", func(e *train.Epoch) string { return whole(e.KeptBoth) }},
	{"kept_either", func(e *train.Epoch) string { return whole(e.KeptEither) }},
}

func whole(v int64) string  { return strconv.FormatInt(v, 10) }
func real(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// WriteCurve writes a row an epoch as CSV, a header first.
func (r *Run) WriteCurve(w io.Writer) error { return WriteCurves(w, []*Run{r}) }

// WriteCurves writes a row an epoch of each training as CSV, a header first.
func WriteCurves(w io.Writer, runs []*Run) error {
	c := csv.NewWriter(w)
	row := []string{"network", "recipe", "sparsity", "seed"}
	for _, col := range columns {
		row = append(row, col.name)
	}
	if err := c.Write(row); err != nil {
		return fmt.Errorf("writing curves of trainings: %w", err)
	}
	for _, r := range runs {
		for i := range r.Curve {
			row = append(row[:0], r.Network, r.Recipe, r.Sparsity, strconv.FormatUint(r.Options.Seed, 10))
			for _, col := range columns {
				row = append(row, col.value(&r.Curve[i]))
			}
			if err := c.Write(row); err != nil {
				return fmt.Errorf("writing curves of trainings: %w", err)
			}
		}
	}
	c.Flush()
	return c.Error()
}
