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

// ending is the work on weights with late masks beside the search of these. A decay takes what is left of the mean gradient, a pull with the weight's sign, their sum, and which of both a weight has; factors one multiplication each of the
// copy that products read and of the gradient, and of gradient and weight that of the factors.
func (r Recipe) ending() (w Work) {
	if r.L1Decay != 0 {
		w = Work{Muls: 1, Adds: 1, Selects: 2}
	}
	if r.Scales != 0 {
		w.Muls, w.Adds = w.Muls+3, w.Adds+1
	}
	return w
}

// plus is both.
func (w Work) plus(o Work) Work {
	return Work{w.Adds + o.Adds, w.Muls + o.Muls, w.Compares + o.Compares, w.Selects + o.Selects, w.Functions + o.Functions}
}

// Beside is the vector unit's work on each weight beside its update: the recipe's, and what a decaying mask takes, the N largest of each group and a multiplication, or a late one, which is found in some steps.
func (u Update) Beside(of *workloads.Update) Work {
	w := u.Extra
	if of.Decays.M > 0 {
		w.Compares += int64(of.Decays.N)
		w.Muls++
	}
	if of.Late.M > 0 {
		w = w.plus(u.Ending)
		if !u.MasksFixed {
			w.Compares += int64(of.Late.N)
		}
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
