// Package cli is satsim's command line: a file a subcommand. It parses, calls and prints; it holds no model.
package cli
