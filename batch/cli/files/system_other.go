//go:build !linux

package files

// Network knows network file systems on Linux only.
func Network(string) bool { return false }

// Steady knows of no file system that gives a file another number.
func Steady(string) bool { return true }

// Passing knows file systems that do not last on Linux only.
func Passing(string) string { return "" }
