package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/results/kinds"
)

func (a *app) init() *cobra.Command {
	return &cobra.Command{
		Use:   "init KIND [FILE]",
		Short: "Write a commented file to begin with",
		Long: fmt.Sprintf(`Writes a file of a kind (%s), KIND.yaml unless it is given a name; - is standard output. It is right and runs as it is; every
key has its meaning, what is accepted and where the value is from behind it. A file that is there stays as it is.`, strings.Join(kinds.Names(), ", ")),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usageError{fmt.Errorf("init takes a kind of file (%s) and at most one name, not %d arguments", strings.Join(kinds.Names(), ", "), len(args))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			k, err := kinds.Find(args[0])
			if err != nil {
				return usageError{err}
			}
			file := k.Name + ".yaml"
			if len(args) > 1 {
				file = args[1]
			}
			text, err := k.Start()
			if err != nil {
				return err
			}
			write := func(w io.Writer) error {
				_, err := w.Write(text)
				return err
			}
			if file == "-" {
				return write(a.out)
			}
			switch _, err := os.Stat(file); {
			case err == nil:
				return fmt.Errorf("%s is there and stays as it is; another name is accepted, or - for standard output", file)
			case !errors.Is(err, fs.ErrNotExist):
				return err
			}
			if err := atomicfile.Write(file, write); err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "wrote %[1]s; it is for %[2]s %[1]s\n", file, k.Use)
			return err
		},
	}
}
