package spec_test

import (
	"strings"
	"testing"

	"satsim/arch/spec"
)

// What no unit can check alone, one mistake at a time.
func TestValidate(t *testing.T) {
	if err := defaults().Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	for want, spoil := range map[string]func(*spec.Spec){
		"clock: 500kHz":             func(s *spec.Spec) { s.Clock = 500_000 },
		"clock: 20GHz":              func(s *spec.Spec) { s.Clock = 20_000_000_000 },
		"sore sorts up to 16:16":    func(s *spec.Spec) { s.SORE.MaxN = 16 },
		"sore sorts up to 8:32":     func(s *spec.Spec) { s.SORE.MaxM = 32 },
		`dataflow.objective: "joy"`: func(s *spec.Spec) { s.Dataflow.Objective = "joy" },
		`dataflow.omit: "sleep"`:    func(s *spec.Spec) { s.Dataflow.Omit = []string{"sleep"} },
	} {
		s := defaults()
		spoil(&s)
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// 32 x 32 elements at 200 MHz do 204.8 G MACs a second; 300 cycles are 1.5 us.
func TestPeakByHand(t *testing.T) {
	s := defaults()
	s.STCE.Rows, s.STCE.Cols, s.Clock = 32, 32, 200_000_000
	if got := s.PeakMACs(); got != 204.8e9 {
		t.Errorf("%v MACs a second, want 204.8e9", got)
	}
	if got := s.Seconds(300); got != 1.5e-6 {
		t.Errorf("300 cycles are %v s, want 1.5e-6", got)
	}
}
