package config

import (
	"fmt"
	"maps"
	"testing"
)

// suit is a number that has a name.
type suit uint8

var suits = []string{"spades", "hearts", "clubs"}

func (s suit) MarshalText() ([]byte, error) { return []byte(suits[s]), nil }

func (s *suit) UnmarshalText(b []byte) error {
	for i, n := range suits {
		if n == string(b) {
			*s = suit(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no suit", b)
}

type hand struct {
	Tricks map[suit]int64 `yaml:"tricks"`
}

// Names stand in the order of their numbers, which is not the alphabet's; what is not in the map is not in the file.
func TestNamed(t *testing.T) {
	const want = "kind: hand\ntricks:\n  spades: 3\n  hearts: 0\n  clubs: -1\n"
	in := hand{Tricks: map[suit]int64{2: -1, 0: 3, 1: 0}}
	text, err := Encode("hand", in)
	if err != nil || string(text) != want {
		t.Errorf("%v, printed\n%s\nwant\n%s", err, text, want)
	}
	out := hand{Tricks: map[suit]int64{2: 9}}
	if err := Decode(Source{Data: []byte("kind: hand\ntricks: {hearts: 0, spades: 3}\n")}, "hand", &out); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(out.Tricks, map[suit]int64{0: 3, 1: 0}) {
		t.Errorf("read %v", out.Tricks)
	}
	for text, want := range map[string]string{
		"tricks: 3":                      "f.yaml:2:9: tricks: found the number 3; accepted: a mapping",
		"tricks: {stars: 1}":             `f.yaml:2:10: tricks.stars: "stars" is no suit`,
		"tricks: {clubs: 1, clubs: 2}":   "f.yaml:2:20: tricks.clubs: the key is given twice; accepted: each key once",
		"tricks: {clubs: many}":          `f.yaml:2:17: tricks.clubs: found the text "many"; accepted: a whole number in decimal digits`,
		"tricks: {[clubs]: 1}":           "f.yaml:2:10: tricks: a list cannot be a key",
		"tricks: {clubs: 1, <<: {a: 1}}": "f.yaml:2:20: tricks: a merge key (<<) is not allowed",
	} {
		if err := Decode(Source{Name: "f.yaml", Data: []byte("kind: hand\n" + text)}, "hand", new(hand)); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}
