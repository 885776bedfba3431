package rtl

import (
	"testing"

	"satsim/arch/norm"
)

// Whatever the seed and the tables, runs of the second tile behind factors pass the end of the channels: the descriptors say that the last wave's place would lie behind the last one.
func TestTilesPassTheEndOfTheChannels(t *testing.T) {
	for _, p := range []norm.Params{{Lanes: 8, Channels: 2048, PipelineLatency: 11}, {Lanes: 3, Channels: 40, PipelineLatency: 11}, {Lanes: 4, Channels: 4, PipelineLatency: 2}} {
		for seed := range uint64(50) {
			o := Options{Seed: seed, Tiles: 12, Side: 4}
			small := fewerLanes(p, o)
			for i, w := range normalises(small, o) {
				if d := small.Describe(&w); i%3 == 2 && (d.Runs == 0 || d.From+d.Waves-1 <= d.Wrap) {
					t.Errorf("%d lanes, seed %d, job %d: %+v", small.Lanes, seed, i, d)
				}
			}
		}
	}
}
