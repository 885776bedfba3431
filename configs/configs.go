// Package configs carries the shipped model files, a folder a kind: arch, board, energy, network, recipe, sweep.
// Every number in them says where it comes from: where it was looked up, that it is recalled, a paper, or an assumption and why.
package configs

import "embed"

// FS holds kind/name.yaml.
//
//go:embed */*.yaml
var FS embed.FS
