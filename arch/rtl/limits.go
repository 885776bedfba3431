package rtl

// limits are what the Verilog of every architecture is not, a sentence or two each, as the README of a bundle and docs/rtl.md list it. What a key of the architecture, a tile or a job asks for
// of it is refused.
func limits() []string {
	return []string{
		"Buffers, memory ports, the controller and the normaliser (`norm.lanes`) have no Verilog; the last is refused by its key.",
		"The array's outputs hold places, which SLoPe's WU over kept weights alone (`wu: {prune: weights}`) runs on, where it is built with `--held-places`; no estimate of resources has them.",
		"Of products (`dataflow.vector_updates`) the vector unit runs those that begin at zero and leave their sums to be read between jobs, of channels that are a multiple of the lanes, in rounds no shorter than the pipeline; " +
			"those that resume sums or leave them in the output buffer, and of other channels, are the model's alone.",
		"The vector unit's lanes are 128 at most, a row is no longer than a strip (`vector.strip` times lanes), and `vector.pipeline_latency` is 5 or more; work once a column (a batch norm's root) is the controller's.",
		"Nothing was placed or routed, no vendor's tool has read it, and the constraints are a skeleton.",
	}
}
