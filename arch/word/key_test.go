package word

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"
)

// Whatever of a group decides what the machine does is in its key: a change of any number, word or switch changes that, but of the tag, an operand's name, and of a
// loop's dimension, step and edge, which the ops' work is made of.
func TestEveryFieldIsInTheKey(t *testing.T) {
	g := Group{Streams: []Stream{{
		Loops: []Loop{{Dim: DimP, Trips: 2, Step: 1, Edge: 1}}, After: []int{0},
		Ops: []Op{{In: []End{{}}, Out: []End{{}}, Variants: []Variant{{Work: Work{Parts: []Part{{}}}}}}},
	}}}
	free := map[string]bool{"Tag": true, "Operand": true, "Dim": true, "Step": true, "Edge": true}
	before := g.AppendKey(nil)
	var walk func(v reflect.Value, at string)
	walk = func(v reflect.Value, at string) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				if name := v.Type().Field(i).Name; !free[name] {
					walk(v.Field(i), at+"."+name)
				}
			}
			return
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(v.Index(i), fmt.Sprintf("%s[%d]", at, i))
			}
			return
		}
		was := reflect.New(v.Type()).Elem()
		was.Set(v)
		switch v.Kind() {
		case reflect.Bool:
			v.SetBool(true)
		case reflect.String:
			v.SetString("other")
		case reflect.Int, reflect.Int64:
			v.SetInt(5)
		case reflect.Uint8, reflect.Uint32, reflect.Uint64:
			v.SetUint(5)
		default:
			t.Fatalf("%s is a %s", at, v.Kind())
		}
		if bytes.Equal(g.AppendKey(nil), before) {
			t.Errorf("%s is not in the key", at)
		}
		v.Set(was)
	}
	walk(reflect.ValueOf(&g).Elem(), "group")
}
