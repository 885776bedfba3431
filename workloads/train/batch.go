package train

import (
	"math/rand/v2"

	"satsim/workloads/train/data"
)

// shuffle orders the training images for an epoch.
func (t *Trainer) shuffle(epoch int64) {
	if t.orderOf == epoch {
		return
	}
	t.order, t.orderOf = rand.New(rand.NewPCG(t.options.Seed, 1<<32+uint64(epoch))).Perm(t.train.Len()), epoch
}

// asIs is the view of test images.
func asIs(int) view { return view{} }

// fill puts images and labels where the network reads them, each as seen.
func (t *Trainer) fill(set *data.Set, which []int, seen func(image int) view) {
	if n := set.Sequence; n > 0 {
		for i, at := range which {
			for k, b := range set.Sample(at)[:n] {
				t.model.bytes[i*n+k] = int32(b)
			}
			copy(t.model.loss.labels[i*n:(i+1)*n], set.Sample(at)[1:])
		}
		return
	}
	x := t.model.images.val
	n := len(x) / t.batch()
	t.model.pool.Run(len(which), func(i, _ int) {
		to := x[i*n : (i+1)*n]
		pixels, channels, v := set.Sample(which[i]), len(t.mean), seen(which[i])
		for y := range set.Height {
			for x := range set.Width {
				at, within := v.from(y, x, set.Height, set.Width)
				for c := range channels {
					var p uint8
					if within {
						p = pixels[at*channels+c]
					}
					to[(y*set.Width+x)*channels+c] = (float32(p)/255 - t.mean[c]) * t.scale[c]
				}
			}
		}
		t.model.format.Round(to)
		t.model.loss.labels[i] = set.Labels[which[i]]
	})
}

// score sums the loss and counts what is right among the first n samples of the batch.
func (t *Trainer) score(n int) (loss float64, right int64) {
	for i := range int(t.told(int64(n))) {
		loss += t.model.loss.losses[i]
		if t.model.loss.right[i] {
			right++
		}
	}
	return loss, right
}

// Evaluate is the mean loss and the accuracy on the test set (of a text: by byte), with the weights of FF and the running statistics.
func (t *Trainer) Evaluate() (loss, accuracy float64) {
	which := make([]int, t.batch())
	var right int64
	for first := 0; first < t.test.Len(); first += t.batch() {
		n := min(t.batch(), t.test.Len()-first)
		for i := range which {
			which[i] = first + i%n // the last batch is filled with images that do not count
		}
		t.fill(t.test, which, asIs)
		t.model.run(false)
		l, r := t.score(n)
		loss, right = loss+l, right+r
	}
	n := t.told(int64(t.test.Len()))
	return loss / n, float64(right) / n
}
