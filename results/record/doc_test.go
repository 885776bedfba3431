package record

import (
	"go/parser"
	"go/token"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// The documentation names every field of the record.
func TestEveryFieldIsDocumented(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for _, w := range regexp.MustCompile(`[a-z][a-z0-9_]*`).FindAllString(f.Doc.Text(), -1) {
		words[w] = true
	}
	seen := map[reflect.Type]bool{}
	var fields func(of reflect.Type)
	fields = func(of reflect.Type) {
		switch {
		case of.Kind() == reflect.Slice, of.Kind() == reflect.Pointer:
			fields(of.Elem())
		case of.Kind() != reflect.Struct || seen[of]:
		case reflect.PointerTo(of).Implements(reflect.TypeFor[interface{ MarshalJSON() ([]byte, error) }]()):
		default:
			seen[of] = true
			for i := range of.NumField() {
				field := of.Field(i)
				name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				if name == "-" || of == reflect.TypeFor[Count]() {
					continue
				}
				if name != "" && !words[name] {
					t.Errorf("doc.go does not name %s of %s", name, of.Name())
				}
				fields(field.Type)
			}
		}
	}
	fields(reflect.TypeFor[Record]())
}
