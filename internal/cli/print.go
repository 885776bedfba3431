package cli

import (
	"fmt"
	"io"

	"satsim/results/table"
)

// formats of a result on standard output.
const (
	formatTable = "table"
	formatJSON  = "json"
	formatCSV   = "csv"
)

// result is what can be printed in every format: for people, everything as JSON, and rows.
type result interface {
	Text(io.Writer) error
	JSON(io.Writer) error
	Table() *table.Table
}

func (a *app) print(r result, format string) error {
	switch format {
	case formatJSON:
		return r.JSON(a.out)
	case formatCSV:
		return r.Table().CSV(a.out)
	}
	return r.Text(a.out)
}

// checkFormat refuses what no command prints.
func checkFormat(format string) error {
	if format != formatTable && format != formatJSON && format != formatCSV {
		return usageError{fmt.Errorf("--format %q; table, json and csv are accepted", format)}
	}
	return nil
}
