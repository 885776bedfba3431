package sweep

import (
	"slices"
	"strings"

	"satsim/results/experiment/models"
)

// beside makes the paths of models start from the sweep file's folder, wherever the file names models.
func (f *File) beside(file string) {
	for _, name := range []*string{&f.Arch, &f.Board, &f.Energy, &f.Against} {
		*name = models.Beside(file, *name)
	}
	for _, list := range [][]string{f.Networks, f.Recipes} {
		for i := range list {
			list[i] = models.Beside(file, list[i])
		}
	}
	line := func(path string, values []Value) {
		for i := range values {
			if named(path) {
				values[i] = Value(models.Beside(file, string(values[i])))
			}
		}
	}
	for _, a := range f.Axes {
		line(a.Path, a.Values)
		for _, l := range a.Zip {
			line(l.Path, l.Values)
		}
		for _, set := range a.Points {
			for i, text := range set {
				if path, value, ok := strings.Cut(text, "="); ok && named(path) {
					set[i] = path + "=" + models.Beside(file, value)
				}
			}
		}
	}
}

// named reports whether a path of an axis takes names of models.
func named(path string) bool {
	return slices.Contains([]string{"arch", "board", "energy", "network", "recipe"}, path)
}
