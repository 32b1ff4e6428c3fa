//go:build !linux

package cli

// networkFS knows network file systems on Linux only.
func networkFS(string) bool { return false }

// steadyFiles knows of no file system that gives a file another number.
func steadyFiles(string) bool { return true }

// passing knows file systems that do not last on Linux only.
func passing(string) string { return "" }
