package layers

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"satsim/results/experiment/models"
)

const mine = `kind: network
name: mine
params: [{name: batch, value: 2}]
inputs: [{name: images, shape: [batch, 8, 8, 16]}]
layers:
  - {name: wide, op: conv, channels: 32, kernel: 3, pads: 1}
  - {name: relu, op: relu}
  - {name: narrow, op: conv, channels: 16, kernel: 1}
  - {name: pool, op: global_avg_pool}
  - {name: fc, op: linear, channels: 10}
  - {name: loss, op: loss}
`

func load(t *testing.T) *models.Models {
	t.Helper()
	return loadText(t, mine, "bdwp")
}

func loadText(t *testing.T, text, recipe string) *models.Models {
	t.Helper()
	file := filepath.Join(t.TempDir(), "net.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: file, Recipe: recipe}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// By hand, at 2 images of 8 x 8 = 128 positions and 2:8:
//
//	wide    W 9 x 16 x 32 = 4,608. FF 128 x 144 x 32 = 589,824 MACs, of which 4 of 16 input channels stay: 147,456. Images need no gradient: no BP.
//	        WU as FF, dense. Saved: the images, 2,048 FP16 values.
//	narrow  W 32 x 16 = 512. FF 128 x 32 x 16 = 65,536; 8 of 32 stay: 16,384. BP sums over 16 outputs, 4 stay: 16,384. Saved: its input, which is
//	        relu's output, 4,096 FP16 values, and relu's mask of a bit each.
//	fc      W 16 x 10 = 160. FF 2 x 16 x 10 = 320; 4 of 16 stay: 80. BP sums over 10: a group of 8 and one of 2, of each 2 stay: 2 x 4 x 16 = 128.
//	        Saved: what pool makes, 32 values.
func TestLayersByHand(t *testing.T) {
	n, err := New(load(t))
	if err != nil {
		t.Fatal(err)
	}
	sparse := func(dense, performed int64) MACs { return MACs{dense, performed, 1, 1, "2:8"} }
	dense := func(macs int64) MACs { return MACs{macs, macs, 1, 0, ""} }
	want := map[string]Figures{
		"wide":   {4_608, sparse(589_824, 147_456), MACs{}, dense(589_824), 0},
		"narrow": {512, sparse(65_536, 16_384), sparse(65_536, 16_384), dense(65_536), 0},
		"fc":     {160, sparse(320, 80), sparse(320, 128), dense(320), 0},
	}
	saved := map[string]int64{"images": 4_096, "relu": 8_192 + 512, "pool": 64}
	for _, l := range n.Layers {
		w := want[l.Layer]
		w.SavedBytes = saved[l.Layer]
		if l.Figures != w {
			t.Errorf("%s:\n%+v, want\n%+v", l.Layer, l.Figures, w)
		}
	}
	total := Figures{
		5_280, MACs{655_680, 163_920, 3, 3, "2:8"}, MACs{65_856, 16_512, 2, 2, "2:8"}, MACs{655_680, 655_680, 3, 0, ""}, 4_096 + 8_704 + 64,
	}
	if n.Total != total {
		t.Errorf("total\n%+v, want\n%+v", n.Total, total)
	}
	if d, p := n.Total.Sum(); d != 655_680+65_856+655_680 || p != 163_920+16_512+655_680 {
		t.Errorf("%d and %d MACs in all", d, p)
	}
	if got := n.Total.Pruned(); got != "FF 2:8, BP 2:8" {
		t.Error(got)
	}
}

// Layers of two ratios sum up to "mixed"; what may be pruned and is not is named by its stage alone.
func TestMixedRatios(t *testing.T) {
	var f Figures
	f.add(&Figures{FF: MACs{Prunable: 1, Sparsity: "2:8"}, BP: MACs{Prunable: 1}})
	if got := f.Pruned(); got != "FF 2:8, BP" {
		t.Error(got)
	}
	f.add(&Figures{FF: MACs{Prunable: 1, Sparsity: "1:4"}, BP: MACs{Prunable: 1}})
	if got := f.Pruned(); got != "FF mixed, BP" {
		t.Error(got)
	}
}

// A saved tensor belongs to the layer that its name begins with, at a dot.
func TestOwner(t *testing.T) {
	at := map[string]int{"a": 1, "a.b": 2}
	for name, want := range map[string]int{"a": 1, "a.mask": 1, "a.b": 2, "a.b.mask": 2, "a.bc": 1} {
		if got, ok := owner(at, name); !ok || got != want {
			t.Errorf("%s belongs to %d, %v; want %d", name, got, ok, want)
		}
	}
	if _, ok := owner(at, "ab.mask"); ok {
		t.Error("ab.mask belongs to nobody")
	}
}

// What a layer is called like says nothing: one named as a recipe names what it adds has the figures that it has under another name, with and without such a recipe.
func TestNamesLikeThoseOfARecipe(t *testing.T) {
	others := map[string]string{"wide": "teacher.wide", "narrow": "narrow.logits", "fc": "fc.adapter_out", "pool": "fc.adapter_in"}
	for _, r := range []string{"bdwp", "slope-adapters", "maskllm", "cast"} {
		plain := loadText(t, mine, r)
		want, err := New(plain)
		if err != nil {
			t.Fatal(err)
		}
		text := mine
		for old, name := range others {
			text = strings.ReplaceAll(text, "name: "+old+",", "name: "+name+",")
		}
		named := loadText(t, text, r)
		got, err := New(named)
		if err != nil {
			t.Fatal(r, err)
		}
		for i, l := range got.Layers {
			if w := want.Layers[i]; l.Figures != w.Figures || l.Layer != w.Layer && l.Layer != others[w.Layer] {
				t.Errorf("%s: %s is\n%+v, and %s\n%+v", r, l.Layer, l.Figures, w.Layer, w.Figures)
			}
		}
		a, err := plain.Recipe.Demand(*plain.Step)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := named.Recipe.Demand(*named.Step); err != nil || a != b {
			t.Errorf("%s: %+v, want %+v, %v", r, b, a, err)
		}
	}
}

// Two layers of one name would be one: a network is refused that has the name of what a recipe adds, under that recipe alone.
func TestNamesThatARecipeTakes(t *testing.T) {
	for r, c := range map[string][2]string{ // what has the name, and the name
		"slope-adapters": {"relu", "narrow.adapter_in"}, // the positions of narrow, of 1 x 1, are read one by one
		"maskllm":        {"pool", "wide.logits"},
		"cast":           {"relu", "teacher.wide"},
	} {
		text := strings.ReplaceAll(mine, "name: "+c[0]+",", "name: "+c[1]+",")
		if _, err := New(loadText(t, text, "bdwp")); err != nil {
			t.Error(err)
		}
		if _, err := New(loadText(t, text, r)); err == nil || !strings.Contains(err.Error(), "it adds "+c[1]+" to layer ") || !strings.Contains(err.Error(), "network mine has a layer or an input of that name") {
			t.Errorf("%s: %v", r, err)
		}
	}
}

// A list has the forward MACs of a whole batch: 655,680 by hand above; and people read them a sample.
func TestLine(t *testing.T) {
	l := LineOf("mine", load(t).Step)
	if l.Forward != 655_680 || l.Images != 2 || l.Parameters != 5_280 {
		t.Errorf("%+v", l)
	}
	if got := PerSample(l.Forward*1_000_000, l.Images); got != 327.84 {
		t.Errorf("%g GMACs a sample, want 327.84", got)
	}
	var text strings.Builder
	if err := (List{l}).Text(&text); err != nil || !strings.Contains(text.String(), "mine") {
		t.Errorf("%v\n%s", err, text.String())
	}
}
