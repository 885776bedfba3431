package schedule

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/dataflow/predict"
	"satsim/internal/config"
)

// kind heads a schedule file.
const kind = "schedule"

// File is a schedule file: the reconfiguration words of a step, in short. What the words follow from (geometry.Choice) is in it, not their
// loop nests: a choice is what can be edited, the nest what the planner makes of it.
type File struct {
	// Names of what it was made for; they are for the reader.
	Arch     string `yaml:"arch"`
	Network  string `yaml:"network"`
	Recipe   string `yaml:"recipe" config:"required"`
	Sparsity string `yaml:"sparsity,omitempty"`
	Images   int64  `yaml:"images"`

	// OnRead are batch norms that are no passes: whoever reads their result normalises what it fetches.
	OnRead []string `yaml:"on_read,omitempty"`

	MadeFor MadeFor `yaml:"made_for"`
	Groups  []Entry `yaml:"groups" config:"required"`

	check func(*File) error // is it a schedule for a plan?
}

// Entry is a word group.
type Entry struct {
	Label string             `yaml:"label" config:"required"`
	Layer string             `yaml:"layer,omitempty"`
	Stage string             `yaml:"stage,omitempty"`
	Kind  dataflow.GroupKind `yaml:"kind" config:"required"`
	// Choice is what the scheduler decided; products have one.
	Choice *Choice `yaml:"choice,omitempty"`
	// Predicted is what the words say. It is for the reader: a replay predicts anew.
	Predicted *Predicted `yaml:"predicted,omitempty"`
}

// Choice is a geometry.Choice as a file has it: levels that are not given are the natural ones, which keep an operand as far out as its
// tile does not change.
type Choice struct {
	Mode       word.Mode      `yaml:"mode" config:"required"`
	Over       word.Over      `yaml:"over" config:"required"`
	Interleave int            `yaml:"interleave" config:"required"`
	Join       *geometry.Join `yaml:"join,omitempty"`
	Order      []word.Dim     `yaml:"order" config:"required"`
	Tile       geometry.Sizes `yaml:"tile" config:"required"`
	West       *int           `yaml:"west,omitempty"`
	North      *int           `yaml:"north,omitempty"`
	Out        *int           `yaml:"out,omitempty"`
}

// choiceOf is a choice for a file.
func choiceOf(s *geometry.Shape, c *geometry.Choice) (*Choice, error) {
	natural := *c
	if err := s.Complete(&natural); err != nil {
		return nil, err
	}
	out := &Choice{Mode: c.Mode, Over: c.Over, Interleave: c.Interleave, Order: c.Order, Tile: c.Tile}
	if !c.Join.IsNone() {
		out.Join = &c.Join
	}
	for _, l := range []struct {
		to      **int
		is, not int
	}{{&out.West, c.West, natural.West}, {&out.North, c.North, natural.North}, {&out.Out, c.Out, natural.Out}} {
		if l.is != l.not {
			*l.to = &l.is
		}
	}
	return out, nil
}

// complete is the choice that a file's is for a product on a machine.
func (c *Choice) complete(s *geometry.Shape, machine *spec.Spec) (geometry.Choice, error) {
	out := c.levelless()
	s, err := s.As(machine, &out)
	if err != nil {
		return out, err
	}
	err = s.Complete(&out)
	for _, l := range []struct{ to, given *int }{{&out.West, c.West}, {&out.North, c.North}, {&out.Out, c.Out}} {
		if l.given != nil {
			*l.to = *l.given
		}
	}
	return out, err
}

// levelless is the choice but for the levels.
func (c *Choice) levelless() geometry.Choice {
	out := geometry.Choice{Mode: c.Mode, Over: c.Over, Interleave: c.Interleave, Order: c.Order, Tile: c.Tile}
	if c.Join != nil {
		out.Join = *c.Join
	}
	return out
}

// String is the choice in short.
func (c *Choice) String() string {
	short := c.levelless()
	return short.String()
}

// Predicted is what a group's words say before they run.
type Predicted struct {
	Cycles     int64 `yaml:"cycles"` // at least
	ReadBytes  int64 `yaml:"read_bytes"`
	WriteBytes int64 `yaml:"write_bytes"`
	// Busy cycles of each unit that the machine has.
	Busy map[word.Unit]int64 `yaml:"busy"`
}

// FileOf is the file of a plan whose products have their words. Names that a plan does not know are its user's to fill in.
func FileOf(p *dataflow.Plan, made MadeFor) (*File, error) {
	fast, err := memory.NewFast(p.Spec.Board.Memory, int64(p.Spec.Clock))
	if err != nil {
		return nil, fmt.Errorf("predicting a schedule: %w", err)
	}
	f := &File{Arch: p.Spec.Name, Network: p.Step.Network, Images: p.Step.Images, OnRead: p.Folded, MadeFor: made}
	units := p.Spec.Units()
	for i := range p.Groups {
		g := &p.Groups[i]
		it := &p.Step.Items[g.Item]
		pr, err := predict.Group(&p.Spec, fast, &g.Word)
		if err != nil {
			return nil, fmt.Errorf("predicting %s: %w", g.Label, err)
		}
		e := Entry{Label: g.Label, Layer: it.Layer, Stage: it.Stage.String(), Kind: g.Kind, Predicted: &Predicted{
			Cycles: pr.Cycles, Busy: map[word.Unit]int64{},
		}}
		for u, of := range units {
			if of != nil {
				e.Predicted.Busy[word.Unit(u)] = pr.Busy[u]
			}
		}
		for l := word.Lane(0); l < word.Lanes; l++ {
			if l.IsWrite() {
				e.Predicted.WriteBytes += pr.Bytes[l]
			} else {
				e.Predicted.ReadBytes += pr.Bytes[l]
			}
		}
		if g.Choice != nil {
			if e.Choice, err = choiceOf(g.Tiled, g.Choice); err != nil {
				return nil, fmt.Errorf("printing the choice of %s: %w", g.Label, err)
			}
		}
		f.Groups = append(f.Groups, e)
	}
	return f, nil
}

// head explains the file to who opens it.
const head = `A schedule: what the scheduler chose for every product of a training step, in the order in which the machine runs them.
A choice may be edited and replayed. Its keys:
  mode, over, interleave  of the array: os or ws; outputs interleaved in a PE over columns (f) or rows (t), and how many. vector, f, 1: the vector unit takes it
  order                   of the loops, outermost first: g products, b images, t output rows, k reduction (in WU: rows of dW), f columns
  tile                    steps of the loops; bands of output rows (t) need b: 1. With join, products of a grouped convolution are one (side: in a group; stack: blocks of these), and g counts those
  west, north, out        how many of the loops are outside of the operand's tile: fewer keep it longer and make it larger; not given:
                          as few as leave the tile as it is
predicted is for the reader: cycles are at least what the group takes. A replay predicts anew.`

// Encode prints a file, a line for each choice and each prediction.
func (f *File) Encode() ([]byte, error) {
	text, err := config.Encode(kind, f)
	if err != nil {
		return nil, fmt.Errorf("printing the schedule: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("printing the schedule: %w", err)
	}
	root := doc.Content[0]
	root.Content[0].HeadComment = head
	if groups := value(root, "groups"); groups != nil {
		for _, g := range groups.Content {
			for _, key := range []string{"choice", "predicted"} {
				if n := value(g, key); n != nil {
					n.Style = yaml.FlowStyle
				}
			}
		}
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(&doc); err != nil {
		return nil, fmt.Errorf("printing the schedule: %w", err)
	}
	return b.Bytes(), e.Close()
}

// value of a key of a mapping, or nil.
func value(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
