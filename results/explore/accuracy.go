package explore

import (
	"errors"
	"fmt"

	"satsim/internal/config"
	"satsim/internal/nm"
	"satsim/results/sweep"
	"satsim/results/training"
)

// Trained is what a network learned under a recipe: the mean over the seeds of a training.
type Trained struct {
	Network     string  `json:"network"`
	Batch       int64   `json:"batch,omitempty"` // samples a step; 0: the network's own
	Recipe      string  `json:"recipe"`
	Sparsity    string  `json:"sparsity,omitempty"` // empty: the recipe's own
	NetworkHash string  `json:"network_hash"`
	RecipeHash  string  `json:"recipe_hash"`
	Accuracy    float64 `json:"accuracy"`            // on the test set, a share
	Deviation   float64 `json:"deviation,omitempty"` // of the seeds; 0 of one
	Seeds       int     `json:"seeds"`               // 0: there is none
	Images      int64   `json:"train_images"`
	Epochs      int64   `json:"epochs"`
	Data        string  `json:"data"`

	why string // there is none
}

// String names a recipe on a network.
func (t *Trained) String() string {
	s := t.Recipe
	if t.Sparsity != "" {
		s += " " + t.Sparsity
	}
	if s += " on " + t.Network; t.Batch != 0 {
		s += fmt.Sprintf(" at batch %d", t.Batch)
	}
	return s
}

// span lists the recipes at their ratios, as a sweep expands them: those that are alike once, so one that prunes nothing has one ratio. Several are the first
// axis.
func (s *Space) span(f *sweep.File, accuracy bool) error {
	ratios, batches := f.Sparsity, f.Batches
	if len(ratios) == 0 {
		ratios = []string{""}
	}
	if len(batches) == 0 {
		batches = []int64{0}
	}
	if len(f.Recipes) == 1 && len(ratios) == 1 {
		s.Recipes = []Recipe{{f.Recipes[0], ratios[0]}}
	} else if err := s.pairs(f, ratios); err != nil {
		return err
	}
	for _, n := range f.Networks {
		for _, b := range batches {
			s.Works = append(s.Works, Work{n, s.Recipes[0].Name, s.Recipes[0].Sparsity, b})
		}
	}
	switch several := len(s.Recipes) > 1; {
	case !several && accuracy:
		return fmt.Errorf("space %s: its one recipe makes all designs as accurate; accuracy is an objective of spaces with several recipes or ratios (recipes: [dense, bdwp], sparsity: [2:4, 2:8])", f.Name)
	case several && !accuracy:
		return fmt.Errorf("space %s: it has %d recipes and %d ratios, which learn different things; one recipe, at one ratio or its own, is accepted, or accuracy among the objectives (--objective time,accuracy)", f.Name, len(f.Recipes), len(f.Sparsity))
	case !several:
		return nil
	}
	var a axis
	for _, r := range s.Recipes {
		set := []config.Override{{Path: "recipe", Value: r.Name, Origin: "space " + f.Name}}
		if r.Sparsity != "" {
			set = append(set, config.Override{Path: "sparsity", Value: r.Sparsity, Origin: "space " + f.Name})
		}
		a.places = append(a.places, set)
	}
	if err := s.add(a); err != nil {
		return err
	}
	return s.hashes()
}

// pairs crosses recipes with ratios.
func (s *Space) pairs(f *sweep.File, ratios []string) error {
	known := map[string]bool{}
	for _, name := range f.Recipes {
		for _, ratio := range ratios {
			text, err := s.recipe(f.Networks[0], name, ratio)
			if err != nil {
				return fmt.Errorf("space %s: recipe %s %s: %w", f.Name, name, ratio, err)
			}
			if known[text] {
				continue
			}
			known[text] = true
			if ratio != "" { // of what prunes nothing it is 1:1, whatever the file says of the others
				if dense, err := s.recipe(f.Networks[0], name, nm.Dense.String()); err == nil && dense == text {
					ratio = nm.Dense.String()
				}
			}
			s.Recipes = append(s.Recipes, Recipe{name, ratio})
		}
	}
	return nil
}

// recipe is the text of a recipe at a ratio.
func (s *Space) recipe(network, name, ratio string) (string, error) {
	c := s.base
	c.Network, c.Recipe, c.Sparsity = network, name, ratio
	m, err := s.models(c)
	if err != nil {
		return "", err
	}
	return string(m.RecipeText), nil
}

// under is a work's models under a recipe, on the base.
func (s *Space) under(recipe, work int) (*sweep.Models, error) {
	w := s.Works[work]
	w.Recipe, w.Sparsity = s.Recipes[recipe].Name, s.Recipes[recipe].Sparsity
	c, err := s.selection(s.nowhere(), w)
	if err != nil {
		return nil, err
	}
	return s.models(c)
}

