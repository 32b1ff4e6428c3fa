//go:build race

package cli_test

// raced scales tests down: the race detector makes processes several times slower.
const raced = true
