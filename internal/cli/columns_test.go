package cli

import (
	"fmt"
	"strings"
	"testing"

	"satsim/internal/golden"
	"satsim/results/query"
)

// docs/columns.md is the dictionary of names, printed.
func TestTheKeysOfColumnsAreDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString(columnsHead)
	for _, d := range query.NewDictionary().Closed() {
		fmt.Fprintf(&b, "| `%s` | %v | %s | %s |\n", d.Name, d.Type, d.Unit, cell(d.Means))
	}
	golden.Check(t, "../../docs/columns.md", []byte(b.String()))
}

const columnsHead = `# Results for analysis: columns, types, units

` + "`satsim results STORE --format parquet`" + ` and ` + "`--format jsonl`" + ` write a row a point and, unless ` + "`--columns`" + ` says otherwise, a column for every name that
` + "`--names`" + ` lists. A column has one type, whatever its values are, and quantities are numbers of their base unit (hertz, bytes, bytes a second, seconds, joules, watts).

| type | Parquet | JSON Lines | DuckDB | polars |
|---|---|---|---|---|
| text | STRING | string | VARCHAR | String |
| whole number | INT64 | number | BIGINT | Int64 |
| number | DOUBLE | number | DOUBLE | Float64 |
| truth | BOOLEAN | true, false | BOOLEAN | Boolean |
| list of texts | LIST of STRING | array | VARCHAR[] | List(String) |

Where a point has nothing under a name (a failed one has no figures) there is null. The Parquet file's key-value metadata have the units (` + "`satsim.units`" + `) and what
stands below (` + "`satsim.means`" + `), each a JSON object by column. Compression is zstd.

Two kinds of names are not in the list, as files say what there is. ` + "`network.*`" + ` are the parameters of the network's file: whole numbers, or texts where one of the column's is
an expression. ` + "`energy.UNIT.ACTION.value`, `.low` and `.high`" + ` are the prices of the energy table, numbers in joules, or watts of what takes time. A column that is an
expression (` + "`stce.rows*stce.cols`" + `) has the type that holds all of its values.

| name | type | unit | meaning |
|---|---|---|---|
`
