package word

import "encoding/binary"

// AppendKey appends everything of a group that decides what the machine does, and so not its tag nor the operands' names: equal keys,
// equal outcomes.
func (g *Group) AppendKey(b []byte) []byte {
	b = appendString(b, string(g.Array.Mode))
	b = appendString(b, string(g.Array.Over))
	b = appendInts(b, int64(g.Array.Interleave), int64(g.Array.Ratio.N), int64(g.Array.Ratio.M), g.Array.Diagonal, g.Array.Held, int64(g.Prune.N), int64(g.Prune.M))
	b = appendString(b, string(g.Update.Optimiser))
	b = append(b, flag(g.Update.Unscale), flag(g.Update.WeightDecay), flag(g.Update.SRSTE), flag(g.Update.Deferred))
	b = appendInts(b, int64(len(g.Streams)))
	for i := range g.Streams {
		s := &g.Streams[i]
		b = appendInts(b, int64(len(s.Loops)), int64(len(s.Ops)), int64(len(s.After)))
		for _, l := range s.Loops {
			b = appendInts(b, l.Trips)
		}
		for _, a := range s.After {
			b = appendInts(b, int64(a))
		}
		for j := range s.Ops {
			b = s.Ops[j].appendKey(b)
		}
	}
	return b
}

func (o *Op) appendKey(b []byte) []byte {
	b = append(b, byte(o.Lane), byte(o.Level), flag(o.Post), byte(len(o.In)), byte(len(o.Out)))
	b = appendInts(b, int64(o.Channels), int64(len(o.Variants)))
	for _, e := range o.In {
		b = append(b, byte(e.Buffer), byte(e.Level))
	}
	for _, e := range o.Out {
		b = append(b, byte(e.Buffer), byte(e.Level))
	}
	for i := range o.Variants {
		v := &o.Variants[i]
		w := &v.Work
		b = appendInts(b, int64(v.Mask), int64(v.Value), w.Bytes, w.Run, w.Pitch, w.Pace, w.Late, w.Rows, w.Cols, w.Taps, w.Channels, w.Repeat, w.Elements, w.Begin, w.Space[0], w.Space[1], w.Slow[0], w.Slow[1], int64(len(w.Parts)))
		b = append(b, flag(w.Resume), flag(w.Spill))
		for _, p := range w.Parts {
			b = appendString(b, string(p.Kind))
			b = appendInts(b, p.Elements, p.Row)
		}
	}
	return b
}

func appendInts(b []byte, v ...int64) []byte {
	for _, x := range v {
		b = binary.AppendVarint(b, x)
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(appendInts(b, int64(len(s))), s...)
}

func flag(f bool) byte {
	if f {
		return 1
	}
	return 0
}
