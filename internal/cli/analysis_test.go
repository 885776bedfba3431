package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"satsim/internal/witness"
	"satsim/results/record"
	"satsim/results/store"
)

// results makes a store of a small sweep, with a point that fails, and writes its points as Parquet and JSON Lines.
func analysed(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"tiny.yaml": tinyNetwork,
		"grid.yaml": "kind: sweep\nname: grid\narch: sat-vcu1525\nnetworks: [tiny.yaml]\nrecipes: [bdwp]\nsparsity: ['2:8', '1:32']\naxes: [{path: vector.lanes, values: [16, 32]}]\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range []string{
		"sweep DIR/grid.yaml --store DIR/r.db", "results DIR/r.db --format parquet -o DIR/points.parquet", "results DIR/r.db --format jsonl -o DIR/points.jsonl",
	} {
		var out, stderr bytes.Buffer
		if code := execute(context.Background(), strings.Fields(strings.ReplaceAll(line, "DIR", dir)), &out, &stderr); code != 0 {
			t.Fatalf("satsim %s: exit code %d: %s", line, code, stderr.String())
		}
	}
	return dir
}

// A Parquet file says which satsim wrote it, in the form of the format's own description.
func TestParquetSaysWhoWroteIt(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(analysed(t), "points.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("satsim version %s+dev (build model version %d)", record.Version, store.ModelVersion); !bytes.Contains(text, []byte(want)) {
		t.Errorf("it is not created by %s", want)
	}
}

// asked runs a program of another language on what analysed wrote.
func asked(t *testing.T, dir string, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

// pandas reads JSON Lines, and the store's views through SQLite, with the same values and the types that columns.md says.
func TestPandasReadsResults(t *testing.T) {
	witness.Foreign(t)
	const python = "/usr/bin/python3" // Debian's, whose pandas it is
	if exec.Command(python, "-c", "import pandas").Run() != nil {
		witness.Missing(t, "python3-pandas")
	}
	got := asked(t, analysed(t), python, "-c", `
import pandas, sqlite3
lines = pandas.read_json("points.jsonl", lines=True, precise_float=True).sort_values("key").reset_index(drop=True)
views = pandas.read_sql("select * from points order by key", sqlite3.connect("r.db"))
assert len(lines) == len(views) == 6 and lines.columns.size > 300, (lines.shape, views.shape)
assert (lines.error != "").sum() == 2, lines.error
for name in ["key", "network", "recipe", "sparsity", "batch", "error", "cycles", "time_s", "speedup", "dram_read_bytes", "dsp", "fit"]:
    assert lines[name].equals(views[name].astype(lines[name].dtype)), (name, lines[name], views[name])
assert views.energy_j.equals(lines.energy), (views.energy_j, lines.energy)
print(*(lines[n].dtype for n in ["recipe", "vector.lanes", "cycles", "time_s", "dataflow.join_groups"]))
`)
	// A column of whole numbers with nulls is one of floats to pandas.
	if want := "object int64 float64 float64 bool\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// DuckDB and polars read the Parquet file: as many rows, the types that columns.md says, the values of the store's views. They read JSON Lines, too. SATSIM_NODE is a folder with
// their packages for Node.js: .ci/witness installs them.
func TestDuckDBAndPolarsReadParquet(t *testing.T) {
	witness.Foreign(t)
	modules := os.Getenv("SATSIM_NODE")
	if modules == "" {
		t.Skip("SATSIM_NODE names no folder with @duckdb/node-api and nodejs-polars")
	}
	dir := analysed(t)
	if err := os.Symlink(filepath.Join(modules, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	want := asked(t, dir, "sqlite3", "r.db", "select recipe, cycles, cast(round(time_s * 1e12) as integer), speedup, error = '' from points order by key")
	for _, c := range []struct{ reader, program, types string }{
		{"DuckDB", `
import { DuckDBInstance } from '@duckdb/node-api';
const c = await (await DuckDBInstance.create(':memory:')).connect();
const ask = async q => (await c.runAndReadAll(q)).getRowsJson();
const types = Object.fromEntries((await ask("describe select * from 'points.parquet'")).map(r => [r[0], r[1]]));
console.log(names.map(n => types[n]).join(' '));
const units = JSON.parse((await ask("select decode(value) from parquet_kv_metadata('points.parquet') where decode(key) = 'satsim.units'"))[0][0]);
if (units.cycles != 'cycles' || units.time_s != 's') throw units;
for (const r of await ask("select recipe, cycles, time_s, speedup, error from 'points.parquet' order by key")) show(r);`, "VARCHAR BIGINT BIGINT DOUBLE BOOLEAN VARCHAR[]"},
		{"DuckDB of JSON Lines", `
import { DuckDBInstance } from '@duckdb/node-api';
const c = await (await DuckDBInstance.create(':memory:')).connect();
const ask = async q => (await c.runAndReadAll(q)).getRowsJson();
const types = Object.fromEntries((await ask("describe select * from 'points.jsonl'")).map(r => [r[0], r[1]]));
console.log(names.map(n => types[n]).join(' '));
for (const r of await ask("select recipe, cycles, time_s, speedup, error from 'points.jsonl' order by key")) show(r);`, "VARCHAR BIGINT BIGINT DOUBLE BOOLEAN JSON[]"}, // lists that are empty in all rows

		{"polars of JSON Lines", `
import pl from 'nodejs-polars';
import { readFileSync } from 'node:fs';
const d = pl.readJSON(readFileSync('points.jsonl'), { format: 'lines', inferSchemaLength: null }).sort('key');
console.log(names.map(n => d.getColumn(n).dtype.variant).join(' '));
for (const r of d.select('recipe', 'cycles', 'time_s', 'speedup', 'error').rows()) show(r);`, "String Int64 Int64 Float64 Bool List"},
		{"polars", `
import pl from 'nodejs-polars';
const d = pl.readParquet('points.parquet').sort('key');
console.log(names.map(n => d.getColumn(n).dtype.variant).join(' '));
for (const r of d.select('recipe', 'cycles', 'time_s', 'speedup', 'error').rows()) show(r);`, "String Int64 Int64 Float64 Bool List"},
	} {
		t.Run(c.reader, func(t *testing.T) {
			file := filepath.Join(dir, c.reader+".mjs")
			// SQLite's program prints 15 digits.
			head := `
const names = ['recipe', 'vector.lanes', 'cycles', 'time_s', 'dataflow.join_groups', 'dataflow.omit'];
const real = v => v == null ? '' : Number.isInteger(v) ? v.toFixed(1) : String(Number(v.toPrecision(15)));
const show = ([recipe, cycles, time, speedup, error]) => console.log([recipe, cycles ?? '', time == null ? '' : Math.round(time * 1e12), real(speedup), error == '' ? 1 : 0].join('|'));
`
			if err := os.WriteFile(file, []byte(head+c.program), 0o666); err != nil {
				t.Fatal(err)
			}
			types, rows, _ := strings.Cut(asked(t, dir, "node", file), "\n")
			if types != c.types {
				t.Errorf("types %s, want %s", types, c.types)
			}
			if rows != want {
				t.Errorf("rows\n%swant\n%s", rows, want)
			}
		})
	}
}