// hashes says what accuracies are to be of.
func (s *Space) hashes() error {
	s.trained = make([][]Trained, len(s.Recipes))
	for r, of := range s.Recipes {
		for w, work := range s.Works {
			t := Trained{Network: work.Network, Batch: work.Batch, Recipe: of.Name, Sparsity: of.Sparsity, why: "no trainings were given"}
			m, err := s.under(r, w)
			if err == nil {
				t.NetworkHash, err = training.NetworkHash(m.Network)
			}
			if err == nil {
				t.RecipeHash, err = training.RecipeHash(m.Recipe)
			}
			if err != nil {
				return fmt.Errorf("space %s: %s: %w", s.Name, &t, err)
			}
			s.trained[r] = append(s.trained[r], t)
		}
	}
	return nil
}

// Join finds the accuracies of the recipes among trainings. One counts if its network and recipe, update included, are those that are simulated.
func (s *Space) Join(groups []training.SeedGroup) error {
	var whys []error
	some := false
	for r := range s.trained {
		all := true
		for w := range s.trained[r] {
			t := &s.trained[r][w]
			if err := s.join(t, r, w, groups); err != nil {
				return fmt.Errorf("space %s: %w", s.Name, err)
			}
			if t.Seeds == 0 {
				all = false
				whys = append(whys, t.untrained())
			}
		}
		some = some || all
	}
	if !some && len(whys) > 0 {
		return fmt.Errorf("space %s: no recipe was trained on all networks: %w", s.Name, errors.Join(whys...))
	}
	return nil
}

func (s *Space) join(t *Trained, recipe, work int, groups []training.SeedGroup) error {
	m, err := s.under(recipe, work)
	if err != nil {
		return err
	}
	j, err := training.NewJoiner(m.Network, groups)
	if err != nil {
		return err
	}
	found, err := j.Exactly(m.Recipe)
	if err != nil {
		return err
	}
	t.Seeds, t.why = 0, found.Why
	kinds, err := m.Recipe.Shares()
	if err != nil {
		return err
	}
	if len(kinds) > 1 {
		t.why = "its training has steps of several kinds, and designs are judged by one: satsim codesign takes their mean"
		return nil
	}
	if g := found.Group; g != nil {
		t.Accuracy, t.Deviation, t.Seeds, t.Images, t.Epochs, t.Data = g.Accuracy.Mean, g.Accuracy.Deviation, g.Seeds, g.TrainImages, g.EpochsInAll(), g.Data
	}
	return nil
}

// Recall takes accuracies of a certificate. They are of the recipes and networks that are simulated, or it is an error.
func (s *Space) Recall(all []Trained) error {
	for r := range s.trained {
		for w := range s.trained[r] {
			t := &s.trained[r][w]
			t.Seeds, t.why = 0, "the certificate has no accuracy of it"
			for _, c := range all {
				if c.Network != t.Network || c.Batch != t.Batch || c.Recipe != t.Recipe || c.Sparsity != t.Sparsity {
					continue
				}
				switch {
				case c.NetworkHash != t.NetworkHash || c.RecipeHash != t.RecipeHash:
					return fmt.Errorf("the accuracy of %s is of network %s and recipe %s (hashes); %s and %s are simulated", t, c.NetworkHash, c.RecipeHash, t.NetworkHash, t.RecipeHash)
				case !(c.Accuracy >= 0 && c.Accuracy <= 1) || c.Seeds < 1:
					return fmt.Errorf("the accuracy of %s is %g of %d seeds; 0 to 1, of 1 or more, is accepted", t, c.Accuracy, c.Seeds)
				}
				*t = c
			}
		}
	}
	return nil
}

// Trained lists the accuracies that count.
func (s *Space) Trained() (out []Trained) {
	for _, works := range s.trained {
		for _, t := range works {
			if t.Seeds > 0 {
				out = append(out, t)
			}
		}
	}
	return out
}

var errUntrained = errors.New("has no accuracy")

// untrained says why there is no accuracy.
func (t *Trained) untrained() error { return fmt.Errorf("%s %w: %s", t, errUntrained, t.why) }

// recipeOf is the recipe of a design at places.
func (s *Space) recipeOf(places []int) int {
	if s.trained == nil {
		return 0
	}
	return max(places[0], 0) // on no axis it is the first
}

// untrained is why a recipe can't be judged, by its place on the first axis.
func (s *Space) untrained(recipe int) error {
	if s.trained == nil {
		return nil
	}
	var errs []error
	for w := range s.trained[recipe] {
		if t := &s.trained[recipe][w]; t.Seeds == 0 {
			errs = append(errs, t.untrained())
		}
	}
	return errors.Join(errs...)
}

// wrong is the error of a recipe: 1 - accuracy, of a work or the mean over all; 1 of one that can't be judged.
func (s *Space) wrong(recipe, work int) (sum float64) {
	if s.trained == nil || s.untrained(recipe) != nil {
		return 1
	}
	if work != All {
		return 1 - s.trained[recipe][work].Accuracy
	}
	for _, t := range s.trained[recipe] {
		sum += 1 - t.Accuracy
	}
	return sum / float64(len(s.trained[recipe]))
}
