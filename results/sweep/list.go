package sweep

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"satsim/internal/config"
	"satsim/internal/memo"
	"satsim/results/experiment/machine"
	"satsim/results/query"
	"satsim/results/store"
)

// ListSchema is what a shard list begins with.
const ListSchema = "satsim.shards/1"

// List is a sweep that was cut into shards once, for many machines: who has a shard resolves its points and no others, and who merges knows what must be there.
type List struct {
	Schema string      `json:"schema"`
	Sweep  string      `json:"sweep"`  // its file, or the name of a shipped one
	Points int         `json:"points"` // that meet the conditions; baselines come with those that need them
	Shards []ListShard `json:"shards"`
}

// ListShard is a part of a sweep.
type ListShard struct {
	PredictedS float64 `json:"predicted_s"` // on one worker, by a point and a baseline of each network
	Digest     string  `json:"digest"`      // of what the file says of its points
	Points     []int   `json:"points"`      // places in the file's order, before conditions
}

// pieces of a shard, if there are as many points: few enough that neighbours share word groups, enough that shards are even.
const pieces = 16

// Cut cuts a sweep into shards of even predicted cost. Points of one baseline stay together, so that few baselines are simulated twice. It simulates a point
// and a baseline of each network, to know what they take.
func Cut(ctx context.Context, f *File, resolve Resolver, shards int, ask query.Ask) (*List, error) {
	choices, err := f.Expand()
	if err != nil {
		return nil, err
	}
	kept, err := f.filter(choices, resolve, ask)
	if err != nil {
		return nil, err
	}
	if shards > len(kept) {
		return nil, fmt.Errorf("sweep %s: %d shards of %d points; a point a shard at least is accepted", f.Name, shards, len(kept))
	}
	var parts [][]int
	var weights []float64
	costs := map[string]cost{}
	for from := 0; from < len(kept); {
		if err := ask.Row("costs", from, len(kept)); err != nil {
			return nil, err
		}
		first := &choices[kept[from]]
		network := fmt.Sprint(first.Network, " ", first.Batch)
		if _, ok := costs[network]; !ok {
			if costs[network], err = f.measure(ctx, *first, resolve); err != nil {
				return nil, err
			}
		}
		to, baselines := from, 0.0
		for to < len(kept) && (to == from || to-from < len(kept)/(pieces*shards)) && first.Network == choices[kept[to]].Network && first.Batch == choices[kept[to]].Batch {
			of := choices[kept[to]].machine()
			for to < len(kept) && choices[kept[to]].machine() == of {
				to++
			}
			baselines++
		}
		parts = append(parts, kept[from:to])
		weights = append(weights, costs[network].point*float64(to-from)+costs[network].baseline*baselines)
		from = to
	}
	out := &List{Schema: ListSchema, Points: len(kept), Shards: make([]ListShard, min(shards, len(parts)))}
	for part, shard := range balance(weights, len(out.Shards)) {
		s := &out.Shards[shard]
		s.Points = append(s.Points, parts[part]...)
		s.PredictedS += weights[part]
	}
	for i := range out.Shards {
		out.Shards[i].Digest = digest(choices, out.Shards[i].Points)
	}
	return out, nil
}

// machine is all of a choice that its baseline is of.
func (c Selection) machine() string {
	c.Recipe, c.Sparsity = "", ""
	return c.String()
}

// cost in seconds of one worker.
type cost struct{ point, baseline float64 }

// measure simulates a point and its baseline. What is refused costs what finding that out took.
func (f *File) measure(ctx context.Context, c Selection, resolve Resolver) (cost, error) {
	jobs, err := f.plan([]Selection{c}, resolve, store.Origin{}, nil)
	if err != nil {
		return cost{}, err
	}
	var out cost
	known := memo.New(machine.MemoBytes)
	for i := range jobs.Jobs {
		took, _ := timed(ctx, known, &jobs.Jobs[i])
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		if i < len(jobs.Jobs)-1 {
			out.baseline = took.Seconds()
		} else {
			out.point = took.Seconds()
		}
	}
	return out, nil
}

// digest is of what a file says of some of its points.
func digest(choices []Selection, places []int) string {
	h := sha256.New()
	for _, p := range places {
		fmt.Fprintln(h, choices[p].String(), choices[p].Against)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// Jobs are the points of a shard and the baselines that they need, as the running program, of origin by, is to compute them. Choices are what f.Expand lists: all of
// the sweep, so that who asks for several shards lists it once.
func (l *List) Jobs(f *File, choices []Selection, shard int, resolve Resolver, by store.Origin, ask query.Ask) ([]PlannedPoint, error) {
	s := &l.Shards[shard-1]
	own := make([]Selection, len(s.Points))
	for i, p := range s.Points {
		if p < 0 || p >= len(choices) {
			return nil, l.changed(f)
		}
		own[i] = choices[p]
	}
	if digest(choices, s.Points) != s.Digest {
		return nil, l.changed(f)
	}
	p, err := f.plan(own, resolve, by, ask)
	if err != nil {
		return nil, err
	}
	return p.Jobs, nil
}

func (l *List) changed(f *File) error {
	return fmt.Errorf("sweep %s is not what the list of shards was made of; make the list anew", f.Name)
}

// Missing are the jobs that a store does not have.
func Missing(ctx context.Context, s *store.Store, jobs []PlannedPoint) ([]PlannedPoint, error) {
	states, err := s.States(ctx)
	if err != nil {
		return nil, err
	}
	var out []PlannedPoint
	for _, j := range jobs {
		if states[j.Key] == store.Missing {
			out = append(out, j)
		}
	}
	return out, nil
}

// Write writes the list.
func (l *List) Write(w io.Writer) error {
	text, err := json.Marshal(l)
	if err == nil {
		_, err = w.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("writing the list of shards: %w", err)
	}
	return nil
}

// ReadList reads a list.
func ReadList(path string) (*List, error) {
	if err := config.Check(path, config.Store); err != nil {
		return nil, fmt.Errorf("reading the list of shards: %w", err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the list of shards: %w", err)
	}
	l := &List{}
	switch err := json.Unmarshal(text, l); {
	case err != nil || l.Schema == "":
		return nil, fmt.Errorf("reading %s: it is no list of shards; one that satsim sweep --slurm wrote is accepted", path)
	case l.Schema != ListSchema:
		return nil, fmt.Errorf("reading %s: schema %q; %s is accepted", path, l.Schema, ListSchema)
	case len(l.Shards) == 0 || l.Sweep == "":
		return nil, errors.New("reading " + path + ": it has no shards or no sweep")
	}
	return l, nil
}
