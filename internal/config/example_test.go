package config_test

import (
	"fmt"

	"satsim/internal/config"
	"satsim/internal/diag"
	"satsim/internal/quantity"
)

type engine struct {
	Rows  int                `yaml:"rows"`
	Clock quantity.Frequency `yaml:"clock"`
}

func (e engine) Validate() error {
	if e.Rows < 1 {
		return diag.Field("rows", fmt.Sprintf("%d is too few", e.Rows), "1 or more")
	}
	return nil
}

func Example() {
	file := config.Source{Name: "my.yaml", Data: []byte("kind: engine\nclock: 250MHz\n")}
	e := engine{Rows: 32, Clock: 200_000_000} // the defaults
	if err := config.Decode(file, "engine", &e); err != nil {
		fmt.Println(err)
	}
	o, err := config.ParseOverride("rows=16", "--set")
	if err != nil {
		fmt.Println(err)
	}
	if err := config.Set(&e, []config.Override{o}); err != nil {
		fmt.Println(err)
	}
	text, err := config.Encode("engine", e)
	fmt.Println(string(text), err)

	file.Data = []byte("kind: engine\nrow: 3\nclock: 250\n")
	fmt.Println(config.Decode(file, "engine", &e))
	o.Value = "0"
	fmt.Println(config.Set(&e, []config.Override{o}))
	// Output:
	// kind: engine
	// rows: 16
	// clock: 250MHz
	//  <nil>
	// my.yaml:2:1: row: unknown key; accepted: rows, clock; nearest: rows
	// my.yaml:3:8: clock: "250" has no unit; accepted: a number with one of the units Hz, kHz, MHz, GHz
	// --set: rows: 0 is too few; accepted: 1 or more
}
