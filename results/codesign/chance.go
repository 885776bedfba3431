package codesign

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"satsim/results/training"
)

// Numbers of quantiles that are looked at: of a training's accuracy, and of the energy table.
const (
	accuracyQuantiles = 200
	energyQuantiles   = 21
)

// chances fills the probability that each point with a training is on the front. What is uncertain is the mean accuracy of a recipe, as far as seeds
// tell, and the energy table, which all points share.
func chances(points []Point) {
	spread, freedom := pooled(points)
	if freedom == 0 {
		return // one seed each: nothing is known of their spread
	}
	mean := func(g *training.SeedGroup) distuv.StudentsT {
		return distuv.StudentsT{Mu: g.Accuracy.Mean, Sigma: spread / math.Sqrt(float64(g.Seeds)), Nu: float64(freedom)}
	}
	for i := range points {
		p := &points[i]
		if p.Training == nil {
			continue
		}
		// below[g][q]: the probability that g's mean is below quantile q of the point's.
		below := map[*training.SeedGroup][]float64{}
		for k := range points {
			g := points[k].Training
			if g == nil || g == p.Training || below[g] != nil {
				continue
			}
			below[g] = make([]float64, accuracyQuantiles)
			for q := range below[g] {
				below[g][q] = mean(g).CDF(mean(p.Training).Quantile((float64(q) + 0.5) / accuracyQuantiles))
			}
		}
		p.Chance, p.HasChance = 0, true
		for u := range energyQuantiles {
			p.Chance += unbeaten(points, p, float64(u)/(energyQuantiles-1), below) / energyQuantiles
		}
		p.Chance = min(p.Chance, 1) // a sum of roundings
	}
}

// unbeaten is the probability that nobody who is as fast and as frugal, at a quantile of the energy table, is more accurate.
func unbeaten(points []Point, p *Point, u float64, below map[*training.SeedGroup][]float64) float64 {
	var rivals []*training.SeedGroup
	for k := range points {
		r := &points[k]
		e, own := joules(r, u), joules(p, u)
		if r == p || r.Training == nil || r.TimeS > p.TimeS || e > own {
			continue
		}
		if r.Training == p.Training {
			if r.TimeS < p.TimeS || e < own {
				return 0 // as accurate by definition, and cheaper
			}
			continue
		}
		if !slices.Contains(rivals, r.Training) {
			rivals = append(rivals, r.Training)
		}
	}
	var sum float64
	for q := range accuracyQuantiles {
		all := 1.0
		for _, g := range rivals {
			all *= below[g][q]
		}
		sum += all
	}
	return sum / accuracyQuantiles
}

// joules of a step at a quantile of the table: linear from the low end to the value and from there to the high end.
func joules(p *Point, u float64) float64 {
	e := p.Energy
	if u < 0.5 {
		return e.Low + 2*u*(e.Value-e.Low)
	}
	return e.Value + (2*u-1)*(e.High-e.Value)
}

// pooled is the deviation of a training by its seed, taken to be one for all recipes, and its degrees of freedom.
func pooled(points []Point) (deviation float64, freedom int) {
	seen := map[*training.SeedGroup]bool{}
	var squares float64
	for i := range points {
		g := points[i].Training
		if g == nil || seen[g] {
			continue
		}
		seen[g] = true
		squares += float64(g.Seeds-1) * g.Accuracy.Deviation * g.Accuracy.Deviation
		freedom += g.Seeds - 1
	}
	if freedom == 0 || squares == 0 {
		return 0, 0
	}
	return math.Sqrt(squares / float64(freedom)), freedom
}
