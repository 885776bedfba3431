package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"satsim/internal/config"
	"satsim/results/record"
	"satsim/results/training"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
	"satsim/workloads/train"
	"satsim/workloads/train/data"
)

// fashionFolder is where Debian's package dataset-fashion-mnist puts its files.
const fashionFolder = "/usr/share/datasets/fashion-mnist"

const howToGetData = `satsim trains on files that are here already:
  Fashion-MNIST   apt-get install dataset-fashion-mnist (Debian, Ubuntu); found by itself, in ` + fashionFolder + `
  MNIST family    a folder with train-images-idx3-ubyte, train-labels-idx1-ubyte and their t10k- pair, plain or .gz: --data FOLDER
  CIFAR-10        the folder of the binary version, with data_batch_1.bin to 5 and test_batch.bin: --data FOLDER
  nothing         --data generated: random patterns, to try the command`

// trainFlags are the settings of a list of trainings.
type trainFlags struct {
	network, data, schedule, numerics string
	recipes, sparsities               []string
	seeds                             []uint
	set                               []string
	batch, epochs                     int64
	trainImages, testImages, workers  int
	rate, momentum, lossScale         float64
	ieee, restart                     bool
}

func (a *app) train() *cobra.Command {
	var t trainFlags
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Train a network on real images under recipes, and see what it still learns",
		Long: `Trains a network with the recipes that run simulates, in FP32 or in the machine's numerics, once for each recipe, N:M and seed.
Each training has a folder in the output folder: checkpoint.bin while it runs, then training.json, curve.csv and curve.svg. A
training that was interrupted goes on where it stopped; one that is finished is not run again. At the end runs.csv, summary.csv,
summary.md and summary.svg are made from all trainings in the output folder.

` + howToGetData,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.trainAll(cmd.Context(), t) },
	}
	f := cmd.Flags()
	f.StringVar(&t.network, "network", "resnet-fmnist", "network: a shipped name or a file")
	f.StringSliceVar(&t.recipes, "recipe", []string{"dense", "bdwp"}, "training recipes, separated by commas: shipped names or files")
	f.StringSliceVar(&t.sparsities, "sparsity", nil, "N:M ratios, such as 2:4,2:8 (default: each recipe's own)")
	f.UintSliceVar(&t.seeds, "seed", []uint{1}, "seeds, such as 1,2,3: of initial weights and shuffling")
	f.StringVar(&t.data, "data", "", "folder of a data set, or generated (default: Fashion-MNIST where Debian puts it)")
	f.IntVar(&t.trainImages, "train-images", 0, "train on the first so many images (default: all)")
	f.IntVar(&t.testImages, "test-images", 0, "test on the first so many images (default: all)")
	f.Int64Var(&t.epochs, "epochs", 2, "epochs; a recipe's phases keep their shares of them")
	f.Int64Var(&t.batch, "batch", 0, "images a step (default: the network's own)")
	f.Float64Var(&t.rate, "learning-rate", 0.05, "learning rate of the first step")
	f.StringVar(&t.schedule, "learning-rate-schedule", "cosine", "cosine (to zero) or constant")
	f.Float64Var(&t.momentum, "momentum", 0.9, "of the optimiser momentum")
	f.Float64Var(&t.lossScale, "loss-scale", 1024, "a power of two; the first one, where the recipe's is dynamic")
	f.StringVar(&t.numerics, "numerics", string(train.Machine), "machine (FP16 where the machine stores FP16, FP32 sums) or fp32")
	f.BoolVar(&t.ieee, "ieee-subnormals", false, "keep FP16 subnormals, which the machine's operators flush to zero by default")
	f.IntVar(&t.workers, "workers", 0, "threads (default: all cores); results do not depend on it")
	f.StringArrayVar(&t.set, "set", nil, "override such as network.width=32 or recipe.optimiser=adamw; may be repeated")
	f.BoolVar(&t.restart, "restart", false, "run everything anew: neither finished trainings nor checkpoints are used")
	f.String("out", "out", "output folder")
	return cmd
}

// trainAll runs one training after another and sums them up.
func (a *app) trainAll(ctx context.Context, t trainFlags) error {
	if t.schedule != "cosine" && t.schedule != "constant" {
		return usageError{fmt.Errorf("--learning-rate-schedule %q; cosine and constant are accepted", t.schedule)}
	}
	m := modelFlags{set: t.set}
	all, err := m.overrides()
	if err != nil {
		return err
	}
	forNetwork, forRecipe, err := splitOverrides(all)
	if err != nil {
		return err
	}
	var models models
	if err := models.loadNetwork(t.network, t.batch, forNetwork); err != nil {
		return err
	}
	graph, err := models.network.Graph()
	if err != nil {
		return fmt.Errorf("network %s: %w", models.network.Name, err)
	}
	recipes, err := t.expand(forRecipe)
	if err != nil {
		return err
	}
	images, tests, err := t.load(graph)
	if err != nil {
		return err
	}
	out := a.settings.GetString("out")
	for _, r := range recipes {
		for _, seed := range t.seeds {
			job := trainJob{graph: graph, network: models.network, recipe: r, train: images, test: tests, options: t.options(seed), restart: t.restart}
			if err := a.trainOne(ctx, out, job); err != nil {
				return err
			}
		}
	}
	return a.summarise(out)
}

