package report

import (
	"slices"
	"strings"
	"testing"

	"satsim/results/experiment/models"
	"satsim/results/record"
	"satsim/results/uncertainty"
)

// What was not tried is what satsim uncertainty has of parameters, less what companions changed.
func TestUntriedIsWhatIsInDoubtLessWhatWasTried(t *testing.T) {
	space, err := uncertainty.NewSpace(uncertainty.Question{Names: models.Names{Arch: "sat-vcu1525", Recipe: "bdwp"}, Networks: []string{"resnet18-tiny"}, Against: "dense"})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, a := range space.Assumptions {
		if !a.Prices && !strings.Contains(a.Name, " ") && a.Name != "batch" {
			want = append(want, a.Name)
		}
	}
	units := record.Units{{Unit: "stce"}, {Unit: "sore"}, {Unit: "wuve"}, {Unit: "vector"}}
	tried := record.Comparison{Sensitivity: []record.Sensitivity{
		{Override: "stce.link_width=2"}, {Override: "stce.preload=serial stce.drain=serial"}, {Override: "vector.lanes=18"},
	}}
	slices.Sort(want)
	for _, c := range []*record.Comparison{{}, &tried} {
		got := untried(c, units)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%v\nwant %v", got, want)
		}
		want = slices.DeleteFunc(want, func(p string) bool { return p == "stce.link_width" || p == "stce.preload" || p == "stce.drain" })
	}
	if got := untried(&tried, append(units, record.Unit{Unit: "norm"})); !slices.Contains(got, "norm.pipeline_latency") {
		t.Errorf("%v: norm.pipeline_latency is missing of a machine that has the unit", got)
	}
}
