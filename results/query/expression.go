package query

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"satsim/internal/diag"
)

// Expression is an expression over the names of rows.
type Expression struct {
	Source  string
	program *vm.Program
	names   []string // that rows must have
	read    []string // identifiers of any kind
	loops   bool
}

// Compile reads an expression.
func Compile(source string) (*Expression, error) {
	tree, err := parser.Parse(source)
	if err != nil {
		return nil, fmt.Errorf("expression %q: %w", source, short(err))
	}
	ast.Walk(&tree.Node, paths{})
	var used names
	ast.Walk(&tree.Node, &used)
	var l loops
	program, err := expr.Compile(source, expr.Patch(paths{}), expr.Patch(&l), expr.Function(stepName, step), expr.Function("q", func(args ...any) (any, error) {
		if len(args) != 1 {
			return nil, errors.New("q takes one text")
		}
		text, ok := args[0].(string)
		if !ok {
			return nil, errors.New("q takes one text")
		}
		return Quantity(text)
	}))
	if err != nil {
		return nil, fmt.Errorf("expression %q: %w", source, short(err))
	}
	return &Expression{Source: source, program: program, names: used.free(), read: used.used, loops: l.any}, nil
}

// Names lists the names that the expression reads of a row, and those that it declares itself.
func (e *Expression) Names() []string { return e.read }

// Check says which name of the expression is not among those of rows.
func (e *Expression) Check(known []string) error {
	has := make(map[string]bool, len(known))
	for _, k := range known {
		has[k] = true
	}
	for _, n := range e.names {
		if has[n] {
			continue
		}
		near := ""
		if k := diag.Nearest(n, known); k != "" {
			near = "; nearest: " + k
		}
		return fmt.Errorf("expression %q: nothing is named %s%s", e.Source, n, near)
	}
	return nil
}

// Eval gives the expression's value for a row.
func (e *Expression) Eval(r *NamedPoint) (any, error) {
	values := r.Values
	if e.loops {
		values = withBudget(values)
	}
	v, err := expr.Run(e.program, values)
	if err != nil {
		return nil, fmt.Errorf("expression %q: %w", e.Source, short(err))
	}
	return v, nil
}

// Holds gives the value of a condition.
func (e *Expression) Holds(r *NamedPoint) (bool, error) {
	v, err := e.Eval(r)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, fmt.Errorf("expression %q is no condition: it gives %v", e.Source, v)
	}
	return b, nil
}

// short drops the drawing that expr adds to its errors.
func short(err error) error {
	var f *file.Error
	if errors.As(err, &f) {
		return fmt.Errorf("%s (column %d)", f.Message, f.Column+1)
	}
	return err
}

// paths makes one name of a.b.c: names of rows have dots in them.
type paths struct{}

// Visit implements ast.Visitor; the walk comes from below.
func (paths) Visit(node *ast.Node) {
	m, ok := (*node).(*ast.MemberNode)
	if !ok {
		return
	}
	base, ok := m.Node.(*ast.IdentifierNode)
	if !ok {
		return
	}
	if key, ok := m.Property.(*ast.StringNode); ok {
		ast.Patch(node, &ast.IdentifierNode{Value: base.Value + "." + key.Value})
	}
}

// names collects identifiers, those that the expression declares or calls apart.
type names struct {
	used  []string
	bound map[string]bool
}

// Visit implements ast.Visitor.
func (n *names) Visit(node *ast.Node) {
	if n.bound == nil {
		n.bound = map[string]bool{}
	}
	switch t := (*node).(type) {
	case *ast.IdentifierNode:
		n.used = append(n.used, t.Value)
	case *ast.VariableDeclaratorNode:
		n.bound[t.Name] = true
	case *ast.CallNode:
		if f, ok := t.Callee.(*ast.IdentifierNode); ok {
			n.bound[f.Value] = true
		}
	}
}

func (n *names) free() []string {
	var out []string
	for _, u := range n.used {
		root, _, _ := strings.Cut(u, ".")
		if !n.bound[u] && !n.bound[root] {
			out = append(out, u)
		}
	}
	return out
}
