package stce

import (
	"errors"
	"io"
	"testing"

	"github.com/x448/float16"

	"satsim/internal/nm"
)

// A run that is stopped at the third question: on 4 PEs there are 2^18 / 4 = 65,536 cycles from one to the next, the first before anything runs.
func TestStoppedRun(t *testing.T) {
	p := Default()
	p.Rows, p.Cols = 2, 2
	tile := Tile{Config: Config{Interleave: 1, Ratio: nm.Ratio{N: 1, M: 1}}, Rows: 2, Cols: 2, Taps: 1, Channels: 50_000}
	in := Operands{West: make([]float16.Float16, 100_000), North: make([]float16.Float16, 100_000), Index: make([]uint8, 100_000)}
	stop, asked := errors.New("stop"), int64(0)
	ask := func(cycles int64) error {
		if cycles != asked*65536 {
			t.Errorf("question %d at cycle %d, want %d", asked, cycles, asked*65536)
		}
		if asked++; asked == 3 {
			return stop
		}
		return nil
	}
	if _, err := p.ExactUntil(tile, in, ask); !errors.Is(err, stop) || asked != 3 {
		t.Errorf("%v after %d questions, want %v after 3", err, asked, stop)
	}
	asked = 0
	none := func(name string) (io.WriteCloser, error) { t.Errorf("%s is made", name); return nil, stop }
	if _, err := p.Vectors(tile, in, none, ask); !errors.Is(err, stop) || asked != 3 {
		t.Errorf("with test vectors: %v after %d questions, want %v after 3", err, asked, stop)
	}
}
