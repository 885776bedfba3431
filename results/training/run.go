package training

import (
	"encoding/json"
	"fmt"
	"io"

	"satsim/results/table"
	"satsim/workloads/train"
)

// Schema names the layout of a training's record.
const Schema = "satsim.training/1"

// Run is one training from beginning to end.
type Run struct {
	Schema      string          `json:"schema"`
	Network     string          `json:"network"`
	Note        string          `json:"note"`
	Recipe      string          `json:"recipe"`
	Sparsity    string          `json:"sparsity"` // N:M of the recipe; of a schedule, at its end; 1:1 if nothing is pruned
	Data        string          `json:"data"`
	DataHash    string          `json:"data_hash,omitempty"` // of the images and labels, or bytes, that are used
	TrainImages int64           `json:"train_images"`
	TestImages  int64           `json:"test_images"`
	Sequence    int64           `json:"sequence,omitempty"` // of a text: bytes of a sample, which stand where images do
	Batch       int64           `json:"batch"`
	Options     train.Options   `json:"options"`
	Init        string          `json:"init,omitempty"`   // hash of the arrays that it began with; empty: random ones
	Before      *Lineage        `json:"before,omitempty"` // how those were trained; nil: random ones, or their file does not say it
	Description json.RawMessage `json:"description"`      // of the network, resolved
	Resolved    json.RawMessage `json:"resolved_recipe"`
	Curve       []train.Epoch   `json:"curve"`              // of the epochs that ended
	Diverged    *train.Diverged `json:"diverged,omitempty"` // nil: it went to its end
}

// Last is the last epoch that ended; nothing of a training that diverged before one did.
func (r *Run) Last() train.Epoch {
	if len(r.Curve) == 0 {
		return train.Epoch{}
	}
	return r.Curve[len(r.Curve)-1]
}

// Write writes the record as indented JSON.
func (r *Run) Write(w io.Writer) error { return table.Indented(w, r) }

// Read reads a record.
func Read(r io.Reader) (*Run, error) {
	var out Run
	if err := json.NewDecoder(r).Decode(&out); err != nil {
		return nil, fmt.Errorf("reading a training's record: %w", err)
	}
	if out.Schema != Schema {
		return nil, fmt.Errorf("reading a training's record: schema %q; %s is accepted", out.Schema, Schema)
	}
	if len(out.Curve) == 0 && out.Diverged == nil {
		return nil, fmt.Errorf("reading a training's record: %s has no epoch", out.Network)
	}
	return &out, nil
}
