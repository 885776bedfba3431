package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"satsim/arch/fpga"
	"satsim/internal/diag"
	"satsim/results/store"
	"satsim/results/sweep"
)

func (a *app) sweep() *cobra.Command {
	var path, shard, list string
	var dry bool
	var batch slurmFlags
	var o sweep.Options
	cmd := &cobra.Command{
		Use:   "sweep FILE",
		Short: "Simulate the points of a sweep file into a store",
		Long: `Simulates every point of a sweep file (a shipped name or a file), and the baselines that they are compared with, and keeps them in a
store. A point that the store has is not simulated again: an interrupted sweep goes on where it was, an extended one computes what is new.
A point is known by its models' content and by satsim's model version, which rises when a figure moves. A satsim that was not built of a clean commit
uses its own points only.`,
		Args: oneArg("the sweep's file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Workers = a.settings.GetInt("workers")
			if o.Workers < 1 {
				return usageError{fmt.Errorf("--workers %d; 1 or more is accepted", o.Workers)}
			}
			part, err := sweep.ParseShard(shard)
			if err != nil {
				return usageError{fmt.Errorf("--shard: %w", err)}
			}
			if batch.folder != "" {
				return a.writeBatch(cmd, args[0], path, &batch, o)
			}
			if path == "" && !dry {
				return usageError{fmt.Errorf("--store is missing: the file that results go to, such as --store results.db")}
			}
			by, err := store.This()
			if err != nil {
				return err
			}
			if list != "" {
				jobs, err := a.listed(cmd.Context(), list, args[0], part, by)
				if err != nil {
					return err
				}
				return a.runSweep(cmd.Context(), jobs, path, o, by)
			}
			plan, err := a.planSweep(cmd.Context(), args[0], by)
			if err != nil {
				return err
			}
			if dry {
				return a.dryRun(cmd.Context(), plan, part, path, o, by)
			}
			return a.runSweep(cmd.Context(), plan.Shard(part), path, o, by)
		},
	}
	f := cmd.Flags()
	f.StringVar(&path, "store", "", "file that results are kept in; it is made if there is none")
	f.StringVar(&shard, "shard", "", "I/N: only the I-th of N parts, to be merged with the others (default: the whole)")
	f.BoolVar(&dry, "dry-run", false, "print the number of points, which of them would fail and why, and an estimate of time; nothing is stored")
	f.BoolVar(&o.Retry, "retry", false, "simulate points again that failed before")
	f.BoolVar(&o.Recompute, "recompute", false, "simulate all points again")
	f.BoolVar(&o.FiguresOnly, "figures-only", false, "keep figures without layers and word groups, in a third of the room or less; tables and plots that need those are refused")
	f.Int("workers", runtime.NumCPU(), "points simulated side by side")
	f.StringVar(&list, "list", "", "list of shards that --slurm wrote: --shard is one of its, and no other points are resolved")
	batch.register(f)
	combine(cmd, excludes("recompute", "retry"), needs("list", "shard"), excludes("list", "dry-run"), excludes("slurm", "shard", "list", "dry-run"),
		needs("slurm", "shards"), needs("shards", "slurm"), needs("submit", "slurm"), needs("sbatch", "slurm"), positive(f, "shards"))
	return cmd
}

// oneArg asks for exactly one argument.
func oneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError{fmt.Errorf("%s takes one argument, %s, not %d", cmd.Name(), what, len(args))}
		}
		return nil
	}
}

// planSweep reads a sweep file and resolves its points.
func (a *app) planSweep(ctx context.Context, name string, by store.Origin) (*sweep.Plan, error) {
	before, err := (&modelFlags{}).overrides()
	if err != nil {
		return nil, err
	}
	bar := newProgress(a.err)
	defer bar.stop()
	return sweep.Read(name, before, by, asking(ctx, bar))
}

func (a *app) dryRun(ctx context.Context, plan *sweep.Plan, part sweep.Shard, path string, o sweep.Options, by store.Origin) error {
	jobs := plan.Shard(part)
	var s *store.Store
	if _, err := os.Stat(path); path != "" && err == nil {
		if s, err = store.OpenExisting(ctx, path); err != nil {
			return err
		}
		defer s.Close()
		if err := a.unused(ctx, s, by); err != nil {
			return err
		}
	}
	refused, err := sweep.Check(ctx, jobs)
	if err != nil {
		return err
	}
	if len(refused) > 0 && len(refused) == len(jobs) {
		return fmt.Errorf("%s: every point would fail; the first is %s: %w", plan.Name, refused[0].Point, refused[0].Why)
	}
	todo, total, err := sweep.Estimate(ctx, s, jobs, o)
	if err != nil {
		return err
	}
	kinds := ""
	if plan.Kinds > 0 {
		kinds = fmt.Sprintf(", %d kinds of steps of trainings", plan.Kinds)
	}
	fmt.Fprintf(a.out, "%s, %d of them baselines only%s; conditions leave %d out\n", count(len(plan.Jobs), "point"), plan.Baselines, kinds, plan.LeftOut)
	if part.Count > 1 {
		fmt.Fprintf(a.out, "shard %d of %d: %s\n", part.Index, part.Count, count(len(jobs), "point"))
	}
	if known := len(jobs) - todo; s != nil {
		fmt.Fprintf(a.out, "%s in the store, %d to simulate\n", count(known, "point"), todo)
	}
	fmt.Fprintf(a.out, "about %v on %s, by one point of each network\n", roundTime(total), count(o.Workers, "worker"))
	if len(refused) > 0 {
		fmt.Fprintf(a.out, "%s would fail:\n", count(len(refused), "point"))
	}
	for i, r := range refused {
		if i == diag.Most {
			fmt.Fprintf(a.out, "and %d more\n", len(refused)-i)
			break
		}
		fmt.Fprintf(a.out, "%s: %s\n", r.Point, strings.ReplaceAll(r.Why.Error(), "\n", "; "))
	}
	return nil
}

