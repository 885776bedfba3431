package training

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"satsim/results/table"
	"satsim/workloads/recipe"
	"satsim/workloads/train"
)

// Result is a finished training in a row.
type Result struct {
	Network, Recipe, Sparsity string
	Seed                      uint64
	Data                      string
	TrainImages, TestImages   int64
	Batch, Epochs             int64
	Optimiser                 recipe.Optimiser
	LearningRate              float64
	Numerics                  string // fp32, machine, or machine-ieee where subnormals are kept
	TestAccuracy, TestLoss    float64
	TrainAccuracy, TrainLoss  float64
	WeightsFF, WeightsBP      int64 // that have masks
	KeptFF, KeptBP            int64
	SharedFF, KeptBoth        int64 // of those with both: kept in FF; kept in both
	ChangeFF, ChangeBP        []float64
}

// resultColumns of a row, each with how it is written and read.
var resultColumns = []struct {
	name string
	at   func(r *Result) any
}{
	{"network", func(r *Result) any { return &r.Network }},
	{"recipe", func(r *Result) any { return &r.Recipe }},
	{"sparsity", func(r *Result) any { return &r.Sparsity }},
	{"seed", func(r *Result) any { return &r.Seed }},
	{"data", func(r *Result) any { return &r.Data }},
	{"train_images", func(r *Result) any { return &r.TrainImages }},
	{"test_images", func(r *Result) any { return &r.TestImages }},
	{"batch", func(r *Result) any { return &r.Batch }},
	{"epochs", func(r *Result) any { return &r.Epochs }},
	{"optimiser", func(r *Result) any { return &r.Optimiser }},
	{"learning_rate", func(r *Result) any { return &r.LearningRate }},
	{"numerics", func(r *Result) any { return &r.Numerics }},
	{"test_accuracy", func(r *Result) any { return &r.TestAccuracy }},
	{"test_loss", func(r *Result) any { return &r.TestLoss }},
	{"train_accuracy", func(r *Result) any { return &r.TrainAccuracy }},
	{"train_loss", func(r *Result) any { return &r.TrainLoss }},
	{"masked_weights_ff", func(r *Result) any { return &r.WeightsFF }},
	{"masked_weights_bp", func(r *Result) any { return &r.WeightsBP }},
	{"kept_ff", func(r *Result) any { return &r.KeptFF }},
	{"kept_bp", func(r *Result) any { return &r.KeptBP }},
	{"shared_kept_ff", func(r *Result) any { return &r.SharedFF }},
	{"kept_both", func(r *Result) any { return &r.KeptBoth }},
	{"change_ff", func(r *Result) any { return &r.ChangeFF }},
	{"change_bp", func(r *Result) any { return &r.ChangeBP }},
}

// Result is the training's row.
func (r *Run) Result() (Result, error) {
	var resolved struct {
		Optimiser string `json:"optimiser"`
	}
	err := json.Unmarshal(r.Resolved, &resolved)
	var optimiser recipe.Optimiser
	if err == nil {
		optimiser, err = recipe.ParseOptimiser(resolved.Optimiser)
	}
	if err != nil {
		return Result{}, fmt.Errorf("reading the recipe of a training: %w", err)
	}
	e := r.Last()
	out := Result{
		Network: r.Network, Recipe: r.Recipe, Sparsity: r.Sparsity, Seed: r.Options.Seed, Data: r.Data, TrainImages: r.TrainImages,
		TestImages: r.TestImages, Batch: r.Batch, Epochs: r.Options.Epochs, Optimiser: optimiser, LearningRate: r.Options.Rate,
		Numerics: string(r.Options.Numerics), TestAccuracy: e.TestAccuracy, TestLoss: e.TestLoss, TrainAccuracy: e.TrainAccuracy,
		TrainLoss: e.TrainLoss, WeightsFF: e.WeightsFF, WeightsBP: e.WeightsBP, KeptFF: e.KeptFF, KeptBP: e.KeptBP,
		SharedFF: e.SharedFF, KeptBoth: e.KeptBoth,
	}
	if r.Options.Numerics == train.Machine && !r.Options.Flush {
		out.Numerics += "-ieee"
	}
	for _, e := range r.Curve {
		out.ChangeFF = append(out.ChangeFF, part(e.ChangedFF, e.WeightsFF))
		out.ChangeBP = append(out.ChangeBP, part(e.ChangedBP, e.WeightsBP))
	}
	return out, nil
}

// part of a whole; 0 of nothing.
func part(of, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(of) / float64(whole)
}

// Results has a row a training.
func Results(rows []Result) *table.Table {
	var fields []table.Field[Result]
	for _, c := range resultColumns {
		fields = append(fields, table.Field[Result]{Column: table.Key(c.name), Of: func(r *Result) table.Cell { return cell(c.at(r)) }})
	}
	return table.Of(fields, rows)
}

// cell of what a column points to.
func cell(at any) table.Cell {
	switch v := at.(type) {
	case *string:
		return table.Text(*v)
	case *recipe.Optimiser:
		return table.Text(string(*v))
	case *int64:
		return table.Whole(*v)
	case *uint64:
		return table.Unsigned(*v)
	case *float64:
		return table.Real(*v)
	case *[]float64:
		return table.List(rounded(*v))
	}
	return table.Cell{}
}

// rounded are numbers to six digits: lists of shares need no more, and would be long.
func rounded(v []float64) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i], _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	}
	return out
}

// ReadResults reads rows; columns may come in any order, and others may be among them.
func ReadResults(r io.Reader) ([]Result, error) {
	c := csv.NewReader(r)
	header, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("reading results of trainings: the header: %w", err)
	}
	place := map[string]int{}
	for i, name := range header {
		place[name] = i
	}
	var missing []string
	for _, col := range resultColumns {
		if _, ok := place[col.name]; !ok {
			missing = append(missing, col.name)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("reading results of trainings: columns %s are missing", strings.Join(missing, ", "))
	}
	var out []Result
	for {
		line, err := c.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading results of trainings: %w", err)
		}
		var row Result
		for _, col := range resultColumns {
			if err := parse(col.at(&row), line[place[col.name]]); err != nil {
				at, _ := c.FieldPos(place[col.name])
				return nil, fmt.Errorf("reading results of trainings: line %d, %s: %w", at, col.name, err)
			}
		}
		out = append(out, row)
	}
}

func parse(to any, text string) (err error) {
	switch v := to.(type) {
	case *string:
		*v = text
	case *recipe.Optimiser:
		*v, err = recipe.ParseOptimiser(text)
	case *int64:
		*v, err = strconv.ParseInt(text, 10, 64)
	case *uint64:
		*v, err = strconv.ParseUint(text, 10, 64)
	case *float64:
		*v, err = strconv.ParseFloat(text, 64)
	case *[]float64:
		for _, part := range strings.Fields(text) {
			x, err := strconv.ParseFloat(part, 64)
			if err != nil {
				return err
			}
			*v = append(*v, x)
		}
	}
	return err
}
