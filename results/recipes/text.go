package recipes

import (
	"fmt"
	"io"
	"strings"

	"satsim/internal/ratio"
	"satsim/results/table"
)

// row is a product of a kind of step, or what it is for layers of an exception.
type row struct {
	step *Step
	*Product
	layers string
	of     *Pruned
}

// macs are the product's, in all layers.
func (r *row) macs(of func(*Product) int64) table.Cell {
	if r.of != &r.Product.Pruned {
		return table.Cell{}
	}
	return table.Whole(of(r.Product))
}

// cost is what a step asks for, once a step: with its last product.
func (r *row) cost(of func(*Cost) int64) table.Cell {
	if r.step.Cost == nil || r.of != &r.Product.Pruned || r.Product != &r.step.Products[len(r.step.Products)-1] {
		return table.Cell{}
	}
	return table.Whole(of(r.step.Cost))
}

func text(name, key string, of func(*row) string) table.Field[row] {
	return table.Field[row]{Column: table.Column{Name: name, Key: key, Left: true}, Of: func(r *row) table.Cell { return table.Text(of(r)) }}
}

func millions(name, key, unit string, of func(*row) table.Cell) table.Field[row] {
	return table.Field[row]{Column: table.Column{Name: name, Key: key, Unit: unit, NumberFormat: table.NumberFormat{Shift: -6, Decimals: 3}}, Of: of}
}

// Table has a row a product of each kind of step, and behind it one for layers of an exception by which it prunes something else; what a step asks for beside its products stands with its last.
func (r *Recipe) Table() *table.Table {
	fields := []table.Field[row]{
		text("step", "step", func(r *row) string { return r.step.Name }), text("product", "stage", func(r *row) string { return r.Stage }),
		text("layers", "layers", func(r *row) string { return r.layers }),
		text("prunes", "operand", func(r *row) string { return r.of.Operand }), text("N:M", "sparsity", func(r *row) string { return r.of.Ratio }),
		text("along", "along", func(r *row) string { return r.of.Along }), text("by", "by", func(r *row) string { return r.of.By }),
		text("masks", "masks", func(r *row) string { return r.of.Masks }),
	}
	if r.Network != "" {
		fields = append(
			fields,
			millions("MACs", "performed_macs", "M", func(r *row) table.Cell { return r.macs(func(p *Product) int64 { return p.PerformedMACs }) }),
			millions("of dense", "dense_macs", "M", func(r *row) table.Cell { return r.macs(func(p *Product) int64 { return p.DenseMACs }) }),
			millions("sorted", "sorted_elements", "M", func(r *row) table.Cell {
				return r.cost(func(c *Cost) int64 { return c.SortedWeights + c.SortedGradients + c.SortedActivations })
			}),
			millions("searched", "searched_operations", "Mop", func(r *row) table.Cell { return r.cost(func(c *Cost) int64 { return c.Searched }) }),
			millions("drawn", "drawn_operations", "Mop", func(r *row) table.Cell { return r.cost(func(c *Cost) int64 { return c.Drawn }) }),
			millions("masked", "masked_operations", "Mop", func(r *row) table.Cell { return r.cost(func(c *Cost) int64 { return c.Masked }) }),
			millions("extra", "extra_operations", "Mop", func(r *row) table.Cell { return r.cost(func(c *Cost) int64 { return c.Extra }) }),
			millions("added", "added_operations", "Mop", func(r *row) table.Cell { return r.cost(func(c *Cost) int64 { return c.Added }) }),
			millions("random", "random_numbers", "M", func(r *row) table.Cell { return r.cost(func(c *Cost) int64 { return c.Numbers }) }),
			millions("quotients", "quotients", "M", func(r *row) table.Cell { return r.cost(func(c *Cost) int64 { return c.Quotients }) }),
			millions("updated", "parameters", "M", func(r *row) table.Cell { return r.cost(func(c *Cost) int64 { return c.Parameters }) }),
			millions("copies", "copy_bytes", "MB", func(r *row) table.Cell { return r.cost(func(c *Cost) int64 { return c.CopyBytes }) }),
			millions("masks", "mask_bytes", "MB", func(r *row) table.Cell { return r.cost(func(c *Cost) int64 { return c.MaskBytes }) }),
		)
	}
	var rows []row
	for i := range r.Steps {
		for k := range r.Steps[i].Products {
			p := &r.Steps[i].Products[k]
			rows = append(rows, row{&r.Steps[i], p, "all", &p.Pruned})
			for x := range p.But {
				rows = append(rows, row{&r.Steps[i], p, p.But[x].Layers, &p.But[x].Pruned})
			}
		}
	}
	return table.Of(fields, rows)
}

