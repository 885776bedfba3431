package query

import (
	"fmt"
	"slices"
	"strings"
)

// Alike refuses rows of which more than some names differ: one line through them, or one front over them, would compare what has nothing to do
// with each other. Of the labels network, recipe, sparsity, batch and baseline, and of all parameters, those may differ that are among except or begin
// with one of its entries that end in a dot.
func Alike(rows []NamedPoint, except ...string) error {
	may := func(n string) bool {
		return n == Omitted || slices.ContainsFunc(except, func(e string) bool { return n == e || strings.HasSuffix(e, ".") && strings.HasPrefix(n, e) })
	}
	var differ []string
	for _, n := range append([]string{"network", "recipe", "sparsity", "batch", "baseline"}, Differing(rows)...) {
		if !may(n) && !slices.Contains(differ, n) && len(Distinct(rows, n)) > 1 {
			differ = append(differ, n)
		}
	}
	if len(differ) == 0 {
		return nil
	}
	first := differ[0]
	values := Distinct(rows, first)
	value := values[0]
	if _, ok := rows[0].Float(first); !ok {
		value = fmt.Sprintf("%q", value)
	}
	return &DifferError{Names: differ, Values: values, Choice: first + " == " + value}
}

// AlikeByNetwork refuses rows that differ in more than their networks, which have batches of their own, and some names.
func AlikeByNetwork(rows []NamedPoint, except ...string) error {
	if err := Alike(rows, append([]string{"network", "batch"}, except...)...); err != nil {
		return err
	}
	for _, n := range Distinct(rows, "network") {
		own := slices.DeleteFunc(slices.Clone(rows), func(r NamedPoint) bool { return r.Text("network") != n })
		if err := Alike(own, except...); err != nil {
			return fmt.Errorf("%s: %w", n, err)
		}
	}
	return nil
}

// DifferError says in what points differ that one line or front cannot hold.
type DifferError struct {
	Names, Values []string // the values are those of the first name
	Choice        string   // a condition that chooses some of the points
}

// Error implements error.
func (e *DifferError) Error() string {
	return fmt.Sprintf("the points differ in %s (%s); choose some of them, such as those that meet %s",
		strings.Join(e.Names, ", "), strings.Join(e.Values, ", "), e.Choice)
}

// PapersOwn reports whether rows are of the networks that stand for the paper's, and BDWP at 2:8 on each: what its average may be put beside.
func PapersOwn(rows []NamedPoint) bool {
	of := map[string]bool{}
	for i := range rows {
		if rows[i].Text("recipe") == "bdwp" && rows[i].Text("sparsity") == "2:8" {
			of[rows[i].Text("network")] = true
		}
	}
	for _, n := range []string{"resnet9", "vit-cifar", "vgg19-cifar", "resnet18-tiny", "resnet50"} {
		if !of[n] {
			return false
		}
	}
	return len(Distinct(rows, "network")) == 5
}
