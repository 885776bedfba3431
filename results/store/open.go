package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
)

const (
	applicationID = 0x73617473 // "sats"
	Layout        = 2          // of the tables, as user_version: 2 has views, and runs of which nothing but figures is kept
	oldest        = 1          // layout that is read as well; who writes makes it the present one
)

// busyTimeout is how long a store that another process writes to is waited for.
const busyTimeout = time.Minute

const schema = `
CREATE TABLE model (
	hash TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	content TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE point (
	key TEXT PRIMARY KEY,
	version TEXT NOT NULL,
	arch TEXT NOT NULL REFERENCES model(hash),
	network TEXT NOT NULL REFERENCES model(hash),
	recipe TEXT NOT NULL REFERENCES model(hash),
	energy TEXT REFERENCES model(hash),
	baseline TEXT NOT NULL,
	batch INTEGER NOT NULL,
	note TEXT NOT NULL,
	parameters INTEGER NOT NULL,
	resources TEXT NOT NULL,
	figures TEXT,
	run BLOB,
	error TEXT NOT NULL,
	CHECK ((figures IS NULL) = (run IS NULL) AND (figures IS NULL) = (error <> ''))
);`

// checksums stand beside the points, so that a satsim that knows none reads and writes the store all the same.
const checksums = "CREATE TABLE IF NOT EXISTS checksum (key TEXT PRIMARY KEY, sum TEXT NOT NULL) WITHOUT ROWID"

// ErrFull is in the error of whatever found no room on the disk.
var ErrFull = errors.New("the disk is full; what was stored before is kept, free some room and run the same command again")

// Store is an open store. It may be used by several goroutines.
type Store struct {
	db      *sql.DB
	path    string
	checked bool // it has checksums
	packer  packer
}

// Memory is the path of a store that lives as long as it is open, and is nobody else's.
const Memory = ":memory:"

// Open opens a store and makes it if there is none.
func Open(ctx context.Context, path string) (*Store, error) {
	if path != Memory {
		switch t, err := atomicfile.Find(path); {
		case err != nil:
			return nil, fmt.Errorf("opening the store %s: %w", path, err)
		case t.Stream:
			return nil, fmt.Errorf("opening the store %s: it is a device, a pipe or a socket; a file is accepted", path)
		}
		if err := config.Check(path, config.Store); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("opening the store: %w", err)
		}
	}
	return open(ctx, path, (*Store).prepare)
}

// OpenExisting opens a store that must be there, to read it: nothing is written into the file.
func OpenExisting(ctx context.Context, path string) (*Store, error) {
	switch err := config.Check(path, config.Store); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no store %s", path)
	case err != nil:
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	return open(ctx, path, (*Store).look)
}

func open(ctx context.Context, path string, prepare func(*Store, context.Context) error, pragmas ...string) (*Store, error) {
	q := url.Values{"_txlock": {"immediate"}}
	for _, p := range append([]string{
		fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()), "journal_mode(delete)", "synchronous(full)", "foreign_keys(1)",
	}, pragmas...) {
		q.Add("_pragma", p)
	}
	dsn := Memory + "?" + q.Encode()
	if path != Memory {
		dsn = (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("opening the store %s: %w", path, err)
	}
	db.SetMaxOpenConns(1) // one writer at a time anyway; and a store in memory is its connection
	s := &Store{db: db, path: path}
	if err := prepare(s, ctx); err != nil {
		db.Close()
		return nil, err
	}
	return s, nil
}

// prepare checks that the file is a store, and makes the tables of a new one and the views of an old one.
func (s *Store) prepare(ctx context.Context) error {
	s.checked = true
	return s.write(ctx, "opening the store", func(tx *sql.Tx) error {
		layout, err := identify(ctx, tx.QueryRowContext)
		if err != nil {
			return err
		}
		var stmts []string
		if layout == 0 {
			stmts = []string{schema, fmt.Sprintf("PRAGMA application_id = %d", applicationID)}
		}
		if stmts = append(stmts, checksums); layout < Layout {
			for _, v := range Views() {
				stmts = append(stmts, v.sql())
			}
			stmts = append(stmts, fmt.Sprintf("PRAGMA user_version = %d", Layout))
		}
		for _, stmt := range stmts {
			if _, err := tx.ExecContext(ctx, stmt); err != nil {
				return err
			}
		}
		return nil
	})
}

// look checks that the file is a store.
func (s *Store) look(ctx context.Context) error {
	layout, err := identify(ctx, s.db.QueryRowContext)
	if err == nil && layout == 0 {
		err = errors.New("it is empty")
	}
	if err == nil {
		err = s.db.QueryRowContext(ctx, "SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'checksum'").Scan(&s.checked)
	}
	if err != nil {
		return s.explain("opening the store", err)
	}
	return nil
}

// identify refuses what is no store of a known layout, and says which it has: 0 where it is nothing yet.
func identify(ctx context.Context, query func(context.Context, string, ...any) *sql.Row) (layout int, err error) {
	var id, version, tables int
	for _, q := range []struct {
		query string
		to    *int
	}{{"PRAGMA application_id", &id}, {"PRAGMA user_version", &version}, {"SELECT count(*) FROM sqlite_schema", &tables}} {
		if err := query(ctx, q.query).Scan(q.to); err != nil {
			return 0, err
		}
	}
	switch {
	case id == applicationID && oldest <= version && version <= Layout:
		return version, nil
	case id == applicationID:
		return 0, fmt.Errorf("it has layout %d, this satsim knows %d to %d", version, oldest, Layout)
	case id != 0 || version != 0 || tables != 0:
		return 0, errors.New("it is the database of another program")
	}
	return 0, nil
}

// Close closes the store.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return s.explain("closing the store", err)
	}
	return nil
}

// write runs f in a transaction.
func (s *Store) write(ctx context.Context, what string, f func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(what, err)
	}
	if err := f(tx); err != nil {
		tx.Rollback() // the error that matters is the first
		return s.explain(what, err)
	}
	if err := tx.Commit(); err != nil {
		s.db.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // SQLite's own: a commit that failed leaves its transaction open
		return s.explain(what, err)
	}
	return nil
}

// explain says what was being done to which store, and names what users can do something about.
func (s *Store) explain(what string, err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_FULL:
			return fmt.Errorf("%s %s: %w", what, s.path, ErrFull)
		case sqlite3.SQLITE_BUSY:
			return fmt.Errorf("%s %s: another process has locked it for more than %v", what, s.path, busyTimeout)
		case sqlite3.SQLITE_CORRUPT:
			return s.damaged("%v", err)
		case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
			return fmt.Errorf("%s %s: it cannot be made or written; a folder that is there, and that may be written to, is accepted", what, s.path)
		case sqlite3.SQLITE_NOTADB:
			return fmt.Errorf("%s %s: the file is no store", what, s.path)
		}
	}
	return fmt.Errorf("%s %s: %w", what, s.path, err)
}