func splitOverrides(all []config.Override) (forNetwork, forRecipe []config.Override, err error) {
	for _, o := range all {
		if path, ok := strings.CutPrefix(o.Path, "network."); ok {
			o.Path = path
			forNetwork = append(forNetwork, o)
		} else if path, ok := strings.CutPrefix(o.Path, "recipe."); ok {
			o.Path = path
			forRecipe = append(forRecipe, o)
		} else {
			return nil, nil, fmt.Errorf("%s: %s=%s: training has no architecture; network. and recipe. are accepted", o.Origin, o.Path, o.Value)
		}
	}
	return forNetwork, forRecipe, nil
}

// expand is each recipe at each ratio; one that prunes nothing is there once.
func (t *trainFlags) expand(overrides []config.Override) ([]recipe.Recipe, error) {
	var out []recipe.Recipe
	for _, name := range t.recipes {
		ratios := t.sparsities
		if len(ratios) == 0 {
			ratios = []string{""}
		}
		for _, ratio := range ratios {
			r, err := loadRecipe(name, ratio, overrides)
			if err != nil {
				return nil, err
			}
			out = append(out, r)
			if ratioOf(r) == "1:1" {
				break
			}
		}
	}
	return out, nil
}

// ratioOf is a recipe's N:M, of a schedule that at its end; 1:1 if nothing is pruned.
func ratioOf(r recipe.Recipe) string {
	prunes := func(rule recipe.Rule) bool { return rule.Prune == recipe.Weights || rule.Prune == recipe.Gradients }
	if !prunes(r.FF) && !prunes(r.BP) {
		return "1:1"
	}
	if r.Sparsity != (recipe.Ratio{}) {
		return r.Sparsity.String()
	}
	return "mixed"
}

func (t *trainFlags) options(seed uint) train.Options {
	o := train.Options{
		Epochs: t.epochs, Seed: uint64(seed), Rate: t.rate, Cosine: t.schedule == "cosine", Momentum: t.momentum, LossScale: t.lossScale,
		Numerics: train.Numerics(t.numerics), Flush: !t.ieee, Workers: t.workers,
	}
	if o.Numerics == train.FP32 {
		o.Flush = false
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return o
}

// load reads the data set; a generated one takes the network's shape.
func (t *trainFlags) load(g *network.Graph) (images, tests *data.Set, err error) {
	folder := t.data
	if folder == "" {
		folder = fashionFolder
	}
	if folder == "generated" {
		s := g.Inputs[0].Shape
		if len(s) != 4 || s[1] != s[2] {
			return nil, nil, fmt.Errorf("--data generated: input of %v; square images are accepted", s)
		}
		classes, err := classesOf(g)
		if err != nil {
			return nil, nil, err
		}
		images = data.Generated(max(t.trainImages, 256), int(s[1]), int(s[3]), classes, 1, 0)
		tests = data.Generated(max(t.testImages, 256), int(s[1]), int(s[3]), classes, 1, 1)
	} else if images, tests, err = data.Load(os.DirFS(folder), filepath.Base(folder)); errors.Is(err, data.ErrNone) {
		return nil, nil, fmt.Errorf("%s: %w.\n%s", folder, err, howToGetData)
	} else if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", folder, err)
	}
	if images, err = images.First(t.trainImages); err != nil {
		return nil, nil, usageError{fmt.Errorf("--train-images: %w", err)}
	}
	if tests, err = tests.First(t.testImages); err != nil {
		return nil, nil, usageError{fmt.Errorf("--test-images: %w", err)}
	}
	return images, tests, nil
}

// classesOf is how many classes the network's loss tells apart.
func classesOf(g *network.Graph) (int, error) {
	layers, err := g.Layers()
	if err != nil {
		return 0, err
	}
	for _, l := range layers {
		if l.Op == network.Loss {
			return int(l.In[0][len(l.In[0])-1]), nil
		}
	}
	return 0, fmt.Errorf("network %s has no loss", g.Name)
}

// trainJob is one training.
type trainJob struct {
	graph       *network.Graph
	network     network.Description
	recipe      recipe.Recipe
	train, test *data.Set
	options     train.Options
	restart     bool
}

// record is the training's record without its curve.
func (j *trainJob) record() (*training.Run, error) {
	description, err := config.MarshalJSON(j.network)
	if err != nil {
		return nil, fmt.Errorf("recording the network: %w", err)
	}
	resolved, err := config.MarshalJSON(j.recipe)
	if err != nil {
		return nil, fmt.Errorf("recording the recipe: %w", err)
	}
	return &training.Run{
		Schema: training.Schema, Network: j.graph.Name, Note: j.graph.Note, Recipe: j.recipe.Name, Sparsity: ratioOf(j.recipe),
		Data: j.train.Name, TrainImages: int64(j.train.Len()), TestImages: int64(j.test.Len()), Batch: j.graph.Inputs[0].Shape[0],
		Options: j.options, Description: description, Resolved: resolved,
	}, nil
}

