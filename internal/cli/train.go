package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"satsim/results/experiment/models"
	"satsim/results/training"
	"satsim/workloads/network"
	"satsim/workloads/train"
	"satsim/workloads/train/data"
)

// fashionFolder is where Debian's package dataset-fashion-mnist puts its files.
const fashionFolder = "/usr/share/datasets/fashion-mnist"

const howToGetData = `satsim trains on files that are here already:
  Fashion-MNIST   apt-get install dataset-fashion-mnist (Debian, Ubuntu); found by itself, in ` + fashionFolder + `
  MNIST family    a folder with train-images-idx3-ubyte, train-labels-idx1-ubyte and their t10k- pair, plain or .gz: --data FOLDER
  CIFAR-10        the folder of the binary version, with data_batch_1.bin to 5 and test_batch.bin: --data FOLDER
  a text          any file, byte by byte, for networks that read bytes (lm-bytes): --data FILE; its last tenth is the test. The King James Bible:
                  apt-get install bible-kjv, then bible 'Gen1:1-Rev22:21' >kjv.txt
  nothing         --data generated: random patterns or a random language, to try the command`

// trainFlags are the settings of a list of trainings.
type trainFlags struct {
	network, data, schedule, numerics string
	recipes, sparsities               []string
	seeds                             []uint
	set                               []string
	batch, epochs                     int64
	trainImages, testImages           int
	rate, momentum, lossScale         float64
	init, export                      string
	warmUp                            int64
	augment                           []string
	ieee, restart, summary            bool
}

func (a *app) train() *cobra.Command {
	var t trainFlags
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Train a network on real images under recipes, and see what it still learns",
		Long: `Trains a network with the recipes that run simulates, in FP32 or in the machine's numerics, once for each recipe, N:M and seed.
Each training has a folder in the output folder: checkpoint.bin while it runs, then training.json and curve.{csv,svg,pdf,png}. A
training that was interrupted goes on where it stopped; one that is finished is not run again. One that diverges leaves its record and its last
checkpoint, the others go on, and the exit code is not 0. A finished training is not replaced by one of other settings. At the end
{runs,curves,summary}.csv, summary.md, summary.{svg,pdf,png} and, where some can be compared with dense, gap.{csv,svg,pdf,png}, what they lose against
images seen, are made from all trainings in the output folder.

` + howToGetData,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.trainAll(cmd.Context(), t) },
	}
	f := cmd.Flags()
	f.StringVar(&t.network, "network", "resnet-fmnist", "network: a shipped name or a file")
	f.StringSliceVar(&t.recipes, "recipe", []string{"dense", "bdwp"}, "training recipes, separated by commas: shipped names or files")
	f.StringSliceVar(&t.sparsities, "sparsity", nil, "N:M ratios, such as 2:4,2:8 (default: each recipe's own)")
	f.UintSliceVar(&t.seeds, "seed", []uint{1}, "seeds, such as 1,2,3: of initial weights and shuffling")
	f.StringVar(&t.data, "data", "", "folder of a data set, file of a text, or generated (default: Fashion-MNIST where Debian puts it)")
	f.IntVar(&t.trainImages, "train-images", 0, "train on the first so many images or samples (default: all)")
	f.IntVar(&t.testImages, "test-images", 0, "test on the first so many images or samples (default: all)")
	f.Int64Var(&t.epochs, "epochs", 2, "epochs; a recipe's phases keep their shares of them")
	f.Int64Var(&t.batch, "batch", 0, "images a step (default: the network's own)")
	f.Float64Var(&t.rate, "learning-rate", 0.05, "learning rate of the first step")
	f.StringVar(&t.schedule, "learning-rate-schedule", "cosine", "cosine (to zero) or constant")
	f.Int64Var(&t.warmUp, "warm-up", 0, "of the epochs, so many at the beginning in which the learning rate rises to its value")
	f.StringSliceVar(&t.augment, "augment", nil, "how training images are changed each time they are shown: flip, shift=PIXELS")
	f.Float64Var(&t.momentum, "momentum", 0.9, "of the optimiser momentum")
	f.Float64Var(&t.lossScale, "loss-scale", 1024, "a power of two; the first one, where the recipe's is dynamic")
	f.StringVar(&t.numerics, "numerics", string(train.Machine), "machine (FP16 where the machine stores FP16, FP32 sums) or fp32")
	f.BoolVar(&t.ieee, "ieee-subnormals", false, "keep FP16 subnormals, which the machine's operators flush to zero by default")
	f.Int("workers", runtime.NumCPU(), "threads; results do not depend on it")
	f.StringArrayVar(&t.set, "set", nil, "override such as network.width=32 or recipe.optimiser=adamw; may be repeated")
	f.StringVar(&t.init, "init", "", ".safetensors, .npz or .onnx file of weights to begin with, such as --export wrote (default: random ones, of the seed)")
	f.StringVar(&t.export, "export", "", ".safetensors or .npz file for the weights at the end: dense FP32 in PyTorch's names and axes, and masks; of one training")
	f.BoolVar(&t.summary, "summary", false, "train nothing; sum up what the output folder holds")
	f.BoolVar(&t.restart, "restart", false, "run everything anew: neither finished trainings nor checkpoints are used")
	f.String("out", "out", "output folder")
	narrow := func([]string) bool { return t.numerics != string(train.FP32) }
	combine(cmd, only(f, "summary", "out"), positive(f, "batch", "train-images", "test-images"), when(narrow, "with --numerics fp32", "ieee-subnormals"))
	return cmd
}

