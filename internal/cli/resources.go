package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"satsim/arch/fpga"
)

func (a *app) resources() *cobra.Command {
	var m modelFlags
	var parts bool
	cmd := &cobra.Command{
		Use:   "resources",
		Short: "Estimate what an accelerator takes of its board's FPGA",
		Long: `Estimates LUTs, flip-flops, DSPs, block RAMs and UltraRAMs of every unit, before placement and routing, as intervals, and holds their
sum against the board. Whether timing closes is not claimed; operators whose latency cannot follow the clock are named.`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			format := a.settings.GetString("format")
			s, err := m.loadSpec()
			if err != nil {
				return err
			}
			r := fpga.Assess(&s)
			switch format {
			case formatTable:
				printResources(a.out, s.Name, s.Board.Name, &r, parts)
				return nil
			case formatJSON:
				return resourcesJSON(a.out, s.Name, s.Board.Name, &r)
			case formatCSV:
				return resourcesCSV(a.out, &r)
			default:
				return usageError{fmt.Errorf("--format %q; table, json and csv are accepted", format)}
			}
		},
	}
	f := cmd.Flags()
	m.registerArch(f)
	f.BoolVar(&parts, "parts", false, "print the parts of every unit")
	f.String("format", formatTable, "table, json, csv")
	return cmd
}

func printResources(w io.Writer, arch, board string, r *fpga.Report, parts bool) {
	fmt.Fprintf(w, "%s on %s (%s)\n\n", arch, board, r.Part)
	head := []any{"unit"}
	for i := range fpga.Resource(fpga.Resources) {
		head = append(head, i.String())
	}
	t := newTable(w, 1, head...)
	row := func(name string, u *fpga.Use) {
		cells := table.Row{name}
		for i := range u {
			cells = append(cells, interval(u[i]))
		}
		t.AppendRow(cells)
	}
	for i := range r.Units {
		u := &r.Units[i]
		row(u.Name, &u.Use)
		if parts && len(u.Parts) > 1 {
			for k := range u.Parts {
				row("  "+u.Parts[k].Name, &u.Parts[k].Use)
			}
		}
	}
	t.AppendSeparator()
	total, have, share, fit := table.Row{"sum"}, table.Row{"board"}, table.Row{"share %"}, table.Row{"verdict"}
	for _, l := range r.Lines {
		total = append(total, interval(l.Use))
		have = append(have, l.Available)
		if l.Available > 0 {
			share = append(share, fmt.Sprintf("%.0f to %.0f", 100*float64(l.Use.Low)/float64(l.Available), 100*float64(l.Use.High)/float64(l.Available)))
		} else {
			share = append(share, "")
		}
		fit = append(fit, l.Fit)
	}
	t.AppendRows([]table.Row{total, have, share, fit})
	t.Render()
	fmt.Fprintf(w, "\n%s: %s\n", r.Part, r.Fit)
	for _, n := range r.Notes {
		fmt.Fprintf(w, "note: %s\n", n)
	}
}

// interval prints a range; what is sure once.
func interval(r fpga.Range) string {
	if r.Low == r.High {
		return strconv.FormatInt(r.Low, 10)
	}
	return fmt.Sprintf("%d to %d", r.Low, r.High)
}

func resourcesJSON(w io.Writer, arch, board string, r *fpga.Report) error {
	type use map[string]fpga.Range
	named := func(u *fpga.Use) use {
		out := use{}
		for i := range u {
			out[fpga.Resource(i).String()] = u[i]
		}
		return out
	}
	type part struct {
		Name string `json:"name"`
		Use  use    `json:"use"`
	}
	type unit struct {
		Unit  string `json:"unit"`
		Use   use    `json:"use"`
		Parts []part `json:"parts"`
	}
	type line struct {
		Resource  string     `json:"resource"`
		Use       fpga.Range `json:"use"`
		Available int64      `json:"available"`
		Fit       fpga.Fit   `json:"fit"`
	}
	out := struct {
		Arch  string   `json:"arch"`
		Board string   `json:"board"`
		Part  string   `json:"part"`
		Fit   fpga.Fit `json:"fit"`
		Lines []line   `json:"lines"`
		Units []unit   `json:"units"`
		Notes []string `json:"notes"`
	}{Arch: arch, Board: board, Part: r.Part, Fit: r.Fit, Notes: r.Notes}
	for _, l := range r.Lines {
		out.Lines = append(out.Lines, line{l.Resource.String(), l.Use, l.Available, l.Fit})
	}
	for i := range r.Units {
		u := unit{Unit: r.Units[i].Name, Use: named(&r.Units[i].Use)}
		for k := range r.Units[i].Parts {
			u.Parts = append(u.Parts, part{r.Units[i].Parts[k].Name, named(&r.Units[i].Parts[k].Use)})
		}
		out.Units = append(out.Units, u)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(out); err != nil {
		return fmt.Errorf("writing the resources: %w", err)
	}
	return nil
}

func resourcesCSV(w io.Writer, r *fpga.Report) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"unit", "part", "resource", "low", "high"}}
	for _, u := range r.Units {
		for _, p := range u.Parts {
			for i, v := range p.Use {
				rows = append(rows, []string{u.Name, p.Name, fpga.Resource(i).String(), strconv.FormatInt(v.Low, 10), strconv.FormatInt(v.High, 10)})
			}
		}
	}
	if err := c.WriteAll(rows); err != nil {
		return fmt.Errorf("writing the resources: %w", err)
	}
	return nil
}
