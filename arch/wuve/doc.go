// Package wuve models the weight update vector engine: pipelined lanes of FP32 optimiser arithmetic and FP16 conversion.
package wuve
