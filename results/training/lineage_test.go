package training

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"satsim/results/experiment/models"
	"satsim/workloads/train"
	"satsim/workloads/weights"
)

// continued is a row of a training of one epoch of 100 images that began with weights of an epoch of dense training.
func continued(recipe, sparsity string, seed uint64, accuracy float64) Result {
	r := row(recipe, sparsity, seed, accuracy)
	r.Epochs, r.Init = 1, string(rune('a'+seed))
	r.InitRecipe, r.InitSeen, r.InitSetting = "dense", 100, "h"
	return r
}

// TestWhatGoesOnIsComparedWithDense by hand: fine-tuning of one epoch after one of dense training is put beside dense training of two, seed by seed: 0.78 - 0.80, 0.85 - 0.90 and
// 0.84 - 0.85 are -0.0267 in the mean. Weights of an unknown past have nothing to be compared with, and other lengths do not count. Dense trainings with the same weights are nearer, if as
// many seeds have them: 0.78 - 0.79, 0.85 - 0.86 and 0.84 - 0.86 are -0.0133; one or two of them beside three from random weights are left out, as a mean is of one kind.
func TestWhatGoesOnIsComparedWithDense(t *testing.T) {
	dense := []Result{row("dense", "1:1", 1, 0.80), row("dense", "1:1", 2, 0.90), row("dense", "1:1", 3, 0.85)}
	fine := []Result{continued("finetune", "2:4", 1, 0.78), continued("finetune", "2:4", 2, 0.85), continued("finetune", "2:4", 3, 0.84)}
	of := func(rows ...Result) *SeedGroup {
		t.Helper()
		for _, g := range Summarise(append(append([]Result{}, dense...), rows...)) {
			if g.Recipe == "finetune" {
				return &g
			}
		}
		t.Fatal("no group")
		return nil
	}
	g := of(fine...)
	if g.Seeds != 3 || g.Difference.Of != 3 || math.Abs(g.Difference.Mean+0.08/3) > 1e-12 || g.Init != "" || g.InitRecipe != "dense" || g.seen(1) != 200 || g.EpochsInAll() != 2 {
		t.Errorf("%+v, %d images, %d epochs", g, g.seen(1), g.EpochsInAll())
	}
	var md bytes.Buffer
	if err := WriteMarkdown(&md, []SeedGroup{*g}); err != nil || !strings.Contains(md.String(), "1 epochs, batch 10, momentum, learning rate 0.1 at first, begun with weights of dense after 100 images,") {
		t.Errorf("%v\n%s", err, md.String())
	}
	near := []Result{continued("dense", "1:1", 1, 0.79), continued("dense", "1:1", 2, 0.86), continued("dense", "1:1", 3, 0.86)}
	for n, want := range []float64{-0.08 / 3, -0.08 / 3, -0.08 / 3, -0.04 / 3} {
		if g := of(append(slices.Clone(fine), near[:n]...)...); g.Difference.Of != 3 || math.Abs(g.Difference.Mean-want) > 1e-12 {
			t.Errorf("beside %d dense trainings with the same weights: %+v, want a mean of %g", n, g.Difference, want)
		}
	}
	// Where no seed has a dense training of as many images, those with the same weights count, however few.
	longer := slices.Clone(fine)
	for i := range longer {
		longer[i].InitSeen = 200
	}
	near[0].InitSeen = 200
	if g := of(append(longer, near[0])...); g.Difference.Of != 1 || math.Abs(g.Difference.Mean+0.01) > 1e-12 {
		t.Errorf("beside one dense training with the same weights alone: %+v", g.Difference)
	}
	for what, change := range map[string]func(r *Result){
		"weights of an unknown past": func(r *Result) { r.InitRecipe, r.InitSeen, r.InitSetting = "", 0, "" },
		"three epochs in all":        func(r *Result) { r.InitSeen = 200 },
		"another rate":               func(r *Result) { r.LearningRate = 0.3 },
	} {
		other := fine[0]
		change(&other)
		if g := of(other); g.Difference.Of != 0 {
			t.Errorf("%s: %+v", what, g.Difference)
		}
	}
	// Its first epoch is dense training's second.
	var epochs []EpochResult
	for _, r := range append(append([]Result{}, dense...), fine...) {
		for e := int64(1); e <= r.Epochs; e++ {
			at := r
			if e < r.Epochs {
				at.TestAccuracy = 0.1
			}
			epochs = append(epochs, EpochResult{at, e})
		}
	}
	gaps := Gaps(epochs)
	if len(gaps) != 1 || gaps[0].Epoch != 1 || gaps[0].Seen != 200 || math.Abs(gaps[0].Difference.Mean+0.08/3) > 1e-12 {
		t.Errorf("%+v", gaps)
	}
}

