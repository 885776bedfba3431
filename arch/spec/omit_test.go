package spec_test

import (
	"regexp"
	"testing"
)

// What dataflow.omit takes is a list as in a sentence, "all, a, b and c", not Go's [a b c].
func TestWhatCanBeOmittedReadsAsAList(t *testing.T) {
	s := defaults()
	s.Dataflow.Omit = []string{"sleep"}
	err := s.Validate()
	if want := regexp.MustCompile(`^dataflow.omit: "sleep" is no kind of vector work; accepted: all(, \w+)+ and \w+$`); err == nil || !want.MatchString(err.Error()) {
		t.Errorf("%v, want a match of %s", err, want)
	}
}
