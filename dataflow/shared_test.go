package dataflow_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"satsim/dataflow"
)

// Groups that are equal share their words, and have those that they would have had of their own: whatever was chosen before, and whichever of all that words are made of
// differs.
func TestSharedWordsAreTheirOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := randomPlan(t)
		all := products(p)
		g := all[rapid.IntRange(0, len(all)-1).Draw(t, "group")]
		c := randomChoice(t, p, g.Shape)
		chosen := func(forget bool) (dataflow.Group, string) {
			if forget {
				p.Forget()
			}
			g.Word.Streams, g.Choice, g.Tiled = nil, nil, nil
			if err := p.Choose(g, c); err != nil {
				return dataflow.Group{}, err.Error()
			}
			return *g, ""
		}
		same := func(what string) {
			now, failed := chosen(false)
			own, refused := chosen(true)
			if failed != refused || !reflect.DeepEqual(now, own) {
				t.Fatalf("%s: words that are shared are not those of the group alone: %q, %q\n%+v\n%+v", what, failed, refused, now.Word, own.Word)
			}
		}
		for range 3 { // what was chosen before
			other := all[rapid.IntRange(0, len(all)-1).Draw(t, "other")]
			choose(t, p, other, randomChoice(t, p, other.Shape))
		}
		same("at first")
		same("again")
		leaf := func(what string, v reflect.Value) {
			if !v.CanInt() || !v.CanSet() {
				return
			}
			chosen(true)
			was := v.Int()
			v.SetInt(was + 1)
			same(what)
			v.SetInt(was)
		}
		var walk func(string, reflect.Value)
		walk = func(what string, v reflect.Value) {
			switch v.Kind() {
			case reflect.Struct:
				for i := range v.NumField() {
					walk(what+"."+v.Type().Field(i).Name, v.Field(i))
				}
			case reflect.Slice, reflect.Array:
				for i := range v.Len() {
					walk(what, v.Index(i))
				}
			default:
				leaf(what, v)
			}
		}
		walk("path", reflect.ValueOf(&g.Path).Elem())
		for i := range g.Chains {
			walk("chain", reflect.ValueOf(&g.Chains[i].Chain).Elem())
		}
		if g.Update != nil {
			walk("update", reflect.ValueOf(g.Update).Elem())
		}
		walk("choice", reflect.ValueOf(&c).Elem())
	})
}
