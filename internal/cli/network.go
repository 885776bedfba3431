package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"satsim/results/layers"
	"satsim/results/table"
)

func (a *app) network() *cobra.Command {
	m := modelFlags{arch: "sat-vcu1525"}
	var list bool
	cmd := &cobra.Command{
		Use:   "network NAME",
		Short: "Show a network layer by layer: shapes, parameters, MACs of each stage, what may be pruned, what is saved",
		Long: `Shows a network (a shipped name, a file, or a .onnx or SCALE-Sim .csv file) layer by layer: shapes, parameters, MACs of each stage, what the recipe
prunes, and what is saved for the backward pass. --list lists the shipped ones.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 == list {
				return usageError{errors.New("network takes one name or file, or --list alone")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			form, err := a.form()
			if err != nil {
				return err
			}
			if list {
				list, err := layers.Shipped()
				if err != nil {
					return err
				}
				return a.print(cmd, "networks", list, form)
			}
			m.network = args[0]
			of, err := m.resolve(cmd.Context())
			if err != nil {
				return err
			}
			t, err := until(cmd.Context(), func() (*layers.Network, error) { return layers.New(of) })
			if err != nil {
				return err
			}
			return a.print(cmd, "network", t, form)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&list, "list", false, "list the shipped networks")
	f.StringVar(&m.recipe, "recipe", "dense", "recipe whose pruning is shown: a shipped name or a file")
	f.StringVar(&m.sparsity, "sparsity", "", "N:M of the recipe (default: the recipe's own)")
	f.Int64Var(&m.batch, "batch", 0, "samples a step (default: the network's own)")
	f.StringArrayVar(&m.set, "set", nil, "override path=value, such as network.image=32 or recipe.optimiser=adam; may be repeated")
	registerFormat(f, table.FormTerminal, "")
	combine(cmd, only(f, "list", "format"), positive(f, "batch"), needs("sparsity", "recipe"), m.pruned)
	return cmd
}
