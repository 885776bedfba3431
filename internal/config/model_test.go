package config

import (
	"errors"
	"fmt"
	"strings"

	"satsim/internal/diag"
	"satsim/internal/nm"
	"satsim/internal/quantity"
)

// chip is the model that the tests decode: every type that a model may hold.
type chip struct {
	Rows    int                `yaml:"rows" config:"required"`
	Small   int8               `yaml:"small"`
	Count   uint16             `yaml:"count"`
	Ratio   float64            `yaml:"ratio"`
	Coarse  float32            `yaml:"coarse"`
	On      bool               `yaml:"on"`
	Title   string             `yaml:"title"`
	Clock   quantity.Frequency `yaml:"clock"`
	Sparse  nm.Ratio           `yaml:"sparse"`
	Memory  memory             `yaml:"memory"`
	Extra   *memory            `yaml:"extra"`
	Limit   *int64             `yaml:"limit"`
	Sizes   []int              `yaml:"sizes"`
	Layers  []layer            `yaml:"layers"`
	Shared  shared             `yaml:",inline"`
	Skipped func()             `yaml:"-"`
}

type shared struct {
	Lanes int `yaml:"lanes" config:"was=lines"`
}

type memory struct {
	Channels int                `yaml:"channels"`
	Rate     quantity.Bandwidth `yaml:"rate"`
}

// Validate has one error of each form that config knows.
func (m memory) Validate() error {
	var errs []error
	if m.Channels < 0 {
		errs = append(errs, diag.Field("channels", "is negative", "0 or more"))
	}
	if m.Channels == 13 {
		errs = append(errs, fmt.Errorf("a superstition: %w", diag.Field("channels", "is 13", "")))
	}
	if m.Rate == 1 {
		errs = append(errs, errors.New("rate must be above 1B/s"))
	}
	if m.Channels == 0 && m.Rate > 0 {
		errs = append(errs, errors.New("no channel carries the rate"))
	}
	return errors.Join(errs...)
}

type layer struct {
	Name   string  `yaml:"name" config:"required"`
	Kernel dims    `yaml:"kernel,omitempty"`
	Bias   *bool   `yaml:"bias,omitempty"`
	Body   []layer `yaml:"body,omitempty"`
}

// dims may be written as a list or as 3x3.
type dims []int

func (d *dims) UnmarshalText(b []byte) error {
	var v dims
	for _, s := range strings.Split(string(b), "x") {
		n := 0
		if _, err := fmt.Sscanf(s, "%d", &n); err != nil {
			return fmt.Errorf("%q is no kernel such as 3x3", b)
		}
		v = append(v, n)
	}
	*d = v
	return nil
}

// Validate of the whole compares two keys; Rows is 99 to show that it is not asked about what is wrong below.
func (c *chip) Validate() error {
	if c.Rows == 99 {
		return diag.Field("layers[0].name", "does not suit 99 rows", "another name")
	}
	if c.Rows == 98 {
		return errors.New("a chip of 98 rows is refused")
	}
	return nil
}

func defaults() chip {
	return chip{Sparse: nm.Dense, Clock: 100_000_000, Memory: memory{2, 1000}, Layers: []layer{{Name: "d"}}}
}

func decode(text string) (chip, error) {
	c := defaults()
	err := Decode(Source{Name: "f.yaml", Data: []byte(text)}, "chip", &c)
	return c, err
}
