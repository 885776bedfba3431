package query

import (
	"context"
	"strings"
	"testing"

	"satsim/results/dataset"
	"satsim/results/store"
)

// Every name of a store's points is described, and its values are of the type that is said. The store is kept: satsim 0.1.0 wrote it.
func TestEveryNameIsDescribed(t *testing.T) {
	ctx := context.Background()
	s, err := store.OpenExisting(ctx, "../../internal/cli/testdata/formats/store.db")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	held, err := s.Origins(ctx)
	if err != nil || len(held) == 0 {
		t.Fatalf("%v, %v", held, err)
	}
	points, err := s.List(ctx, held[0].Origin)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := NamePoints(points)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := Columns(rows, strings.Join(Names(rows), ","), nil)
	if err != nil {
		t.Fatal(err)
	}
	dictionary := NewDictionary()
	for _, c := range Typed(columns, len(rows)).Columns {
		switch d := dictionary.Of(c.Name); {
		case d.Type == 0 && strings.HasPrefix(c.Name, "network."):
		case d.Type != c.Type:
			t.Errorf("%s is said to be %v, and is %v: %v", c.Name, d.Type, c.Type, c.Values)
		case d.Means == "" || d.Type != dataset.Text && d.Type != dataset.Texts && d.Type != dataset.Truth && d.Unit == "":
			t.Errorf("%s has no unit or no meaning: %+v", c.Name, d)
		}
	}
	if len(columns) < 200 {
		t.Errorf("only %d names", len(columns))
	}
}
