package query

// PaperSpeedup is the average of BDWP 2:8 over dense on SAT that the paper's abstract states (Fang et al., IEEE TCAD 43(2), 2024, arXiv 2309.13015).
const PaperSpeedup = 1.75

// Bandwidth of all ports together, in bytes a second: what the accelerator can take from its memory.
func Bandwidth(r *NamedPoint) float64 {
	channels, _ := r.Float("board.memory.channels")
	bits, _ := r.Float("board.memory.port_width_bits")
	clock, _ := r.Float("board.memory.port_clock")
	return channels * bits / 8 * clock
}

// switches are the dataflow's optimisations by their parameters.
var switches = []struct{ path, name string }{
	{"dataflow.interleave_mapping", "interleave mapping"},
	{"dataflow.pregeneration", "pre-generation"},
	{"dataflow.offline_scheduling", "offline scheduling"},
}

// Switches are the parameters of the dataflow's optimisations.
func Switches() []string {
	var out []string
	for _, s := range switches {
		out = append(out, s.path)
	}
	return out
}

// Off names the optimisations that are off in a row.
func Off(r *NamedPoint) string {
	var names []string
	for _, s := range switches {
		if r.Values[s.path] == false {
			names = append(names, s.name)
		}
	}
	switch len(names) {
	case 0:
		return "all on"
	case len(switches):
		return "all off"
	}
	out := "without "
	for i, n := range names {
		if i > 0 {
			out += " and "
		}
		out += n
	}
	return out
}

// Metrics are what designs are compared by, smaller being better in each.
func Metrics() []Order {
	return []Order{{Source: "cycles"}, {Source: "dsp"}}
}
