package train

import (
	"slices"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/train/kernel"
)

// ParamArray is one array of parameters: its FP32 master, the optimiser's state, and what operators read.
type ParamArray struct {
	Name     string
	Master   []float32
	Gradient []float32 // FP32, times the loss scale
	state    [2][]float32
	value    []float32 // the master as stored for products and passes
	rows     int64     // of an embedding's table; 0: it is none
	inner    bool      // the training's own, no array of the network
	*matrix            // nil for biases, norm scales and tables
}

func newParam(name string, n int) *ParamArray {
	return &ParamArray{Name: name, Master: make([]float32, n), Gradient: make([]float32, n), value: make([]float32, n)}
}

// matrix is a weight W[Taps*In x Out], Groups times, with its pruned copies.
type matrix struct {
	workloads.WeightShape
	conv    bool
	taps    []int64 // a kernel's height and width; none of a linear layer
	prune   pruning
	ff      []float32   // the operand of FF
	bp      []float32   // the operand of BP, in the layout of ff
	maskFF  nm.Mask     // nil: dense
	maskBP  nm.Mask     // nil: dense
	key     uint64      // of random masks
	scale   []float32   // of soft masks: one number
	learned *logits     // of masks that are learned; nil: none are
	factors *factors    // of a weight with late masks; nil: there are none
	order   []int32     // of outputs, in which BP's permuted masks have their groups; nil: none was searched yet
	phases  [][]int     // BP: the taps of each phase in order of its reduction
	turned  [][]float32 // BP: of each phase [taps*Out x In], Groups times
}

// pruning is what a recipe does to a layer's products.
type pruning struct {
	ff, bp    nm.Ratio  // of the weight
	search    nm.Search // of FF's mask: a transposable one serves BP, too
	gradients nm.Ratio  // of dY, for BP alone
	positions nm.Ratio  // of dY, for WU alone, along positions; of X, if exchanged
	inputs    nm.Ratio  // of X in FF; what it prunes has no gradient
	exchanged bool      // WU prunes X
	apart     bool      // positions of a group are apart
	drawn     bool      // of them: without bias
	uniform   bool      // whatever their sizes
	frozen    bool      // FF's mask is random, and stays
	twice     bool      // BP's is of what FF kept
	rank      int       // of adapters beside it; 0: none
	orders    int       // in the best of so many orders of outputs; 0: as they are
	decaying  nm.Ratio  // FF multiplies what it would prune by a factor that falls
	alone     bool      // nothing but what FF keeps is updated
	shared    bool      // BP uses the weights that FF used, as in SR-STE
	late      nm.Ratio  // FF prunes it at the end of an epoch alone
	learned   bool      // it is frozen, and has masks that are learned
}

func newMatrix(w workloads.WeightShape, phases [][]int, backward bool) *matrix {
	n := w.Elements()
	m := &matrix{WeightShape: w, ff: make([]float32, n), bp: make([]float32, n), phases: phases}
	if backward {
		for _, taps := range phases {
			m.turned = append(m.turned, make([]float32, int64(len(taps))*w.In*w.Out*w.Groups))
		}
	}
	return m
}

