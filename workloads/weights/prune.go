package weights

import (
	"fmt"
	"io"
	"math"

	"github.com/x448/float16"

	"satsim/internal/nm"
)

// panelBytes bounds a panel as FP16; at least one tile's outputs are read.
const panelBytes = 4 << 20

// Report says what pruning does to one weight.
type Report struct {
	Layer    string `json:"layer"`
	Tensor   string `json:"tensor"`
	Taps     int64  `json:"taps"`
	Inputs   int64  `json:"inputs"`  // of a group
	Outputs  int64  `json:"outputs"` // of a group
	Groups   int64  `json:"groups"`
	Elements int64  `json:"elements"`
	FF       Copy   `json:"ff"`
	BP       Copy   `json:"bp"`

	KeptInBoth   int64 `json:"kept_in_both"`
	KeptInFFOnly int64 `json:"kept_in_ff_only"`
	KeptInBPOnly int64 `json:"kept_in_bp_only"`
	KeptInNone   int64 `json:"kept_in_none"`

	Infinite  int64 `json:"infinite_elements"`            // no numbers, or too large for FP16
	Underflow int64 `json:"underflow_elements,omitempty"` // not zero, but too small for FP16

	total float64 // sum of magnitudes
}

// Copy is one pruned copy of a weight.
type Copy struct {
	Ratio     nm.Ratio `json:"sparsity"` // 1:1 where the direction has fewer than M channels
	Kept      int64    `json:"kept_elements"`
	Magnitude float64  `json:"kept_magnitude"` // part of the sum of magnitudes
	Tiles     int64    `json:"tiles"`
	Bytes     int64    `json:"packed_bytes"`
	File      string   `json:"file,omitempty"` // with the tiles, one after the other

	sum float64
}

// Prune reports on a weight and, where writers are given, writes its packed copies.
func Prune(m *Matrix, ratio nm.Ratio, burst int, ff, bp io.Writer) (*Report, error) {
	if err := ratio.Validate(); err != nil {
		return nil, err
	}
	if burst < 1 {
		return nil, fmt.Errorf("bursts of %d bytes; at least 1 is accepted", burst)
	}
	r := &Report{
		Layer: m.Layer, Tensor: m.Tensor, Taps: m.Shape.Taps, Inputs: m.Shape.In, Outputs: m.Shape.Out, Groups: m.Shape.Groups,
		Elements: m.Shape.Elements(), FF: Copy{Ratio: ratio}, BP: Copy{Ratio: ratio},
	}
	if m.Shape.In < int64(ratio.M) {
		r.FF.Ratio = nm.Dense
	}
	if m.Shape.Out < int64(ratio.M) {
		r.BP.Ratio = nm.Dense
	}
	m.lost = 0
	tile := int64(ratio.M)
	width := max(1, panelBytes/2/(m.Shape.Taps*m.Shape.In)/tile) * tile
	for g := range m.Shape.Groups {
		for from := int64(0); from < m.Shape.Out; from += width {
			to := min(from+width, m.Shape.Out)
			w, err := m.panel(g, from, to)
			if err != nil {
				return nil, fmt.Errorf("layer %q: %w", m.Layer, err)
			}
			p := panel{w: w, taps: int(m.Shape.Taps), in: int(m.Shape.In), cols: int(to - from)}
			r.count(&p)
			if err := r.pack(&p, ratio.M, burst, ff, bp); err != nil {
				return nil, fmt.Errorf("layer %q: %w", m.Layer, err)
			}
		}
	}
	r.Underflow = m.lost
	r.FF.Magnitude, r.BP.Magnitude = part(r.FF.sum, r.total), part(r.BP.sum, r.total)
	return r, nil
}

// part is what stays of a sum; of nothing, all stays.
func part(kept, all float64) float64 {
	if all == 0 {
		return 1
	}
	return kept / all
}

// panel is W[(tap, input) x output] of a few outputs.
type panel struct {
	w              []uint16
	taps, in, cols int
}

// count adds a panel to the figures.
func (r *Report) count(p *panel) {
	ff := r.FF.Ratio.MaskColumns(p.w, p.taps, p.in, p.cols)
	bp := r.BP.Ratio.MaskRows(p.w, p.taps*p.in, p.cols)
	o := nm.Compare(ff, bp)
	r.KeptInBoth += o.Both
	r.KeptInFFOnly += o.FirstOnly
	r.KeptInBPOnly += o.SecondOnly
	r.KeptInNone += o.Neither
	r.FF.Kept += ff.Kept()
	r.BP.Kept += bp.Kept()
	for i, bits := range p.w {
		v := math.Abs(float64(float16.Frombits(bits).Float32()))
		if math.IsInf(v, 0) || math.IsNaN(v) {
			r.Infinite++
			continue
		}
		r.total += v
		if ff[i] {
			r.FF.sum += v
		}
		if bp[i] {
			r.BP.sum += v
		}
	}
}

// pack writes a panel's tiles of m outputs each.
func (r *Report) pack(p *panel, m, burst int, ff, bp io.Writer) error {
	for from := 0; from < p.cols; from += m {
		cols := min(m, p.cols-from)
		rows := p.taps * p.in
		byInput := make([]uint16, 0, rows*cols)  // runs of inputs
		byOutput := make([]uint16, 0, rows*cols) // runs of outputs
		for c := from; c < from+cols; c++ {
			for row := range rows {
				byInput = append(byInput, p.w[row*p.cols+c])
			}
		}
		for row := range rows {
			byOutput = append(byOutput, p.w[row*p.cols+from:][:cols]...)
		}
		if err := r.FF.add(nm.Tile{Ratio: r.FF.Ratio, Runs: cols * p.taps, Channels: p.in}, byInput, burst, ff); err != nil {
			return fmt.Errorf("the FF copy: %w", err)
		}
		if err := r.BP.add(nm.Tile{Ratio: r.BP.Ratio, Runs: rows, Channels: cols}, byOutput, burst, bp); err != nil {
			return fmt.Errorf("the BP copy: %w", err)
		}
	}
	return nil
}

func (c *Copy) add(t nm.Tile, dense []uint16, burst int, w io.Writer) error {
	c.Tiles++
	c.Bytes += t.Bytes(burst)
	if w == nil {
		return nil
	}
	kept, err := t.Compress(dense)
	if err != nil {
		return err
	}
	b, err := t.Pack(kept, burst)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// Summary adds reports up.
func Summary(reports []*Report) Report {
	var s Report
	var ff, bp, all float64
	for _, r := range reports {
		s.Elements += r.Elements
		s.KeptInBoth += r.KeptInBoth
		s.KeptInFFOnly += r.KeptInFFOnly
		s.KeptInBPOnly += r.KeptInBPOnly
		s.KeptInNone += r.KeptInNone
		s.Infinite += r.Infinite
		s.Underflow += r.Underflow
		s.FF.sums(&r.FF)
		s.BP.sums(&r.BP)
		ff, bp, all = ff+r.FF.sum, bp+r.BP.sum, all+r.total
	}
	s.FF.Magnitude, s.BP.Magnitude = part(ff, all), part(bp, all)
	return s
}

func (c *Copy) sums(o *Copy) {
	c.Kept += o.Kept
	c.Tiles += o.Tiles
	c.Bytes += o.Bytes
}
