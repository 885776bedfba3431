package memory

import "satsim/internal/quantity"

// HeldWindow is the longest window of the fast model's domain: how many requests of a stream are under way.
const HeldWindow = 8

// Held is a bound from a size on.
type Held struct {
	From  quantity.Bytes
	Worst float64 // share of the detailed model's time
}

// Domain is how far the fast model is from the detailed one on the default board, at most, by the smallest request of a traffic; the best first.
// It was fitted to large tiles. The bounds are of traffics whose requests are all of one size, whole or in runs: docs/memory.md has the table.
func Domain() []Held { return []Held{{32 << 10, 0.07}, {16 << 10, 0.12}, {4 << 10, 0.30}, {256, 0.75}} }

// HeldTo is the bound of a traffic; nothing is known of one that is not ok.
func HeldTo(t *Traffic) (h Held, ok bool) {
	least := t.Streams[0].Bytes
	for _, s := range t.Streams {
		if least = min(least, s.Bytes); s.Window > HeldWindow {
			return h, false
		}
	}
	for _, h := range Domain() {
		if least >= h.From {
			return h, true
		}
	}
	return h, false
}
