package data

import (
	"fmt"
	"math"
)

// Set is a number of images of one size with their labels.
type Set struct {
	Name                    string
	Height, Width, Channels int
	Classes                 int
	Pixels                  []uint8 // images x height x width x channels
	Labels                  []uint8
}

// Len is the number of images.
func (s *Set) Len() int { return len(s.Labels) }

// Image is the pixels of an image.
func (s *Set) Image(i int) []uint8 {
	n := s.Height * s.Width * s.Channels
	return s.Pixels[i*n : (i+1)*n]
}

// First is the first n images, in the order of the files; all of them when n is 0.
func (s *Set) First(n int) (*Set, error) {
	if n < 0 || n > s.Len() {
		return nil, fmt.Errorf("taking the first %d images of %s: it has %d", n, s.Name, s.Len())
	}
	if n == 0 {
		return s, nil
	}
	out := *s
	out.Pixels, out.Labels = s.Pixels[:n*s.Height*s.Width*s.Channels], s.Labels[:n]
	return &out, nil
}

// Moments are the mean and the standard deviation of each channel, of pixels from 0 to 1.
func (s *Set) Moments() (mean, deviation []float32) {
	sum, squares := make([]uint64, s.Channels), make([]uint64, s.Channels)
	for i, p := range s.Pixels {
		sum[i%s.Channels] += uint64(p)
		squares[i%s.Channels] += uint64(p) * uint64(p)
	}
	n := float64(max(len(s.Pixels)/s.Channels, 1))
	for c := range sum {
		m := float64(sum[c]) / n / 255
		v := float64(squares[c])/n/255/255 - m*m
		mean = append(mean, float32(m))
		deviation = append(deviation, float32(math.Sqrt(max(v, 1e-12)))) // a constant channel stays finite
	}
	return mean, deviation
}

// check refuses a set whose parts do not belong together.
func (s *Set) check() error {
	if n := s.Height * s.Width * s.Channels * len(s.Labels); n != len(s.Pixels) {
		return fmt.Errorf("%s: %d labels, but pixels for %d images of %dx%dx%d", s.Name, len(s.Labels),
			len(s.Pixels)/max(s.Height*s.Width*s.Channels, 1), s.Height, s.Width, s.Channels)
	}
	for i, l := range s.Labels {
		if int(l) >= s.Classes {
			return fmt.Errorf("%s: label %d of image %d; 0 to %d is accepted", s.Name, l, i, s.Classes-1)
		}
	}
	return nil
}
