package query

import (
	"fmt"
	"maps"

	"github.com/expr-lang/expr/ast"
)

// mostSteps bounds the steps of all loops of an expression for one row, and the length of what a step gives: a fraction of a second.
const mostSteps = 1 << 20

// Names that no row has: what counts steps, and where it finds how many are left.
const (
	stepName = "step of a loop"
	leftName = "steps that are left"
)

// loops has every step of a loop pay.
type loops struct{ any bool }

// Visit implements ast.Visitor; the walk comes from below.
func (l *loops) Visit(node *ast.Node) {
	p, ok := (*node).(*ast.PredicateNode)
	if !ok {
		return
	}
	if call, ok := p.Node.(*ast.CallNode); ok {
		if f, ok := call.Callee.(*ast.IdentifierNode); ok && f.Value == stepName { // visited before
			return
		}
	}
	l.any = true
	p.Node = &ast.CallNode{
		Callee: &ast.IdentifierNode{Value: stepName}, Arguments: []ast.Node{&ast.IdentifierNode{Value: leftName}, p.Node},
	}
}

// step pays for one step, whose value it gives.
func step(args ...any) (any, error) {
	left, ok := args[0].(*int)
	if !ok {
		return nil, fmt.Errorf("no budget")
	}
	if *left--; *left < 0 {
		return nil, fmt.Errorf("its loops take more than %d steps", mostSteps)
	}
	long := 0
	switch v := args[1].(type) {
	case string:
		long = len(v)
	case []any:
		long = len(v)
	}
	if long > mostSteps {
		return nil, fmt.Errorf("a step of its loops gives more than %d values", mostSteps)
	}
	return args[1], nil
}

// withBudget are a row's values and a new budget.
func withBudget(values map[string]any) map[string]any {
	out, left := maps.Clone(values), mostSteps
	if out == nil {
		out = map[string]any{}
	}
	out[leftName] = &left
	return out
}
