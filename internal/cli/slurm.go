package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"satsim/internal/atomicfile"
	"satsim/internal/diag"
	"satsim/results/store"
	"satsim/results/sweep"
)

// slurmFlags ask for a sweep as jobs of Slurm.
type slurmFlags struct {
	folder  string
	shards  int
	submit  bool
	options []string
}

func (s *slurmFlags) register(f *pflag.FlagSet) {
	f.StringVar(&s.folder, "slurm", "", "folder that all nodes share, for a job array of Slurm that simulates, a job that merges into --store, and what they leave")
	f.IntVar(&s.shards, "shards", 0, "tasks of the job array, of even predicted cost")
	f.BoolVar(&s.submit, "submit", false, "also run sbatch on both jobs")
	f.StringArrayVar(&s.options, "sbatch", nil, "option of sbatch for both jobs, such as --partition=long; may be repeated")
}

// plainPath is what Slurm takes for a path whatever its version: no blanks, no quotes, no % that it would replace.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9._/+,:=@-]+$`)

// writeBatch cuts a sweep into shards and writes the list and the scripts, and submits them if that was asked for.
func (a *app) writeBatch(cmd *cobra.Command, name, into string, s *slurmFlags, o sweep.Options) error {
	if into == "" {
		return usageError{errors.New("--store is missing: the file that shards are merged into")}
	}
	b, err := a.batch(name, into, s, o)
	if err != nil {
		return err
	}
	cut, err := a.cut(cmd.Context(), b.List.Sweep, s.shards) // as tasks name it: paths of models begin at its folder
	if err != nil {
		return err
	}
	cut.Sweep = b.List.Sweep
	b.List = cut
	for _, dir := range []string{"parts", "logs"} {
		if err := os.MkdirAll(filepath.Join(b.Folder, dir), 0o777); err != nil {
			return fmt.Errorf("making the folder of a batch: %w", err)
		}
	}
	text := func(text string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
	}
	script := atomicfile.Begins("script of satsim sweep --slurm", "#!/bin/bash\n#SBATCH --job-name=satsim-")
	for _, f := range []struct {
		name  string
		kind  *atomicfile.FileKind
		write func(io.Writer) error
	}{
		{sweep.ListName, atomicfile.Begins("list of shards", `{"schema":"satsim.shards/`), cut.Write},
		{sweep.ArrayName, script, text(b.Array())}, {sweep.MergeName, script, text(b.Merge())},
	} {
		if err := f.kind.Write(filepath.Join(b.Folder, f.name), f.write, name); err != nil {
			return err
		}
	}
	least, most, sum := cut.Shards[0].PredictedS, 0.0, 0.0
	for _, x := range cut.Shards {
		least, most, sum = min(least, x.PredictedS), max(most, x.PredictedS), sum+x.PredictedS
	}
	seconds := func(s float64) time.Duration { return roundTime(time.Duration(s * float64(time.Second))) }
	fmt.Fprintf(a.out, "%s in %s of %v to %v on one worker, %v in all, by one point of each network\n",
		count(cut.Points, "point"), count(len(cut.Shards), "shard"), seconds(least), seconds(most), seconds(sum))
	if !s.submit {
		fmt.Fprintf(a.out, "sbatch %s, then sbatch --dependency=afterany:ITS_NUMBER %s\n", filepath.Join(s.folder, sweep.ArrayName), filepath.Join(s.folder, sweep.MergeName))
		return nil
	}
	array, err := submit(cmd.Context(), filepath.Join(b.Folder, sweep.ArrayName))
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "job array %s\n", array)
	merge, err := submit(cmd.Context(), "--dependency=afterany:"+array, filepath.Join(b.Folder, sweep.MergeName))
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "merge %s\n", merge)
	return nil
}

// batch says where everything is.
func (a *app) batch(name, into string, s *slurmFlags, o sweep.Options) (*sweep.Batch, error) {
	b := &sweep.Batch{Workers: o.Workers, Options: s.options, List: &sweep.List{Sweep: name}}
	var errs [5]error
	b.Program, errs[0] = os.Executable()
	b.Work, errs[1] = os.Getwd()
	b.Folder, errs[2] = filepath.Abs(s.folder)
	b.Store, errs[3] = filepath.Abs(into)
	if _, err := os.Stat(name); err == nil { // else a shipped one
		b.List.Sweep, errs[4] = filepath.Abs(name)
	}
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("writing jobs of Slurm: %w", err)
	}
	if !plainPath.MatchString(b.Folder) {
		return nil, usageError{fmt.Errorf("--slurm %s: a path of letters, digits and . _ / + , : = @ - is accepted, as Slurm reads it in a script", b.Folder)}
	}
	for _, option := range s.options {
		if !strings.HasPrefix(option, "-") || strings.ContainsAny(option, "\n\r") {
			return nil, usageError{fmt.Errorf("--sbatch %q; an option of sbatch on one line, such as --partition=long, is accepted", option)}
		}
	}
	for flag, given := range map[string]bool{"--figures-only": o.FiguresOnly, "--retry": o.Retry, "--recompute": o.Recompute} {
		if given {
			b.Flags = append(b.Flags, flag)
		}
	}
	return b, nil
}

