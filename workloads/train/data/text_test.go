package data

import (
	"math"
	"strings"
	"testing"
)

// TestTextByHand: 40 bytes in samples of 3: 36 to train on, which are 11 samples (34 bytes), and 4 for the test, one sample.
func TestTextByHand(t *testing.T) {
	text := "abcdefghijklmnopqrstuvwxyz0123456789ABCD"
	train, test, err := ReadText(strings.NewReader(text), "t", 3)
	if err != nil || train.Len() != 11 || test.Len() != 1 || train.Classes != 256 {
		t.Fatalf("%v %v %v", train, test, err)
	}
	if a, b, c := string(train.Sample(0)), string(train.Sample(1)), string(test.Sample(0)); a != "abcd" || b != "defg" || c != "ABCD"[:4] {
		t.Errorf("samples %q, %q, %q", a, b, c)
	}
	few, err := train.First(2)
	if err != nil || few.Len() != 2 || string(few.Sample(1)) != "defg" {
		t.Errorf("the first two: %v, %v", few, err)
	}
	if _, _, err := ReadText(strings.NewReader(text), "t", 4); err == nil || !strings.Contains(err.Error(), "more than 40 are accepted") {
		t.Errorf("a text without a test sample: %v", err)
	}
}

// TestMarkovHasItsEntropy counts pairs: the odds of what follows a byte, most likely first, are 1/2, 1/4, 1/8, 1/8 within five deviations.
func TestMarkovHasItsEntropy(t *testing.T) {
	s := Markov(4000, 16, 2, 0)
	var pairs [256][256]int
	var from [256]int
	for i := range len(s.Pixels) - 1 {
		pairs[s.Pixels[i]][s.Pixels[i+1]]++
		from[s.Pixels[i]]++
	}
	entropy := 0.0
	for a, n := range from {
		for _, c := range pairs[a] {
			if c > 0 {
				entropy -= float64(c) / float64(len(s.Pixels)-1) * math.Log2(float64(c)/float64(n))
			}
		}
		followers, top := 0, 0
		for _, c := range pairs[a] {
			if c > 0 {
				followers++
			}
			top = max(top, c)
		}
		if d := math.Abs(float64(top) - float64(n)/2); followers > 4 || d > 5*math.Sqrt(float64(n)/4)+1 {
			t.Errorf("byte %d: %d times, %d followers, the first %d times", a, n, followers, top)
		}
	}
	// Estimated from counts it is too low by about 3 / (2 ln 2) bits for each of 256 contexts (Miller, 1955; recalled): 0.009 of 1.75.
	if entropy < 1.72 || entropy > 1.76 {
		t.Errorf("%.4f bits a byte, want 1.75", entropy)
	}
}
