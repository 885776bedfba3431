// Package training holds what a training gave: its record, the curves as CSV and figure, and the summary over seeds.
package training
