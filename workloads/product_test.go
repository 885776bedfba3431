package workloads

import (
	"testing"

	"satsim/internal/nm"
)

// 2 groups of 5 x 3 outputs over 4 taps of 20 channels: 2*5*3*80 = 2400 MACs. At 2:8 a tap keeps 2 + 2 + 2 of 8 + 8 + 4
// channels: 2*5*3*4*6 = 720.
func TestMACsByHand(t *testing.T) {
	p := Product{Count: 2, Rows: 5, Cols: 3, Taps: 4, Channels: 20}
	if p.Reduction() != 80 || p.MACs() != 2400 || p.KeptMACs() != 2400 {
		t.Errorf("dense: reduction %d, %d MACs, %d kept", p.Reduction(), p.MACs(), p.KeptMACs())
	}
	p.Sparse.Ratio = nm.Ratio{N: 2, M: 8}
	if p.MACs() != 2400 || p.KeptMACs() != 720 {
		t.Errorf("2:8: %d MACs, %d kept; want 2400 and 720", p.MACs(), p.KeptMACs())
	}
}

func TestBytes(t *testing.T) {
	for _, c := range []struct {
		elements    int64
		bits, bytes int
	}{{9, 1, 2}, {3, 4, 2}, {3, 16, 6}, {1, 32, 4}, {0, 16, 0}} {
		if got := (Tensor{Elements: c.elements, Format: nm.Coded(c.bits)}).Bytes(); got != int64(c.bytes) {
			t.Errorf("%d elements of %d bits: %d bytes; want %d", c.elements, c.bits, got, c.bytes)
		}
	}
}

func TestStageNames(t *testing.T) {
	want := []string{"FF", "BP", "WU"}
	for i, s := range Stages() {
		if s.String() != want[i] {
			t.Errorf("stage %d is %s; want %s", i, s, want[i])
		}
	}
}
