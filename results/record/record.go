package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"satsim/internal/ratio"
)

// Schema names the layout.
const Schema = "satsim.record/2"

// Version of satsim that is written into records.
const Version = "0.1.0"

// Record is a comparison of runs of one network on one architecture.
type Record struct {
	Schema   string          `json:"schema"`
	Version  string          `json:"version"`
	Arch     json.RawMessage `json:"arch"` // resolved, board included
	ArchName string          `json:"arch_name"`
	Network  Network         `json:"network"`
	Recipe   json.RawMessage `json:"recipe"` // resolved; the baseline takes its optimiser
	Runs     []Run           `json:"runs"`   // the baseline first
	// Comparison of the last run with the first, if there are two.
	Comparison  *Comparison     `json:"comparison,omitempty"`
	EnergyTable json.RawMessage `json:"energy_table,omitempty"` // resolved
	// BoardTable is the name of the board's own energy table, if another priced the runs.
	BoardTable string     `json:"board_energy_table,omitempty"`
	Resources  *Resources `json:"resources,omitempty"`
	// Training is what whole trainings take, if that was asked for, in the order of Runs.
	Training []Training `json:"training,omitempty"`
}

// Training is the cost of a whole training: epochs x steps.
type Training struct {
	Recipe        string  `json:"recipe"`
	Epochs        int64   `json:"epochs"`
	StepsPerEpoch int64   `json:"steps_per_epoch"`
	Cycles        int64   `json:"cycles"`
	TimeS         float64 `json:"time_s"`
	Phases        []Phase `json:"phases"` // the kinds of steps, in the order in which they begin
}

// Phase is a kind of step of a training.
type Phase struct {
	Name       string  `json:"name"`
	Steps      int64   `json:"steps"`
	Sparsity   string  `json:"sparsity"`
	StepCycles int64   `json:"step_cycles"`
	StepTimeS  float64 `json:"step_time_s"`
}

// Network is what was trained.
type Network struct {
	Name        string          `json:"name"`
	Note        string          `json:"note"`
	Images      int64           `json:"images"` // samples a step
	Parameters  int64           `json:"parameters"`
	Description json.RawMessage `json:"description"` // resolved, as the file has it
}

// Run is one training step under one recipe.
type Run struct {
	Recipe   string  `json:"recipe"`
	Sparsity string  `json:"sparsity"` // N:M
	Total    Figures `json:"total"`
	ImagesPS float64 `json:"images_per_s"`
	Stages   []Stage `json:"stages"`
	Layers   []Layer `json:"layers"` // a row a layer and stage, in the order of the step
	Stalls   []Stall `json:"stalls"` // by stage, and the whole step last
	Groups   []Group `json:"groups"` // a row a word group, in the order of the step
	Memory   *Memory `json:"memory,omitempty"`
	// Footprint of the step in off-chip memory.
	FootprintBytes int64 `json:"footprint_bytes"`
	// CompulsoryBytes are the traffic that no machine avoids.
	CompulsoryBytes int64  `json:"compulsory_bytes"`
	Simulation      Effort `json:"simulation"`
	// NormsOnRead are the batch norms that are no passes: whoever reads their result normalises what it fetches (norm.lanes).
	NormsOnRead []string `json:"norms_on_read,omitempty"`
	// NormsSaved is what they take less than passes would, as the search predicted it. A schedule that was given says nothing of it.
	NormsSaved *Saving `json:"norms_saved,omitempty"`
	// Energy of the step, if a table was given.
	Energy *RunEnergy `json:"energy,omitempty"`
	// DenseOnly is what the run's recipe takes on the fastest dense-only arrays of the machine's resources, if that was asked for, by the end
	// of the estimates from low to high.
	DenseOnly []DenseOnlyStep `json:"dense_only,omitempty"`
}

// Saving is what a choice takes less than another one.
type Saving struct {
	Cycles int64 `json:"cycles"`
	Bytes  int64 `json:"bytes"` // read and written off-chip
}

// DenseOnlyStep is a step on the fastest dense-only array of the same resources, at one end of their estimates.
type DenseOnlyStep struct {
	End    string `json:"end"` // low, middle, high
	Rows   int    `json:"rows"`
	Cols   int    `json:"cols"`
	Own    bool   `json:"own,omitempty"` // none is faster than the accelerator itself, which these rows and columns are of
	Cycles int64  `json:"cycles"`
}

