package train

import "satsim/internal/nm"

// Epoch is what is noted at the end of each epoch. Of a text, losses are nats a byte and accuracies shares of bytes.
type Epoch struct {
	Epoch         int64   `json:"epoch"` // from 1
	Phase         string  `json:"phase"` // of the recipe
	TrainLoss     float64 `json:"train_loss"`
	TrainAccuracy float64 `json:"train_accuracy"` // of images before the weights learned from them
	TestLoss      float64 `json:"test_loss"`
	TestAccuracy  float64 `json:"test_accuracy"`
	// Of the weights that have a mask at the end of the epoch.
	WeightsFF int64 `json:"masked_weights_ff"`
	WeightsBP int64 `json:"masked_weights_bp"`
	KeptFF    int64 `json:"kept_ff"`
	KeptBP    int64 `json:"kept_bp"`
	// ChangedFF and ChangedBP are mask bits that differ from those at the end of the epoch before (of the first: from those of
	// the initial weights; of a weight without a mask then: from a mask that keeps all): SR-STE's sparse architecture
	// divergence between the two times.
	ChangedFF int64 `json:"changed_ff"`
	ChangedBP int64 `json:"changed_bp"`
	// Of the weights that have both masks: those that both keep, and those that the FF copy keeps.
	KeptBoth   int64 `json:"kept_both"`
	KeptEither int64 `json:"kept_either"`
	SharedFF   int64 `json:"shared_kept_ff"`
}

// closeEpoch evaluates and compares masks. The weights are those after the last update, pruned as the next step of the same
// phase would. A test loss that is not finite ends the training.
func (t *Trainer) closeEpoch() error {
	before := t.epochMasks
	last := t.state.Step - 1
	s, _ := at(t.plan, last)
	if s != t.current {
		t.adopt(s)
	}
	for _, p := range t.model.params {
		p.refresh(t.model.format, t.state.Step, s.every == 1, s.left(t.state.Step))
	}
	t.choose()
	t.late(true)
	n := t.told(t.perEpoch * int64(t.batch()))
	e := Epoch{
		Epoch: t.state.Step / t.perEpoch, Phase: s.name,
		TrainLoss: t.state.Loss / n, TrainAccuracy: float64(t.state.Right) / n,
	}
	now := t.masks()
	for _, p := range t.model.params { // in the order of the network
		if p.matrix != nil {
			e.compare(before[p.Name], now[p.Name])
		}
	}
	e.TestLoss, e.TestAccuracy = t.Evaluate()
	if err := t.finite("test", e.TestLoss); err != nil {
		return err
	}
	t.state.Loss, t.state.Right = 0, 0
	t.state.Curve = append(t.state.Curve, e)
	t.epochMasks = now
	return nil
}

func (e *Epoch) compare(before, now [2]nm.Mask) {
	if ff := now[0]; ff != nil {
		e.WeightsFF += int64(len(ff))
		e.KeptFF += ff.Kept()
		e.ChangedFF += changed(before[0], ff)
	}
	if bp := now[1]; bp != nil {
		e.WeightsBP += int64(len(bp))
		e.KeptBP += bp.Kept()
		e.ChangedBP += changed(before[1], bp)
	}
	if now[0] != nil && now[1] != nil {
		o := nm.Compare(now[0], now[1])
		e.KeptBoth += o.Both
		e.KeptEither += o.Both + o.FirstOnly + o.SecondOnly
		e.SharedFF += o.Both + o.FirstOnly
	}
}

func changed(before, now nm.Mask) int64 {
	if before == nil {
		return int64(len(now)) - now.Kept()
	}
	o := nm.Compare(before, now)
	return o.FirstOnly + o.SecondOnly
}
