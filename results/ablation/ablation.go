package ablation

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"satsim/arch/energy"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/internal/memo"
	"satsim/internal/ratio"
	"satsim/results/experiment/machine"
	"satsim/results/record"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// Switches are the optimisations.
type Switches struct {
	InterleaveMapping bool `json:"interleave_mapping"`
	Pregeneration     bool `json:"pregeneration"`
	OfflineScheduling bool `json:"offline_scheduling"`
}

// Variant is a combination with a name.
type Variant struct {
	Name string
	Switches
}

// Variants lists none of the optimisations, each alone, all but each, and all.
func Variants() []Variant {
	return []Variant{
		{"none", Switches{}},
		{"interleave_mapping", Switches{InterleaveMapping: true}},
		{"pregeneration", Switches{Pregeneration: true}},
		{"offline_scheduling", Switches{OfflineScheduling: true}},
		{"all but interleave_mapping", Switches{Pregeneration: true, OfflineScheduling: true}},
		{"all but pregeneration", Switches{InterleaveMapping: true, OfflineScheduling: true}},
		{"all but offline_scheduling", Switches{InterleaveMapping: true, Pregeneration: true}},
		{"all", Switches{true, true, true}},
	}
}

// Combination is a step under a recipe with a combination of the optimisations.
type Combination struct {
	Optimisations string `json:"optimisations"`
	Switches
	Recipe   string  `json:"recipe"`
	Sparsity string  `json:"sparsity"`
	Cycles   int64   `json:"cycles"`
	TimeS    float64 `json:"time_s"`
	Speedup  float64 `json:"speedup"`          // over the same recipe with none of them
	ToBase   float64 `json:"baseline_speedup"` // over the baseline recipe with the same ones
	// Array is where the time of the array's lane went; it adds up to cycles.
	Array record.Lane `json:"array"`
	// Busy is what the array's computing cycles were; it adds up to them.
	Busy       Busy  `json:"array_busy"`
	ReadBytes  int64 `json:"dram_read_bytes"`
	WriteBytes int64 `json:"dram_write_bytes"`
	// Sorted and SoreCycles are of SORE alone, by what they mean: pruning done again where pruned copies were not kept.
	Sorted     int64 `json:"sorted_elements"`
	SoreCycles int64 `json:"sore_busy_cycles"`
}

// Busy is what the cycles of the array's tiles went to.
type Busy struct {
	Issue  int64 `json:"issue_cycles"`  // a multiplication a PE
	Hazard int64 `json:"hazard_cycles"` // an addition waits for the one before: what interleaving hides
	Feed   int64 `json:"feed_cycles"`   // operands still on the links, in the banks, or weights and start values still entering
	Ends   int64 `json:"ends_cycles"`   // sums in order, pipelines running empty, results leaving: the ends of folds and tiles
}

// busyOf is what the array's cycles went to.
func busyOf(c record.NamedCounts) Busy {
	sum := func(names ...string) (n int64) {
		for _, name := range names {
			n += c.Of(name)
		}
		return n
	}
	return Busy{
		Issue: sum("issue_cycles"), Hazard: sum("hazard_cycles"), Feed: sum("link_cycles", "preload_cycles", "buffer_cycles"),
		Ends: sum("order_cycles", "sum_cycles", "empty_cycles", "drain_cycles"),
	}
}

// Sum of all.
func (b *Busy) Sum() int64 { return b.Issue + b.Hazard + b.Feed + b.Ends }

// Case is what is taken apart: a recipe and a baseline.
type Case struct {
	Spec     spec.Spec
	Step     *workloads.Step // dense
	Baseline recipe.Recipe
	Recipe   recipe.Recipe
	Energy   *energy.Table // for the objectives energy and edp of the scheduler; it may be nil
	// Progress is told what advances; it may be called from several goroutines and may be nil.
	Progress func(what string, done, total int)
}

// Run simulates all variants under both recipes: the baseline's row of each variant first.
func Run(ctx context.Context, c Case) ([]Combination, error) {
	variants := Variants()
	recipes := []recipe.Recipe{c.Baseline}
	if c.Recipe.Name != c.Baseline.Name {
		recipes = append(recipes, c.Recipe)
	}
	rows := make([]Combination, len(variants)*len(recipes))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	known := memo.New(machine.MemoBytes)
	for i, v := range variants {
		g.Go(func() error {
			s := c.Spec
			s.Dataflow.InterleaveMapping, s.Dataflow.Pregeneration, s.Dataflow.OfflineScheduling = v.InterleaveMapping, v.Pregeneration, v.OfflineScheduling
			m, err := machine.New(ctx, s, false)
			if err != nil {
				return err
			}
			m.Energy, m.Memo = c.Energy, known
			for k, r := range recipes {
				step := machine.Step{Dense: c.Step, Recipe: r}
				if c.Progress != nil {
					step.Progress = func(done, total int) { c.Progress(r.Name+" with "+v.Name, done, total) }
				}
				err := m.Do(&step)
				if err != nil {
					return fmt.Errorf("recipe %s with %s: %w", r.Name, v.Name, err)
				}
				if rows[i*len(recipes)+k], err = rowOf(v, &step.Run); err != nil {
					return fmt.Errorf("recipe %s with %s: %w", r.Name, v.Name, err)
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for i := range rows {
		base := i - i%len(recipes) // of the same variant
		rows[i].Speedup = ratio.Of(rows[i%len(recipes)].Cycles, rows[i].Cycles)
		rows[i].ToBase = ratio.Of(rows[base].Cycles, rows[i].Cycles)
	}
	return rows, nil
}

// rowOf takes from a run what the table shows, and refuses sums that do not add up.
func rowOf(v Variant, run *record.Run) (Combination, error) {
	sore := run.Total.Units.Of(word.SORE.String())
	r := Combination{
		Optimisations: v.Name, Switches: v.Switches, Recipe: run.Recipe, Sparsity: run.Sparsity, Cycles: run.Total.Cycles, TimeS: run.Total.TimeS,
		ReadBytes: run.Total.ReadBytes, WriteBytes: run.Total.WriteBytes, Sorted: sore.Counts.Of("elements"), SoreCycles: sore.Busy,
	}
	var err error
	r.Array, r.Busy, err = ArrayTime(run)
	return r, err
}

// ArrayTime is where the time of the array's lane went in a step, and what its computing cycles were. They add up to the step's cycles.
func ArrayTime(run *record.Run) (array record.Lane, busy Busy, err error) {
	if len(run.Stalls) > 0 {
		for _, l := range run.Stalls[len(run.Stalls)-1].Lanes {
			if l.Lane == word.Array.String() {
				array = l
			}
		}
	}
	busy = busyOf(run.Total.Units.Of(word.STCE.String()).Counts)
	if n := array.Sum(); n != run.Total.Cycles {
		return array, busy, fmt.Errorf("the causes of the array's lane add up to %d of %d cycles", n, run.Total.Cycles)
	}
	if n := busy.Sum(); n != array.Computing {
		return array, busy, fmt.Errorf("the array's busy cycles add up to %d of %d", n, array.Computing)
	}
	return array, busy, nil
}
