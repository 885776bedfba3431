// Package store keeps simulated points in one SQLite file, addressed by their content.
//
// A point is one training step: a resolved architecture with its board, a resolved network and a resolved recipe, and what it is
// compared with. Its key is the SHA-256 of those and of its origin, so equal points of different sweeps are one row, and a sweep that was
// interrupted or extended finds what is there.
//
// # Whose rows are used
//
// Equal models have other figures once satsim's own model changes. The origin of a row is the model version, which a test forces up when a pinned
// figure moves (testdata), and the digest of the program unless that was built of a clean commit. Clean builds of a model version share rows; a
// build of a changed tree, and one without version control (go run, go test), uses the rows of the very same program only. What computes never
// takes the rows of another origin; what only reads takes them if there are none of its own, never those of two.
//
// # What can go wrong
//
// A point is one transaction, begun as a writer, with SQLite's rollback journal and synchronous=FULL: whoever is killed at any moment
// leaves either the whole point or none, and the next who opens the file rolls back what was begun. The rollback journal, not a
// write-ahead log, because then a store at rest is one file that can be copied, and because shared memory does not work on the network
// file systems of clusters. Several processes may write to one store: who finds it locked waits for busyTimeout. A disk that is full is
// ErrFull; the points written before stay.
//
// A bit that flipped on the disk is an error, not a figure: every row has a checksum of its columns, a run its compression's, a model its hash, and
// what reads many rows asks SQLite for the file's structure first. Rows that satsim 0.1.0 wrote have none. A merge checks the other store (satsim merge the target too), copies all
// or nothing, and a disk that is full is the target's. Reading writes nothing, into an empty file neither.
//
// # What a file holds
//
//	model  hash -> kind and resolved text of architectures, networks and recipes, each once
//	point  key -> the hashes of its models, key of its baseline, figures as JSON (for queries), the whole run as gzipped JSON (layers and
//	       word groups, for tables and figures; empty where figures alone are kept), or the error of a point that failed
//	checksum key -> hash of the point's columns but the run
//
// and views of those for who has SQLite and no satsim (views.go).
//
// The file's application_id marks it as a store, its user_version is the layout's number. Layout 1 had no views and whole runs only: it is read as it is, and who
// writes makes it layout 2, which a satsim of before refuses.
package store
