package training

import (
	"fmt"
	"path/filepath"

	"satsim/internal/config"
	"satsim/results/experiment/models"
	"satsim/workloads/network"
	trainer "satsim/workloads/train"
	"satsim/workloads/train/data"
)

// Images reads a data set from a folder, or a text from a file, as the network asks, and keeps the first so many of its samples, 0 for all. The folder "generated" is none: its images are
// random patterns of the network's shape, its text is of a language with 1.75 bits a byte.
func Images(folder string, g *network.Graph, train, test int) (images, tests *data.Set, err error) {
	if train < 0 || test < 0 {
		return nil, nil, fmt.Errorf("%d and %d samples; 0 for all, or more, is accepted", train, test)
	}
	if trainer.ReadsText(g) {
		images, tests, err = text(folder, g, train, test)
		if err != nil {
			return nil, nil, err
		}
	} else if folder == "generated" {
		s := g.Inputs[0].Shape
		if len(s) != 4 || s[1] != s[2] {
			return nil, nil, fmt.Errorf("generated images: input of %v; square images are accepted", s)
		}
		classes, err := classesOf(g)
		if err != nil {
			return nil, nil, err
		}
		images = data.Generated(max(train, 256), int(s[1]), int(s[3]), classes, 1, 0)
		tests = data.Generated(max(test, 256), int(s[1]), int(s[3]), classes, 1, 1)
	} else if images, tests, err = data.Load(config.Folder(folder, config.Data), filepath.Base(folder)); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", folder, err)
	}
	if images, err = images.First(train); err != nil {
		return nil, nil, &models.ChoiceError{Choice: "train-images", Err: err}
	}
	if tests, err = tests.First(test); err != nil {
		return nil, nil, &models.ChoiceError{Choice: "test-images", Err: err}
	}
	return images, tests, nil
}

// text reads one, or makes one, for a network's first input.
func text(file string, g *network.Graph, train, test int) (images, tests *data.Set, err error) {
	s := g.Inputs[0].Shape
	if len(s) != 2 {
		return nil, nil, fmt.Errorf("a text: input of %v; samples x bytes are accepted", s)
	}
	sequence := int(s[1])
	if file == "generated" {
		return data.Markov(max(train, 256), sequence, 1, 0), data.Markov(max(test, 256), sequence, 1, 1), nil
	}
	f, _, err := config.Open(file, config.Data)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	if images, tests, err = data.ReadText(f, filepath.Base(file), sequence); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	return images, tests, nil
}

// classesOf is how many classes the network's loss tells apart.
func classesOf(g *network.Graph) (int, error) {
	layers, err := g.Layers()
	if err != nil {
		return 0, err
	}
	for _, l := range layers {
		if l.Op == network.Loss {
			return int(l.In[0][len(l.In[0])-1]), nil
		}
	}
	return 0, fmt.Errorf("network %s has no loss", g.Name)
}
