package rtl

// limits are what the Verilog of every architecture is not, a sentence or two each, as the README of a bundle and docs/rtl.md list it. What a key of the architecture, a tile or a job asks for
// of it is refused.
func limits() []string {
	return []string{
		"Buffers, memory ports and the controller have no Verilog. The normaliser (`norm.lanes`) stands between a reader and writers as other units do, not at a port: that ports which bring more than its lanes take wait in turn is whoever's that places it.",
		"The array's outputs hold places, which SLoPe's WU over kept weights alone (`wu: {prune: weights}`) runs on, where it is built with `--held-places`; no estimate of resources has them.",
		"Of products (`dataflow.vector_updates`) the vector unit runs those that begin at zero and leave their sums to be read between jobs, of channels that are a multiple of the lanes, in rounds no shorter than the pipeline; " +
			"those that resume sums or leave them in the output buffer, and of other channels, are the model's alone.",
		"Of other work the vector unit has the programs, but not for rows of any C columns on any L lanes (`vector.lanes`). Sums over columns (batch norms, gradients of biases) want 32 C to be a multiple of L, and C at least " +
			"`vector.pipeline_latency` times L / 32; of a window's results (pools, what was repeated, rows of tables) as many at a time as are a multiple of L, and `vector.pipeline_latency` times L at least: so has the exact model. " +
			"Beyond that a lane is built with 64 places of constants and 256 of sums, which no key sets: C / gcd(C, L) constants (batch norms, biases), 32 C / L sums, and of norms of rows 32 sums for each wave of L elements of a row. " +
			"At 32 lanes, the default's, sums of up to 256 channels are held; at 33 of multiples of 33 alone, and constants of up to 64 channels, of more where C and 33 share a factor. The closed form takes all work as if it lay in place.",
		"`satsim rtl` refuses more than 128 lanes of the vector unit, and a `vector.pipeline_latency` under 5. A row is no longer than a strip (`vector.strip` times lanes: 1,024 elements of the default, 2,048 at 32 lanes and strips of 64); " +
			"a longer one is refused where a bench is made of it, and those of the gradient check have 2,048. The exact model takes longer rows, more lanes and shorter pipelines, as the closed form does. Work once a column (a batch norm's root) is the controller's.",
		"Nothing was placed or routed, no vendor's tool has read it, and the constraints are a skeleton.",
	}
}
