package training

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"

	"satsim/results/plot"
	"satsim/workloads/train"
)

func row(recipe, sparsity string, seed uint64, accuracy float64) Result {
	return Result{
		Network: "net", Recipe: recipe, Sparsity: sparsity, Seed: seed, Data: "d", TrainImages: 100, TestImages: 50, Batch: 10, Epochs: 2,
		Optimiser: "momentum", LearningRate: 0.1, Numerics: "machine", TestAccuracy: accuracy,
	}
}

// TestSummaryByHand: dense 80, 90 and 85; bdwp 79, 88 and 84: mean 83.667, deviation sqrt((4.667^2 + 4.333^2 + 0.333^2)/2) = 4.509;
// differences -1, -2, -1: mean -1.333, deviation 0.577.
func TestSummaryByHand(t *testing.T) {
	rows := []Result{
		row("bdwp", "2:8", 3, 0.84), row("dense", "1:1", 1, 0.80), row("bdwp", "2:8", 1, 0.79), row("dense", "1:1", 2, 0.90),
		row("dense", "1:1", 3, 0.85), row("bdwp", "2:8", 2, 0.88), row("bdwp", "2:4", 1, 0.81),
	}
	other := row("bdwp", "2:8", 1, 0.5)
	other.Epochs = 90 // another setting, without a dense training
	rows = append(rows, other)
	for i := range rows {
		if r := &rows[i]; r.Sparsity == "2:8" {
			// 100 masked weights of which 25 stay; of these, BP keeps 10 too.
			r.WeightsFF, r.WeightsBP, r.KeptFF, r.KeptBP, r.SharedFF, r.KeptBoth = 100, 100, 25, 25, 25, 10
			r.ChangeFF, r.ChangeBP = []float64{0.1 * float64(r.Seed), 0.05}, []float64{0.2, 0}
		}
	}
	g := Summarise(rows)
	if len(g) != 4 || g[0].Recipe != "dense" || g[1].Sparsity != "2:4" || g[2].Sparsity != "2:8" || g[3].Epochs != 90 {
		t.Fatalf("groups %+v", g)
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 5e-4*max(1, math.Abs(want)) {
			t.Errorf("%s: %g, want %g", what, got, want)
		}
	}
	b := g[2]
	near("mean", 100*b.Accuracy.Mean, 83.6667)
	near("deviation", 100*b.Accuracy.Deviation, 4.5092)
	near("difference", 100*b.Difference.Mean, -1.3333)
	near("its deviation", 100*b.Difference.Deviation, 0.5774)
	near("pruned", b.PrunedFF, 0.75)
	near("overlap", b.Overlap, 0.4)
	near("change in the first epoch", b.ChangeFF[0], 0.2)
	near("change in the second", b.ChangeFF[1], 0.05)
	if b.Seeds != 3 || b.Difference.Of != 3 || g[0].Difference.Of != 0 || g[1].Difference.Of != 1 || g[3].Difference.Of != 0 {
		t.Errorf("seeds %d, differences of %d, %d, %d, %d", b.Seeds, b.Difference.Of, g[0].Difference.Of, g[1].Difference.Of, g[3].Difference.Of)
	}
	var text, md, csv bytes.Buffer
	if err := Table(g).Terminal(&text); err != nil || !strings.Contains(text.String(), "│ net     │ bdwp   │ 2:8 │     3 │           83.67 │ 4.51 │       -1.33 │ 0.58 │        75.0 │") ||
		!strings.Contains(text.String(), "│ net     │ dense  │ 1:1 │     3 │           85.00 │ 5.00 │           - │    - │           - │") {
		t.Errorf("%v: table\n%s", err, text.String())
	}
	if err := WriteMarkdown(&md, g); err != nil || strings.Count(md.String(), "| net |") != 4 || strings.Count(md.String(), "net on d") != 2 {
		t.Errorf("%v\n%s", err, md.String())
	}
	if err := Table(g).CSV(&csv); err != nil || strings.Count(csv.String(), "\n") != 5 {
		t.Errorf("%v\n%s", err, csv.String())
	}
	checkSVG(t, func() (*plot.Figure, error) { return Figure(g) }, "bdwp 2:8")
}

