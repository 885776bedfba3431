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
	if testing.Short() {
		t.Skip("runs 200,000 cycles")
	}
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

// A fold is laid out before its first cycle. By hand: 300,000 terms that are added in 8 cycles each take 2,400,000 slots, as do as many rows of one
// term that stream past a weight, with a question at every 2^20th: one that says no at the second ends it before anything has run.
func TestStoppedWhileAFoldIsLaidOut(t *testing.T) {
	if testing.Short() {
		t.Skip("lays out millions of operands")
	}
	p := Default()
	p.Rows, p.Cols, p.AddLatency = 1, 1, 8
	dense := Config{Interleave: 1, Ratio: nm.Ratio{N: 1, M: 1}}
	weightStationary := dense
	weightStationary.Mode = WS
	for _, tile := range []Tile{
		{Config: dense, Rows: 1, Cols: 1, Taps: 1, Channels: 300_000},
		{Config: weightStationary, Rows: 2_400_000, Cols: 1, Taps: 1, Channels: 1},
	} {
		terms := tile.Channels
		in := Operands{West: make([]float16.Float16, tile.Rows*terms), North: make([]float16.Float16, terms), Index: make([]uint8, terms)}
		stop, asked := errors.New("stop"), 0
		_, err := p.ExactUntil(tile, in, func(cycles int64) error {
			if asked++; cycles != 0 {
				t.Errorf("%v: it is asked at cycle %d", tile.Mode, cycles)
			}
			if asked == 2 {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) {
			t.Errorf("%v: %v, want %v", tile.Mode, err, stop)
		}
	}
}

// Folds of a few cycles take longer to prepare than to run. By hand: 3,000 outputs are as many folds of one element, with a question before any cycle, then
// at every 1,024th fold that is prepared, so that the second is asked there, far before 2^18 cycles have passed.
func TestStoppedBetweenShortFolds(t *testing.T) {
	p := Default()
	p.Rows, p.Cols = 1, 1
	tile := Tile{Config: Config{Interleave: 1, Ratio: nm.Ratio{N: 1, M: 1}}, Rows: 3000, Cols: 1, Taps: 1, Channels: 1}
	in := Operands{West: make([]float16.Float16, 3000), North: make([]float16.Float16, 1), Index: make([]uint8, 1)}
	stop, asked := errors.New("stop"), 0
	if _, err := p.ExactUntil(tile, in, func(int64) error {
		if asked++; asked == 2 {
			return stop
		}
		return nil
	}); !errors.Is(err, stop) {
		t.Errorf("%v after %d questions, want %v after 2", err, asked, stop)
	}
}
