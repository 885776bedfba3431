package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"satsim/results/experiment/models"
	"satsim/results/kinds"
	"satsim/results/query"
	"satsim/results/report"
	"satsim/results/table"
	"satsim/workloads"
)

func (a *app) completion() *cobra.Command {
	write := map[string]func(*cobra.Command) error{
		"bash":       func(root *cobra.Command) error { return root.GenBashCompletionV2(a.out, true) },
		"zsh":        func(root *cobra.Command) error { return root.GenZshCompletion(a.out) },
		"fish":       func(root *cobra.Command) error { return root.GenFishCompletion(a.out, true) },
		"powershell": func(root *cobra.Command) error { return root.GenPowerShellCompletionWithDesc(a.out) },
	}
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Write a script with which a shell completes commands, flags, names of models, keys and columns",
		Long: `Writes a completion script for bash, zsh, fish or powershell. What is completed is what satsim knows: names of shipped models, paths of --set with their
values, columns, tables and figures. For bash, which needs its package bash-completion:
  source <(satsim completion bash)`,
		ValidArgs: shells,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || write[args[0]] == nil {
				return usageError{fmt.Errorf("completion takes a shell; %s are accepted", strings.Join(shells, ", "))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return write[args[0]](cmd.Root()) },
	}
}

// completer gives what may stand where the cursor is, each with what it is, if it begins as what is there does.
type completer func(cmd *cobra.Command, begun string) []string

// complete lets every flag and argument of a command and those below it complete what satsim knows of.
func complete(cmd *cobra.Command) error {
	return completeWith(cmd, flagCompleters(), argumentCompleters())
}

// completeWith is complete with completers by the names of flags, and of commands.
func completeWith(cmd *cobra.Command, flags, arguments map[string]completer) error {
	var err error
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if c := flags[f.Name]; c != nil && err == nil {
			err = cmd.RegisterFlagCompletionFunc(f.Name, c.complete)
		}
	})
	if c := arguments[cmd.Name()]; c != nil && cmd.ValidArgs == nil {
		cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 { // what follows the first is a file
				return nil, cobra.ShellCompDirectiveDefault
			}
			return c.complete(cmd, args, begun)
		}
	}
	for _, sub := range cmd.Commands() {
		if err == nil {
			err = completeWith(sub, flags, arguments)
		}
	}
	return err
}

// complete is a completer as cobra has them. What ends in = or . goes on.
func (c completer) complete(cmd *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	var out []string
	directive := cobra.ShellCompDirectiveDefault
	for _, s := range c(cmd, begun) {
		if strings.HasPrefix(s, begun) {
			out = append(out, s)
			if word, _, _ := strings.Cut(s, "\t"); strings.HasSuffix(word, "=") {
				directive = cobra.ShellCompDirectiveNoSpace
			}
		}
	}
	return out, directive
}

func words(list ...string) completer {
	return func(*cobra.Command, string) []string { return list }
}

// kindNames completes kinds of files.
func kindNames(*cobra.Command, string) []string { return kinds.Names() }

// shippedOf completes names of shipped models; files are completed where none begins so.
func shippedOf(kind string, others ...string) completer {
	return listed(func(*cobra.Command) []string {
		names, err := models.Shipped(kind)
		if err != nil {
			return nil
		}
		return append(names, others...)
	})
}

// listed completes the last of a list with commas.
func listed(of func(*cobra.Command) []string) completer {
	return func(cmd *cobra.Command, begun string) []string {
		before := begun[:strings.LastIndexByte(begun, ',')+1]
		names := slices.Clone(of(cmd))
		for i := range names {
			names[i] = before + names[i]
		}
		return names
	}
}

// flagCompleters are by the flag's name, which means the same in every command.
func flagCompleters() map[string]completer {
	var forms, stages []string
	for _, f := range table.Forms() {
		forms = append(forms, f.Name)
	}
	for _, s := range workloads.Stages() {
		stages = append(stages, s.String())
	}
	columns := listed(func(*cobra.Command) []string { return columnNames() })
	return map[string]completer{
		"arch": shippedOf("arch"), "board": shippedOf("board"), "energy": shippedOf("energy"), "network": shippedOf("network"), "recipe": shippedOf("recipe"),
		"against": shippedOf("recipe", "dense-only"), "sweep": shippedOf("sweep"), "space": shippedOf("sweep"),
		"set": overridesFor, "columns": columns, "sort": columns, "pareto": columns, "where": columns,
		"format": words(append(forms, dataNames()...)...), "schema": kindNames, "stage": words(stages...), "memory": words("fast", "detailed"),
		"layer": layersFor,
	}
}

// argumentCompleters are of the first argument of commands.
func argumentCompleters() map[string]completer {
	entries := func(kind report.Kind) completer {
		return func(*cobra.Command, string) []string {
			out := []string{report.All}
			for _, e := range report.Entries() {
				if e.Kind == kind {
					out = append(out, e.Name+"\t"+e.Title)
				}
			}
			return out
		}
	}
	return map[string]completer{
		"network": shippedOf("network"), "recipe": shippedOf("recipe"), "sweep": shippedOf("sweep"), "explore": shippedOf("sweep"), "init": kindNames,
		"params": keysFor, "table": entries(report.KindTable), "plot": entries(report.KindFigure),
	}
}

// columnNames are the names that columns and conditions may have, with what they mean.
func columnNames() []string {
	var out []string
	for _, d := range query.NewDictionary().Closed() {
		out = append(out, d.Name+"\t"+d.Means)
	}
	return out
}

// keysFor completes paths of keys, and kinds of files.
func keysFor(*cobra.Command, string) []string {
	out := kinds.Names()
	for _, k := range kinds.Keys() {
		out = append(out, k.Path+"\t"+k.Meaning)
	}
	return out
}

// overridesFor completes path=value: the paths of machine, board, recipe and prices, the parameters of the network that the command names, and words.
func overridesFor(cmd *cobra.Command, begun string) []string {
	var out []string
	path, _, valued := strings.Cut(begun, "=")
	all, err := kinds.Overrides()
	if err != nil {
		return nil
	}
	for _, o := range append(all, parametersFor(cmd)...) {
		switch {
		case !valued:
			out = append(out, o.Path+"=\t"+o.Meaning)
		case o.Path == path:
			for _, v := range o.Values {
				out = append(out, path+"="+v)
			}
		}
	}
	return out
}

// parametersFor are those of the network that a command names.
func parametersFor(cmd *cobra.Command) []kinds.Override {
	n, err := models.NewLoader().Network(networkFor(cmd), 0, nil)
	if err != nil {
		return nil
	}
	var out []kinds.Override
	for _, p := range n.Description.Params {
		out = append(out, kinds.Override{Path: "network." + p.Name, Meaning: p.Note, Values: p.Choices})
	}
	return out
}

// layersFor completes layers of the network that a command names.
func layersFor(cmd *cobra.Command, _ string) []string {
	n, err := models.NewLoader().Network(networkFor(cmd), 0, nil)
	if err != nil {
		return nil
	}
	var out []string
	for _, it := range n.Step.Items {
		if !slices.Contains(out, it.Layer) {
			out = append(out, it.Layer)
		}
	}
	return out
}

func networkFor(cmd *cobra.Command) string {
	if f := cmd.Flags().Lookup("network"); f != nil {
		return f.Value.String()
	}
	if args := cmd.Flags().Args(); cmd.Name() == "network" && len(args) > 0 {
		return args[0]
	}
	return ""
}
