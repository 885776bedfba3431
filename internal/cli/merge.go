package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"satsim/results/store"
)

func (a *app) merge() *cobra.Command {
	var list string
	cmd := &cobra.Command{
		Use:   "merge INTO STORE...",
		Short: "Merge stores, such as those of a sweep's shards",
		Long: `Copies the points of stores into another, which is made if there is none. Points that are there already must have the same
figures; one that failed is replaced by one that did not, and figures alone by a whole run. With --list it merges the stores of a list's shards, in parts/
beside it, if no point of the sweep is missing; otherwise it names those that are, and merges nothing.`,
		Args: func(_ *cobra.Command, args []string) error {
			if list != "" {
				return oneArg("the store to merge into, beside --list")(&cobra.Command{Use: "merge"}, args)
			}
			if len(args) < 2 {
				return usageError{errors.New("merge takes the store to merge into and at least one other")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			if list != "" {
				var err error
				if args, err = a.parts(ctx, list, args[0]); err != nil {
					return err
				}
			}
			for _, path := range args[1:] {
				if same(path, args[0]) {
					return usageError{fmt.Errorf("%s cannot be merged into itself", path)}
				}
				s, err := store.OpenExisting(ctx, path)
				if err != nil {
					return err
				}
				if err := s.Close(); err != nil {
					return err
				}
			}
			into, err := store.Open(ctx, args[0])
			if err != nil {
				return err
			}
			defer into.Close()
			if err := into.Check(ctx); err != nil {
				return err
			}
			for _, path := range args[1:] {
				from, err := store.OpenExisting(ctx, path)
				if err != nil {
					return err
				}
				m, err := into.Merge(ctx, from)
				from.Close()
				if err != nil {
					return err
				}
				fmt.Fprintf(a.out, "%s: %s added, %d replaced, %d known\n", path, count(m.Added, "point"), m.Replaced, m.Known)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&list, "list", "", "list of shards that satsim sweep --slurm wrote")
	return cmd
}

func same(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}
