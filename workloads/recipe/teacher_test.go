package recipe_test

import (
	"strings"
	"testing"

	"satsim/workloads"
	"satsim/workloads/recipe"
)

// A teacher is a second forward pass: FF has twice the MACs, of which none is the dense network's, BP and WU stay. Its weights, those of threeLayers as FP16 (216 + 864 + 108 + 3,840 and the bias's 20), are read and
// never updated; nothing of it is kept for a backward pass; what it says of 2 x 20 logits goes into the loss, which takes as many elements more, and fc's bias is added a second time.
func TestTeacher(t *testing.T) {
	r := recipe.Default()
	without, err := r.Demand(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	r.Teacher, r.Distilled = true, 0.5
	with, err := r.Demand(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	if with.Dense != without.Dense || with.Performed[workloads.FF] != 2*without.Performed[workloads.FF] || with.Performed[workloads.BP] != without.Performed[workloads.BP] || with.Performed[workloads.WU] != without.Performed[workloads.WU] {
		t.Errorf("%v of %v MACs, without %v", with.Performed, with.Dense, without.Performed)
	}
	if with.Parameters != without.Parameters || with.CopyBytes-without.CopyBytes != 2*(216+864+108+3840+20) || with.Added != 40+40 {
		t.Errorf("%+v", with)
	}
	s, err := r.Apply(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	for i, it := range s.Items {
		own := strings.HasPrefix(it.Layer, "teacher.")
		if own && (it.Stage != workloads.FF || len(it.Updates) > 0) {
			t.Errorf("item %d is %s %v", i, it.Layer, it.Stage)
		}
		if own && i > 0 && !strings.HasPrefix(s.Items[i-1].Layer, "teacher.") {
			t.Errorf("%s comes behind %s", it.Layer, s.Items[i-1].Layer)
		}
		if of := strings.TrimPrefix(it.Layer, "teacher."); own && it.Of != of || !own && it.Of != "" {
			t.Errorf("%s is %s's", it.Layer, it.Of)
		}
	}
	for _, saved := range s.Saved {
		if strings.HasPrefix(saved.Name, "teacher.") {
			t.Errorf("%s is kept", saved.Name)
		}
	}
}