// trainAll runs one training after another and sums them up.
func (a *app) trainAll(ctx context.Context, t trainFlags) error {
	if t.schedule != "cosine" && t.schedule != "constant" {
		return usageError{fmt.Errorf("--learning-rate-schedule %q; cosine and constant are accepted", t.schedule)}
	}
	workers := a.settings.GetInt("workers")
	if workers < 1 {
		return usageError{fmt.Errorf("--workers %d; 1 or more is accepted", workers)}
	}
	out := a.settings.GetString("out")
	if t.summary {
		return a.summarise(out)
	}
	augment, err := train.ParseAugment(t.augment)
	if err != nil {
		return usageError{fmt.Errorf("--augment: %w", err)}
	}
	if t.warmUp < 0 || t.warmUp > 0 && t.warmUp >= t.epochs {
		return usageError{fmt.Errorf("--warm-up %d; 0 to less than --epochs %d is accepted", t.warmUp, t.epochs)}
	}
	m := modelFlags{set: t.set}
	all, err := m.overrides()
	if err != nil {
		return err
	}
	of := models.SplitOverrides(all)
	if err := of.Accept("training has no architecture", models.Network, models.Recipe); err != nil {
		return err
	}
	loader := models.NewLoader()
	net, err := loader.Network(t.network, t.batch, of[models.Network])
	if err != nil {
		return err
	}
	recipes, err := loader.Recipes(t.recipes, t.sparsities, of[models.Recipe])
	if err != nil {
		return err
	}
	var begin *training.Weights
	if t.init != "" {
		if begin, err = training.ReadWeights(t.init); err != nil {
			return fmt.Errorf("--init: %w", err)
		}
	}
	if t.export != "" {
		if n := len(recipes) * len(t.seeds); n > 1 {
			return usageError{fmt.Errorf("--export: %d trainings are asked for; one is accepted", n)}
		}
		if err := training.Writable(t.export); err != nil {
			return usageError{fmt.Errorf("--export: %w", err)}
		}
	}
	images, tests, err := t.load(net.Graph)
	if err != nil {
		return err
	}
	var jobs []training.Job
	hash := training.HashData(images, tests)
	for _, r := range recipes {
		for _, seed := range t.seeds {
			jobs = append(jobs, training.Job{
				Network: net, Recipe: r, Train: images, Test: tests, DataHash: hash, Options: t.options(seed, workers, augment), Restart: t.restart, Init: begin, Export: t.export,
				Begin: func(name string) (func(train.Progress), func()) {
					p := newTrainProgress(a.err, name)
					return p.update, p.end
				},
				Warn: func(name, what string) {
					fmt.Fprintf(a.err, "satsim: %s: %s; --init begins with trained ones\n", name, what)
				},
				Known: func(name string) { fmt.Fprintf(a.err, "%s: finished before\n", name) },
			})
		}
	}
	if err := training.Check(jobs, out); err != nil {
		return restartable(err)
	}
	diverged := 0
	for i := range jobs {
		err := jobs[i].Run(ctx, out)
		if lost := (*training.Diverged)(nil); errors.As(err, &lost) { // the others of the list may learn
			fmt.Fprintf(a.err, "%v\n", err)
			diverged++
			continue
		}
		if err != nil {
			return restartable(err)
		}
	}
	if err := a.summarise(out); err != nil {
		return err
	}
	if diverged > 0 {
		return fmt.Errorf("%d of %d trainings diverged", diverged, len(jobs))
	}
	return nil
}

// restartable says what helps against what an output folder holds.
func restartable(err error) error {
	if old := (*training.Checkpoint)(nil); errors.As(err, &old) {
		return fmt.Errorf("%w; --restart begins anew, another --out keeps it", err)
	}
	if old := (*training.Occupied)(nil); errors.As(err, &old) {
		return fmt.Errorf("%w; --restart replaces it, another --out keeps it", err)
	}
	return err
}

func (t *trainFlags) options(seed uint, workers int, augment train.Augment) train.Options {
	o := train.Options{
		Epochs: t.epochs, Seed: uint64(seed), Rate: t.rate, Cosine: t.schedule == "cosine", WarmUp: t.warmUp, Augment: augment, Momentum: t.momentum, LossScale: t.lossScale,
		Numerics: train.Numerics(t.numerics), Flush: !t.ieee, Workers: workers,
	}
	if o.Numerics == train.FP32 {
		o.Flush = false
	}
	return o
}

// load reads the data set.
func (t *trainFlags) load(g *network.Graph) (images, tests *data.Set, err error) {
	folder := t.data
	if folder == "" {
		if train.ReadsText(g) {
			return nil, nil, usageError{fmt.Errorf("--data: %s reads bytes; the file of a text is needed, or generated.\n%s", g.Name, howToGetData)}
		}
		folder = fashionFolder
	}
	if images, tests, err = training.Images(folder, g, t.trainImages, t.testImages); errors.Is(err, data.ErrNone) {
		return nil, nil, fmt.Errorf("%w.\n%s", err, howToGetData)
	}
	if err != nil && t.data != "" {
		if choice := (*models.ChoiceError)(nil); !errors.As(err, &choice) { // which names its own flag
			err = fmt.Errorf("--data: %w", err)
		}
	}
	return images, tests, err
}