// TestFilesSayHowWeightsWereTrained: what a training exports tells the one that begins with it recipe and images, in either kind of file, and so on from there; the seed has no part in it,
// a rate has. A file that says nothing leaves it open, as does one that others wrote, whatever its comment, and what cannot be such a note is refused.
func TestFilesSayHowWeightsWereTrained(t *testing.T) {
	l := models.NewLoader()
	net, err := l.Network("lm-bytes", 8, nil)
	if err != nil {
		t.Fatal(err)
	}
	images, tests, err := Images("generated", net.Graph, 16, 8)
	if err != nil {
		t.Fatal(err)
	}
	run := func(recipe string, seed uint64, rate float64, begin *Weights, export string) (*Weights, *Result) {
		t.Helper()
		r, err := l.Recipe(recipe, "2:4", nil)
		if err != nil {
			t.Fatal(err)
		}
		export = filepath.Join(t.TempDir(), export)
		job := Job{
			Network: net, Recipe: r, Train: images, Test: tests, Init: begin, Export: export,
			Options: train.Options{Epochs: 1, Seed: seed, Rate: rate, Numerics: train.FP32, LossScale: 1, Workers: 1},
		}
		out := t.TempDir()
		if err := job.Run(context.Background(), out); err != nil {
			t.Fatal(err)
		}
		names, err := filepath.Glob(filepath.Join(out, "*", recordFile))
		if err != nil || len(names) != 1 {
			t.Fatal(names, err)
		}
		record, err := ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		row, err := record.Result()
		if err != nil {
			t.Fatal(err)
		}
		w, err := ReadWeights(export)
		if err != nil {
			t.Fatal(err)
		}
		return w, &row
	}
	first, begun := run("dense", 1, 0.01, nil, "w.npz")
	if b := first.Before; b == nil || b.Recipe != "dense" || b.ImagesSeen != 16 || len(b.Setting) != hashDigits || begun.InitRecipe != "" || begun.InitSetting != "" {
		t.Fatalf("%+v, %+v", first.Before, begun)
	}
	second, begun := run("finetune", 1, 0.01, first, "w.safetensors")
	if b := second.Before; b.Recipe != "dense, finetune 2:4" || b.ImagesSeen != 32 || begun.InitRecipe != "dense" || begun.InitSeen != 16 || begun.InitSetting != first.Before.Setting || begun.Init != first.Hash {
		t.Errorf("%+v, %+v", b, begun)
	}
	if other, _ := run("dense", 2, 0.01, nil, "w.npz"); *other.Before != *first.Before || other.Hash == first.Hash {
		t.Errorf("%+v of another seed, %+v", other.Before, first.Before)
	}
	if other, _ := run("dense", 1, 0.02, nil, "w.npz"); other.Before.Setting == first.Before.Setting {
		t.Error("a rate has no part in it")
	}
	for note, want := range map[string]string{"": "", "made by hand": "its note", "{": "its note", `{"recipe":"dense","images_seen":-1,"setting":"h"}`: "images_seen of 0 or more", `{}`: "a recipe, a setting"} {
		path := filepath.Join(t.TempDir(), "n.npz")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := weights.WriteNPZ(f, first.Arrays, note); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		w, err := ReadWeights(path)
		if want == "" && (err != nil || w.Before != nil) || want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "n.npz")) {
			t.Errorf("%q: %+v, %v", note, w, err)
		}
	}
	for _, comment := range []string{"made by hand", "{", "{}", "[1]", `{"author":"somebody","images_seen":-1}`, `{"satsim":{"version":7}}`} {
		path := filepath.Join(t.TempDir(), "foreign.npz")
		if err := os.WriteFile(path, commented(t, first.Arrays, comment), 0o600); err != nil {
			t.Fatal(err)
		}
		if w, err := ReadWeights(path); err != nil || w.Before != nil || w.Hash != first.Hash {
			t.Errorf("an archive of others with the comment %q: %+v, %v", comment, w, err)
		}
	}
}

