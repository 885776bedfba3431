package record

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

// A record of each released schema stays readable: no field that it has may go or change its type. record-1.json is
// satsim run --network resnet-fmnist --batch 2 of version 0.1.0.
func TestReleasedRecordsStayReadable(t *testing.T) {
	data, err := os.ReadFile("testdata/record-1.json")
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var r Record
	if err := d.Decode(&r); err != nil {
		t.Fatal(err)
	}
	if r.Schema != "satsim.record/1" || len(r.Runs) != 2 || r.Comparison == nil {
		t.Fatalf("schema %q, %d runs", r.Schema, len(r.Runs))
	}
	// By hand: 2 images of 28x28x1 through the stem's 3x3 convolution of stride 2 to 16 channels: 2 * 14*14 * 9 * 16 MACs.
	if l := r.Runs[0].Layers[0]; l.Stage != "FF" || l.DenseMACs != 2*14*14*9*16 {
		t.Errorf("first layer %s %s has %d MACs, want %d", l.Layer, l.Stage, l.DenseMACs, 2*14*14*9*16)
	}
}
