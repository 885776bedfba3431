package machine

import (
	"fmt"

	"satsim/dataflow"
)

// Rival is a choice of words for a product.
type Rival struct {
	Choice    string `json:"word"`
	Predicted int64  `json:"predicted_cycles"` // of the product's words alone, as the search judges them
	Array     int64  `json:"array_cycles"`     // for which the array is busy, of those
	Bytes     int64  `json:"bytes"`            // of the product's operands
	Simulated int64  `json:"simulated_cycles"` // of the whole word group
	Chosen    bool   `json:"chosen,omitempty"`
}

// Rivals are the choices of a word group, the best as predicted first.
type Rivals struct {
	Label   string  `json:"group"`
	Choices []Rival `json:"choices"`
}

// Rivals simulates the most best choices of every product of a step that is scheduled, as the search has them. The step keeps its own.
func (m *Machine) Rivals(s *Step, most int) ([]Rivals, error) {
	search, err := searcher(s.Plan, m.Energy)
	if err != nil {
		return nil, err
	}
	search.Stop, search.Memo = m.ctx.Err, m.Memo
	var out []Rivals
	for i := range s.Plan.Groups {
		g := &s.Plan.Groups[i]
		if g.Kind != dataflow.ProductGroup {
			continue
		}
		own := *g.Choice
		found, err := search.Candidates(g, most)
		if err != nil {
			return nil, fmt.Errorf("scheduling %s: %w", g.Label, err)
		}
		r := Rivals{Label: g.Label}
		for k := range found {
			c := &found[k]
			if err := s.Plan.Choose(g, c.Choice); err != nil {
				return nil, err
			}
			o, _, err := m.group(g)
			if err != nil {
				return nil, fmt.Errorf("simulating %v: %w", &c.Choice, err)
			}
			r.Choices = append(r.Choices, Rival{c.Choice.String(), c.Score.Cycles, c.Score.Array, c.Score.Bytes, o.Cycles, c.Choice.String() == own.String()})
		}
		if err := s.Plan.Choose(g, own); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}
