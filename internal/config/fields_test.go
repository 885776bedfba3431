package config

import (
	"errors"
	"testing"

	"satsim/internal/diag"
)

// Types that cannot be models are the program's mistakes and are reported as such, not as the user's.
func TestTypeMistakes(t *testing.T) {
	tests := []struct {
		out  any
		want string
	}{
		{nil, "config: <nil> is no pointer to a struct"},
		{chip{}, "config: config.chip is no pointer to a struct"},
		{(*chip)(nil), "config: *config.chip is no pointer to a struct"},
		{new(int), "config: *int is no pointer to a struct"},
		{new(struct {
			A map[string]int `yaml:"a"`
		}), `config: struct { A map[string]int "yaml:\"a\"" }.A is a map, but not of integers by numbers that have names`},
		{new(struct {
			A []any `yaml:"a"`
		}), `config: struct { A []interface {} "yaml:\"a\"" }.A[] is a interface, which no model file can hold`},
		{new(struct{ A int }), "config: struct { A int }.A has no snake_case yaml key"},
		{new(struct {
			A int `yaml:"camelCase"`
		}), `config: struct { A int "yaml:\"camelCase\"" }.A has no snake_case yaml key`},
		{new(struct {
			A int `yaml:"a,flow"`
		}), `config: struct { A int "yaml:\"a,flow\"" }.A has the unknown option "flow"`},
		{new(struct {
			A **int `yaml:"a"`
		}), `config: struct { A **int "yaml:\"a\"" }.A is a pointer to a pointer`},
		{new(struct {
			A int `yaml:",inline"`
		}), `config: struct { A int "yaml:\",inline\"" }.A is inlined, but is no exported struct without a key`},
		{new(struct {
			A int    `yaml:"lanes"`
			B shared `yaml:",inline"`
		}), `config: struct { A int "yaml:\"lanes\""; B config.shared "yaml:\",inline\"" } has the key lanes twice`},
	}
	for _, tt := range tests {
		for what, err := range map[string]error{
			"Decode": Decode(Source{Name: "f", Data: []byte("kind: x\n")}, "x", tt.out),
			"Set":    Set(tt.out, nil),
		} {
			var list diag.List
			if err == nil || err.Error() != tt.want || errors.As(err, &list) {
				t.Errorf("%s: got %v, want %s", what, err, tt.want)
			}
		}
	}
	taken := new(struct {
		Kind string `yaml:"kind"`
	})
	if err := Decode(Source{}, "x", taken); err == nil {
		t.Error("a model with the key kind was accepted")
	}
}
