package rtl

import (
	"slices"
	"strings"
	"testing"

	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// A bundle with places that outputs may hold has tiles that hold them, over F and over T, and its array's bench is equal; a place that is the weight's, not the output's, is found. One
// without has the same modules, and says nothing of them.
func TestABundleWithPlaces(t *testing.T) {
	witness.Foreign(t)
	o := options()
	o.Held = true
	b, err := New(design(), o)
	if err != nil {
		t.Fatal(err)
	}
	b.Benches = b.Benches[:1]
	if p := b.Benches[0].Design.Parameters; !slices.Contains(p, verilog.Parameter{Name: "HELD", Value: 1}) {
		t.Errorf("the bench has %v", p)
	}
	over := map[string]bool{}
	for _, j := range Jobs(Small(design().STCE, o), o) {
		if j.Tile.Held {
			over[j.Tile.Over.String()] = true
		}
	}
	if !over["f"] || !over["t"] {
		t.Errorf("tiles hold places over %v", over)
	}
	if readme := string(b.Files["README.md"]); strings.Count(readme, ", outputs hold their places") != 2 || !strings.Contains(readme, "| HELD | 1 | 1 |") {
		t.Error("the README does not say which tiles hold places, or that elements have them")
	}
	if all := outcomes(t, b, icarus(t)); len(all) != 1 || all[0].Differs != nil || all[0].Equal != o.Tiles {
		t.Errorf("%+v", all)
	}
	found(t, b, fault{"stce", "stce_held.v", "holds ? {place, factor} : weight_in", "holds ? {weight_in[16+:PLACE_W], factor} : weight_in"})
	modules, err := Modules(design(), "stce", o)
	if err != nil || !slices.ContainsFunc(modules, func(m Module) bool { return m.Point.Module == "stce_held" }) || slices.ContainsFunc(modules, func(m Module) bool { return m.Point.Module == "stce_uspe" }) {
		t.Errorf("%v: of the array's modules no element has places, or one has none", err)
	}
	if text := string(made(t).Files["rtl/satsim_params.vh"]); strings.Contains(text, "HELD") {
		t.Error("a bundle without places has their parameter")
	}
}

// Of a tile that holds places, cycles in which they enter name the rule by which they do.
func TestWhyPlacesEnter(t *testing.T) {
	o := options()
	o.Held = true
	for cycle := range 4 {
		text, err := Why(design().STCE, o, 0, cycle)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text, ": preload\n") {
			if !strings.Contains(text, "outputs hold their places, on") || !strings.Contains(text, "rule (stce, "+placeSection+"): "+placesEnter) {
				t.Errorf("cycle %d:\n%s", cycle, text)
			}
			return
		}
	}
	t.Error("no place enters")
}
