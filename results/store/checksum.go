package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
)

// sum is a row's checksum: a hash of every column but the run, whose compression has one of its own. A bit that is flipped on a disk must not be
// a figure in a table.
func (r *pointRow) sum() string {
	h := sha256.New()
	null := func(v sql.NullString) string {
		if !v.Valid {
			return "null"
		}
		return "=" + v.String
	}
	columns := []string{
		r.key, r.version, r.models[0].hash, r.models[1].hash, r.models[2].hash, null(r.energy), r.baseline, fmt.Sprint(r.batch), r.note, fmt.Sprint(r.parameters), r.resources,
		null(r.figures), r.err,
	}
	if r.short { // so that a run that was lost is no row of figures
		columns = append(columns, "figures only")
	}
	for _, column := range columns {
		fmt.Fprintf(h, "%d:%s", len(column), column)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// rows reads points with their checksums: run is what stands for the column, which is large.
func (s *Store) rows(ctx context.Context, f func(*pointRow) error, run, where string, args ...any) error {
	// A store that satsim 0.1.0 made has no checksums, and nothing to hold its rows against.
	sum, join := "NULL", ""
	if s.checked {
		sum, join = "checksum.sum", "LEFT JOIN checksum USING (key) "
	}
	return s.each(ctx, func(from *sql.Rows) error {
		r := &pointRow{models: make([]model, 3)}
		m := r.models
		var want sql.NullString
		if err := from.Scan(&r.key, &r.version, &m[0].hash, &m[1].hash, &m[2].hash, &r.energy, &r.baseline, &r.batch, &r.note, &r.parameters, &r.resources, &r.figures,
			&r.run, &r.short, &r.err, &want); err != nil {
			return s.explain("reading the store", err)
		}
		if r.short { // an empty blob is read as none
			r.run = []byte{}
		}
		if want.Valid && want.String != r.sum() {
			return s.damaged("point %.12s is not what was stored", r.key)
		}
		return f(r)
	}, "SELECT key, version, arch, network, recipe, energy, baseline, batch, note, parameters, resources, figures, "+run+", "+isShort+", error, "+sum+" FROM point "+join+where+" ORDER BY key", args...)
}

// models reads models, which their hash is the checksum of.
func (s *Store) models(ctx context.Context, f func(*model) error) error {
	return s.each(ctx, func(r *sql.Rows) error {
		m := &model{}
		if err := r.Scan(&m.hash, &m.kind, &m.content); err != nil {
			return s.explain("reading the store", err)
		}
		if hash([]byte(m.content)) != m.hash {
			return s.damaged("%s %.12s is not what was stored", m.kind, m.hash)
		}
		return f(m)
	}, "SELECT hash, kind, content FROM model")
}

// Check asks SQLite whether the file's structure is whole: a damaged one can lose rows without a word.
func (s *Store) Check(ctx context.Context) error {
	var verdict string
	if err := s.db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return s.explain("checking the store", err)
	}
	if verdict != "ok" {
		return s.damaged("%s", verdict)
	}
	return nil
}

func (s *Store) damaged(format string, args ...any) error {
	return fmt.Errorf("the store %s is damaged: %s; make it anew (satsim sweep), or take a copy of before", s.path, fmt.Sprintf(format, args...))
}
