package data

import (
	"fmt"
	"math"
)

// Set is a number of samples: images of one size with their labels, or a text.
type Set struct {
	Name                    string
	Height, Width, Channels int
	Classes                 int
	Sequence                int     // of a text: bytes of a sample. 0: images
	Pixels                  []uint8 // images x height x width x channels; of a text all its bytes
	Labels                  []uint8 // of images
}

// Len is the number of samples.
func (s *Set) Len() int {
	if s.Sequence > 0 {
		return (len(s.Pixels) - 1) / s.Sequence
	}
	return len(s.Labels)
}

// Sample is the pixels of an image, or the bytes of a text's sample and the one that follows them.
func (s *Set) Sample(i int) []uint8 {
	if s.Sequence > 0 {
		return s.Pixels[i*s.Sequence : (i+1)*s.Sequence+1]
	}
	n := s.Height * s.Width * s.Channels
	return s.Pixels[i*n : (i+1)*n]
}

// First is the first n samples, in the order of the files; all of them when n is 0.
func (s *Set) First(n int) (*Set, error) {
	if n < 0 || n > s.Len() {
		return nil, fmt.Errorf("taking the first %d samples of %s: it has %d", n, s.Name, s.Len())
	}
	if n == 0 {
		return s, nil
	}
	out := *s
	if s.Sequence > 0 {
		out.Pixels = s.Pixels[:n*s.Sequence+1]
		return &out, nil
	}
	out.Pixels, out.Labels = s.Pixels[:n*s.Height*s.Width*s.Channels], s.Labels[:n]
	return &out, nil
}

// Moments are the mean and the standard deviation of each channel of images, of pixels from 0 to 1.
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