// Effort is what the simulation itself took, in simulated events: no time of a host.
type Effort struct {
	Events       int64 `json:"events"`
	Groups       int64 `json:"groups"`
	GroupsRun    int64 `json:"groups_run"`   // the others were equal to one that ran
	Instructions int64 `json:"instructions"` // that the events stand for
}

// Figures are the figures of a part of a step.
type Figures struct {
	Cycles          int64    `json:"cycles"`
	Moved           int64    `json:"moved_cycles,omitempty"` // busy cycles of passes that ran beside others' products, less those of others' beside its own
	TimeS           float64  `json:"time_s"`
	DenseMACs       int64    `json:"dense_macs"`     // of the dense network
	PerformedMACs   int64    `json:"performed_macs"` // after pruning
	DenseGFLOPS     float64  `json:"dense_equivalent_gflops"`
	EffectiveGFLOPS float64  `json:"effective_gflops"`
	Utilisation     float64  `json:"mac_utilisation"` // performed MACs over PEs x cycles
	ReadBytes       int64    `json:"dram_read_bytes"`
	WriteBytes      int64    `json:"dram_write_bytes"`
	Units           Units    `json:"units"`
	Buffers         []Buffer `json:"buffers"` // those that were used
}

// Own is the cycles with every pass booked to what it is of, not to the product beside which it ran.
func (f *Figures) Own() int64 { return f.Cycles + f.Moved }

// Stage is a row of the table by stage.
type Stage struct {
	Stage string `json:"stage"`
	Figures
	Energy *Energy `json:"energy,omitempty"`
}

// Layer is a row of the table by layer.
type Layer struct {
	Layer    string `json:"layer"`
	Op       string `json:"op"`
	Stage    string `json:"stage"`
	Sparsity string `json:"sparsity"` // of its product
	Figures
	Energy *Energy `json:"energy,omitempty"`
	// Actions are how often each action of the energy model was done, in its order: what the joules are made of, and in no file.
	Actions []int64 `json:"-"`
}

// Stall is where the time of all lanes went in a stage.
type Stall struct {
	Stage string `json:"stage"`
	Lanes []Lane `json:"lanes"` // of all lanes; each adds up to the stage's cycles
}

// Group is a word group.
type Group struct {
	Group     int    `json:"group"`
	Label     string `json:"label"`
	Kind      string `json:"kind"`
	Layer     string `json:"layer"`
	Stage     string `json:"stage"`
	Word      string `json:"word"` // the choice in short, if there was one
	Cycles    int64  `json:"cycles"`
	Predicted int64  `json:"predicted_cycles"` // a lower bound
	// Lanes is where each busy lane's cycles went; every row adds up to the group's cycles.
	Lanes []Lane `json:"lanes"`
}

// Lane is where a lane's time went in a group or a stage. All adds up to the cycles of it.
type Lane struct {
	Lane        string `json:"lane"`
	Computing   int64  `json:"computing_cycles"` // an instruction runs
	Filling     int64  `json:"filling_cycles"`   // before the first instruction could start
	Draining    int64  `json:"draining_cycles"`  // after the last ended
	Waits       []Wait `json:"waits"`            // for data of another unit, or for it to take some; one that was not waited for is not there
	NoWord      int64  `json:"no_word_cycles"`   // the controller had nothing for the lane
	Reconfigure int64  `json:"reconfigure_cycles"`
}

// Wait is how long the lane waited for a unit.
func (l *Lane) Wait(unit string) int64 {
	for i := range l.Waits {
		if l.Waits[i].Unit == unit {
			return l.Waits[i].Cycles
		}
	}
	return 0
}

// Sum of all causes.
func (l *Lane) Sum() int64 {
	n := l.Computing + l.Filling + l.Draining + l.NoWord + l.Reconfigure
	for i := range l.Waits {
		n += l.Waits[i].Cycles
	}
	return n
}

