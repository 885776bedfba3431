package file

// Types of elements, as numbered by ONNX.
const (
	Float32  = 1
	Uint8    = 2
	Int8     = 3
	Int32    = 6
	Int64    = 7
	Bool     = 9
	Float16  = 10
	Float64  = 11
	Bfloat16 = 16
)

func IsFloat(t int32) bool {
	return t == Float32 || t == Float16 || t == Float64 || t == Bfloat16
}
