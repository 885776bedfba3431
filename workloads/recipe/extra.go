package recipe

import (
	"fmt"
	"slices"
	"strings"

	"satsim/workloads"
)

// Extra is element-wise work beside the update of weight matrices, by name: so many operations for each weight.
type Extra struct {
	Name      string    `yaml:"name" config:"required"`
	Operation Operation `yaml:"operation" config:"required"`
	Times     int64     `yaml:"times" config:"required"`
}

// Operation is what extra work is.
type Operation string

// The operations.
const (
	Adding      Operation = "add"
	Multiplying Operation = "mul"
	Comparing   Operation = "compare"
	Selecting   Operation = "select"
	Function    Operation = "function" // by table
)

const maxExtra = 1000

func extraOperations() []string {
	return []string{string(Adding), string(Multiplying), string(Comparing), string(Selecting), string(Function)}
}

// Work is the extra operations for a weight, by kind.
type Work struct{ Adds, Muls, Compares, Selects, Functions int64 }

// kindCount is how many operations of a kind of the vector unit's there are.
type kindCount struct {
	kind  workloads.PassKind
	count *int64
}

func (w *Work) kinds() [5]kindCount {
	return [...]kindCount{{workloads.Add, &w.Adds}, {workloads.Mul, &w.Muls}, {workloads.Pool, &w.Compares}, {workloads.ActivateGrad, &w.Selects}, {workloads.Transcend, &w.Functions}}
}

// Without some kinds.
func (w Work) Without(omit []workloads.PassKind) Work {
	for _, k := range w.kinds() {
		if slices.Contains(omit, k.kind) {
			*k.count = 0
		}
	}
	return w
}

// Parts visits the kinds that there are: the vector unit's, and how many operations so many weights take.
func (w Work) Parts(weights int64, visit func(kind workloads.PassKind, operations int64)) {
	for _, k := range w.kinds() {
		if *k.count > 0 {
			visit(k.kind, *k.count*weights)
		}
	}
}

// Operations for so many weights.
func (w Work) Operations(weights int64) (n int64) {
	w.Parts(weights, func(_ workloads.PassKind, k int64) { n += k })
	return n
}

// extra is the recipe's.
func (r Recipe) extra() (w Work) {
	for _, e := range r.Extra {
		n := e.Times
		switch e.Operation {
		case Adding:
			w.Adds += n
		case Multiplying:
			w.Muls += n
		case Comparing:
			w.Compares += n
		case Selecting:
			w.Selects += n
		case Function:
			w.Functions += n
		}
	}
	return w
}

// Beside is the vector unit's work on each weight beside its update: the recipe's, and what a decaying mask takes, the N largest of each group and a multiplication.
func (u Update) Beside(of *workloads.Update) Work {
	w := u.Extra
	if of.Decays.M > 0 {
		w.Compares += int64(of.Decays.N)
		w.Muls++
	}
	return w
}

// extraWords say what it is.
func (r Recipe) extraWords() string {
	var out []string
	for _, e := range r.Extra {
		out = append(out, fmt.Sprintf("%s (%d %s a weight)", e.Name, e.Times, e.Operation))
	}
	return strings.Join(out, ", ")
}
