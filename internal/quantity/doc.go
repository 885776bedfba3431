// Package quantity reads and prints numbers with units: "200MHz", "2MiB", "19.2GB/s", "13.75ns", "1.2pJ", "0.3W".
//
// A quantity is a decimal number without sign or exponent, at most one space, and a unit. Units are case-sensitive (mW is
// not MW). A bare number is an error, zero included. KiB, MiB, GiB, TiB are powers of 1024; kB, MB, GB, TB powers of 1000.
//
// Frequency, Bytes, Bandwidth and Time are whole numbers of Hz, bytes, bytes per second and picoseconds. They are read
// exactly: 19.2GB/s is 19,200,000,000 bytes per second, and 0.3Hz is refused, not rounded. Time is in picoseconds because
// DRAM timings are given to the picosecond; a clock period that is no whole number of them is not a Time: give the
// frequency. Energy (joules) and Power (watts) are the float64 nearest to the decimal number that was written.
//
// Printing takes, of all units not greater than the value, the one with the shortest exact text, and on a tie the
// larger (for bytes, powers of two before powers of ten). What is printed reads back as the same value.
package quantity
