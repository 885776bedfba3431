package record

// schema1 had fields named after units where there are rows now: busy cycles, counts and waits of the four that there were. What follows are
// these fields alone; all others are read as they are.
const schema1 = "satsim.record/1"

type record1 struct {
	Runs       []run1 `json:"runs"`
	Comparison *struct {
		VectorOverlapped float64 `json:"vector_overlapped_speedup"`
		VectorSerial     float64 `json:"vector_serial_speedup"`
	} `json:"comparison"`
}

type run1 struct {
	Total  figures1   `json:"total"`
	Stages []figures1 `json:"stages"`
	Layers []struct {
		figures1
		Counts struct {
			STCE         NamedCounts `json:"stce"`
			SORE         NamedCounts `json:"sore"`
			WUVE         NamedCounts `json:"wuve"`
			Vector       NamedCounts `json:"vector"`
			Folds        int64       `json:"folds"`
			BufferCycles int64       `json:"buffer_cycles"`
		} `json:"counts"`
		Joules *Interval `json:"energy_j"`
	} `json:"layers"`
	Stalls []struct {
		Lanes []lane1 `json:"lanes"`
	} `json:"stalls"`
	Groups []struct {
		Lanes []lane1 `json:"lanes"`
	} `json:"groups"`
	Simulation struct {
		Folds int64 `json:"folds"`
	} `json:"simulation"`
}

type figures1 struct {
	Utilisation float64 `json:"array_utilisation"`
	STCE        int64   `json:"array_busy_cycles"`
	SORE        int64   `json:"sore_busy_cycles"`
	WUVE        int64   `json:"wuve_busy_cycles"`
	Vector      int64   `json:"vector_busy_cycles"`
	Sorted      int64   `json:"sorted_elements"`
	Updated     int64   `json:"updated_parameters"`
}

type lane1 struct {
	Memory int64 `json:"wait_memory_cycles"`
	STCE   int64 `json:"wait_stce_cycles"`
	SORE   int64 `json:"wait_sore_cycles"`
	WUVE   int64 `json:"wait_wuve_cycles"`
	Vector int64 `json:"wait_vector_cycles"`
}

// upgrade sets in out, which has all that did not change, what did.
func (r *record1) upgrade(out *Record) {
	out.Schema = Schema
	for i := range out.Runs {
		r.Runs[i].upgrade(&out.Runs[i])
	}
	if c := r.Comparison; c != nil && c.VectorSerial > 0 {
		out.Comparison.Overlap = []Overlap{{Unit: "vector", Overlapped: c.VectorOverlapped, Serial: c.VectorSerial}}
	}
}

func (r *run1) upgrade(out *Run) {
	r.Total.upgrade(&out.Total)
	out.Total.Units[0].Counts = NamedCounts{{"folds", r.Simulation.Folds}}
	for i := range out.Stages {
		r.Stages[i].upgrade(&out.Stages[i].Figures)
	}
	for i := range out.Layers {
		old, l := &r.Layers[i], &out.Layers[i]
		old.upgrade(&l.Figures)
		c := &old.Counts
		stce := append(c.STCE, Count{"folds", c.Folds}, Count{"buffer_cycles", c.BufferCycles})
		for k, counts := range []NamedCounts{stce, c.SORE, c.WUVE, c.Vector} {
			l.Units[k].Counts = counts
		}
		if old.Joules != nil {
			l.Energy = &Energy{Joules: *old.Joules}
		}
	}
	for i := range out.Stalls {
		upgradeLanes(r.Stalls[i].Lanes, out.Stalls[i].Lanes)
	}
	for i := range out.Groups {
		upgradeLanes(r.Groups[i].Lanes, out.Groups[i].Lanes)
	}
}

// upgrade gives the units of a part of a step their rows. Counts of layers are there; of steps and stages schema 1 has one each of SORE and WUVE.
func (f *figures1) upgrade(out *Figures) {
	out.Utilisation = f.Utilisation
	out.Units = Units{
		{Unit: "stce", Busy: f.STCE},
		{Unit: "sore", Busy: f.SORE, Counts: NamedCounts{{"elements", f.Sorted}}},
		{Unit: "wuve", Busy: f.WUVE, Counts: NamedCounts{{"parameters", f.Updated}}},
		{Unit: "vector", Busy: f.Vector},
	}
}

func upgradeLanes(old []lane1, out []Lane) {
	for i := range out {
		l := &old[i]
		out[i].Waits = []Wait{}
		for _, w := range []Wait{{"memory", l.Memory}, {"stce", l.STCE}, {"sore", l.SORE}, {"wuve", l.WUVE}, {"vector", l.Vector}} {
			if w.Cycles > 0 {
				out[i].Waits = append(out[i].Waits, w)
			}
		}
	}
}
