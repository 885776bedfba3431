package query

import (
	"strings"
	"testing"
)

// labelled is a row that has labels and no parameters.
func labelled(network, recipe, sparsity string) NamedPoint {
	return NamedPoint{Values: map[string]any{"network": network, "recipe": recipe, "sparsity": sparsity, "batch": int64(8)}}
}

func TestThePapersAverageIsOfItsNetworksAndRecipe(t *testing.T) {
	var five []NamedPoint
	for _, n := range []string{"resnet9", "vit-cifar", "vgg19-cifar", "resnet18-tiny", "resnet50"} {
		five = append(five, labelled(n, "bdwp", "2:8"))
	}
	other := append([]NamedPoint{}, five...)
	other[4] = labelled("resnet50", "bdwp", "1:4")
	for _, c := range []struct {
		rows []NamedPoint
		want bool
	}{{five, true}, {five[:4], false}, {other, false}, {append(five[:5:5], labelled("mine", "bdwp", "2:8")), false}, {append(five[:5:5], labelled("resnet9", "sdgp", "2:8")), true}} {
		if got := PapersOwn(c.rows); got != c.want {
			t.Errorf("%d rows: %v", len(c.rows), got)
		}
	}
}

func TestAlikeNamesWhatDiffers(t *testing.T) {
	rows := []NamedPoint{labelled("a", "bdwp", "2:8"), labelled("b", "bdwp", "1:4")}
	err := Alike(rows)
	if err == nil || !strings.Contains(err.Error(), `differ in network, sparsity (a, b)`) || !strings.Contains(err.Error(), `such as those that meet network == "a"`) {
		t.Errorf("%v", err)
	}
	if err := Alike(rows, "network", "sparsity"); err != nil {
		t.Error(err)
	}
}
