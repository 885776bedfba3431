package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"satsim/arch/word"
	"satsim/internal/ratio"
	"satsim/results/record"
)

// bounds are the peak of the array, what the columns of the table of stages mean, and what bounds each step.
func (p page) bounds(r *record.Record) {
	if len(r.Runs) == 0 {
		return
	}
	for i := range r.Runs {
		run := &r.Runs[i]
		line := fmt.Sprintf("%s: %.1f images/s", withRatio(run.Recipe, run.Sparsity), run.ImagesPS)
		if run.Total.Utilisation > 0 {
			line += fmt.Sprintf("; the array's peak: %.1f GFLOPS", peak(run))
		}
		if v := bound(run.Groups); v != "" {
			line += "; " + v
		}
		p.say(line)
	}
	p.Printf("in GFLOPS: dense-eq., the dense network's MACs over time; effective, the performed MACs over time\n\n")
}

// peak is GFLOPS of the array: what is effective, over its share of them.
func peak(run *record.Run) float64 { return run.Total.EffectiveGFLOPS / run.Total.Utilisation }

// cause is what cycles went into.
type cause struct {
	name   string
	cycles int64
}

// causes says where a step's time went, the most first, as the busiest lane of each word group saw it: in its own work, in waiting for other units, or in
// the ends of groups, where it fills, drains, has no word or is reconfigured.
func causes(groups []record.Group) []cause {
	names := map[string]string{"stce": "array", "sore": "SORE", "wuve": "WUVE", "vector": "vector unit"}
	sums := map[string]int64{}
	add := func(unit string, n int64) {
		if name, ok := names[unit]; ok {
			unit = name
		}
		sums[unit] += n
	}
	units := map[string]string{}
	for l := range word.Lane(word.Lanes) {
		units[l.String()] = l.Unit().String()
	}
	for i := range groups {
		g := &groups[i]
		left := g.Cycles
		if l := busiest(g.Lanes); l != nil {
			add(units[l.Lane], l.Computing)
			left -= l.Computing
			for _, w := range l.Waits {
				add(w.Unit, w.Cycles)
				left -= w.Cycles
			}
		}
		add("ends of word groups", left)
	}
	var out []cause
	for name, n := range sums {
		if n > 0 {
			out = append(out, cause{name, n})
		}
	}
	slices.SortFunc(out, func(a, b cause) int { return cmp.Or(cmp.Compare(b.cycles, a.cycles), strings.Compare(a.name, b.name)) })
	return out
}

// busiest is the lane that computes for longest; the array's, if another does as long.
func busiest(lanes []record.Lane) *record.Lane {
	most := mainLane(lanes)
	for i := range lanes {
		if l := &lanes[i]; l.Computing > most.Computing {
			most = l
		}
	}
	return most
}

// bound is the verdict in a line.
func bound(groups []record.Group) string {
	all := causes(groups)
	var total int64
	for _, c := range all {
		total += c.cycles
	}
	if total == 0 {
		return ""
	}
	share := func(c cause) string { return fmt.Sprintf("%.1f %%", ratio.Percent(c.cycles, total)) }
	text := fmt.Sprintf("bound by: %s, %s of the cycles", all[0].name, share(all[0]))
	var others []string
	for _, c := range all[1:] {
		if 1000*c.cycles >= total {
			others = append(others, c.name+" "+share(c))
		}
	}
	if len(others) > 0 {
		text += " (" + strings.Join(others, ", ") + ")"
	}
	return text
}

// onRead says which batch norms cost no pass.
func (p page) onRead(r *record.Record) {
	for i := range r.Runs {
		if n := r.Runs[i].NormsOnRead; len(n) > 0 {
			saved := ""
			if s := r.Runs[i].NormsSaved; s != nil {
				saved = fmt.Sprintf("; as passes they would take %.3f Mcycles and %.1f MB more, as predicted", float64(s.Cycles)/1e6, float64(s.Bytes)/1e6)
			}
			p.say(fmt.Sprintf("%s: batch norms applied where their result is read, so that they are no passes: %d (%s)%s",
				withRatio(r.Runs[i].Recipe, r.Runs[i].Sparsity), len(n), strings.Join(n, ", "), saved))
		}
	}
}

// overlapped says which stages' passes ran beside the products of others, and what the stages' speed-ups are with every pass in its own.
func (p page) overlapped(r *record.Record) {
	moved := false
	for i := range r.Runs {
		var from, to []string
		for k := range r.Runs[i].Stages {
			switch s := &r.Runs[i].Stages[k]; {
			case s.Moved > 0:
				from = append(from, fmt.Sprintf("%s (%.3f Mcycles)", s.Stage, float64(s.Moved)/1e6))
			case s.Moved < 0:
				to = append(to, s.Stage)
			}
		}
		if len(from) > 0 {
			p.say(fmt.Sprintf("%s: passes of %s ran beside products of %s, whose cycles hold them",
				withRatio(r.Runs[i].Recipe, r.Runs[i].Sparsity), strings.Join(from, ", "), strings.Join(to, ", ")))
			moved = true
		}
	}
	if c := r.Comparison; !moved || c == nil || len(r.Runs) != 2 {
		return
	}
	var ratios []string
	for k := range r.Runs[0].Stages {
		a, b := &r.Runs[0].Stages[k], &r.Runs[1].Stages[k]
		if b.Own() > 0 {
			ratios = append(ratios, fmt.Sprintf("%s %.3fx", a.Stage, ratio.Of(a.Own(), b.Own())))
		}
	}
	p.say("speed-ups with each pass's busy cycles booked to its own stage: " + strings.Join(ratios, ", ") + " (own_cycles in layers.csv)")
}
