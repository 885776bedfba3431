package rtl

import (
	"fmt"

	"satsim/arch/vector"
)

// limits are what the Verilog of every architecture is not, a sentence or two each, as the README of a bundle and docs/rtl.md list it. What a key of the architecture, a tile or a job asks for
// of it is refused.
func limits() []string {
	d := vector.Default()
	return []string{
		"Buffers, memory ports and the controller have no Verilog. The normaliser (`norm.lanes`) stands between a reader and writers as other units do, not at a port: that ports which bring more than its lanes take wait in turn is whoever's that places it.",
		"The array's outputs hold places, which SLoPe's WU over kept weights alone (`wu: {prune: weights}`) runs on, where it is built with `--held-places`; no estimate of resources has them.",
		"Of products (`dataflow.vector_updates`) the vector unit runs those that begin at zero and leave their sums to be read between jobs; those that resume sums, or leave them in the output buffer, are the model's alone.",
		fmt.Sprintf("The vector unit takes work on any number of columns, or of a window's results, on any lanes that it is built with, as many at a time as a lane has places for: `vector.constants` and `vector.sums`, %d and %d of the default. "+
			"Whoever starts jobs cuts work on more; the closed form of a job counts the pieces, that of a step takes them as one. Norms of rows are not cut: their sums over columns want 32 places for each wave of a row.", d.Constants, d.Sums),
		fmt.Sprintf("`satsim rtl` refuses more than %d lanes of the vector unit, and a `vector.pipeline_latency` under %d. A row is no longer than a strip (`vector.strip` times lanes: %d elements of the default); "+
			"a longer one, as the gradient check has, is refused where a bench is made of it. The exact model takes longer rows, more lanes and shorter pipelines, as the closed form does. Work once a column (a batch norm's root) is the controller's.",
			vector.MostLanes, vector.LeastLatency, d.Strip*d.Lanes),
		"Nothing was placed or routed, no vendor's tool has read it, and the constraints are a skeleton.",
	}
}
