package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"satsim/internal/diag"
	"satsim/results/experiment/models"
	"satsim/results/table"
)

// rule says which flags that were given on the command line do not go together. What comes from the settings or a default is not asked.
type rule func(given func(flag string) bool, args []string) error

// combine refuses the combinations of flags that rules name, before the command runs: a flag that would do nothing is a mistake of who gave it.
func combine(cmd *cobra.Command, rules ...rule) {
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		for _, r := range rules {
			if err := r(cmd.Flags().Changed, args); err != nil {
				return usageError{err}
			}
		}
		return nil
	}
}

// needs: a flag does something only beside one of others.
func needs(flag string, others ...string) rule {
	return func(given func(string) bool, _ []string) error {
		if given(flag) && !slices.ContainsFunc(others, given) {
			return fmt.Errorf("--%s does nothing without --%s", flag, strings.Join(others, " or --"))
		}
		return nil
	}
}

// excludes: beside a flag none of others does anything.
func excludes(flag string, others ...string) rule {
	return func(given func(string) bool, _ []string) error {
		if i := slices.IndexFunc(others, given); i >= 0 && given(flag) {
			return fmt.Errorf("--%s does nothing with --%s", others[i], flag)
		}
		return nil
	}
}

// only: beside a flag no flag does anything but those accepted.
func only(f *pflag.FlagSet, flag string, accepted ...string) rule {
	return func(given func(string) bool, args []string) error { // a command may have more flags by then
		return excludes(flag, besides(f, append(accepted, flag, "settings"))...)(given, args)
	}
}

// besides are the flags of a command that are not excepted.
func besides(f *pflag.FlagSet, excepted []string) (out []string) {
	f.VisitAll(func(x *pflag.Flag) {
		if !slices.Contains(excepted, x.Name) {
			out = append(out, x.Name)
		}
	})
	return out
}

// argsExclude: none of the flags does anything beside more than so many arguments.
func argsExclude(most int, flags ...string) rule {
	return func(given func(string) bool, args []string) error {
		if i := slices.IndexFunc(flags, given); i >= 0 && len(args) > most {
			return fmt.Errorf("--%s does nothing with %s", flags[i], args[most])
		}
		return nil
	}
}

// alone: a flag leaves arguments nothing to do.
func alone(flag string) rule {
	return func(given func(string) bool, args []string) error {
		if given(flag) && len(args) > 0 {
			return fmt.Errorf("--%s takes no arguments beside it; there is %q", flag, args[0])
		}
		return nil
	}
}

// when: flags do something only where a condition, which is said, holds.
func when(holds func(args []string) bool, said string, flags ...string) rule {
	return func(given func(string) bool, args []string) error {
		if i := slices.IndexFunc(flags, given); i >= 0 && !holds(args) {
			return fmt.Errorf("--%s does nothing %s", flags[i], said)
		}
		return nil
	}
}

// positive: a number whose zero means a default must be left out for it.
func positive(f *pflag.FlagSet, flags ...string) rule {
	return func(given func(string) bool, _ []string) error {
		for _, name := range flags {
			if v := f.Lookup(name).Value.String(); given(name) && (v == "0" || strings.HasPrefix(v, "-")) {
				return fmt.Errorf("--%s %s; 1 or more is accepted", name, v)
			}
		}
		return nil
	}
}

// asTable: the flags change what people read, which only the table is.
func (a *app) asTable(flags ...string) rule {
	people := func([]string) bool { return a.settings.GetString("format") == table.FormTerminal }
	return when(people, "with a --format other than "+table.FormTerminal, flags...)
}

// flagError names the nearest flag to an unknown one.
func flagError(cmd *cobra.Command, err error) error {
	if unknown := (*pflag.NotExistError)(nil); errors.As(err, &unknown) && len(unknown.GetSpecifiedName()) > 1 {
		if near := diag.Nearest(unknown.GetSpecifiedName(), besides(cmd.Flags(), nil)); near != "" {
			err = fmt.Errorf("%w; nearest: --%s", err, near)
		}
	}
	if wrong := (*pflag.InvalidValueError)(nil); errors.As(err, &wrong) {
		f := wrong.GetFlag()
		err = fmt.Errorf("--%s %q; accepted: %s", f.Name, wrong.GetValue(), acceptedBy(f.Value.Type()))
	}
	return usageError{err}
}

// acceptedBy says what a flag of a type takes.
func acceptedBy(kind string) string {
	switch kind {
	case "int", "int64":
		return "a whole number"
	case "uintSlice":
		return "whole numbers from 0 on, separated by commas"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	case "duration":
		return "a time such as 10m or 90s"
	}
	return kind
}

// misspelt refuses the help of a command that there is not: cobra would show that of the whole.
func misspelt(root *cobra.Command, args []string) error {
	root.InitDefaultHelpCmd()
	if len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) { // which a shell asks, and cobra makes when asked
		return nil
	}
	if c, rest, err := root.Find(args); err == nil && c == root && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		return noCommand(root, rest[0])
	}
	return nil
}

// noCommand names the nearest command to an unknown one.
func noCommand(root *cobra.Command, name string) error {
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	err := fmt.Errorf("there is no command %q", name)
	if near := diag.Nearest(name, names); near != "" {
		err = fmt.Errorf("%w; nearest: %s", err, near)
	}
	return usageError{err}
}

// noArgs refuses arguments where a command takes none, and names the flag that one was meant for if it is a shipped model.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("%s takes no arguments, only flags; there is %q", cmd.Name(), args[0])
	for _, kind := range []string{"network", "recipe", "arch", "board", "energy"} {
		shipped, failed := models.Shipped(kind)
		if failed != nil {
			return failed
		}
		if cmd.Flags().Lookup(kind) != nil && (slices.Contains(shipped, args[0]) || kind == "network" && models.Foreign(args[0])) {
			err = fmt.Errorf("%w; did you mean --%s %s?", err, kind, args[0])
			break
		}
	}
	return usageError{err}
}