// id tells trainings apart: everything that has an influence on the weights, the images included.
func (j *trainJob) id(r *training.Run) (string, error) {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(r); err != nil {
		return "", fmt.Errorf("naming a training: %w", err)
	}
	for _, s := range []*data.Set{j.train, j.test} {
		h.Write(s.Pixels)
		h.Write(s.Labels)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// trainOne runs a training, or what is left of it, and writes its results.
func (a *app) trainOne(ctx context.Context, out string, j trainJob) error {
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
	name := fmt.Sprintf("%s %s %s seed %d", r.Network, r.Recipe, r.Sparsity, r.Options.Seed)
	if !j.restart {
		if same, err := finished(folder, r); err != nil || same {
			if same {
				fmt.Fprintf(a.err, "%s: finished before\n", name)
			}
			return err
		}
	}
	t, err := train.New(j.graph, j.recipe, j.train, j.test, j.options)
	if err != nil {
		return err
	}
	if !j.restart {
		if err := restore(t, checkpoint, id); err != nil {
			return err
		}
	}
	save := func() error {
		return record.WriteFile(checkpoint, func(w io.Writer) error { return t.Save(w, id) })
	}
	show := newTrainProgress(a.err, name)
	var failed error
	inner, stop := context.WithCancel(ctx)
	defer stop()
	err = t.Run(inner, func(p train.Progress) {
		show.update(p)
		if p.Step*p.Epochs%p.Steps == 0 && p.Step < p.Steps { // the end of an epoch
			if failed = save(); failed != nil {
				stop()
			}
		}
	})
	show.end()
	if failed != nil {
		return failed
	}
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return errors.Join(err, save())
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	r.Curve = t.Curve()
	if err := saveRun(folder, r); err != nil {
		return err
	}
	if err := os.Remove(checkpoint); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("removing the checkpoint of a finished training: %w", err)
	}
	return nil
}

func runFolder(r *training.Run) string {
	ratio := strings.ReplaceAll(r.Sparsity, ":", "of")
	return fmt.Sprintf("%s-%s-%s-%d", r.Network, r.Recipe, ratio, r.Options.Seed)
}

func saveRun(folder string, r *training.Run) error {
	if err := record.WriteFile(filepath.Join(folder, "curve.csv"), r.WriteCurve); err != nil {
		return err
	}
	return record.WriteFile(filepath.Join(folder, "training.json"), r.Write)
}

// finished reports whether the folder holds the record of this very training.
func finished(folder string, r *training.Run) (bool, error) {
	f, err := os.Open(filepath.Join(folder, "training.json"))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for a finished training: %w", err)
	}
	defer f.Close()
	old, err := training.Read(f)
	if err != nil {
		return false, fmt.Errorf("%s: %w", f.Name(), err)
	}
	bare := *old
	bare.Curve = nil
	a, errA := json.Marshal(&bare)
	b, errB := json.Marshal(r)
	return string(a) == string(b), errors.Join(errA, errB)
}

func restore(t *train.Trainer, checkpoint, id string) error {
	f, err := os.Open(checkpoint)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for a checkpoint: %w", err)
	}
	defer f.Close()
	if err := t.Restore(f, id); err != nil {
		return fmt.Errorf("%s: %w; --restart begins anew", checkpoint, err)
	}
	return nil
}

// trainProgress shows a training's step, loss, accuracy and remaining time: a line that is rewritten on a terminal, a line an
// epoch elsewhere.
type trainProgress struct {
	w       io.Writer
	name    string
	live    bool
	started time.Time
	first   int64
	shown   time.Time
}

func newTrainProgress(w io.Writer, name string) *trainProgress {
	f, ok := w.(*os.File)
	return &trainProgress{w: w, name: name, live: ok && term.IsTerminal(int(f.Fd())), first: -1}
}

func (s *trainProgress) update(p train.Progress) {
	now := time.Now()
	if s.first < 0 {
		s.first, s.started = p.Step, now
	}
	epochEnds := p.Step*p.Epochs%p.Steps == 0
	if !epochEnds && (!s.live || now.Sub(s.shown) < 200*time.Millisecond) {
		return
	}
	s.shown = now
	left := ""
	if done := p.Step - s.first; s.live && done > 0 {
		rest := now.Sub(s.started) / time.Duration(done) * time.Duration(p.Steps-p.Step)
		left = ", " + rest.Round(time.Second).String() + " left"
	}
	begin, end := "", "\n"
	if s.live {
		begin, end = "\r\x1b[K", ""
	}
	fmt.Fprintf(s.w, "%s%s: epoch %d of %d, step %d of %d, loss %.4f, accuracy %.2f %%, test %.2f %%%s%s", begin, s.name,
		p.Epoch, p.Epochs, p.Step, p.Steps, p.Loss, 100*p.Accuracy, 100*p.TestAccuracy, left, end)
}

func (s *trainProgress) end() {
	if s.live {
		fmt.Fprintln(s.w)
	}
}

func (a *app) summarise(out string) error { return nil }