// JSON writes everything.
func (r *Recipe) JSON(w io.Writer) error { return table.Indented(w, r) }

// Text writes what people read.
func (r *Recipe) Text(w io.Writer) error {
	p := table.NewPage(w)
	p.Printf("%s\n", strings.TrimSuffix(r.Name+": "+r.Note, ": "))
	if r.Paper != "" {
		p.Printf("from: %s\n", r.Paper)
	}
	for _, e := range r.Exceptions {
		p.Printf("but %s\n", e)
	}
	for i := range r.Steps {
		s := &r.Steps[i]
		p.Printf("\n")
		if len(r.Steps) > 1 {
			p.Printf("%s: %s of the steps\n", s.Name, percent(s.Part))
		}
		for k := range s.Products {
			p.Printf("  %s      %s\n", s.Products[k].Stage, s.Products[k].Words)
			for _, e := range s.Products[k].But {
				p.Printf("          but of %s: %s\n", e.Which, e.Words)
			}
		}
		p.Printf("  stored  %s\n  sorted  %s\n  update  %s\n", strings.Join(s.Stored, "\n          "), strings.Join(s.Sorted, "\n          "), s.Update)
		if s.Cost != nil {
			s.cost(p, r)
		}
	}
	return p.Err()
}

func percent(part float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", 100*part), ".0") + " %"
}

// cost prints what a step asks for.
func (s *Step) cost(p *table.Page, r *Recipe) {
	p.Printf("  a step of %s, %d samples:\n", r.Network, r.Images)
	var dense, performed int64
	for i := range s.Products {
		x := &s.Products[i]
		p.Printf("    %s %.3f of %.3f GMACs (%.1f %%)\n", x.Stage, giga(x.PerformedMACs), giga(x.DenseMACs), ratio.Percent(x.PerformedMACs, x.DenseMACs))
		dense, performed = dense+x.DenseMACs, performed+x.PerformedMACs
	}
	p.Printf("    in all %.3f of %.3f GMACs (%.1f %%): at most %.3fx faster than dense by MACs alone\n", giga(performed), giga(dense), ratio.Percent(performed, dense), ratio.Of(dense, performed))
	c, adapters := s.Cost, ""
	if s.Cost.Added > 0 {
		adapters = fmt.Sprintf(", of what is added: %d", s.Cost.Added)
	}
	if s.Cost.Numbers > 0 {
		adapters += fmt.Sprintf("; random numbers: %d, quotients: %d", s.Cost.Numbers, s.Cost.Quotients)
	}
	p.Printf("    sorted: %d weights, %d gradients, %d activations; operations of searches: %d, of estimates: %d, of masked gradients: %d, beside updates: %d%s\n    updated: %d parameters, whose masters and state are %.3f MB\n    for products: copies of %.3f MB, masks of %.3f MB\n",
		c.SortedWeights, c.SortedGradients, c.SortedActivations, c.Searched, c.Drawn, c.Masked, c.Extra, adapters, c.Parameters, mega(c.StateBytes), mega(c.CopyBytes), mega(c.MaskBytes))
}

func giga(n int64) float64 { return float64(n) / 1e9 }

func mega(n int64) float64 { return float64(n) / 1e6 }

// JSON writes everything.
func (l List) JSON(w io.Writer) error { return table.Indented(w, l) }

// Table has a row a recipe.
func (l List) Table() *table.Table {
	word := func(name, key string, of func(*Line) string) table.Field[Line] {
		return table.Field[Line]{Column: table.Column{Name: name, Key: key, Left: true}, Of: func(x *Line) table.Cell { return table.Text(of(x)) }}
	}
	return table.Of([]table.Field[Line]{
		word("recipe", "recipe", func(x *Line) string { return x.Name }),
		word("FF prunes", "ff", func(x *Line) string { return x.Rules[0] }),
		word("BP prunes", "bp", func(x *Line) string { return x.Rules[1] }),
		word("WU prunes", "wu", func(x *Line) string { return x.Rules[2] }),
		word("masks", "masks", func(x *Line) string { return x.Masks }),
		word("what it is", "note", func(x *Line) string { return x.Note }),
	}, l)
}

// Text writes what people read.
func (l List) Text(w io.Writer) error { return l.Table().Terminal(w) }
