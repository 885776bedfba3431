package recipes

import (
	"satsim/internal/ratio"
	"satsim/results/experiment/models"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// Recipe is a recipe in words.
type Recipe struct {
	Name       string   `json:"recipe"`
	Note       string   `json:"note"`
	Paper      string   `json:"paper,omitempty"`
	Exceptions []string `json:"exceptions,omitempty"`
	Steps      []Step   `json:"steps"`             // kinds of steps, in the order in which they begin
	Network    string   `json:"network,omitempty"` // that costs are of
	Images     int64    `json:"images,omitempty"`  // samples a step
}

// Step is a kind of step of a training.
type Step struct {
	Name     string    `json:"step"`
	Part     float64   `json:"part"` // of the training's steps
	Products []Product `json:"products"`
	Stored   []string  `json:"stored"`
	Sorted   []string  `json:"sorted"`
	Update   string    `json:"update"`
	Cost     *Cost     `json:"cost,omitempty"`
}

// Product is what one of the three products prunes.
type Product struct {
	Stage string `json:"stage"`
	Pruned
	But []Exception `json:"exceptions,omitempty"` // layers of which it prunes something else

	DenseMACs     int64 `json:"dense_macs,omitempty"`
	PerformedMACs int64 `json:"performed_macs,omitempty"`
}

// Pruned is what a product of a layer prunes.
type Pruned struct {
	Operand string `json:"operand"`
	Ratio   string `json:"sparsity"`
	Along   string `json:"along,omitempty"`
	By      string `json:"by,omitempty"`
	Masks   string `json:"masks,omitempty"`
	Words   string `json:"words"`
}

func pruned(x recipe.Selection, words string) Pruned {
	return Pruned{Operand: string(x.Operand), Ratio: x.Ratio.String(), Along: x.Axis(), By: x.By, Masks: x.Masks, Words: words}
}

// Exception is what a product of layers that an exception is for prunes.
type Exception struct {
	Layers string `json:"layers"` // as the file names them: a pattern or a role
	Which  string `json:"which"`  // in words
	Pruned
}

// Cost is what a step of the network asks for beside its products.
type Cost struct {
	SortedWeights     int64 `json:"sorted_weights"`
	SortedGradients   int64 `json:"sorted_gradients"`
	SortedActivations int64 `json:"sorted_activations"`
	Masked            int64 `json:"masked_operations"`
	Searched          int64 `json:"searched_operations"`
	Extra             int64 `json:"extra_operations"`
	Drawn             int64 `json:"drawn_operations"`
	Added             int64 `json:"added_operations"`
	Numbers           int64 `json:"random_numbers"`
	Quotients         int64 `json:"quotients"`
	Parameters        int64 `json:"parameters"`
	StateBytes        int64 `json:"state_bytes"`
	CopyBytes         int64 `json:"copy_bytes"`
	MaskBytes         int64 `json:"mask_bytes"`
}

// Of a recipe alone.
func Of(r recipe.Recipe) (*Recipe, error) { return of(r, nil) }

// On a network, with what a step of it asks for.
func On(r recipe.Recipe, n *models.Net) (*Recipe, error) {
	if err := r.Fits(n.Step); err != nil {
		return nil, err
	}
	return of(r, &n.Step)
}

func of(r recipe.Recipe, step *workloads.Step) (*Recipe, error) {
	out := &Recipe{Name: r.Name, Note: r.Note, Paper: r.Paper}
	for _, e := range r.Exceptions {
		out.Exceptions = append(out.Exceptions, e.Words())
	}
	if step != nil {
		out.Network, out.Images = step.Network, step.Images
	}
	kinds, err := r.Shares()
	if err != nil {
		return nil, err
	}
	var total int64
	for _, k := range kinds {
		total += k.Steps
	}
	for _, k := range kinds {
		s := Step{
			Name: k.Name, Part: ratio.Of(k.Steps, total), Stored: k.Recipe.Stored(), Sorted: k.Recipe.Sorted(), Update: k.Recipe.UpdateWords(),
		}
		for _, x := range k.Recipe.Selections() {
			s.Products = append(s.Products, Product{Stage: x.Stage.String(), Pruned: pruned(x, x.Words())})
		}
		for _, e := range k.Recipe.Buts() {
			for _, x := range e.Selections {
				p := &s.Products[x.Stage]
				p.But = append(p.But, Exception{e.Named(), e.Which(), pruned(x, x.Does())})
			}
		}
		if step != nil {
			d, err := k.Recipe.Demand(*step)
			if err != nil {
				return nil, err
			}
			for i := range s.Products {
				s.Products[i].DenseMACs, s.Products[i].PerformedMACs = d.Dense[i], d.Performed[i]
			}
			s.Cost = &Cost{d.SortedWeights, d.SortedGradients, d.SortedActivations, d.Masked, d.Searched, d.Extra, d.Drawn, d.Added, d.Numbers, d.Quotients, d.Parameters, d.StateBytes, d.CopyBytes, d.MaskBytes}
		}
		out.Steps = append(out.Steps, s)
	}
	return out, nil
}

// Line is a recipe in a list.
type Line struct {
	Name  string    `json:"recipe"`
	Note  string    `json:"note"`
	Rules [3]string `json:"rules"` // of the stages, with those of exceptions
	Masks string    `json:"masks"`
}

// List is recipes, a line each.
type List []Line

// Shipped are the shipped recipes at the end of their schedules.
func Shipped() (List, error) {
	names, err := models.Shipped("recipe")
	if err != nil {
		return nil, err
	}
	loader := models.NewLoader()
	var out List
	for _, n := range names {
		r, err := loader.Recipe(n, "", nil)
		if err != nil {
			return nil, err
		}
		l := Line{Name: n, Note: r.Note}
		note := func(x recipe.Selection, of string) {
			text := string(x.Operand)
			if !x.Ratio.IsDense() {
				text += " " + x.Ratio.String()
			}
			if text == l.Rules[x.Stage] {
				return
			}
			l.Rules[x.Stage] += of + text
			if l.Masks == "" {
				l.Masks = x.Masks
			}
		}
		for _, x := range r.Selections() {
			note(x, "")
		}
		for _, e := range r.Buts() {
			for _, x := range e.Selections {
				note(x, ", "+e.Named()+": ")
			}
		}
		out = append(out, l)
	}
	return out, nil
}