// checkSVG parses a figure and looks for a text in it.
func checkSVG(t *testing.T, figure func() (*plot.Figure, error), text string) {
	t.Helper()
	draw := func(w io.Writer) error {
		f, err := figure()
		if err != nil {
			return err
		}
		return f.SVG(w)
	}
	var b bytes.Buffer
	if err := draw(&b); err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(b.Bytes()))
	for {
		_, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("the figure is no XML: %v", err)
		}
	}
	if !strings.Contains(b.String(), text) {
		t.Errorf("%q is not in the figure", text)
	}
	var again bytes.Buffer
	if err := draw(&again); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("two drawings differ")
	}
}

func TestResultsReadBack(t *testing.T) {
	want := []Result{row("bdwp", "2:8", 1<<63+5, 0.8125), row("dense", "1:1", 0, 1)}
	want[0].ChangeFF, want[0].KeptBP, want[0].Data = []float64{0.5, 0.25}, 12, `a "quoted", name`
	var b bytes.Buffer
	if err := Results(want).CSV(&b); err != nil {
		t.Fatal(err)
	}
	got, err := ReadResults(bytes.NewReader(b.Bytes()))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%+v\n%+v", err, got, want)
	}
	text := b.String()
	for _, c := range []struct{ file, want string }{
		{"", "header"},
		{strings.Replace(text, "kept_bp", "kept", 1), "kept_bp are missing"},
		{strings.Replace(text, "0.8125", "much", 1), "line 2, test_accuracy"},
		{strings.Replace(text, ",momentum,0.1", ",sam,0.1", 1), `line 2, optimiser: "sam" is no optimiser; sgd, momentum, adam, adamw are accepted`},
		{text + "short,row\n", "wrong number of fields"},
	} {
		if _, err := ReadResults(strings.NewReader(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want an error with %q", err, c.want)
		}
	}
}

// TestDivergedCountForNothing: of three seeds one diverged, so the mean is that of 0.8 and 0.6, and its own 0.1 has no part; a group that is
// lost altogether has no accuracy.
func TestDivergedCountForNothing(t *testing.T) {
	rows := []Result{row("bdwp", "2:8", 1, 0.8), row("bdwp", "2:8", 2, 0.1), row("bdwp", "2:8", 3, 0.6), row("bdwp", "1:8", 1, 0.1)}
	rows[1].Diverged, rows[3].Diverged = 7, 1
	g := Summarise(rows)
	if len(g) != 2 || g[0].Seeds != 2 || g[0].Lost != 1 || math.Abs(g[0].Accuracy.Mean-0.7) > 1e-12 || g[1].Seeds != 0 || g[1].Lost != 1 {
		t.Errorf("%+v", g)
	}
	var csv bytes.Buffer
	if err := Table(g).CSV(&csv); err != nil || !strings.Contains(csv.String(), "net,bdwp,1:8,0,,") {
		t.Errorf("%v\n%s", err, csv.String())
	}
	r := Run{Schema: Schema, Network: "net", Diverged: &train.Diverged{Step: 4, Loss: "training", Is: "NaN"}}
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	back, err := Read(&b)
	if err != nil || *back.Diverged != *r.Diverged || back.Last() != (train.Epoch{}) {
		t.Errorf("%v %+v", err, back)
	}
}

// TestStepOfDivergence: five steps are done. A loss of training that is no number is of the sixth, one of the test of the fifth, with which its epoch ended.
func TestStepOfDivergence(t *testing.T) {
	for loss, want := range map[string]int64{"training": 6, "test": 5} {
		r := Run{Resolved: json.RawMessage(`{"optimiser":"sgd"}`), Description: json.RawMessage(`{}`), Diverged: &train.Diverged{Step: 5, Loss: loss, Is: "NaN"}}
		if got, err := r.Result(); err != nil || got.Diverged != want {
			t.Errorf("%s: step %d, %v; want %d", loss, got.Diverged, err, want)
		}
	}
}

