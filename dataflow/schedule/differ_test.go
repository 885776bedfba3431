package schedule

import (
	"slices"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads/network"
)

// By hand: two keys of the architecture and one of the recipe are changed, a value that both sides share is not named, names and notes do not count,
// and a file without values (0.1.0's) is refused by its digests.
func TestASchedulesRefusalNamesWhatDiffers(t *testing.T) {
	s, r := standard()
	s.STCE.Rows, s.STCE.Cols = 48, 24
	now := s
	now.STCE.Rows, now.Board.Memory.Channels, now.Note = s.STCE.Rows-16, 2, "another note"
	other := r.Sparsify(nm.Ratio{N: 2, M: 4})
	d := network.Description{Name: "a"}
	old, err := MadeForOf(s, d, r)
	if err != nil {
		t.Fatal(err)
	}
	want, err := MadeForOf(now, d, other)
	if err != nil {
		t.Fatal(err)
	}
	usual, err := leaves(now)
	if err != nil {
		t.Fatal(err)
	}
	if got := differences(old.Values.Arch, want.Values.Arch, usual); !slices.Contains(got, "stce.rows 48 -> 32") || len(got) > 2 {
		t.Errorf("%q", got)
	}
	f := File{MadeFor: old}
	if err := f.madeFor(old); err != nil {
		t.Error(err)
	}
	err = f.madeFor(want)
	text := "made_for.arch: the schedule was made for another architecture (board.memory.channels 4 -> 2, stce.rows 48 -> 32)\n" +
		"made_for.recipe: the schedule was made for another recipe (sparsity none -> 2:4)"
	if err == nil || err.Error() != text {
		t.Errorf("%v, want\n%s", err, text)
	}
	f.MadeFor.Values, want.Recipe = nil, old.Recipe
	err = f.madeFor(want)
	if text := "made_for.arch: the schedule was made for another architecture (" + old.Arch + "); accepted: " + want.Arch; err == nil || err.Error() != text {
		t.Errorf("%v, want\n%s", err, text)
	}
}
