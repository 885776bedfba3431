package vector

import (
	"reflect"
	"testing"

	"satsim/arch/word"
)

// What an element is charged is the words of its program; package microcode holds the programs against the definitions.
func TestOperationsAreTheWordsOfPrograms(t *testing.T) {
	for _, k := range Kinds() {
		ops, _ := DefaultOps().Of(k)
		programs := Programs(k)
		if len(programs) == 0 {
			t.Errorf("%s has no program", k)
		}
		for _, p := range programs {
			if p.Words() != ops {
				t.Errorf("%s: %s has %d words, %d an element are charged", k, p.Name, p.Words(), ops)
			}
		}
	}
	if Programs("convolve") != nil {
		t.Error("a kind that there is not has a program")
	}
}

// Of reaches every field, each by its YAML key.
func TestOfReadsTheFieldOfThatName(t *testing.T) {
	var o Ops
	fields := reflect.ValueOf(&o).Elem()
	for i := range fields.NumField() {
		fields.Field(i).SetInt(int64(100 + i))
	}
	if len(Kinds()) != fields.NumField() {
		t.Fatalf("%d kinds, %d fields", len(Kinds()), fields.NumField())
	}
	for i := range fields.NumField() {
		k := word.PassKind(fields.Type().Field(i).Tag.Get("yaml"))
		if n, ok := o.Of(k); !ok || n != 100+i {
			t.Errorf("%s: %d, %v; want %d", k, n, ok, 100+i)
		}
		if Kinds()[i] != k {
			t.Errorf("kind %d is %s, its field %s", i, Kinds()[i], k)
		}
	}
}
