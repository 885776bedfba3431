package cli

import (
	"fmt"
	"strings"
	"testing"

	"satsim/internal/golden"
	"satsim/results/query"
	"satsim/results/store"
)

// docs/columns.md is the dictionary of names, printed.
func TestTheKeysOfColumnsAreDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString(columnsHead)
	for _, d := range query.NewDictionary().Closed() {
		fmt.Fprintf(&b, "| `%s` | %v | %s | %s |\n", d.Name, d.Type, d.Unit, cell(d.Means))
	}
	b.WriteString(viewsHead)
	for _, v := range store.Views() {
		fmt.Fprintf(&b, "\n### %s\n\n%s.\n\n| column | type | unit | meaning |\n|---|---|---|---|\n", v.Name, v.Means)
		for _, c := range v.Columns {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Name, c.Type, c.Unit, cell(c.Means))
		}
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

` + "```yaml few.yaml" + `
kind: sweep
name: few
arch: sat-vcu1525
networks: [resnet9]
recipes: [bdwp]
batches: [1]
` + "```" + `

` + "```" + `
$ satsim sweep few.yaml --store few.db
$ satsim results few.db --format jsonl --columns network,recipe,cycles,time_s
$ satsim results few.db --format parquet -o few.parquet
` + "```" + `

Two kinds of names are not in the list, as files say what there is. ` + "`network.*`" + ` are the parameters of the network's file: whole numbers, or texts where one of the column's is
an expression. ` + "`energy.UNIT.ACTION.value`, `.low` and `.high`" + ` are the prices of the energy table, numbers in joules, or watts of what takes time. A column that is an
expression (` + "`stce.rows*stce.cols`" + `) has the type that holds all of its values.

| name | type | unit | meaning |
|---|---|---|---|
`

const viewsHead = `
## Views of a store

A store is an SQLite file. Beside the tables, which are satsim's own, it has views for every other program; ` + "`.schema points`" + ` in sqlite3 says what stands here. Rows of all model
versions are in them: where a store has several, choose one by ` + "`model_version`" + `. Rows that satsim 0.1.0 wrote lack what records of today name otherwise. Where nothing is, is NULL.
`
