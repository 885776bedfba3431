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
	Replaced int // failed here, done there; or figures here, the whole run there
}

// Merge copies the points of another store, which it checks, in one transaction: all or nothing. Who merges many checks the target once. A failed point never replaces one that is done, nor figures
// a whole run. Points of one key with different figures cannot come from one satsim: that is an error.
func (s *Store) Merge(ctx context.Context, from *Store) (Merged, error) {
	var out Merged
	if err := from.Check(ctx); err != nil {
		return out, err
	}
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
	return s.models(ctx, func(m *model) error { return m.insert(ctx, tx) })
}

// copyPoints copies points into the transaction of another store that has their models.
func (s *Store) copyPoints(ctx context.Context, tx *sql.Tx, out *Merged) error {
	return s.rows(ctx, func(p *pointRow) error {
		if p.figures.Valid && !p.short {
			if _, err := unpack(p.run); err != nil {
				return s.damaged("the run of point %.12s: %v", p.key, err)
			}
		}
		var figures sql.NullString
		var short bool
		err := tx.QueryRowContext(ctx, "SELECT figures, "+isShort+" FROM point WHERE key = ?", p.key).Scan(&figures, &short)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			out.Added++
		case err != nil:
			return err
		case !figures.Valid && p.figures.Valid:
			out.Replaced++
		case figures.Valid && p.figures.Valid && figures.String != p.figures.String:
			return fmt.Errorf("point %.12s has other figures there than here: the stores were not made by the same satsim", p.key)
		case short && p.figures.Valid && !p.short:
			out.Replaced++
		default:
			out.Known++
			return nil
		}
		return p.insert(ctx, tx)
	}, "run", "")
}