// commented is an archive of arrays with a comment as it stands: its length in two bytes, and itself, are the end of a ZIP file.
func commented(t *testing.T, arrays []weights.Array, comment string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := weights.WriteNPZ(&b, arrays, ""); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	return append(binary.LittleEndian.AppendUint16(plain[:len(plain)-2], uint16(len(comment))), comment...)
}

// TestAKnownLineageIsTakenUp: a training that began with weights of an unknown past is finished when they come with one, which its record has then and keeps, whatever file they are of next;
// nothing else in the record moves. So is one that goes on from a checkpoint. Two lineages that contradict each other are refused, before anything is trained.
func TestAKnownLineageIsTakenUp(t *testing.T) {
	l := models.NewLoader()
	net, err := l.Network("lm-bytes", 8, nil)
	if err != nil {
		t.Fatal(err)
	}
	images, tests, err := Images("generated", net.Graph, 16, 8)
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Recipe("dense", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	made, out := filepath.Join(t.TempDir(), "w.npz"), t.TempDir()
	job := func(begin *Weights) *Job {
		return &Job{
			Network: net, Recipe: r, Train: images, Test: tests, Init: begin,
			Options: train.Options{Epochs: 1, Seed: 1, Rate: 0.01, Numerics: train.FP32, LossScale: 1, Workers: 1},
		}
	}
	first := job(nil)
	first.Export = made
	if err := first.Run(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	noted, err := ReadWeights(made)
	if err != nil || noted.Before == nil {
		t.Fatal(noted, err)
	}
	with := func(l *Lineage) *Weights { w := *noted; w.Before = l; return &w }
	var was *Run
	for i, w := range []*Weights{with(nil), noted, with(nil)} {
		j, known := job(w), false
		j.Known = func(string) { known = true }
		if err := errors.Join(Check([]Job{*j}, out), j.Run(t.Context(), out)); err != nil || known != (i > 0) {
			t.Fatalf("run %d: %v, known %t", i, err, known)
		}
		record, err := ReadFile(filepath.Join(out, "lm-bytes-dense-1of1-1", recordFile))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			was = record
		} else if record.Before == nil || *record.Before != *noted.Before {
			t.Errorf("run %d: %+v, want %+v", i, record.Before, noted.Before)
		}
		was.Before = record.Before
		if !reflect.DeepEqual(was, record) {
			t.Errorf("run %d: %+v, want %+v", i, record, was)
		}
	}
	other := *noted.Before
	other.Recipe, other.ImagesSeen = "bdwp 2:8", 32
	j := job(with(&other))
	for _, err := range []error{Check([]Job{*j}, out), j.Run(t.Context(), out)} {
		if occupied := (*Occupied)(nil); !errors.As(err, &occupied) || !strings.Contains(err.Error(), "before.images_seen was 16, is 32; before.recipe was dense, is bdwp 2:8") {
			t.Errorf("another lineage: %v", err)
		}
	}
	stopped := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	longer := func(l *Lineage) *Job { j := job(with(l)); j.Options.Epochs = 2; return j }
	j = longer(noted.Before)
	j.Begin = func(string) (func(train.Progress), func()) { return func(train.Progress) { stop() }, func() {} }
	if err := j.Run(ctx, stopped); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	kept := (*Checkpoint)(nil)
	if err := longer(&other).Run(t.Context(), stopped); !errors.As(err, &kept) || !strings.Contains(err.Error(), "before.images_seen was 16, is 32; before.recipe was dense, is bdwp 2:8") {
		t.Errorf("another lineage than a checkpoint has: %v", err)
	}
	if err := longer(nil).Run(t.Context(), stopped); err != nil {
		t.Fatal(err)
	}
	record, err := ReadFile(filepath.Join(stopped, "lm-bytes-dense-1of1-1", recordFile))
	if err != nil || record.Before == nil || *record.Before != *noted.Before {
		t.Errorf("from a checkpoint with a lineage: %+v, %v", record, err)
	}
}

// By hand: 160 images in two epochs after 480 are a quarter of all; a batch that is not whole is not shown.
func TestShareOfWhatATrainingBeganWith(t *testing.T) {
	r := Result{TrainImages: 85, Batch: 8, Epochs: 2, InitSeen: 480}
	if got := r.Begun(); got != 0.75 {
		t.Errorf("%g, want 3/4", got)
	}
	if r.InitSeen = 0; r.Begun() != 0 {
		t.Errorf("random weights have seen %g", r.Begun())
	}
}