// TestDenseOfTheSameWeightDecay: of two dense trainings of a seed the one with the training's own weight decay counts; between two others nothing is chosen.
func TestDenseOfTheSameWeightDecay(t *testing.T) {
	rows := []Result{row("dense", "1:1", 1, 0.8), row("dense", "1:1", 1, 0.9), row("bdwp", "2:8", 1, 0.85), row("sdwp", "2:8", 1, 0.85)}
	for i, w := range []float64{0, 0.1, 0.1, 0.2} {
		rows[i].WeightDecay, rows[i].RecipeHash = w, rows[i].Recipe+string(rune('a'+i))
	}
	for _, g := range Summarise(rows) {
		switch {
		case g.Recipe == "bdwp" && math.Abs(g.Difference.Mean+0.05) > 1e-12, g.Recipe == "sdwp" && g.Difference.Of != 0:
			t.Errorf("%s minus dense: %+v", g.Recipe, g.Difference)
		}
	}
}

// TestHashesTellModelsApart: what a model does has a part in its hash; names, notes and the order of keys have not.
func TestHashesTellModelsApart(t *testing.T) {
	of := func(text string) string {
		t.Helper()
		h, err := hashNetwork(json.RawMessage(text))
		if err != nil || len(h) != hashDigits {
			t.Fatal(h, err)
		}
		return h
	}
	base := of(`{"name":"a","note":"x","samples":3,"params":[{"name":"width","value":16,"note":"y"}],"layers":[{"name":"l","op":"relu"}]}`)
	if base != of(`{"layers":[{"op":"relu","name":"l"}],"params":[{"value":16,"name":"width"}],"name":"b"}`) {
		t.Error("names, notes or order count")
	}
	if base == of(`{"params":[{"name":"width","value":32}],"layers":[{"name":"l","op":"relu"}]}`) {
		t.Error("a width does not count")
	}
	a, err := hashRecipe(json.RawMessage(`{"name":"a","paper":"p","masks":1,"weight_decay":0.0001}`))
	if err != nil {
		t.Fatal(err)
	}
	if same, err := hashRecipe(json.RawMessage(`{"sparsity":"2:8","ff":{"prune":"dense"},"masks":1,"weight_decay":0.0001}`)); err != nil {
		t.Fatal(err)
	} else if other, err := hashRecipe(json.RawMessage(`{"sparsity":"2:4","ff":{"prune":"dense"},"masks":1,"weight_decay":0.0001}`)); err != nil || same != other {
		t.Errorf("%v: the ratio of a recipe that prunes nothing counts", err)
	}
	b, err := hashRecipe(json.RawMessage(`{"name":"b","masks":50,"weight_decay":0.0001}`))
	if err != nil || a == b {
		t.Errorf("%v: the period of masks does not count", err)
	}
}

