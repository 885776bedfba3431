package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"satsim/results/record"
)

// State is what a store knows of a key.
type State uint8

// The states.
const (
	Missing State = iota
	Failed
	Short // figures, without layers and groups
	Done
)

// Put stores a point, in place of one of the same key. With a context that has ended nothing is stored.
func (s *Store) Put(ctx context.Context, p *Point) error {
	row, err := s.encode(p)
	if err != nil {
		return fmt.Errorf("storing a point in %s: %w", s.path, err)
	}
	return s.write(ctx, "storing a point in", func(tx *sql.Tx) error {
		for _, m := range row.models {
			if err := m.insert(ctx, tx); err != nil {
				return err
			}
		}
		return row.insert(ctx, tx)
	})
}

// pointRow is a point as the tables have it.
type pointRow struct {
	key, version, baseline, note, err string
	models                            []model // architecture, network, recipe, and the energy table if there is one
	batch, parameters                 int64
	resources                         string
	energy, figures                   sql.NullString
	run                               []byte // nothing: it has figures only
	short                             bool
}

type model struct{ hash, kind, content string }

func (s *Store) encode(p *Point) (*pointRow, error) {
	r := &pointRow{
		key: p.Key(), version: p.Origin.text(), baseline: p.Baseline, note: p.Note, err: p.Error, batch: p.Batch, parameters: p.Parameters, resources: string(p.Resources),
		models: []model{
			{hash(p.Arch), "arch", string(p.Arch)}, {hash(p.Network), "network", string(p.Network)}, {hash(p.Recipe), "recipe", string(p.Recipe)},
		},
	}
	if len(p.Energy) > 0 {
		r.models = append(r.models, model{hash(p.Energy), "energy", string(p.Energy)})
		r.energy = sql.NullString{String: r.models[3].hash, Valid: true}
	}
	if p.Failed() {
		if r.err == "" {
			return nil, errors.New("it has neither figures nor an error")
		}
		return r, nil
	}
	short := *p.Run
	short.Layers, short.Groups, short.Stalls, short.Memory = nil, nil, nil, nil
	figures, err := json.Marshal(short)
	if err != nil {
		return nil, fmt.Errorf("encoding its figures: %w", err)
	}
	r.figures = sql.NullString{String: string(figures), Valid: true}
	if p.FiguresOnly {
		r.run, r.short = []byte{}, true
		return r, nil
	}
	r.run, err = s.packer.pack(p.Run)
	return r, err
}

func (m *model) insert(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO model VALUES (?, ?, ?)", m.hash, m.kind, m.content)
	return err
}

func (r *pointRow) insert(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO point VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		r.key, r.version, r.models[0].hash, r.models[1].hash, r.models[2].hash, r.energy, r.baseline, r.batch, r.note, r.parameters, r.resources, r.figures, r.run, r.err)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT OR REPLACE INTO checksum VALUES (?, ?)", r.key, r.sum())
	return err
}

// State says whether a point of that key is there.
func (s *Store) State(ctx context.Context, key string) (State, error) {
	var message string
	var short bool
	err := s.db.QueryRowContext(ctx, "SELECT error, "+isShort+" FROM point WHERE key = ?", key).Scan(&message, &short)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Missing, nil
	case err != nil:
		return Missing, s.explain("reading the store", err)
	}
	return stateOf(message, short), nil
}

// isShort is true of a row that has figures and no run; the run itself, on pages of its own, is not read.
const isShort = "(run IS NOT NULL AND length(run) = 0)"

func stateOf(message string, short bool) State {
	switch {
	case message != "":
		return Failed
	case short:
		return Short
	}
	return Done
}

// States of all keys in the store.
func (s *Store) States(ctx context.Context) (map[string]State, error) {
	out := map[string]State{}
	err := s.each(ctx, func(r *sql.Rows) error {
		var key, message string
		var short bool
		if err := r.Scan(&key, &message, &short); err != nil {
			return s.explain("reading the store", err)
		}
		out[key] = stateOf(message, short)
		return nil
	}, "SELECT key, error, "+isShort+" FROM point")
	return out, err
}

// Origins lists whose rows the store has, the last written last.
func (s *Store) Origins(ctx context.Context) ([]Held, error) {
	var out []Held
	err := s.each(ctx, func(r *sql.Rows) error {
		var h Held
		var version string
		if err := r.Scan(&version, &h.Rows); err != nil {
			return s.explain("reading the store", err)
		}
		h.Origin = parseOrigin(version)
		out = append(out, h)
		return nil
	}, "SELECT version, count(*) FROM point GROUP BY version ORDER BY max(rowid)")
	return out, err
}

// List gives the points of an origin, by key, without layers and groups.
func (s *Store) List(ctx context.Context, of Origin) ([]Point, error) {
	if err := s.Check(ctx); err != nil {
		return nil, err
	}
	models := map[string]json.RawMessage{}
	err := s.models(ctx, func(m *model) error {
		models[m.hash] = json.RawMessage(m.content)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []Point
	err = s.rows(ctx, func(r *pointRow) error {
		p := Point{
			key: r.key, Origin: of, FiguresOnly: r.short, Baseline: r.baseline, Batch: r.batch, Note: r.note, Parameters: r.parameters, Error: r.err,
			Arch: models[r.models[0].hash], Network: models[r.models[1].hash], Recipe: models[r.models[2].hash],
			Energy: models[r.energy.String], // nil without a table
		}
		if r.resources != "" {
			p.Resources = json.RawMessage(r.resources)
		}
		if r.figures.Valid {
			var err error
			if p.Run, err = record.ReadRun(of.schema(), []byte(r.figures.String)); err != nil {
				return fmt.Errorf("decoding figures of %s: %w", s.path, err)
			}
		}
		out = append(out, p)
		return nil
	}, "NULL", "WHERE version = ?", of.text())
	return out, err
}

// Run reads the whole run of a point, with layers and groups.
func (s *Store) Run(ctx context.Context, key string) (*record.Run, error) {
	var version string
	var blob []byte
	var short bool
	if err := s.db.QueryRowContext(ctx, "SELECT version, run, "+isShort+" FROM point WHERE key = ?", key).Scan(&version, &blob, &short); err != nil {
		return nil, s.explain("reading a run from", err)
	}
	if short {
		return nil, fmt.Errorf("point %.12s of %s has figures only; satsim sweep without --figures-only keeps layers and word groups", key, s.path)
	}
	text, err := unpack(blob)
	if err != nil {
		return nil, s.damaged("the run of point %.12s: %v", key, err)
	}
	out, err := record.ReadRun(parseOrigin(version).schema(), text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.path, err)
	}
	return out, nil
}

// each calls f for every row of a query, and gives f's error as it is.
func (s *Store) each(ctx context.Context, f func(*sql.Rows) error, query string, args ...any) error {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return s.explain("reading the store", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return s.explain("reading the store", err)
	}
	return nil
}
