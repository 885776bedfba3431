package network

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Expr is a whole number, written out or as an expression over parameters: + - * / %, == != < <= > >= and && || ! (which
// give 0 or 1), and parentheses. Division must come out even.
type Expr string

// maxExpr bounds the text, and with it the depth of the tree.
const maxExpr = 200

// UnmarshalText checks the syntax.
func (e *Expr) UnmarshalText(b []byte) error {
	if _, err := parseExpr(string(b)); err != nil {
		return err
	}
	*e = Expr(b)
	return nil
}

// MarshalText gives the text.
func (e Expr) MarshalText() ([]byte, error) { return []byte(e), nil }

// Form says what its text is.
func (Expr) Form() (noun, pattern string) { return "expression", `[-+*/%=!<>&|() \tA-Za-z0-9_]+` }

func number(v int64) Expr { return Expr(strconv.FormatInt(v, 10)) }

// term is a node of a parsed expression: a number, a name, or an operator with its operands.
type term struct {
	op    symbol // "" for a number or a name
	name  string
	value int64
	args  []*term
}

// symbol of an operation, as it is written, but for a minus sign and an exclamation mark before one operand.
type symbol string

const (
	minus symbol = "unary-"
	not   symbol = "unary!"
)

// binary lists operators by binding, loosest first.
var binary = [][]string{{"||"}, {"&&"}, {"==", "!=", "<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}}

type exprParser struct{ rest string }

func parseExpr(text string) (*term, error) {
	if len(text) > maxExpr {
		return nil, fmt.Errorf("expression of %d characters; at most %d are accepted", len(text), maxExpr)
	}
	p := exprParser{strings.TrimSpace(text)}
	t, err := p.level(0)
	if err == nil && p.rest != "" {
		err = fmt.Errorf("unexpected %q", p.rest)
	}
	if err != nil {
		return nil, fmt.Errorf("%q is no whole number nor an expression over parameters: %w", text, err)
	}
	return t, nil
}

func (p *exprParser) level(l int) (*term, error) {
	if l == len(binary) {
		return p.unary()
	}
	left, err := p.level(l + 1)
	for err == nil {
		op := p.take(binary[l])
		if op == "" {
			return left, nil
		}
		var right *term
		if right, err = p.level(l + 1); err == nil {
			left = &term{op: symbol(op), args: []*term{left, right}}
		}
	}
	return nil, err
}

// take consumes one of the operators if it comes next.
func (p *exprParser) take(ops []string) string {
	for _, op := range ops {
		if rest, ok := strings.CutPrefix(p.rest, op); ok {
			p.rest = strings.TrimSpace(rest)
			return op
		}
	}
	return ""
}

func (p *exprParser) unary() (*term, error) {
	if sign := p.take([]string{"-", "!"}); sign != "" {
		arg, err := p.unary()
		op := minus
		if sign == "!" {
			op = not
		}
		return &term{op: op, args: []*term{arg}}, err
	}
	if p.take([]string{"("}) != "" {
		t, err := p.level(0)
		if err == nil && p.take([]string{")"}) == "" {
			err = errors.New("a parenthesis is not closed")
		}
		return t, err
	}
	n := 0
	for n < len(p.rest) && isWord(p.rest[n]) {
		n++
	}
	word := p.rest[:n]
	p.rest = strings.TrimSpace(p.rest[n:])
	switch {
	case word == "" && p.rest == "":
		return nil, errors.New("it ends where a number or name is expected")
	case word == "":
		return nil, fmt.Errorf("%q where a number or name is expected", p.rest)
	case word[0] >= '0' && word[0] <= '9':
		v, err := strconv.ParseInt(word, 10, 64)
		return &term{value: v}, err
	}
	return &term{name: word}, nil
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// names calls f with every name in the expression.
func (t *term) names(f func(string)) {
	if t.name != "" {
		f(t.name)
	}
	for _, a := range t.args {
		a.names(f)
	}
}

// eval computes an expression; variables are looked up by name.
func (e Expr) eval(lookup func(string) (int64, bool)) (int64, error) {
	t, err := parseExpr(string(e))
	if err != nil {
		return 0, err
	}
	v, err := t.eval(lookup)
	if err != nil {
		return 0, fmt.Errorf("%q: %w", string(e), err)
	}
	return v, nil
}

func (t *term) eval(lookup func(string) (int64, bool)) (int64, error) {
	if t.name != "" {
		v, ok := lookup(t.name)
		if !ok {
			return 0, fmt.Errorf("%s is no parameter here", t.name)
		}
		return v, nil
	}
	if t.op == "" {
		return t.value, nil
	}
	a, err := t.args[0].eval(lookup)
	if err != nil {
		return 0, err
	}
	switch {
	case t.op == minus && a != math.MinInt64:
		return -a, nil
	case t.op == not:
		return truth(a == 0), nil
	case t.op == "&&" && a == 0:
		return 0, nil
	case t.op == "||" && a != 0:
		return 1, nil
	case len(t.args) == 1:
		return 0, errors.New("the result does not fit 64 bits")
	}
	b, err := t.args[1].eval(lookup)
	if err != nil {
		return 0, err
	}
	return apply(t.op, a, b)
}

func apply(op symbol, a, b int64) (int64, error) {
	var v int64
	fits := true
	switch op {
	case "+":
		v = a + b
		fits = (v > a) == (b > 0)
	case "-":
		v = a - b
		fits = (v < a) == (b > 0)
	case "*":
		v = a * b
		fits = a == 0 || v/a == b && (a != -1 || b != math.MinInt64)
	case "/", "%":
		switch {
		case b == 0:
			return 0, errors.New("division by zero")
		case op == "%" && b == -1:
			return 0, nil
		case op == "%":
			return a % b, nil
		case b == -1 && a == math.MinInt64:
			fits = false
		case a%b != 0:
			return 0, fmt.Errorf("%d/%d does not come out even", a, b)
		default:
			v = a / b
		}
	case "==":
		v = truth(a == b)
	case "!=":
		v = truth(a != b)
	case "<":
		v = truth(a < b)
	case "<=":
		v = truth(a <= b)
	case ">":
		v = truth(a > b)
	case ">=":
		v = truth(a >= b)
	case "&&", "||":
		v = truth(b != 0) // the first operand has not decided it
	case minus, not: // of one operand
	}
	if !fits {
		return 0, errors.New("the result does not fit 64 bits")
	}
	return v, nil
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
