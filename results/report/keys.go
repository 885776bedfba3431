package report

import (
	"io"
	"slices"

	"satsim/results/kinds"
	"satsim/results/table"
)

// Keys are keys of files, as satsim params lists them.
type Keys []kinds.Key

var keyColumns = []table.Field[kinds.Key]{
	{Column: table.Column{Name: "kind", Key: "kind", Left: true}, Of: func(k *kinds.Key) table.Cell { return table.Text(k.Kind) }},
	{Column: table.Column{Name: "key", Key: "path", Left: true}, Of: func(k *kinds.Key) table.Cell { return table.Text(k.Path) }},
	{Column: table.Column{Name: "type", Key: "type", Left: true}, Of: func(k *kinds.Key) table.Cell { return table.Text(k.Type) }},
	{Column: table.Column{Name: "counts", Key: "unit", Left: true}, Of: func(k *kinds.Key) table.Cell { return table.Text(k.Unit) }},
	{Column: table.Column{Name: "default", Key: "default", Left: true}, Of: func(k *kinds.Key) table.Cell { return table.Text(k.Default) }},
	{Column: table.Column{Name: "required", Key: "required", Left: true}, Of: func(k *kinds.Key) table.Cell { return table.Text(yes(k.Required)) }},
	{Column: table.Column{Name: "accepted", Key: "accepted", Left: true}, Of: func(k *kinds.Key) table.Cell { return table.Text(k.Accepted) }},
	{Column: table.Column{Name: "because", Key: "because", Left: true}, Of: func(k *kinds.Key) table.Cell { return table.Text(k.Why) }},
	{Column: table.Column{Name: "meaning", Key: "meaning", Left: true}, Of: func(k *kinds.Key) table.Cell { return table.Text(k.Meaning) }},
	{Column: table.Column{Name: "the value is from", Key: "source", Left: true}, Of: func(k *kinds.Key) table.Cell { return table.Text(k.Source) }},
	{Column: table.Column{Name: "what else it may be", Key: "doubt", Left: true}, Of: func(k *kinds.Key) table.Cell { return table.Text(k.Doubt) }},
}

func yes(holds bool) string {
	if holds {
		return "yes"
	}
	return ""
}

// Table has a row a key.
func (k Keys) Table() *table.Table { return table.Of(keyColumns, k) }

// JSON writes everything.
func (k Keys) JSON(w io.Writer) error { return table.Indented(w, k) }

// Text writes three lines a key, for the columns are too many for a terminal.
func (k Keys) Text(w io.Writer) error {
	p := table.NewPage(w)
	for i := range k {
		key := &k[i]
		p.Printf("%s (%s): %s\n    %s", key.Path, key.Kind, key.Meaning, key.Type)
		if !slices.Contains([]string{"word", "text", "true or false", "list, each a text"}, key.Type) { // the others count something
			p.Printf(" (%s)", key.Unit)
		}
		switch {
		case key.Required:
			p.Printf("; must be given")
		case key.Default != "":
			p.Printf("; default %s", key.Default)
		}
		if key.Accepted != "" {
			p.Printf("; accepted: %s", key.Accepted)
			if key.Why != "" {
				p.Printf(" (%s)", key.Why)
			}
		}
		p.Printf("\n    from: %s\n", key.Source)
		if key.Doubt != "" {
			p.Printf("    may be: %s\n", key.Doubt)
		}
	}
	return p.Err()
}
