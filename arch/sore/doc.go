// Package sore models the sparse online reduction engine: lanes of top-N sorters that prune groups of M on the fly.
package sore
