//go:build !amd64 || purego

package kernel

func (p product) run(a, b, c []float32) { p.plain(a, b, c) }

func eights([]float32, bool) int { return 0 }
