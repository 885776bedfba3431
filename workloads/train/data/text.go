package data

import (
	"fmt"
	"io"
	"math/rand/v2"
)

// A text is a set whose samples are strings of bytes: sample i is Sequence+1 of them, of which the first Sequence are read and each is followed by
// what is to be told. Samples overlap by that one byte.

// byteValues is how many values a byte has: the classes of a text.
const byteValues = 256

// maxText bounds a text in bytes.
const maxText = 1 << 30

// ReadText cuts a text into samples of so many bytes; its first nine tenths are the training set, its end the test set.
func ReadText(r io.Reader, name string, sequence int) (train, test *Set, err error) {
	text, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err != nil {
		return nil, nil, fmt.Errorf("reading a text: %w", err)
	}
	cut := len(text) / 10 * 9
	switch {
	case len(text) > maxText:
		return nil, nil, fmt.Errorf("the text has more than %d bytes, which is the most", maxText)
	case len(text)-cut <= sequence || cut <= sequence:
		return nil, nil, fmt.Errorf("the text has %d bytes, of which a tenth is for the test; more than %d are accepted, for one sample of %d and what follows it", len(text), 10*sequence, sequence)
	}
	return Text(name, text[:cut], sequence), Text(name, text[cut:], sequence), nil
}

// Text is a set of samples of so many bytes. What is left at the end is not used.
func Text(name string, bytes []byte, sequence int) *Set {
	samples := (len(bytes) - 1) / sequence
	return &Set{Name: name, Classes: byteValues, Sequence: sequence, Pixels: bytes[:samples*sequence+1]}
}

// Markov is a text in which each byte is one of four, as the byte before says: with probabilities 1/2, 1/4, 1/8 and 1/8. It has 1.75 bits a byte, and no model
// can tell them with less than 1.75 ln 2 nats each. Equal arguments give equal texts; another part another text of the same language.
func Markov(samples, sequence int, seed, part uint64) *Set {
	language := rand.New(rand.NewPCG(seed, 0))
	var follows [byteValues][4]uint8
	for i := range follows {
		for k, v := range language.Perm(byteValues)[:4] {
			follows[i][k] = uint8(v)
		}
	}
	text := rand.New(rand.NewPCG(seed, 1+part))
	bytes := make([]byte, samples*sequence+1)
	for i := range bytes[1:] {
		k := 0
		switch n := text.UintN(8); {
		case n >= 7:
			k = 3
		case n == 6:
			k = 2
		case n >= 4:
			k = 1
		}
		bytes[i+1] = follows[bytes[i]][k]
	}
	return Text(fmt.Sprintf("generated-text-%d", seed), bytes, sequence)
}