func (a *app) cut(ctx context.Context, name string, shards int) (*sweep.List, error) {
	file, resolve, err := opened(name)
	if err != nil {
		return nil, err
	}
	bar := newProgress(a.err)
	defer bar.stop()
	return sweep.Cut(ctx, file, resolve, shards, asking(ctx, bar))
}

// submit runs sbatch and gives the job's number.
func submit(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "sbatch", append([]string{"--parsable"}, args...)...)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("sbatch %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(said.String()))
	}
	number, _, _ := strings.Cut(strings.TrimSpace(string(out)), ";") // and the cluster's name behind it
	if _, err := strconv.Atoi(number); err != nil {
		return "", fmt.Errorf("sbatch %s: it printed %q and no job's number", strings.Join(args, " "), out)
	}
	return number, nil
}

// listed resolves the points of a list's shard.
func (a *app) listed(ctx context.Context, path, name string, part sweep.Shard, by store.Origin) ([]sweep.PlannedPoint, error) {
	l, err := sweep.ReadList(path)
	if err != nil {
		return nil, err
	}
	if part.Count != len(l.Shards) {
		return nil, usageError{fmt.Errorf("--shard %d/%d: %s has %s", part.Index, part.Count, path, count(len(l.Shards), "shard"))}
	}
	file, resolve, err := opened(name)
	if err != nil {
		return nil, err
	}
	bar := newProgress(a.err)
	defer bar.stop()
	choices, err := file.Expand()
	if err != nil {
		return nil, err
	}
	return l.Jobs(file, choices, part.Index, resolve, by, asking(ctx, bar))
}

func opened(name string) (*sweep.File, sweep.Resolver, error) {
	file, err := sweep.Open(name)
	if err != nil {
		return nil, nil, err
	}
	before, err := (&modelFlags{}).overrides()
	return file, sweep.Load(before), err
}

// parts are the arguments of a merge of a list's shards. Points that no shard has are an error that names them, and how they are simulated.
func (a *app) parts(ctx context.Context, path, into string) ([]string, error) {
	l, err := sweep.ReadList(path)
	if err != nil {
		return nil, err
	}
	by, err := store.This()
	if err != nil {
		return nil, err
	}
	file, resolve, err := opened(l.Sweep)
	if err != nil {
		return nil, err
	}
	bar := newProgress(a.err)
	defer bar.stop()
	choices, err := file.Expand()
	if err != nil {
		return nil, err
	}
	args, gaps := []string{into}, []string(nil)
	var without []string // shards
	points := 0
	for i := range l.Shards {
		if err := asking(ctx, bar)("shards", i, len(l.Shards)); err != nil {
			return nil, err
		}
		jobs, err := l.Jobs(file, choices, i+1, resolve, by, nil)
		if err != nil {
			return nil, err
		}
		part := filepath.Join(filepath.Dir(path), sweep.Part(i+1))
		missing, why := jobs, "is not there"
		if _, err := os.Stat(part); err == nil {
			if missing, err = absent(ctx, part, jobs); err != nil {
				return nil, err
			}
			why = "lacks them"
		}
		if len(missing) > 0 {
			points += len(missing)
			without = append(without, strconv.Itoa(i+1))
			gaps = append(gaps, fmt.Sprintf("shard %d: %s of %d, %s %s; the first is %s", i+1, count(len(missing), "point"), len(jobs), part, why, missing[0].Choice.String()))
		}
		args = append(args, part)
	}
	if len(gaps) == 0 {
		return args, nil
	}
	if len(gaps) > diag.Most {
		gaps = append(gaps[:diag.Most], fmt.Sprintf("and %d shards more", len(gaps)-diag.Most))
	}
	return nil, fmt.Errorf("%s missing, nothing is merged:\n%s\nsbatch --array=%s %s simulates them", count(points, "point"), strings.Join(gaps, "\n"), strings.Join(without, ","),
		filepath.Join(filepath.Dir(path), sweep.ArrayName))
}

func absent(ctx context.Context, part string, jobs []sweep.PlannedPoint) ([]sweep.PlannedPoint, error) {
	s, err := store.OpenExisting(ctx, part)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return sweep.Missing(ctx, s, jobs)
}
