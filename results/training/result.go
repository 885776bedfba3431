package training

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"satsim/internal/ratio"
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

	// What 0.1.0 did not write.
	NetworkHash, RecipeHash string // empty: not known
	NetworkParams           string // the network's own, such as "batch=32 width=16"
	WeightDecay             float64
	Lambda                  float64 // of SR-STE
	ClipNorm                float64
	Masks                   string // searched every so many steps, or never
	LossScaling             string // static or dynamic
	LossScale               float64
	Momentum                float64
	Schedule                string // of the learning rate
	WarmUp                  int64  // epochs
	Augment                 string // of training images, such as "flip shift=2"
	Sequence                int64  // of a text: bytes of a sample, and losses are nats a byte; 0: images
	Init                    string // hash of the weights that it began with; empty: random ones
	InitRecipe              string // of the training that made those, where their file says it; empty: it does not
	InitSeen                int64  // images, or samples, that it was shown
	InitSetting             string // hash of its settings but the seed
	Diverged                int64  // the step in which it did, from 1; 0: it did not. The figures are those of the last epoch before
}

// resultColumns of a row.
var resultColumns = []field[Result]{
	{"network", func(r *Result) any { return &r.Network }, false},
	{"recipe", func(r *Result) any { return &r.Recipe }, false},
	{"sparsity", func(r *Result) any { return &r.Sparsity }, false},
	{"seed", func(r *Result) any { return &r.Seed }, false},
	{"data", func(r *Result) any { return &r.Data }, false},
	{"train_images", func(r *Result) any { return &r.TrainImages }, false},
	{"test_images", func(r *Result) any { return &r.TestImages }, false},
	{"batch", func(r *Result) any { return &r.Batch }, false},
	{"epochs", func(r *Result) any { return &r.Epochs }, false},
	{"optimiser", func(r *Result) any { return &r.Optimiser }, false},
	{"learning_rate", func(r *Result) any { return &r.LearningRate }, false},
	{"numerics", func(r *Result) any { return &r.Numerics }, false},
	{"test_accuracy", func(r *Result) any { return &r.TestAccuracy }, false},
	{"test_loss", func(r *Result) any { return &r.TestLoss }, false},
	{"train_accuracy", func(r *Result) any { return &r.TrainAccuracy }, false},
	{"train_loss", func(r *Result) any { return &r.TrainLoss }, false},
	{"masked_weights_ff", func(r *Result) any { return &r.WeightsFF }, false},
	{"masked_weights_bp", func(r *Result) any { return &r.WeightsBP }, false},
	{"kept_ff", func(r *Result) any { return &r.KeptFF }, false},
	{"kept_bp", func(r *Result) any { return &r.KeptBP }, false},
	{"shared_kept_ff", func(r *Result) any { return &r.SharedFF }, false},
	{"kept_both", func(r *Result) any { return &r.KeptBoth }, false},
	{"change_ff", func(r *Result) any { return &r.ChangeFF }, false},
	{"change_bp", func(r *Result) any { return &r.ChangeBP }, false},
	{"network_hash", func(r *Result) any { return &r.NetworkHash }, true},
	{"recipe_hash", func(r *Result) any { return &r.RecipeHash }, true},
	{"network_params", func(r *Result) any { return &r.NetworkParams }, true},
	{"weight_decay", func(r *Result) any { return &r.WeightDecay }, true},
	{"sr_ste_lambda", func(r *Result) any { return &r.Lambda }, true},
	{"clip_norm", func(r *Result) any { return &r.ClipNorm }, true},
	{"masks", func(r *Result) any { return &r.Masks }, true},
	{"loss_scaling", func(r *Result) any { return &r.LossScaling }, true},
	{"loss_scale", func(r *Result) any { return &r.LossScale }, true},
	{"momentum", func(r *Result) any { return &r.Momentum }, true},
	{"learning_rate_schedule", func(r *Result) any { return &r.Schedule }, true},
	{"warm_up_epochs", func(r *Result) any { return &r.WarmUp }, true},
	{"augment", func(r *Result) any { return &r.Augment }, true},
	{"sequence", func(r *Result) any { return &r.Sequence }, true},
	{"init", func(r *Result) any { return &r.Init }, true},
	{"diverged", func(r *Result) any { return &r.Diverged }, true},
	{"init_recipe", func(r *Result) any { return &r.InitRecipe }, true},
	{"init_images_seen", func(r *Result) any { return &r.InitSeen }, true},
	{"init_setting", func(r *Result) any { return &r.InitSetting }, true},
}

