package word

// Mode is what stays in the array's elements. A group without a product has none until somebody gives it one.
type Mode string

// The modes.
const (
	OS Mode = "os" // outputs
	WS Mode = "ws" // weights
)

// Over is the dimension of the output that is interleaved in one element.
type Over string

// The dimensions.
const (
	OverF Over = "f" // columns: output channels
	OverT Over = "t" // rows: positions or tokens
)

// Optimiser is the rule by which the WUVE updates. A group without an update has none.
type Optimiser string

// The optimisers.
const (
	SGD      Optimiser = "sgd"
	Momentum Optimiser = "momentum"
	Adam     Optimiser = "adam"
	AdamW    Optimiser = "adamw"
)

// PassKind is element-wise or reducing work of the vector unit, whose package lists the kinds.
type PassKind string

// PrunePlace is where weights are pruned that were not when they were written.
type PrunePlace string

// The places.
const (
	AtFetch PrunePlace = "fetch" // between the memory and the north buffer, once a fetch
	AtEdge  PrunePlace = "edge"  // between the north buffer and the array, each time a fold reads them
)
