package geometry

import (
	"satsim/arch/norm"
	"satsim/internal/nm"
	"satsim/workloads"
)

// Norm says that patches are stored as they were before a batch norm, and normalised wherever they are fetched.
type Norm struct {
	Channels int64 // of the norm; 0: patches are stored as they are used
	Mask     bool  // the bits of the clip behind it are written where a tile is fetched for the first time
}

func normOf(n *workloads.Norm) Norm {
	if n == nil {
		return Norm{}
	}
	return Norm{Channels: n.Stats.Elements / 2, Mask: n.Mask.Elements > 0}
}

// Normalised is the normaliser's work on a tile of patches. A run begins at a multiple of what the tile takes of a position's channels; of all places that this
// allows, at the last.
func (s *Shape) Normalised(p *norm.Params, e Extent) norm.Job {
	x := s.patches(e, s.Stored[Patches])
	element := s.bytes(Patches, 1)
	j := norm.Job{Runs: 1, Run: x.Bytes / element}
	if x.Run > 0 && x.Bytes%x.Run == 0 {
		j.Runs, j.Run = x.Bytes/x.Run, x.Run/element
	}
	granule := s.CTotal
	for _, n := range []int64{j.Run, s.C} {
		if j.Run < s.CTotal {
			granule = common(granule, n)
		}
	}
	j.Begin = p.Begin(granule)
	return j
}

// MaskBytes of a tile of patches: those that are fetched, rows that bands share among them.
func (s *Shape) MaskBytes(e Extent) int64 {
	if !s.Norm.Mask || e.again {
		return 0
	}
	return nm.Bit.Bytes(s.patches(e, s.Stored[Patches]).Bytes / s.bytes(Patches, 1))
}

// Again is the extent of a tile that was fetched before.
func (e Extent) Again() Extent {
	e.again = true
	return e
}

func common(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
