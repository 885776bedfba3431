package models

import "fmt"

// Names say what a case is made of: shipped names or files. An empty field takes the default that stands beside it.
type Names struct {
	Arch     string
	Board    string // the architecture's own
	Energy   string // the architecture's own
	Network  string
	Recipe   string
	Sparsity string // N:M; the recipe's own
	Batch    int64  // samples a step; 0: the network's own
}

// ChoiceError is a choice that cannot be met, such as a sparsity that is no N:M: who asked is to ask otherwise, no file is wrong.
type ChoiceError struct {
	Choice string // as fields, columns and flags name it: sparsity, batch, layer
	Err    error
}

// Error implements error.
func (e *ChoiceError) Error() string { return e.Choice + ": " + e.Err.Error() }

// Unwrap implements errors.Unwrap.
func (e *ChoiceError) Unwrap() error { return e.Err }

// Wrong is a ChoiceError.
func Wrong(choice, format string, args ...any) error {
	return &ChoiceError{choice, fmt.Errorf(format, args...)}
}
