package data

import (
	"fmt"
	"math/rand/v2"
)

// Generated makes images that a small network can tell apart: each class is a fixed random pattern, each image its class's
// pattern in noise of the same strength. Equal arguments give equal images; another part gives other images of the same classes.
func Generated(images, side, channels, classes int, seed, part uint64) *Set {
	patterns := rand.New(rand.NewPCG(seed, 0))
	noise := rand.New(rand.NewPCG(seed, 1+part))
	n := side * side * channels
	pattern := make([]uint8, classes*n)
	for i := range pattern {
		pattern[i] = uint8(patterns.UintN(128))
	}
	s := &Set{
		Name: fmt.Sprintf("generated-%d", seed), Height: side, Width: side, Channels: channels, Classes: classes,
		Pixels: make([]uint8, images*n), Labels: make([]uint8, images),
	}
	for i := range images {
		label := int(noise.UintN(uint(classes)))
		s.Labels[i] = uint8(label)
		for k := range n {
			s.Pixels[i*n+k] = pattern[label*n+k] + uint8(noise.UintN(128))
		}
	}
	return s
}
