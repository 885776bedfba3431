package timeline

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"

	"satsim/arch/memory"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/sim"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// Options say what of a step is written.
type Options struct {
	Layer  string           // the layer; * stands for any characters; empty: all
	Stage  *workloads.Stage // nil: all
	Expand bool             // every event is simulated: no period is one slice
	// Progress is told how many word groups of how many are done; it may be nil.
	Progress func(done, total int)
}

// Summary says what was written.
type Summary struct {
	Cycles int64 // of the step
	Groups int   // that were written
	Slices int64 // of lanes
	Tracks int   // with slices
	// Busy is how long each lane works, in cycles, in the groups that were written.
	Busy [word.Lanes]int64
}

// head begins a timeline, comment is in the head of one that is compressed.
const (
	head    = "{\"displayTimeUnit\":\"ns\",\"otherData\":"
	comment = "satsim timeline"
)

// IsTimeline knows a timeline by its first bytes.
func IsTimeline(b []byte) bool {
	return bytes.HasPrefix(b, []byte(head)) || bytes.HasPrefix(b, []byte{0x1f, 0x8b}) && bytes.Contains(b, []byte(comment))
}

// WriteZipped is Write, compressed with gzip.
func WriteZipped(ctx context.Context, to io.Writer, m *models.Models, o Options) (Summary, error) {
	zip := gzip.NewWriter(to)
	zip.Comment = comment
	s, err := Write(ctx, zip, m, o)
	if err != nil {
		return s, err
	}
	return s, zip.Close()
}

// Write schedules and simulates a step, and writes its timeline.
func Write(ctx context.Context, to io.Writer, m *models.Models, o Options) (Summary, error) {
	p, err := machine.Scheduled(ctx, m.Spec, m.Step, m.Recipe, m.Energy, nil)
	if err != nil {
		return Summary{}, err
	}
	wanted, found := make([]bool, len(p.Groups)), false
	for i := range p.Groups {
		it := &p.Step.Items[p.Groups[i].Item]
		wanted[i] = (o.Layer == "" || recipe.Matches(o.Layer, it.Layer)) && (o.Stage == nil || it.Stage == *o.Stage)
		found = found || wanted[i]
	}
	if !found {
		// Only knows the layers' names, and says them.
		if _, err := m.Only(o.Layer, o.Stage); err != nil {
			return Summary{}, err
		}
		return Summary{}, fmt.Errorf("layer %q has no word group of its own in that stage: its work is done in others' output paths, or there is none", o.Layer)
	}
	return write(ctx, to, m, p, wanted, o)
}

func write(ctx context.Context, to io.Writer, m *models.Models, p *dataflow.Plan, wanted []bool, o Options) (out Summary, err error) {
	detailed := m.Spec.Board.Memory.Model == memory.ModelDetailed
	platform, err := sim.New(ctx, m.Spec, !o.Expand && !detailed)
	if err != nil {
		return out, err
	}
	c := listen(platform)
	var lanes []word.Lane
	var units []word.Unit
	for l := range word.Lane(word.Lanes) {
		if m.Spec.Units()[l.Unit()] == nil && l.Unit() != word.Memory {
			continue
		}
		lanes = append(lanes, l)
		if len(units) == 0 || units[len(units)-1] != l.Unit() {
			units = append(units, l.Unit())
		}
	}
	w, err := begin(to, map[string]string{
		"arch": m.Spec.Name, "network": p.Step.Network, "recipe": m.Recipe.Name, "batch": fmt.Sprint(p.Step.Images),
		"clock": fmt.Sprintf("%d Hz", int64(m.Spec.Clock)), "unit": "a microsecond of this file is a cycle of the clock",
	}, units, lanes)
	if err != nil {
		return out, fmt.Errorf("writing a timeline: %w", err)
	}
	known := map[string]*group{}
	reconfigure := m.Spec.Controller.Reconfigure
	var tracks [word.Lanes]bool
	for i := range p.Groups {
		of := &p.Groups[i]
		key := string(of.Word.AppendKey(nil))
		g := known[key]
		if g == nil {
			c.begin(&of.Word, reconfigure)
			done, err := platform.Run(&of.Word)
			if err != nil {
				return out, fmt.Errorf("simulating %s: %w", of.Label, err)
			}
			g = c.finish(done.Cycles)
			if !detailed {
				known[key] = g
			}
		}
		if wanted[i] {
			w.group(g, of, p, out.Cycles, reconfigure)
			if w.err != nil {
				return out, fmt.Errorf("writing a timeline: %w", w.err)
			}
			out.Groups++
			for k := range g.slices {
				s := &g.slices[k]
				if s.empty() {
					continue
				}
				tracks[s.lane] = true
				out.Slices++
				out.Busy[s.lane] += s.working()
			}
		}
		out.Cycles += g.cycles
		if o.Progress != nil {
			o.Progress(i+1, len(p.Groups))
		}
	}
	for _, is := range tracks {
		if is {
			out.Tracks++
		}
	}
	if err := w.end(); err != nil {
		return out, fmt.Errorf("writing a timeline: %w", err)
	}
	return out, nil
}

// empty is one that was cut where it began or ended: nothing is left of it.
func (s *slice) empty() bool { return s.cut && s.start == s.end }

// working is for how many of a slice's cycles its lane works.
func (s *slice) working() int64 {
	if s.task == none {
		return s.busy
	}
	return s.end - s.start
}
