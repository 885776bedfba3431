package record

// Interval is a value with the bounds that the energy table's entries allow.
type Interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Energy is the joules of a part of a step, with bounds.
type Energy struct {
	Joules Interval     `json:"energy_j"`
	Units  []UnitEnergy `json:"units"`
}

// UnitEnergy is the joules of one unit.
type UnitEnergy struct {
	Unit   string   `json:"unit"`
	Joules Interval `json:"energy_j"`
}

// RunEnergy is the energy of a step and what follows from it.
type RunEnergy struct {
	Table string `json:"table"`
	Energy
	PowerW              Interval `json:"average_power_w"`
	ImagesPerJ          Interval `json:"images_per_j"`
	DenseGFLOPSPerW     Interval `json:"dense_equivalent_gflops_per_w"`
	EffectiveGFLOPSPerW Interval `json:"effective_gflops_per_w"`
	EDP                 Interval `json:"energy_delay_js"`
	FlipFlops           int64    `json:"flip_flops"` // whose clock is counted: the middle of the estimate
	Actions             []Action `json:"actions"`
	Missing             []string `json:"actions_without_entry"` // they cost nothing by this table
	// Standing is the part that goes with time alone: power and the clock.
	Standing Interval `json:"standing_energy_j,omitzero"`
	// Bases are the joules by what their prices rest on, the firmest first.
	Bases []BasisEnergy `json:"bases,omitempty"`
}

// BasisEnergy is the joules whose prices are measured, published, derived, an assumption, or of no stated basis.
type BasisEnergy struct {
	Basis  string   `json:"basis"`
	Joules Interval `json:"energy_j"`
}

// Action is how often something was done, and what it cost.
type Action struct {
	Action string   `json:"action"`
	Of     string   `json:"of"` // what one count is: 1/1000 activate of activates, cycle of power
	Count  int64    `json:"count"`
	Joules Interval `json:"energy_j"`
}

// EnergyComparison is the baseline's energy over another run's, by one table on both sides.
type EnergyComparison struct {
	Ratio       Interval            `json:"ratio"`
	Verdict     string              `json:"verdict"` // less, more or undecided: what the other run takes
	EDPRatio    Interval            `json:"energy_delay_ratio"`
	EDPVerdict  string              `json:"energy_delay_verdict"`
	Sensitivity []EnergySensitivity `json:"sensitivity"`
}

// EnergySensitivity is the ratio with one entry of the table at its low and at its high, all others at their values; the entry that moves
// it furthest comes first.
type EnergySensitivity struct {
	Action string  `json:"action"`
	Group  string  `json:"group"`
	Low    float64 `json:"ratio_low"`
	High   float64 `json:"ratio_high"`
}

// Resources is what the accelerator takes of its board's FPGA.
type Resources struct {
	Board string         `json:"board"`
	Part  string         `json:"part"`
	Fit   string         `json:"fit"` // fits, undecided, does not fit or unknown
	Lines []ResourceLine `json:"lines"`
	Notes []string       `json:"notes"`
}

// ResourceLine is one resource against the board.
type ResourceLine struct {
	Resource  string `json:"resource"`
	Low       int64  `json:"low"`
	High      int64  `json:"high"`
	Available int64  `json:"available"`
	Limit     int64  `json:"limit,omitempty"` // the most of it that counts as fitting; not there in records of before: all of it
	Fit       string `json:"fit"`
}

// DenseOnly is the comparison with the fastest dense-only array of the same resources, at one end of their estimates.
type DenseOnly struct {
	DenseOnlyStep                   // under the baseline recipe
	Speedup       float64           `json:"speedup"`
	Energy        *EnergyComparison `json:"energy,omitempty"`
}
