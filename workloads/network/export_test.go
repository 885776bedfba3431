package network

import (
	"strings"
	"testing"
)

// Prime ends the name of a twin.
const Prime = "'"

// AddTwins gives each operator another one with all of its traits until the test ends.
func AddTwins(t testing.TB) {
	for _, op := range Ops() {
		row := *operators[op]
		operators[op+Prime] = &row
		t.Cleanup(func() { delete(operators, op+Prime) })
	}
}

// Plain lists the operators of one input that leave a shape as it is and need no attributes.
func Plain() []Op {
	x := Shape{2, 4, 4, 8}
	var out []Op
	for _, op := range Ops() {
		o := operators[op]
		if strings.HasSuffix(string(op), Prime) || o.min != 1 || o.max != 1 || o.reads || o.ends || o.view != nil {
			continue
		}
		if y, err := o.shape(Node{Op: op}, []Shape{x}); err == nil && y.equal(x) {
			out = append(out, op)
		}
	}
	return out
}