// Result is the training's row.
func (r *Run) Result() (Result, error) {
	var resolved struct {
		Optimiser   string  `json:"optimiser"`
		WeightDecay float64 `json:"weight_decay"`
		Lambda      float64 `json:"sr_ste_lambda"`
		ClipNorm    float64 `json:"clip_norm"`
		LossScale   string  `json:"loss_scale"`
		Masks       any     `json:"masks"` // a number of steps or a word
	}
	err := json.Unmarshal(r.Resolved, &resolved)
	var optimiser recipe.Optimiser
	if err == nil {
		optimiser, err = recipe.ParseOptimiser(resolved.Optimiser)
	}
	if err != nil {
		return Result{}, fmt.Errorf("reading the recipe of a training: %w", err)
	}
	var described struct {
		Params []struct {
			Name  string `json:"name"`
			Value any    `json:"value"` // a number or an expression
		} `json:"params"`
	}
	if err := json.Unmarshal(r.Description, &described); err != nil {
		return Result{}, fmt.Errorf("reading the network of a training: %w", err)
	}
	var params []string
	for _, p := range described.Params {
		params = append(params, fmt.Sprintf("%s=%v", p.Name, p.Value))
	}
	e := r.Last()
	out := Result{
		Network: r.Network, Recipe: r.Recipe, Sparsity: r.Sparsity, Seed: r.Options.Seed, Data: r.Data, TrainImages: r.TrainImages,
		TestImages: r.TestImages, Batch: r.Batch, Epochs: r.Options.Epochs, Optimiser: optimiser, LearningRate: r.Options.Rate,
		Numerics: string(r.Options.Numerics),
		Init:     r.Init, NetworkParams: strings.Join(params, " "), WeightDecay: resolved.WeightDecay, Lambda: resolved.Lambda, ClipNorm: resolved.ClipNorm,
		Masks: fmt.Sprint(resolved.Masks), LossScaling: resolved.LossScale, LossScale: r.Options.LossScale, Momentum: r.Options.Momentum, Schedule: "constant",
		WarmUp: r.Options.WarmUp, Augment: r.Options.Augment.String(), Sequence: r.Sequence,
	}
	if b := r.Before; b != nil {
		out.InitRecipe, out.InitSeen, out.InitSetting = b.Recipe, b.ImagesSeen, b.Setting
	}
	out.figures(&e)
	if out.NetworkHash, err = hashNetwork(r.Description); err != nil {
		return Result{}, err
	}
	if out.RecipeHash, err = hashRecipe(r.Resolved); err != nil {
		return Result{}, err
	}
	if r.Options.Cosine {
		out.Schedule = "cosine"
	}
	if r.Diverged != nil {
		out.Diverged = r.Diverged.Step
		if r.Diverged.Loss == "training" { // in the step behind those that are done; a test is after its epoch's last
			out.Diverged++
		}
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

// figures takes those of an epoch.
func (r *Result) figures(e *train.Epoch) {
	r.TestAccuracy, r.TestLoss, r.TrainAccuracy, r.TrainLoss = e.TestAccuracy, e.TestLoss, e.TrainAccuracy, e.TrainLoss
	r.WeightsFF, r.WeightsBP, r.KeptFF, r.KeptBP, r.SharedFF, r.KeptBoth = e.WeightsFF, e.WeightsBP, e.KeptFF, e.KeptBP, e.SharedFF, e.KeptBoth
}

// part of a whole; 0 of nothing.
func part(of, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return ratio.Of(of, whole)
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

// Where keeps the rows, each of a training, that have given values in columns, such as learning_rate=0.02.
func Where[R any](rows []R, training func(*R) *Result, conditions []string) ([]R, error) {
	for _, c := range conditions {
		name, value, ok := strings.Cut(c, "=")
		at := slices.IndexFunc(resultColumns, func(col field[Result]) bool { return col.name == name })
		if !ok || at < 0 {
			var names []string
			for _, col := range resultColumns {
				names = append(names, col.name)
			}
			return nil, fmt.Errorf("%q; COLUMN=VALUE is accepted, of the columns %s", c, strings.Join(names, ", "))
		}
		var want Result
		if err := parse(resultColumns[at].at(&want), value); err != nil {
			return nil, fmt.Errorf("%q: %w", c, err)
		}
		of := func(r *Result) any { return cell(resultColumns[at].at(r)).Value() }
		rows = slices.DeleteFunc(slices.Clone(rows), func(r R) bool { return !reflect.DeepEqual(of(training(&r)), of(&want)) })
		if len(rows) == 0 {
			return nil, fmt.Errorf("%q: no training has that", c)
		}
	}
	return rows, nil
}

// field is a column as it is written and read.
type field[T any] struct {
	name string
	at   func(*T) any
	late bool // files may lack it: those of 0.1.0 do
}

// ReadResults reads rows; columns may come in any order, and others may be among them.
func ReadResults(r io.Reader) ([]Result, error) {
	return readRows(r, resultColumns)
}

func readRows[T any](r io.Reader, fields []field[T]) ([]T, error) {
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
	for _, f := range fields {
		if _, ok := place[f.name]; !ok && !f.late {
			missing = append(missing, f.name)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("reading results of trainings: columns %s are missing", strings.Join(missing, ", "))
	}
	var out []T
	for {
		line, err := c.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading results of trainings: %w", err)
		}
		var row T
		for _, f := range fields {
			k, ok := place[f.name]
			if !ok {
				continue
			}
			if err := parse(f.at(&row), line[k]); err != nil {
				at, _ := c.FieldPos(k)
				return nil, fmt.Errorf("reading results of trainings: line %d, %s: %w", at, f.name, err)
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
