package train

import (
	"math"
	"slices"

	"satsim/internal/microcode"
)

// crossEntropy is the mean softmax cross-entropy of logits over the batch.
type crossEntropy struct {
	x      *tensor
	labels []uint8
	scale  float32   // of the gradient
	taught []float32 // what a teacher says, by image; nil: there is none
	share  float32   // of the loss that is the divergence from that
	// Of the last forward pass, by image.
	losses []float64
	right  []bool
	probs  []float32

	program *microcode.Program // of the gradient
}

func (o *crossEntropy) forward(*engine) {
	c := o.x.last()
	for r, label := range o.labels {
		x, p := o.x.val[r*c:(r+1)*c], o.probs[r*c:(r+1)*c]
		softmaxRow(p, x)
		best := 0
		for i, v := range x {
			if v > x[best] {
				best = i
			}
		}
		o.losses[r], o.right[r] = negativeLog(x, int(label)), best == int(label)
	}
}

// negativeLog is -log of a label's softmax, by log-sum-exp: finite whenever the logits are.
func negativeLog(x []float32, label int) float64 {
	top := float64(slices.Max(x)) // NaN if one is
	var sum float64
	for _, v := range x {
		sum += math.Exp(float64(v) - top)
	}
	return top - float64(x[label]) + math.Log(sum)
}

// backward: d = scale * (p - onehot) / images; with a teacher's q for a share s of it, scale * (p - s q - (1 - s) onehot) / images. The loss that is told is that of labels.
func (o *crossEntropy) backward(e *engine) {
	e.give(o.x, func(dx []float32) {
		c := o.x.last()
		f := o.scale / float32(len(o.labels))
		if o.taught != nil {
			for r, label := range o.labels {
				d := dx[r*c : (r+1)*c]
				for i, p := range o.probs[r*c : (r+1)*c] {
					want := float32(o.taught[r*c+i] * o.share)
					if i == int(label) {
						want += 1 - o.share
					}
					d[i] = (p - want) * f
				}
			}
			return
		}
		if e.lanes != nil {
			s := fresh(microcode.Strip{N: c, Scalar: [8]float32{f}})
			for r, label := range o.labels {
				s.take(r, dx, [][]float32{o.x.val})
				s.Bit = make([]bool, c)
				s.Bit[label] = true
				e.lanes.Row(o.program, &s.Strip)
			}
			return
		}
		for r, label := range o.labels {
			d := dx[r*c : (r+1)*c]
			for i, p := range o.probs[r*c : (r+1)*c] {
				if i == int(label) {
					p--
				}
				d[i] = p * f
			}
		}
	})
}