func (a *app) runSweep(ctx context.Context, jobs []sweep.PlannedPoint, path string, o sweep.Options, by store.Origin) error {
	s, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	if err := a.unused(ctx, s, by); err != nil {
		s.Close()
		return err
	}
	report := newReport(a.err)
	o.Progress = report.update
	began := time.Now()
	p, err := sweep.Run(ctx, s, jobs, o)
	report.end()
	if closing := s.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	if p.Done == 0 {
		fmt.Fprintf(a.out, "%s: all in the store before\n", count(len(jobs), "point"))
	} else {
		fmt.Fprintf(a.out, "%s: %d simulated in %v (%.1f points/s), %d in the store before\n",
			count(len(jobs), "point"), p.Done, roundTime(time.Since(began)), p.Rate, p.Known)
	}
	if n := misfits(jobs); n > 0 {
		fmt.Fprintf(a.out, "%s of designs that do not fit their board, simulated all the same: satsim results %s --where 'fit == \"does not fit\"'\n", count(n, "point"), path)
	}
	if p.Failed > 0 {
		fmt.Fprintf(a.out, "%s failed: satsim results %s --where 'error != \"\"' --columns network,recipe,sparsity,error\n", count(p.Failed, "point"), path)
	}
	return nil
}

// chosen picks the rows of a store that are read where nothing is computed, and says which are not, or that they are another satsim's.
func (a *app) chosen(ctx context.Context, s *store.Store) (store.Origin, error) {
	own, err := store.This()
	if err != nil {
		return own, err
	}
	held, err := s.Origins(ctx)
	if err != nil {
		return own, err
	}
	chosen := store.Choose(held, own)
	if chosen != own {
		fmt.Fprintf(a.err, "these figures are of %v, this satsim is %v\n", chosen, own)
	}
	return chosen, a.unused(ctx, s, chosen)
}

// unused says which rows of a store are not used beside those of an origin.
func (a *app) unused(ctx context.Context, s *store.Store, used store.Origin) error {
	held, err := s.Origins(ctx)
	for _, h := range held {
		switch {
		case h.Origin == used:
		case h.Rows == 1:
			fmt.Fprintf(a.err, "1 row of %v is not used\n", h.Origin)
		default:
			fmt.Fprintf(a.err, "%d rows of %v are not used\n", h.Rows, h.Origin)
		}
	}
	return err
}

func misfits(jobs []sweep.PlannedPoint) (n int) {
	for i := range jobs {
		if jobs[i].Fit == fpga.TooLarge {
			n++
		}
	}
	return n
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// roundTime keeps about two digits.
func roundTime(d time.Duration) time.Duration {
	switch {
	case d < time.Second:
		return d.Round(10 * time.Millisecond)
	case d < time.Minute:
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Second)
}

// sweepReport prints a sweep's progress: on a terminal a line that is rewritten, else a line now and then for the log of a batch job.
type sweepReport struct {
	w     io.Writer
	every time.Duration
	start string // what brings the cursor to the line's start
	last  time.Time
	open  bool
}

func newReport(w io.Writer) *sweepReport {
	r := &sweepReport{w: w, every: 10 * time.Second, last: time.Now()}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		r.every, r.start = 100*time.Millisecond, "\r\x1b[K"
	}
	return r
}

func (r *sweepReport) update(p sweep.Progress) {
	if time.Since(r.last) < r.every {
		return
	}
	r.last = time.Now()
	failed := ""
	if p.Failed > 0 {
		failed = fmt.Sprintf(", %d failed", p.Failed)
	}
	fmt.Fprintf(r.w, "%s%d of %s, %.1f points/s, %v left%s", r.start, p.Done, count(p.Total, "point"), p.Rate, roundTime(p.Left), failed)
	if r.open = r.start != ""; !r.open {
		fmt.Fprintln(r.w)
	}
}

func (r *sweepReport) end() {
	if r.open {
		fmt.Fprint(r.w, r.start)
	}
}
