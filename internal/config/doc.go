// Package config reads model files: strict YAML that is checked against a Go type.
//
// A file is one YAML document, a mapping whose first key is `kind`. Decode fills a struct that already holds the
// defaults: keys that the file does not name keep them, a list in the file replaces the default list, and the elements of
// a list start at zero. Nothing is coerced: an unknown or repeated key, a float or text for an integer, `yes` for a
// boolean, a number out of range, an anchor, alias, merge key, tag or second document is an error. All errors come at
// once, as a diag.List sorted by position; the struct is then left as it was.
//
// Types
//   - structs, whose exported fields carry `yaml:"snake_case"`, `yaml:",inline"` or `yaml:"-"`; `config:"required"` marks a
//     key that the file must name, `config:"was=old"` one that had another name, which is refused with that of now; omitempty leaves a zero value out when printing
//   - bool, integers, floats (finite), strings, slices, and pointers (`null` is nil); no maps
//   - a type whose pointer is an encoding.TextUnmarshaler gets the text of a scalar, whatever YAML takes it for; if it is a
//     slice, it may be written as a list too
//
// Validate methods (`Validate() error`) run after decoding, nested values first; a value is not validated while
// something inside it is wrong. Errors joined by errors.Join are reported one by one. A diag.FieldError is put at the
// position of its key, so is a plain error whose text begins with a key of the struct; any other at the struct.
//
// An Override is `path=value`. Paths are keys joined by dots; an element of a list is layers[0] or, by its name key,
// layers[conv1]. The value is YAML and is decoded by the same code as a file. An override sets a leaf or a list.
//
// A type that cannot be decoded (a map, an exported field without a tag) is a mistake of the program, not of its user: it
// is reported by an error that is no diag.List.
package config
