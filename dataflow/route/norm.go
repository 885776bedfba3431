package route

import (
	"satsim/arch/norm"
	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/internal/nm"
)

// normalised is the way of patches that are normalised as they are fetched: past the normaliser, which takes what the ports bring at its own pace, and counts
// beside. The mask leaves where a tile comes for the first time.
func normalised(s *geometry.Shape, p *norm.Params) []Leg[geometry.Extent] {
	read := fetch(s, word.ReadWest, geometry.Patches, s.Stored[geometry.Patches], word.West)
	read.In = to(word.Factors)
	plain := read.Work
	read.Work = func(e geometry.Extent) word.Work {
		w, c := plain(e), p.Cost(s.Normalised(p, e))
		w.Pace, w.Late = c.Issue, c.Cycles-c.Issue
		return w
	}
	work := Leg[geometry.Extent]{Lane: word.Normalise, Beside: true, Work: func(e geometry.Extent) word.Work {
		j := s.Normalised(p, e)
		return word.Work{Repeat: j.Runs, Channels: j.Run, Begin: j.Begin, Space: [2]int64{s.MaskBytes(e)}}
	}}
	if !s.Norm.Mask {
		return []Leg[geometry.Extent]{read, work}
	}
	work.Out = to(word.PassOut)
	return []Leg[geometry.Extent]{read, work, {Lane: word.WritePass, Beside: true, In: to(word.PassOut), operand: "mask", Work: func(e geometry.Extent) word.Work {
		bytes := s.MaskBytes(e)
		return stores(bytes, bytes)
	}}}
}

// factors is what comes before the first tile: statistics and parameters of each channel, FP32 and FP16, of which the scales and shifts of all places are made on the way into the tables.
func factors(s *geometry.Shape, p *norm.Params) []Leg[geometry.Extent] {
	n, made := s.Norm.Channels, p.InTables(s.Norm.Channels)
	c := p.Cost(norm.Job{Factors: made})
	return []Leg[geometry.Extent]{
		{Lane: word.ReadPass, Out: to(word.Factors), operand: "scale_shift", Work: func(geometry.Extent) word.Work {
			w := fetched(geometry.Contiguous(nm.FP32.Bytes(2*n) + nm.FP16.Bytes(2*n)))
			w.Pace, w.Late, w.Space[0] = c.Issue, c.Cycles-c.Issue, 1
			return w
		}},
		{Lane: word.Normalise, Beside: true, Work: func(geometry.Extent) word.Work { return word.Work{Elements: made} }},
	}
}
