package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"satsim/results/record"
)

// Point is a training step on an architecture under a recipe, and what came out. Text is resolved: defaults filled in, overrides applied.
type Point struct {
	Arch    json.RawMessage // with its board
	Network json.RawMessage
	Recipe  json.RawMessage
	Energy  json.RawMessage // table; empty: nothing is priced
	Batch   int64           // samples a step

	// Origin is who computes it.
	Origin Origin

	// Baseline is the key of the point that this one is compared with; empty for a baseline.
	Baseline string

	// DenseOnly asks for dense-only arrays of the same resources in the run.
	DenseOnly bool

	// About the network, as a record has it, without the description.
	Note       string
	Parameters int64

	// Resources is what the accelerator takes of its FPGA: a flat mapping of names to values; empty if nothing is known of that.
	Resources json.RawMessage

	// FiguresOnly leaves out the run's layers, groups, stalls and memory where it is stored.
	FiguresOnly bool

	// Run is what was simulated; List leaves its layers, groups, stalls and memory empty. Error says why there is none.
	Run   *record.Run
	Error string

	key string // of the row that it was read from
}

// Key of a point: a hash of its models, its baseline, its origin and what is asked for.
func (p *Point) Key() string {
	if p.key != "" {
		return p.key
	}
	h := sha256.New()
	for _, part := range []string{p.Origin.text(), string(p.Arch), string(p.Network), string(p.Recipe), string(p.Energy), p.Baseline} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	if p.DenseOnly {
		io.WriteString(h, "dense-only") // a hash takes all
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Failed reports whether the point has an error instead of figures.
func (p *Point) Failed() bool { return p.Run == nil }

func hash(text []byte) string {
	h := sha256.Sum256(text)
	return hex.EncodeToString(h[:])
}
