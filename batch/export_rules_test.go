package batch

// Normalise is the normal form of a cell.
func Normalise(f Field, s string) string { return normalise(f, s) }
