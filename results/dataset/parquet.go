package dataset

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// rowsAtOnce is how many rows the writer gets in one call: enough that calls cost nothing, few enough that wide rows fit any memory.
const rowsAtOnce = 1024

// Parquet writes one Parquet file: every column optional (null is where nothing is), texts as STRING, whole numbers as INT64, numbers as DOUBLE, truths as
// BOOLEAN, lists as LIST of STRING; compressed with zstd. The file's key-value metadata have the units ("satsim.units") and the meanings ("satsim.means") of
// columns, JSON objects by the columns' names; created_by says "satsim version V (build B)".
func (d *Data) Parquet(w io.Writer) error {
	if err := d.parquet(w); err != nil {
		return fmt.Errorf("writing %s as Parquet: %w", d.Name, err)
	}
	return nil
}

func (d *Data) parquet(w io.Writer) error {
	if err := d.Check(); err != nil {
		return err
	}
	if len(d.Columns) == 0 {
		return fmt.Errorf("it has no columns")
	}
	fields := parquet.Group{}
	units, means := map[string]string{}, map[string]string{}
	for i := range d.Columns {
		c := &d.Columns[i]
		fields[c.Name] = parquet.Optional(c.Type.node())
		if c.Unit != "" {
			units[c.Name] = c.Unit
		}
		if c.Means != "" {
			means[c.Name] = c.Means
		}
	}
	options := []parquet.WriterOption{parquet.NewSchema(d.Name, fields), parquet.Compression(&zstd.Codec{}), parquet.CreatedBy("satsim", d.Version+" ", d.Build)}
	for key, names := range map[string]map[string]string{"satsim.units": units, "satsim.means": means} {
		text, err := json.Marshal(names)
		if err != nil {
			return err
		}
		options = append(options, parquet.KeyValueMetadata(key, string(text)))
	}
	out := parquet.NewWriter(w, options...)
	// A group's fields are sorted by name, whatever the order in which they are declared; a column's place is that of its leaf.
	place := map[string]int{}
	for i, path := range out.Schema().Columns() {
		place[path[0]] = i
	}
	order := make([]*Column, len(d.Columns))
	for i := range d.Columns {
		order[place[d.Columns[i].Name]] = &d.Columns[i]
	}
	var rows []parquet.Row
	for row := range d.Rows {
		values := make(parquet.Row, 0, len(order))
		for at, c := range order {
			values = c.Type.append(values, c.Values[row], at)
		}
		if rows = append(rows, values); len(rows) == rowsAtOnce || row == d.Rows-1 {
			if _, err := out.WriteRows(rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	return out.Close()
}

// node is the type in a schema.
func (t Type) node() parquet.Node {
	switch t {
	case Whole:
		return parquet.Int(64)
	case Real:
		return parquet.Leaf(parquet.DoubleType)
	case Truth:
		return parquet.Leaf(parquet.BooleanType)
	case Texts:
		return parquet.List(parquet.String())
	case Text, types: // what is none is not written
	}
	return parquet.String()
}

// append adds a value with its levels: an optional leaf is defined at 1, an element of an optional list at 2, and repeats at 1.
func (t Type) append(row parquet.Row, value any, column int) parquet.Row {
	list, ok := value.([]string)
	switch {
	case value == nil:
		return append(row, parquet.Value{}.Level(0, 0, column))
	case !ok:
		return append(row, parquet.ValueOf(value).Level(0, 1, column))
	case len(list) == 0:
		return append(row, parquet.Value{}.Level(0, 1, column))
	}
	for i, text := range list {
		row = append(row, parquet.ValueOf(text).Level(min(i, 1), 2, column))
	}
	return row
}
