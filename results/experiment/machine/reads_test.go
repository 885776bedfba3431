package machine

import (
	"context"
	"reflect"
	"strconv"
	"testing"

	"satsim/arch/spec"
	"satsim/internal/memo"
	"satsim/results/experiment/models"
	"satsim/results/record"
)

// eachLeaf visits every leaf that can be set below v, by its path.
func eachLeaf(path string, v reflect.Value, visit func(string, reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			eachLeaf(path+"."+v.Type().Field(i).Name, v.Field(i), visit)
		}
	case reflect.Array:
		for i := range v.Len() {
			eachLeaf(path+"."+strconv.Itoa(i), v.Index(i), visit)
		}
	default:
		visit(path, v)
	}
}

// Every leaf of a spec, one larger: the key of what is remembered of a group's words differs, or they take the same.
func TestEveryLeafThatIsReadIsInTheKey(t *testing.T) {
	of, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: "resnet9", Recipe: "bdwp", Batch: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	was, err := New(context.Background(), of.Spec, false)
	if err != nil {
		t.Fatal(err)
	}
	step := Step{Dense: of.Step, Recipe: of.Recipe}
	if err := was.Do(&step); err != nil {
		t.Fatal(err)
	}
	key := func(m *Machine, i int) reads {
		g := &step.Plan.Groups[i].Word
		m.key = g.AppendKey(m.key[:0])
		return m.reads(g)
	}
	differ, equal := 0, 0
	s := of.Spec
	eachLeaf("spec", reflect.ValueOf(&s).Elem(), func(path string, v reflect.Value) {
		before := reflect.ValueOf(v.Interface())
		switch {
		case v.CanInt():
			v.SetInt(v.Int() + 1)
		case v.Kind() == reflect.Bool:
			v.SetBool(!v.Bool())
		default:
			return
		}
		defer v.Set(before)
		now, err := New(context.Background(), s, false)
		if err != nil { // no such machine
			return
		}
		for i := range step.Plan.Groups {
			if key(was, i) != key(now, i) {
				differ++
				continue
			}
			if equal++; equal%7 != 0 { // some of them: they take time
				continue
			}
			got, err := now.platform.Run(&step.Plan.Groups[i].Word)
			want := *step.outcomes[i]
			got.Events, want.Events = 0, 0
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: the key of %s is the same, its outcome is not (%v)", path, step.Plan.Groups[i].Label, err)
				return
			}
		}
	})
	if differ == 0 || equal == 0 {
		t.Errorf("%d keys differ, %d are equal: the test sees too little", differ, equal)
	}
}

// What a machine finds in a memo that others have filled is what it would have found itself, events and groups included.
func TestAMemoChangesNothing(t *testing.T) {
	of, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: "resnet9", Recipe: "bdwp", Batch: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	other := of.Spec
	other.Vector.Lanes *= 2
	run := func(s spec.Spec, known *memo.Memo) record.Run {
		m, err := New(context.Background(), s, false)
		if err != nil {
			t.Fatal(err)
		}
		m.Memo = known
		run, err := m.Simulate(of.Step, of.Recipe)
		if err != nil {
			t.Fatal(err)
		}
		return run
	}
	known := memo.New(MemoBytes)
	for i, s := range []spec.Spec{of.Spec, other, of.Spec, of.Spec} {
		if got, want := run(s, known), run(s, nil); !reflect.DeepEqual(got, want) {
			t.Errorf("%d: with a memo %+v\nwithout %+v", i, got, want)
		}
	}
}
