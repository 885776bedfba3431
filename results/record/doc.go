// Package record is what a run leaves: the resolved configuration and every figure, as JSON, and a per-layer table as CSV.
//
// Schema satsim.record/1. Keys are snake_case with the unit as suffix: _s seconds, _bytes, _cycles, _gflops (1e9 operations a
// second, 1 MAC = 2 operations), _per_s. Counts are int64. Lists are in the network's order. There is no host, path, time or version
// control stamp: equal inputs give equal bytes. Fields are only added; a change of meaning raises the number.
package record
