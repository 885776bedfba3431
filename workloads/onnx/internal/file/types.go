package file

// Types of elements, as numbered by ONNX.
const (
	Float32  = 1
	Uint8    = 2
	Int8     = 3
	Uint16   = 4
	Int16    = 5
	Int32    = 6
	Int64    = 7
	Bool     = 9
	Float16  = 10
	Float64  = 11
	Uint32   = 12
	Uint64   = 13
	Bfloat16 = 16

	Float8E4M3FN   = 17
	Float8E4M3FNUZ = 18
	Float8E5M2     = 19
	Float8E5M2FNUZ = 20

	Uint4 = 21
	Int4  = 22
)

func IsFloat(t int32) bool {
	return t == Float32 || t == Float16 || t == Float64 || t == Bfloat16 || t >= Float8E4M3FN && t <= Float8E5M2FNUZ
}

// WholeType names a type of whole numbers; the others have no name here.
func WholeType(t int32) string {
	return map[int32]string{Uint8: "uint8", Int8: "int8", Uint16: "uint16", Int16: "int16", Int32: "int32", Int64: "int64", Uint32: "uint32", Uint64: "uint64", Uint4: "uint4", Int4: "int4"}[t]
}
