package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"satsim/results/experiment/models"
)

// Exit codes.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
	exitPipe  = 141 // as if SIGPIPE had ended it
)

// app is what commands share: where they print, and the settings that are not model files.
type app struct {
	out, err io.Writer
	settings *viper.Viper
}

// usageError is an error in how satsim was called.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// Execute runs satsim with arguments and returns its exit code.
func Execute(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signals()
	defer stop()
	code := make(chan int, 1)
	go func() { code <- execute(ctx, args, stdout, stderr) }()
	select {
	case c := <-code:
		return c
	case <-ctx.Done():
		return ending(ctx, code, stderr)
	}
}

// execute is Execute until a context ends.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := &checked{w: stdout}
	a := &app{out: out, err: stderr, settings: viper.New()}
	root := a.root()
	root.SetOut(heedless{out})
	root.SetArgs(args)
	err := errors.Join(complete(root), misspelt(root, args))
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	if errors.Is(out.err, syscall.EPIPE) { // nobody reads on, which is no error
		return exitPipe
	}
	if out.err != nil {
		err = fmt.Errorf("writing standard output: %w", out.err)
	}
	var usage usageError
	var choice *models.ChoiceError
	var signal stopped
	if errors.As(err, &choice) {
		if err == error(choice) { // what a flag of its name asked for
			err = fmt.Errorf("--%w", choice)
		}
		err = usageError{err}
	}
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled), errors.As(err, &signal):
		why := whyStopped(ctx)
		fmt.Fprintf(stderr, "satsim: %v\n", why)
		return why.exitCode()
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "satsim: %v\nsatsim --help lists commands and flags.\n", err)
		return exitUsage
	default:
		fmt.Fprintf(stderr, "satsim: %v\n", err)
		return exitError
	}
}

func (a *app) root() *cobra.Command {
	info, _ := debug.ReadBuildInfo()
	root := &cobra.Command{
		Use:           "satsim",
		Short:         "Design an accelerator for N:M sparse DNN training before writing Verilog",
		Version:       release(info),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return noCommand(cmd, args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return a.load(cmd)
		},
	}
	root.SetErr(a.err)
	root.SetFlagErrorFunc(flagError)
	root.CompletionOptions.DisableDefaultCmd = true
	root.PersistentFlags().String("settings", "", "file of command settings (YAML: out, format, workers); model files are never read from it")
	for _, c := range a.commands() {
		root.AddCommand(c)
	}
	return root
}

// load reads settings: defaults < file < SATSIM_OUT, SATSIM_FORMAT, ... < flags.
func (a *app) load(cmd *cobra.Command) error {
	v := a.settings
	v.SetEnvPrefix("satsim")
	v.SetEnvKeyReplacer(strings.NewReplacer("-", "_"))
	v.AutomaticEnv()
	if file, err := cmd.Flags().GetString("settings"); err == nil && file != "" {
		if err := a.readSettings(file); err != nil {
			return err
		}
	}
	return v.BindPFlags(cmd.Flags())
}

// commands lists satsim's subcommands.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{a.run(), a.schedule(), a.ablation(), a.resources(), a.rtl(), a.train(), a.codesign(), a.array(), a.network(), a.recipe(), a.memory(), a.sweep(), a.explore(), a.fit(), a.uncertainty(), a.results(), a.diff(), a.report(), a.explain(), a.timeline(), a.merge(), a.importer(), a.prune(), a.params(), a.init(), a.check(), a.table(), a.plot(), a.completion(), a.version()}
}
