package models

import (
	"slices"

	"satsim/arch/spec"
	"satsim/configs"
	"satsim/internal/config"
	"satsim/internal/param"
)

// Defaulted lists the parameters that an architecture's file leaves out, and that are therefore satsim's own.
func Defaulted(arch string) ([]param.Param, error) {
	src, err := config.Resolve("arch", arch, configs.FS)
	if err != nil {
		return nil, err
	}
	given, err := config.Given(src)
	if err != nil {
		return nil, err
	}
	var out []param.Param
	for _, p := range spec.Declared() {
		if p.Default != nil && !slices.Contains(given, p.Key) {
			out = append(out, p)
		}
	}
	return out, nil
}
