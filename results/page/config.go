package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"satsim/results/kinds"
	"satsim/results/record"
	"satsim/results/table"
)

// file is a model of a record as a file that satsim run takes. JSON is YAML.
func file(kind string, text json.RawMessage) (string, error) {
	if len(text) < 2 || text[0] != '{' {
		return "", fmt.Errorf("the record has no %s", kind)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, fmt.Appendf(nil, `{"kind":%q,%s`, kind, text[1:]), "", "  "); err != nil {
		return "", fmt.Errorf("the record's %s: %w", kind, err)
	}
	return b.String() + "\n", nil
}

// apart takes the board out of a resolved architecture, which names it instead.
func apart(arch json.RawMessage) (without, board json.RawMessage, err error) {
	var own struct {
		Board json.RawMessage `json:"board"`
	}
	if err := json.Unmarshal(arch, &own); err != nil {
		return nil, nil, fmt.Errorf("the record's architecture: %w", err)
	}
	if len(own.Board) == 0 || own.Board[0] != '{' {
		return arch, nil, nil
	}
	return bytes.Replace(arch, own.Board, []byte(`"board.yaml"`), 1), own.Board, nil
}

// configuration is what was asked for, and the command that asks for it again.
func configuration(r *record.Record, _ string) (Section, error) {
	s := Section{ID: "configuration", Title: "Configuration", Prose: []string{
		"What was simulated, resolved: every default and override is in it. Saved beside each other, the files give the record again, with the model version that made it:",
	}}
	arch, board, err := apart(r.Arch)
	if err != nil {
		return s, err
	}
	command := "satsim run --arch arch.yaml --network network.yaml --recipe recipe.yaml"
	if len(r.EnergyTable) > 0 && len(board) > 0 {
		own := "energy.yaml" // the board's own, which the record knows from one that was chosen
		if r.BoardTable != "" {
			own = r.BoardTable
			command += " --energy energy.yaml"
		}
		board = fmt.Appendf(nil, `{"energy":%q,%s`, own, board[1:])
	}
	if len(r.Runs) > 1 && !r.AgainstDenseOnly() && r.Runs[0].Recipe != "dense" {
		command += " --against " + r.Runs[0].Recipe
	}
	if r.AgainstDenseOnly() {
		command += " --against dense-only"
	}
	s.Texts = append(s.Texts, Text{Title: "Command", Body: command + "\n", Open: true})
	for _, f := range []struct {
		kind, name string
		text       json.RawMessage
	}{{"arch", "arch.yaml", arch}, {"board", "board.yaml", board}, {"network", "network.yaml", r.Network.Description}, {"recipe", "recipe.yaml", r.Recipe}, {"energy", "energy.yaml", r.EnergyTable}} {
		if len(f.text) == 0 {
			continue
		}
		body, err := file(f.kind, f.text)
		if err != nil {
			return s, err
		}
		s.Texts = append(s.Texts, Text{Title: f.name, Body: body, File: f.name})
	}
	return s, nil
}

// parameters are all that are declared and that the record has a value of, with where defaults are from.
func parameters(r *record.Record, _ string) (Section, error) {
	values := map[string]string{}
	for _, m := range []struct {
		prefix string
		text   json.RawMessage
	}{{"", r.Arch}, {"recipe.", r.Recipe}} {
		if len(m.text) == 0 {
			continue
		}
		var tree any
		d := json.NewDecoder(bytes.NewReader(m.text))
		d.UseNumber()
		if err := d.Decode(&tree); err != nil {
			return Section{}, fmt.Errorf("the record's configuration: %w", err)
		}
		flatten(m.prefix, tree, values)
	}
	t := &table.Table{Columns: []table.Column{
		table.Words("parameter"), table.Words("here"), table.Words("default"), table.Words("unit"), table.Words("meaning"), table.Words("source of the default"), table.Words("what else it may be"),
	}}
	for _, k := range kinds.Keys() {
		v, ok := values[k.Path]
		if !ok || k.Kind != "arch" && k.Kind != "board" && k.Kind != "recipe" {
			continue
		}
		t.Add(table.Text(k.Path), table.Text(v), table.Text(k.Default), table.Text(k.Unit), table.Text(k.Meaning), table.Text(k.Source), table.Text(k.Doubt))
	}
	g, err := shown("", t)
	if err != nil {
		return Section{}, err
	}
	g.Filter = true
	s := Section{ID: "parameters", Title: "Assumptions and parameters", Tables: []Table{g}, Prose: []string{
		"Every parameter that is declared, its value in this record, and where its default is from. Filter by “assumption” for those that nobody has measured or published.",
	}}
	prices, err := priced(r.EnergyTable)
	if err != nil || prices.Grid == nil {
		return s, err
	}
	s.Tables = append(s.Tables, prices)
	return s, nil
}

// priced is the entries of the energy table with their sources.
func priced(text json.RawMessage) (Table, error) {
	var of struct {
		Name    string `json:"name"`
		Entries []struct {
			Action string `json:"action"`
			Value  string `json:"value"`
			Low    string `json:"low"`
			High   string `json:"high"`
			Basis  string `json:"basis"`
			Source string `json:"source"`
		} `json:"entries"`
	}
	if len(text) == 0 {
		return Table{}, nil
	}
	if err := json.Unmarshal(text, &of); err != nil {
		return Table{}, fmt.Errorf("the record's energy table: %w", err)
	}
	t := &table.Table{Columns: []table.Column{table.Words("action"), table.Words("value"), table.Words("low"), table.Words("high"), table.Words("basis"), table.Words("source")}}
	for _, e := range of.Entries {
		t.Add(table.Text(e.Action), table.Text(e.Value), table.Text(e.Low), table.Text(e.High), table.Text(e.Basis), table.Text(e.Source))
	}
	g, err := shown("Prices of "+of.Name, t)
	g.Filter = true
	return g, err
}

// flatten gives values by their paths; lists are one value.
func flatten(path string, tree any, into map[string]string) {
	switch v := tree.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			flatten(path+k+".", v[k], into)
		}
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, fmt.Sprint(e))
		}
		into[strings.TrimSuffix(path, ".")] = strings.Join(parts, ", ")
	case nil:
	default:
		into[strings.TrimSuffix(path, ".")] = fmt.Sprint(v)
	}
}