// refresh makes what operators read from the master: rounded, pruned, turned for BP. search says whether masks are
// searched anew; without it those that exist are kept.
func (p *ParamArray) refresh(f kernel.Format, step int64, search bool, left float32) {
	copy(p.value, p.Master)
	f.Round(p.value)
	if p.matrix == nil {
		return
	}
	m := p.matrix
	rows, cols := int(m.Taps*m.In), int(m.Out)
	ratio := m.prune.maskOfFF()
	m.maskFF = remask(m.maskFF, ratio, len(p.value), search, func(mask nm.Mask) {
		if m.prune.frozen {
			kernel.RandomColumns(ratio, int(m.Groups*m.Taps), int(m.In), cols, m.key, mask)
			return
		}
		for g := range int(m.Groups) {
			at, end := g*rows*cols, (g+1)*rows*cols
			if m.prune.search == nm.Greedy || m.prune.search == nm.Exact {
				copy(mask[at:end], ratio.MaskBlocks(p.value[at:end], int(m.Taps), int(m.In), cols, m.prune.search))
				continue
			}
			kernel.MaskColumns(ratio, p.value[at:end], int(m.Taps), int(m.In), cols, mask[at:end])
		}
	})
	kernel.Select(m.ff, p.value, m.maskFF)
	switch {
	case m.prune.search == nm.Soft && m.maskFF != nil:
		m.soften(f, p.value)
	case !m.prune.decaying.IsDense():
		mask := make(nm.Mask, len(p.value))
		for g := range int(m.Groups) {
			at, end := g*rows*cols, (g+1)*rows*cols
			kernel.MaskColumns(m.prune.decaying, p.value[at:end], int(m.Taps), int(m.In), cols, mask[at:end])
		}
		for i, k := range mask {
			if !k {
				m.ff[i] = p.value[i] * left
			}
		}
		f.Round(m.ff)
	}
	m.maskBP = remask(m.maskBP, m.prune.bp, len(p.value), search, func(mask nm.Mask) {
		from := p.value
		if m.prune.twice {
			from = m.ff
		}
		if m.prune.orders == 0 {
			kernel.MaskRows(m.prune.bp, from, rows*int(m.Groups), cols, mask)
			return
		}
		if m.order == nil { // before the first step, as that one will find it
			m.reorder(step)
		}
		kernel.MaskRowsInOrder(m.prune.bp, from, rows*int(m.Groups), cols, m.order, mask)
	})
	switch {
	case m.prune.shared:
		copy(m.bp, m.ff)
	case m.prune.twice:
		kernel.Select(m.bp, m.ff, m.maskBP)
	default:
		kernel.Select(m.bp, p.value, m.maskBP)
	}
	m.turn()
}

// reorder searches the order of outputs by which BP keeps most of what FF's masks of a step keep. Which orders are tried depends on weight and step alone.
func (m *matrix) reorder(step int64) {
	if m.prune.orders == 0 || m.prune.bp.IsDense() {
		return
	}
	if m.maskFF == nil { // FF keeps all, so that all orders keep as much
		m.order = make([]int32, m.Out)
		for i := range m.order {
			m.order[i] = int32(i)
		}
		return
	}
	m.order = m.prune.bp.BestOrder(m.maskFF, int(m.Groups*m.Taps*m.In), int(m.Out), m.prune.orders, nm.Random(m.key, uint64(step)))
}

// soften makes what FF keeps of each group smaller by the largest of what it does not, and multiplies it by the factor that makes the first weights of all the nearest to what they were.
func (m *matrix) soften(f kernel.Format, value []float32) {
	kernel.SoftColumns(m.prune.ff, m.ff, value, int(m.Groups*m.Taps), int(m.In), int(m.Out))
	if m.scale == nil {
		var both, own float64
		for i, s := range m.ff {
			both, own = both+float64(value[i])*float64(s), own+float64(s)*float64(s)
		}
		m.scale = []float32{1}
		if own > 0 {
			m.scale[0] = float32(both / own)
		}
	}
	for i := range m.ff {
		m.ff[i] *= m.scale[0]
	}
	f.Round(m.ff)
}

func remask(old nm.Mask, r nm.Ratio, n int, search bool, find func(nm.Mask)) nm.Mask {
	if r.IsDense() {
		return nil
	}
	if old != nil && !search {
		return old
	}
	if old == nil {
		old = make(nm.Mask, n)
	}
	find(old)
	return old
}

// turn lays out the weights as BP reduces them: over (tap, F) with F fastest.
func (m *matrix) turn() {
	in, out := int(m.In), int(m.Out)
	for i, taps := range m.phases {
		if m.turned == nil {
			return
		}
		at := 0
		for g := range int(m.Groups) {
			group := m.bp[g*int(m.Taps)*in*out:]
			for _, tap := range taps {
				kernel.Transpose(m.turned[i][at:at+in*out], group[tap*in*out:], in, out, out)
				at += in * out
			}
		}
	}
}

// masks are copies of the masks of both stages, of those that are learned what they have come to.
func (p *ParamArray) masks() (ff, bp nm.Mask) {
	if p.learned != nil {
		return p.learned.largest(), nil
	}
	return slices.Clone(p.maskFF), slices.Clone(p.maskBP)
}
