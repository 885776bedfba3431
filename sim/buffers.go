package sim

import (
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/arch/wuve"
)

// access counts what an op that ran so often read from and wrote to the on-chip buffers, in bits:
//
//	memory   the bytes that it moves, at the buffer's end; what is loaded for the WUVE and the vector unit they read once
//	STCE     west: every operand that enters, 16 bits, whatever the link's width; north: weight and index; output: FP32 words in and
//	         out, FP16 words out; whoever takes finished results from it (vector unit, WUVE, memory) reads them once
//	SORE     16 bits an element in, what it reserves in its output buffer out
//	WUVE     32 bits a gradient from the output buffer; what it reserves in its output buffers out
//	vector   what it reserves in its output buffer out
func (c *Counts) access(s *spec.Spec, g *word.Group, o *word.Op, w *word.Work, times int64) error {
	read := func(b word.Buffer, bits int64) { c.Buffers[b].ReadBits += bits * times }
	write := func(b word.Buffer, bits int64) { c.Buffers[b].WriteBits += bits * times }
	reserved := func() {
		for i, e := range o.Out {
			if e.Buffer != word.Pace {
				write(e.Buffer, 8*w.Space[i])
			}
		}
	}
	switch o.Lane.Unit() {
	case word.Memory:
		if o.Lane.IsWrite() {
			read(o.In[0].Buffer, 8*w.Bytes)
			return nil
		}
		b := o.Out[0].Buffer
		write(b, 8*w.Bytes)
		if b == word.State || b == word.PassIn {
			read(b, 8*w.Bytes)
		}
	case word.STCE:
		cfg, err := stce.ConfigOf(g.Array)
		if err != nil {
			return err
		}
		narrow := s.STCE
		narrow.LinkWidth = 1 // a link word is one operand
		one := narrow.Tile(stce.TileOf(cfg, w)).Counts.Scale(max(w.Repeat, 1))
		read(word.West, 16*one.WestWords)
		if !prunedAtEdge(g) { // else SORE reads the buffer
			read(word.North, int64(16+cfg.Ratio.IndexBits())*one.NorthWords)
		}
		read(word.Output, 32*one.OutputReads)
		write(word.Output, 32*one.OutputFP32+16*one.OutputFP16)
		if vectorTakes(g) {
			read(word.Output, 16*one.OutputFP16)
		}
	case word.SORE:
		from := word.North // at the array's edge
		if len(o.In) > 0 {
			from = o.In[0].Buffer
		}
		read(from, 16*sore.JobOf(g.Prune, w).Elements())
		reserved()
	case word.WUVE:
		j, err := wuve.JobOf(g.Update, w)
		if err != nil {
			return err
		}
		for _, e := range o.In {
			if e.Buffer == word.Output {
				read(word.Output, 32*j.Parameters)
			}
		}
		reserved()
	default:
		reserved()
	}
	return nil
}

// prunedAtEdge reports whether SORE stands between the north buffer and the array.
func prunedAtEdge(g *word.Group) bool {
	for si := range g.Streams {
		for oi := range g.Streams[si].Ops {
			if o := &g.Streams[si].Ops[oi]; o.Lane == word.Prune && len(o.In) == 0 {
				return true
			}
		}
	}
	return false
}

// vectorTakes reports whether the vector unit takes the array's results from the output buffer.
func vectorTakes(g *word.Group) bool {
	for si := range g.Streams {
		for oi := range g.Streams[si].Ops {
			if o := &g.Streams[si].Ops[oi]; o.Lane == word.VectorOut && len(o.In) > 0 && o.In[0].Buffer == word.Output {
				return true
			}
		}
	}
	return false
}
