package stce

import (
	"math/rand/v2"

	"github.com/x448/float16"
)

// drawn are the operands from one question to the next.
const drawn = 1 << 16

// RandomOperands are numbers of both signs between 1/32 and 4; of each group the N largest are kept, and of outputs that hold their places any. ask, unless nil, is asked every now and then whether
// to go on.
func (t Tile) RandomOperands(seed uint64, ask func() error) (Operands, error) {
	r := rand.New(rand.NewPCG(seed, 0))
	draw := func() uint16 {
		bits := r.Uint32()
		return uint16(bits)&0x83ff | uint16(10+bits>>16%7)<<10
	}
	if ask == nil {
		ask = func() error { return nil }
	}
	rows, cols := t.outputs()
	in := Operands{
		West:  make([]float16.Float16, rows*t.Terms()),
		North: make([]float16.Float16, 0, cols*t.Kept()),
		Index: make([]uint8, 0, cols*t.Kept()),
	}
	for i := range in.West {
		if i%drawn == 0 {
			if err := ask(); err != nil {
				return in, err
			}
		}
		in.West[i] = float16.Frombits(draw())
	}
	group := make([]uint16, t.Ratio.M)
	for range cols * t.Taps {
		if err := ask(); err != nil {
			return in, err
		}
		for left := t.Channels; left > 0; left -= int64(len(group)) {
			g := group[:min(int64(len(group)), left)]
			for i := range g {
				g[i] = draw()
			}
			kept := t.Ratio.Keep(g)
			for i, v := range g {
				if kept>>i&1 == 1 {
					in.North = append(in.North, float16.Frombits(v))
					in.Index = append(in.Index, uint8(i))
				}
			}
		}
	}
	if t.Resume {
		in.Start = make([]float32, rows*t.Cols)
		for i := range in.Start {
			in.Start[i] = float16.Frombits(draw()).Float32()
		}
	}
	if t.Held {
		in.Index = make([]uint8, rows*t.Cols)
		for i := range in.Index {
			in.Index[i] = uint8(r.Int64N(t.places()))
		}
	}
	return in, nil
}
