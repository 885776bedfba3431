package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"satsim/results/experiment/models"
	"satsim/results/recipes"
	"satsim/results/table"
)

func (a *app) recipe() *cobra.Command {
	var m modelFlags
	cmd := &cobra.Command{
		Use:   "recipe [NAME]",
		Short: "Say in words what a training recipe prunes, stores and sorts, and what a step of a network then asks for",
		Long: `Says of a recipe, a shipped name or a file, what each product prunes: the operand, N:M, the axis along which groups lie, and whose masks. And what is stored
from step to step, and what is sorted when. With --network it counts what a step of that network asks of any machine: MACs by stage, sorted elements, updated
parameters, bytes of the copies that products read. Without a name it lists the shipped recipes.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{fmt.Errorf("recipe takes one name or file, not %d", len(args))}
			}
			for _, f := range []string{"network", "batch", "sparsity", "set"} {
				if len(args) == 0 && cmd.Flags().Changed(f) {
					return usageError{fmt.Errorf("--%s is of one recipe, and none is named", f)}
				}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			form, err := a.form()
			if err != nil {
				return err
			}
			if len(args) == 0 {
				list, err := recipes.Shipped()
				if err != nil {
					return err
				}
				return a.print(cmd, "shipped-recipes", list, form)
			}
			m.recipe = args[0]
			r, err := until(cmd.Context(), m.described)
			if err != nil {
				return err
			}
			return a.print(cmd, "recipe", r, form)
		},
	}
	f := cmd.Flags()
	f.StringVar(&m.network, "network", "", "network whose step is counted: a shipped name, a file, or a .onnx or SCALE-Sim .csv file")
	f.StringVar(&m.sparsity, "sparsity", "", "N:M of the recipe (default: the recipe's own)")
	f.Int64Var(&m.batch, "batch", 0, "samples a step (default: the network's own)")
	f.StringArrayVar(&m.set, "set", nil, "override path=value, such as recipe.masks=10 or network.image=32; may be repeated")
	registerFormat(f, table.FormTerminal, "")
	combine(cmd, positive(f, "batch"), needs("batch", "network"), m.pruned)
	return cmd
}

// described is the recipe in words, on the network if one is named.
func (m *modelFlags) described() (*recipes.Recipe, error) {
	all, err := m.overrides()
	if err != nil {
		return nil, err
	}
	loader, of := models.NewLoader(), models.SplitOverrides(all)
	r, err := loader.Recipe(m.recipe, m.sparsity, of[models.Recipe])
	if err != nil {
		return nil, err
	}
	if m.network == "" {
		return recipes.Of(r)
	}
	n, err := loader.Network(m.network, m.batch, of[models.Network])
	if err != nil {
		return nil, err
	}
	return recipes.On(r, n)
}
