package file

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// formats are files that others call models, by how they begin.
var formats = []struct {
	at    int
	begin string
	says  string
}{
	{0, "PK\x03\x04", "it is a ZIP archive, as PyTorch saves checkpoints; torch.onnx.export writes ONNX"},
	{0, "\x80\x02", "it is a Python pickle, as PyTorch saved checkpoints; torch.onnx.export writes ONNX"},
	{0, "\x89HDF\r\n", "it is an HDF5 file, as Keras saves models; tf2onnx writes ONNX"},
	{0, "\x1f\x8b", "it is compressed with gzip; gunzip it first"},
	{0, "\x93NUMPY", "it is a NumPy array"},
	{4, "TFL3", "it is a TensorFlow Lite model; tf2onnx writes ONNX"},
	{4, "ORTM", "it is in ONNX Runtime's own format (.ort); the model that it was made from is accepted"},
	{8, "{\"", "it is a safetensors file, which has weights and no graph"},
}

// formatOf says what a file is that is no ONNX file; nothing where it may be one.
func formatOf(head []byte) string {
	for _, f := range formats {
		if len(head) > f.at && bytes.HasPrefix(head[f.at:], []byte(f.begin)) {
			return f.says
		}
	}
	switch {
	case len(head) == 0:
		return "it is empty"
	case bytes.HasPrefix(head, []byte("ir_version")):
		return "it is a model in protobuf's text format; onnx.load and onnx.save write the binary one"
	case len(head) >= 8 && isText(head):
		return "it is text"
	}
	return ""
}

// isText reports whether bytes are letters, marks and blanks: ONNX begins with a number below a blank.
func isText(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			return len(b) < utf8.UTFMax // cut off
		}
		if !unicode.IsPrint(r) && !unicode.IsSpace(r) || r == 8 {
			return false
		}
		b = b[n:]
	}
	return true
}