// Comparison of a run with the baseline.
type Comparison struct {
	Speedup float64 `json:"speedup"`
	// Companions: what the headline is made of.
	MACBound    float64       `json:"mac_only_bound"` // dense MACs over performed MACs
	Overlap     []Overlap     `json:"overlap,omitempty"`
	Stages      []StageRatio  `json:"stages"`
	Sensitivity []Sensitivity `json:"sensitivity"`
	// Energy of the first run over that of the last.
	Energy *EnergyComparison `json:"energy,omitempty"`
	// DenseOnly is against dense-only arrays of the same resources, at the ends of the estimates from low to high: beside the comparison on
	// one machine, or, with a run for each before the recipe's, instead of it.
	DenseOnly []DenseOnly `json:"dense_only,omitempty"`
}

// SameResources is the least and the greatest speed-up over dense-only arrays of the same resources of a step of so many cycles; false if
// there are none.
func (r *Run) SameResources(cycles int64) (bounds [2]float64, ok bool) {
	if len(r.DenseOnly) == 0 || cycles == 0 {
		return bounds, false
	}
	least, most := r.DenseOnly[0].Cycles, r.DenseOnly[0].Cycles
	for _, d := range r.DenseOnly {
		least, most = min(least, d.Cycles), max(most, d.Cycles)
	}
	return [2]float64{ratio.Of(least, cycles), ratio.Of(most, cycles)}, true
}

// SameResources is the least and the greatest speed-up over a dense-only array of the same resources; zeros if there is none.
func (c *Comparison) SameResources() (bounds [2]float64) {
	for i, d := range c.DenseOnly {
		if i == 0 {
			bounds = [2]float64{d.Speedup, d.Speedup}
		}
		bounds = [2]float64{min(bounds[0], d.Speedup), max(bounds[1], d.Speedup)}
	}
	return bounds
}

// AgainstDenseOnly reports whether the baseline is dense-only arrays, each with a run of its own.
func (r *Record) AgainstDenseOnly() bool {
	return r.Comparison != nil && len(r.Comparison.DenseOnly) > 0 && len(r.Runs) == len(r.Comparison.DenseOnly)+1
}

// Overlap is the speed-up at the two ends of how a unit's work may lie beside that of the others.
type Overlap struct {
	Unit       string  `json:"unit"`
	Overlapped float64 `json:"overlapped_speedup"` // it is never waited for
	Serial     float64 `json:"serial_speedup"`     // nothing overlaps its work
}

// StageRatio is the speed-up of one stage.
type StageRatio struct {
	Stage   string  `json:"stage"`
	Speedup float64 `json:"speedup"`
}

// Sensitivity is the speed-up with one parameter changed, everything else equal, in both runs.
type Sensitivity struct {
	Override string  `json:"override"`
	Speedup  float64 `json:"speedup"`
}

// Write writes the record as indented JSON, run by run: that of a deep network is long.
func (r *Record) Write(w io.Writer) error {
	rest := *r
	rest.Runs = nil
	text, err := json.MarshalIndent(&rest, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the record: %w", err)
	}
	const none = "\n  \"runs\": null" // at the record's own indent
	before, after, ok := bytes.Cut(text, []byte(none))
	if !ok {
		return fmt.Errorf("writing the record: its fields are not as they are expected")
	}
	var b bytes.Buffer
	b.Write(before)
	b.WriteString("\n  \"runs\": ")
	text = nil
	for i := range r.Runs {
		if i > 0 {
			b.WriteByte(',')
		} else {
			b.WriteByte('[')
		}
		b.WriteString("\n    ")
		if text, err = r.Runs[i].AppendJSON(text[:0]); err != nil {
			return fmt.Errorf("writing the record: %w", err)
		}
		if err := json.Indent(&b, text, "    ", "  "); err != nil {
			return fmt.Errorf("writing the record: %w", err)
		}
		if _, err := b.WriteTo(w); err != nil {
			return fmt.Errorf("writing the record: %w", err)
		}
	}
	switch {
	case r.Runs == nil:
		b.WriteString("null")
	case len(r.Runs) == 0:
		b.WriteString("[]")
	default:
		b.WriteString("\n  ]")
	}
	b.Write(after)
	b.WriteByte('\n')
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("writing the record: %w", err)
	}
	return nil
}
