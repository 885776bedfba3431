package cli

import (
	"fmt"
	"io"
	"slices"

	"satsim/internal/param"
	"satsim/results/experiment/models"
)

// sayDefaulted says how many parameters a user's architecture leaves to satsim. The shipped ones are satsim's own anyway.
func sayDefaulted(w io.Writer, arch string) error {
	shipped, err := models.Shipped("arch")
	if err != nil || slices.Contains(shipped, arch) {
		return err
	}
	list, err := models.Defaulted(arch)
	if err == nil && len(list) > 0 {
		fmt.Fprintf(w, "satsim: %s leaves %s to the default design; --show-defaults lists them\n", arch, count(len(list), "parameter"))
	}
	return err
}

// printDefaults lists parameters with their defaults.
func printDefaults(w io.Writer, list []param.Param) error {
	for _, p := range list {
		if _, err := fmt.Fprintf(w, "%s: %v # %s: %s; %s\n", p.Key, p.Default, p.Unit, p.Meaning, p.Source); err != nil {
			return fmt.Errorf("printing defaults: %w", err)
		}
	}
	return nil
}
