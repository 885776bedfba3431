package verilog

import (
	"fmt"
	"io/fs"
	"path"
)

// Sources are the files of Verilog in folders of rooms, headers and benches among them, sorted by path in each.
func Sources(rooms ...fs.FS) ([]Source, error) {
	var all []Source
	for _, room := range rooms {
		err := fs.WalkDir(room, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if e := path.Ext(name); e != ".v" && e != ".vh" {
				return nil
			}
			text, err := fs.ReadFile(room, name)
			if err != nil {
				return err
			}
			all = append(all, Source{Name: path.Base(name), Text: string(text)})
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("reading embedded Verilog: %w", err)
		}
	}
	return all, nil
}
