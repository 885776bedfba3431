package recipe

import "strings"

// Matches reports whether a name fits a pattern in which * stands for any characters.
func Matches(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	name, ok := strings.CutPrefix(name, parts[0])
	if !ok {
		return false
	}
	// The leftmost fit of each middle part leaves the most for the rest.
	for _, p := range parts[1 : len(parts)-1] {
		_, rest, ok := strings.Cut(name, p)
		if !ok {
			return false
		}
		name = rest
	}
	return strings.HasSuffix(name, parts[len(parts)-1])
}