func TestRunIsARow(t *testing.T) {
	r := Run{
		Schema: Schema, Network: "net", Recipe: "bdwp", Sparsity: "2:8", TrainImages: 100, Options: train.Options{Seed: 4, Epochs: 2, Numerics: train.Machine},
		Resolved:    json.RawMessage(`{"optimiser":"adamw","masks":"never","weight_decay":0.01,"sr_ste_lambda":0.0002}`),
		Description: json.RawMessage(`{"params":[{"name":"batch","value":32},{"name":"inner","value":"2 * width"}]}`),
		Curve: []train.Epoch{
			{Epoch: 1, TrainLoss: 2, TestAccuracy: 0.5, WeightsFF: 100, KeptFF: 25, ChangedFF: 20},
			{Epoch: 2, TrainLoss: 1, TestAccuracy: 0.75, WeightsFF: 100, KeptFF: 25, ChangedFF: 5, SharedFF: 25, KeptBoth: 7},
		},
	}
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	back, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	row, err := back.Result()
	if err != nil || row.Optimiser != "adamw" || row.TestAccuracy != 0.75 || row.KeptBoth != 7 || row.Numerics != "machine-ieee" ||
		row.Masks != "never" || row.WeightDecay != 0.01 || row.Lambda != 0.0002 || row.NetworkParams != "batch=32 inner=2 * width" ||
		!reflect.DeepEqual(row.ChangeFF, []float64{0.2, 0.05}) || !reflect.DeepEqual(row.ChangeBP, []float64{0, 0}) {
		t.Errorf("%+v %v", row, err)
	}
	var csv bytes.Buffer
	if err := writeCurves(&csv, &r); err != nil || strings.Count(csv.String(), "\n") != 3 || !strings.Contains(csv.String(), "net,bdwp,2:8,4,2,") {
		t.Errorf("%v\n%s", err, csv.String())
	}
	checkSVG(t, r.CurveFigure, "test accuracy")
	for _, text := range []string{"", "{}", `{"schema":"satsim.training/2","curve":[{}]}`, `{"schema":"satsim.training/1"}`} {
		if _, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

// TestGapsByHand: three seeds lose 1, 2 and 1 points after the second of two epochs of 90 images in batches of 40, 80 of which are shown: mean 1.333, deviation 0.577, and the
// interval of 95 % is 4.3027 (Student's t of two degrees, from a table) times 0.577 over the root of three, 1.434. A seed without a dense training, and one that diverged, count for nothing.
func TestGapsByHand(t *testing.T) {
	var runs []*Run
	add := func(recipe string, seed uint64, lambda float64, accuracy ...float64) *Run {
		r := &Run{
			Schema: Schema, Network: "net", Recipe: recipe, Sparsity: "1:1", TrainImages: 90, TestImages: 50, Batch: 40, Options: train.Options{Seed: seed, Epochs: 2, Numerics: train.FP32},
			Resolved: json.RawMessage(fmt.Sprintf(`{"optimiser":"momentum","masks":1,"sr_ste_lambda":%g,"sparsity":"2:8"}`, lambda)), Description: json.RawMessage(`{}`),
		}
		if recipe != "dense" {
			r.Sparsity = "2:8"
		}
		for i, a := range accuracy {
			r.Curve = append(r.Curve, train.Epoch{Epoch: int64(i) + 1, TestAccuracy: a, TrainLoss: 0.1 + 0.2})
		}
		runs = append(runs, r)
		return r
	}
	for seed, end := range map[uint64][2]float64{1: {0.80, 0.79}, 2: {0.90, 0.88}, 3: {0.85, 0.84}} {
		add("dense", seed, 0, 0.5, end[0])
		add("bdwp", seed, 0, 0.25, end[1])
	}
	add("bdwp", 7, 0, 0.1, 0.1)
	add("bdwp", 1, 0.0002, 0.375, 0.75)
	add("bdwp", 2, 0.0002, 0.1).Diverged = &train.Diverged{Step: 3}
	var csv bytes.Buffer
	if err := writeCurves(&csv, runs...); err != nil {
		t.Fatal(err)
	}
	read, err := ReadCurves(&csv)
	if err != nil {
		t.Fatal(err)
	}
	held, err := epochResults(runs)
	if err != nil {
		t.Fatal(err)
	}
	gaps := Gaps(read)
	if !reflect.DeepEqual(groupsOf(gaps)[0].Difference, groupsOf(Gaps(held))[0].Difference) || len(gaps) != len(Gaps(held)) {
		t.Errorf("%+v of the file, %+v of what it was made of", gaps, Gaps(held))
	}
	var table bytes.Buffer
	if err := GapTable(gaps).Markdown(&table); err != nil {
		t.Fatal(err)
	}
	rows := []string{
		"| net | bdwp | 2:8 | 1 | 80 | 3 | 25.00 | 0.00 | 0 |", "| net | bdwp | 2:8 | 2 | 160 | 3 | 1.33 | 1.43 | 0 |",
		"| net | bdwp | 2:8 | 1 | 80 | 1 | 12.50 | - | 0.0002 |", "| net | bdwp | 2:8 | 2 | 160 | 1 | 5.00 | - | 0.0002 |",
	}
	for _, want := range rows {
		if !strings.Contains(table.String(), want) {
			t.Errorf("%q is not in\n%s", want, table.String())
		}
	}
	if len(gaps) != len(rows) {
		t.Errorf("%d gaps, want %d", len(gaps), len(rows))
	}
	checkSVG(t, func() (*plot.Figure, error) { return GapFigure(gaps) }, "bdwp 2:8 sr_ste_lambda=0.0002")
	if _, err := ReadCurves(strings.NewReader("network,recipe,sparsity,seed,epoch\n")); err == nil || !strings.Contains(err.Error(), "recipe_hash") || !strings.Contains(err.Error(), "train --summary makes") {
		t.Errorf("%v, want an error that names what is missing and what makes it", err)
	}
}

// TestRowsOfOneNameAreTold: what people read has the settings in which rows of one name differ, and no others; programs have them in any case.
func TestRowsOfOneNameAreTold(t *testing.T) {
	rows := []Result{row("dense", "1:1", 1, 0.8), row("bdwp", "2:8", 1, 0.8), row("bdwp", "2:8", 1, 0.7), row("sr-ste", "2:8", 1, 0.7), row("fst", "2:8", 1, 0.7), row("fst", "2:8", 1, 0.6)}
	for i := range rows {
		rows[i].RecipeHash, rows[i].Masks = string(rune('a'+i)), "1"
	}
	rows[2].Lambda, rows[3].Lambda = 0.0002, 0.0002
	groups := Summarise(rows)
	if got, want := strings.Join(RecipeLabels(groups), ","), "dense,bdwp 2:8,bdwp 2:8 sr_ste_lambda=0.0002,fst 2:8 recipe_hash=e,fst 2:8 recipe_hash=f,sr-ste 2:8"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	heads := func() string {
		var text, csv bytes.Buffer
		if err := errors.Join(Table(groups).Markdown(&text), Table(groups).CSV(&csv)); err != nil {
			t.Fatal(err)
		}
		for _, c := range []string{"recipe_hash", "network_hash", "learning_rate", "weight_decay", "sr_ste_lambda", "images_seen", "augment", "init"} {
			if !strings.Contains(strings.SplitN(csv.String(), "\n", 2)[0], ","+c) {
				t.Errorf("programs do not see %s", c)
			}
		}
		_, after, _ := strings.Cut(strings.SplitN(text.String(), "\n", 2)[0], "diverged | ")
		return strings.ReplaceAll(after, `\`, "")
	}
	if got := heads(); got != "sr_ste_lambda | recipe_hash |" {
		t.Errorf("people see %q", got)
	}
	rows[2].LearningRate = 0.3 // another setting, and another decay
	groups = Summarise(rows)
	if got, want := strings.Join(NetworkLabels(groups), ","), "net learning_rate=0.1,net learning_rate=0.1,net learning_rate=0.1,net learning_rate=0.1,net learning_rate=0.1,net learning_rate=0.3"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := heads(); got != "learning_rate | sr_ste_lambda | recipe_hash |" {
		t.Errorf("people see %q", got)
	}
	// Of a network's parameters those that differ.
	rows[2].LearningRate = rows[0].LearningRate
	for i := range rows {
		rows[i].NetworkParams = "batch=32 width=16"
	}
	rows[5].NetworkParams = "batch=32 width=32"
	if got, want := strings.Join(NetworkLabels(Summarise(rows)), ","), "net width=16,net width=16,net width=16,net width=16,net width=32,net width=16"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	checkSVG(t, func() (*plot.Figure, error) { return Figure(groups) }, "net learning_rate=0.3")
}

// TestRowsAreChosen: by texts, whole numbers and others, however these are written.
func TestRowsAreChosen(t *testing.T) {
	rows := []Result{row("dense", "1:1", 1, 0.8), row("bdwp", "2:8", 1, 0.8), row("bdwp", "2:8", 2, 0.7)}
	rows[1].LearningRate, rows[2].Augment = 0.02, "flip shift=2"
	for _, c := range []struct {
		where []string
		want  int
		err   string
	}{
		{nil, 3, ""},
		{[]string{"learning_rate=2e-2"}, 1, ""},
		{[]string{"recipe=bdwp", "seed=2"}, 1, ""},
		{[]string{"augment=flip shift=2"}, 1, ""},
		{[]string{"augment="}, 2, ""},
		{[]string{"epochs=3"}, 0, "no training has that"},
		{[]string{"rate=3"}, 0, "COLUMN=VALUE is accepted, of the columns network, recipe"},
		{[]string{"epochs"}, 0, "COLUMN=VALUE is accepted"},
		{[]string{"epochs=many"}, 0, "invalid syntax"},
	} {
		got, err := Where(rows, func(r *Result) *Result { return r }, c.where)
		if len(got) != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%v: %d rows, %v", c.where, len(got), err)
		}
	}
	if len(rows) != 3 || rows[2].Seed != 2 {
		t.Error("the rows that it chose from are others")
	}
}
