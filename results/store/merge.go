package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Merged counts what a merge did with the points of the other store.
type Merged struct {
	Added    int // new here
	Known    int // here already
	Replaced int // failed here, done there
}

// Merge copies the points of another store in one transaction: all or nothing. A failed point never replaces one that is done. Points of one
// key with different figures cannot come from one satsim: that is an error.
func (s *Store) Merge(ctx context.Context, from *Store) (Merged, error) {
	var out Merged
	err := s.write(ctx, "merging into", func(tx *sql.Tx) error {
		if err := from.copyModels(ctx, tx); err != nil {
			return err
		}
		return from.copyPoints(ctx, tx, &out)
	})
	return out, err
}

// copyModels copies architectures, networks and recipes into the transaction of another store.
func (s *Store) copyModels(ctx context.Context, tx *sql.Tx) error {
	return s.each(ctx, func(r *sql.Rows) error {
		var m model
		if err := r.Scan(&m.hash, &m.kind, &m.content); err != nil {
			return err
		}
		return m.insert(ctx, tx)
	}, "SELECT hash, kind, content FROM model")
}

// copyPoints copies points into the transaction of another store that has their models.
func (s *Store) copyPoints(ctx context.Context, tx *sql.Tx, out *Merged) error {
	const columns = "key, version, arch, network, recipe, energy, baseline, batch, note, parameters, resources, figures, run, error"
	return s.each(ctx, func(r *sql.Rows) error {
		p := row{models: make([]model, 3)}
		h := p.models
		if err := r.Scan(&p.key, &p.version, &h[0].hash, &h[1].hash, &h[2].hash, &p.energy, &p.baseline, &p.batch, &p.note, &p.parameters, &p.resources, &p.figures, &p.run, &p.err); err != nil {
			return err
		}
		var figures sql.NullString
		err := tx.QueryRowContext(ctx, "SELECT figures FROM point WHERE key = ?", p.key).Scan(&figures)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			out.Added++
		case err != nil:
			return err
		case !figures.Valid && p.figures.Valid:
			out.Replaced++
		case figures.Valid && p.figures.Valid && figures.String != p.figures.String:
			return fmt.Errorf("point %.12s has other figures there than here: the stores were not made by the same satsim", p.key)
		default:
			out.Known++
			return nil
		}
		return p.insert(ctx, tx)
	}, "SELECT "+columns+" FROM point ORDER BY key")
}
